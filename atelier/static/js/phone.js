// The phone: the ground rules first, then two tabs over one board, Écrire and Mur.
import { follow } from "./live.js";
import * as outbox from "./outbox.js";
import { say, words } from "./words.js";

const body = document.body.dataset;
const byId = (id) => document.getElementById(id);
const board = () => byId("board");
const AGREED = `atelier.${body.room}.agreed`;

const form = byId("write");
const field = byId("idea");
const mine = byId("mine");

/* ── panels: rules, paper, room, gone ── */

let agreed = remembered(); // in memory too, where the browser stores nothing

function remembered() {
  try { return localStorage.getItem(AGREED) === "1"; } catch { return false; }
}

function agree() {
  agreed = true;
  try { localStorage.setItem(AGREED, "1"); } catch { /* asked again next time */ }
  showPanel("room");
}

function showPanel(name, focus = true) {
  body.uiPanel = name;
  window.scrollTo(0, 0);
  render();
  if (focus) headingInSight()?.focus({ preventScroll: true });
}

function headingInSight() {
  const heading = [...document.querySelectorAll("main h1")].find((h1) => h1.getClientRects().length);
  if (heading) heading.tabIndex = -1;
  return heading;
}

byId("agree").addEventListener("click", agree);
byId("paper-please").addEventListener("click", () => showPanel("paper"));
byId("rules-please").addEventListener("click", () => showPanel(agreed ? "room" : "rules"));
byId("rules-again").addEventListener("click", () => showPanel("rules"));

/* ── tabs ── */

const scrolls = {};

function showTab(name, focus = false) {
  scrolls[body.uiTab] = window.scrollY;
  body.uiTab = name;
  delete body.uiOffer;
  if (name === "wall") delete body.uiNews;
  render();
  window.scrollTo(0, focus ? 0 : scrolls[name] ?? 0);
  if (focus) headingInSight()?.focus({ preventScroll: true });
}

for (const tab of document.querySelectorAll("[data-tab]")) tab.addEventListener("click", () => showTab(tab.dataset.tab));
for (const offer of document.querySelectorAll("[data-show]")) offer.addEventListener("click", () => showTab(offer.dataset.show, true));

/* ── what the room is at ── */

let step = body.step;
let shown = shownNotes();

function shownNotes() {
  return document.querySelectorAll("#wall [data-note]").length;
}

function onBoard() {
  const before = { step, shown };
  step = body.step;
  shown = shownNotes();
  if (body.state === "closed") outbox.closeRoom(words.closedBefore);
  else {
    outbox.reopenRoom();
    outbox.compareWithWall(textOnWall);
  }
  if (step !== before.step) onStep();
  if (shown > before.shown && body.mode !== "direct") onReveal();
  render();
}

const textOnWall = (id) => {
  const note = byId(`note-${id}`);
  return note && (note.querySelector("[data-text]") ?? note).textContent;
};

function onStep() {
  delete body.uiOffer;
  if (!field.value.trim() && !editing) writeFor(here());
  if (step) announce(say("stepNow", { n: board().dataset.number, title: stepTitle() }));
  if (body.uiTab === "wall" && body.takesNotes === "1") body.uiOffer = "write";
  else if (body.takesNotes === "1" || !shown) body.uiTab = "write";
}

// Nobody who types is moved: the wall is offered, or only marked on its tab.
function onReveal() {
  if (body.uiTab === "wall") return;
  body.uiNews = "1";
  if (!field.value.trim()) body.uiOffer = "wall";
  announce(words.revealed);
}

const stepTitle = () => document.querySelector("#step h1")?.textContent.trim() ?? "";

function here() {
  const { step: id, mode, limit } = board().dataset;
  return { step: id, mode, limit: Number(limit) || 200, title: stepTitle() };
}

/* ── writing ── */

let writing = here(); // the step that the text in the field belongs to
let editing = null; // id of the note being changed

function writeFor(place) {
  writing = place;
  field.value = outbox.draft(place.step);
  measure();
}

function onInput() {
  if (!editing) outbox.keepDraft(writing.step, field.value);
  delete body.uiOffer; // whoever types is left alone; the dot on the tab stays
  renderOffers();
  measure();
}

// The same count as the server's: code points, after trimming.
const count = (text) => [...text.normalize("NFC").trim()].length;
const lines = (text) => text.trim().split("\n").length;
const MOST_LINES = 6;

function measure() {
  const length = count(field.value);
  const over = length > writing.limit;
  const tall = lines(field.value) > MOST_LINES;
  byId("count").textContent = length;
  byId("limit").textContent = writing.limit;
  byId("fault").textContent = over ? say("tooLong", { n: length - writing.limit }) : tall ? words.tooManyLines : "";
  form.toggleAttribute("data-ui-over", over || tall);
  field.setAttribute("aria-invalid", String(over || tall));
  byId("send").setAttribute("aria-disabled", String(length === 0 || over || tall));
  if (!CSS.supports("field-sizing", "content")) {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }
}

function submit(event) {
  event?.preventDefault();
  const text = field.value.trim();
  field.focus();
  if (!text) return announce(words.empty);
  if (form.hasAttribute("data-ui-over")) return announce(byId("fault").textContent);
  if (editing) outbox.edit(editing, text);
  else outbox.put(text, writing);
  if (!editing) outbox.keepDraft(writing.step, "");
  announce(editing ? words.editSent : words.sent);
  stopEditing();
}

function startEditing(id) {
  const entry = outbox.note(id);
  if (!entry) return;
  editing = id;
  writing = { step: entry.step, mode: entry.mode, limit: entry.limit ?? 200, title: stepTitle() };
  field.value = entry.text;
  measure();
  render();
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  form.scrollIntoView({ block: "center" });
}

function stopEditing() {
  editing = null;
  writeFor(here());
  render();
}

form.addEventListener("submit", submit);
field.addEventListener("input", onInput);
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
  if (event.key === "Escape" && editing) stopEditing();
});
byId("stop-editing").addEventListener("click", () => { stopEditing(); field.focus(); });
byId("go-on").addEventListener("click", () => { writeFor(here()); render(); field.focus(); });

/* ── my notes ── */

const asking = new Set(); // notes whose take-back waits for a second tap

// What a note's line says: a sign, a sentence, what can be done, and the paper it lies on.
function look(entry) {
  const shownText = textOnWall(entry.id);
  const base = { text: shownText ?? entry.text, group: "0", letter: "", paper: "" };
  const back = asking.has(entry.id) ? ["sure", "keep"] : ["withdraw"];
  switch (entry.state) {
    case "waiting": {
      const trying = outbox.isTrying();
      return { ...base, text: entry.text, paper: "attente", sign: "waiting", label: trying ? words.sending : words.waiting, acts: ["edit", ...back] };
    }
    case "withdrawing":
      return { ...base, paper: "attente", sign: "waiting", label: outbox.isTrying() ? words.withdrawing : words.withdrawalWaits, acts: [] };
    case "refused":
      return { ...base, paper: "refusee", sign: "refused", label: say("refused", { why: entry.says || words.refusedPlain }), acts: ["copy", ...(body.takesNotes === "1" ? ["anew"] : []), "drop"] };
    case "leaving":
      if (shownText === null) return { ...base, text: "", paper: "partie", sign: "gone", label: words.gone, acts: ["drop"] };
      return { ...base, sign: "waiting", label: words.leaving, acts: ["now"] };
    case "gone":
      return { ...base, text: "", paper: "partie", sign: "gone", label: words.gone, acts: ["drop"] };
  }
  const trouble = entry.says || entry.why ? ` ${say("withdrawalRefused", { why: entry.says || words.refusedPlain })}` : "";
  if (shownText === null && entry.seen) return { ...base, text: "", paper: "partie", sign: "gone", label: words.gone, acts: ["drop"] };
  if (shownText === null) return { ...base, paper: "gardee", sign: "kept", label: (entry.mode === "direct" ? words.keptDirect : words.kept) + trouble, acts: ["edit", ...back] };
  const lane = byId(`note-${entry.id}`).closest(".lane");
  const letter = lane?.dataset.letter ?? "";
  const label = letter ? say("filed", { letter, title: laneTitle(lane) }) : entry.mode === "direct" ? words.onWall : words.onWallRevealed;
  return { ...base, group: lane?.dataset.groupe ?? "0", letter, sign: "shown", label: label + trouble, acts: back };
}

const laneTitle = (lane) => lane.querySelector("h2 [data-title]")?.textContent.trim() ?? "";

function renderMine() {
  const focused = document.activeElement?.closest?.("#mine [data-act]");
  const was = focused && { id: focused.closest("li").dataset.own, act: focused.dataset.act };
  const ended = body.state === "closed" || body.uiPanel === "gone";
  const entries = outbox.notes().filter(({ state }) => !ended || state === "refused" || state === "waiting");
  const changes = [];
  const lines = new Map([...mine.children].map((li) => [li.dataset.own, li]));
  for (const entry of entries.reverse()) {
    const view = look(entry);
    const li = lines.get(entry.id) ?? byId("own-note").content.firstElementChild.cloneNode(true);
    lines.delete(entry.id);
    li.dataset.own = entry.id;
    mine.append(li);
    const drawn = JSON.stringify(view);
    if (li.dataset.drawn !== drawn) draw(li, view);
    if (li.dataset.said && li.dataset.said !== view.label) changes.push(view.label);
    li.dataset.drawn = drawn;
    li.dataset.said = view.label;
  }
  for (const li of lines.values()) li.remove();
  byId("mine-part").hidden = !entries.length;
  if (changes.length === 1) announce(changes[0]); // a reveal changes them all, and is announced once for all
  if (was && !mine.contains(document.activeElement)) refocus(was);
}

function draw(li, { text, group, letter, paper, sign, label, acts }) {
  li.className = `note ${paper}`.trim();
  li.dataset.groupe = group;
  const words_ = li.querySelector("[data-own-text]");
  words_.textContent = text;
  words_.hidden = !text;
  const state = li.querySelector(".etat");
  state.replaceChildren(letter ? mark(letter) : byId("signs").content.querySelector(`[data-sign="${sign}"]`).firstElementChild.cloneNode(true), span(label));
  li.querySelector(".gestes").replaceChildren(...acts.map((act) => button(act, text)));
}

function button(act, text) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "lien";
  element.dataset.act = act;
  element.textContent = words[`act_${act}`];
  if (text) element.setAttribute("aria-label", say("actOn", { act: words[`act_${act}`], note: text }));
  return element;
}

function span(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element;
}

function mark(letter) {
  const element = span(letter);
  element.className = "repere";
  element.setAttribute("aria-hidden", "true");
  return element;
}

function refocus({ id, act }) {
  const li = [...mine.children].find(({ dataset }) => dataset.own === id);
  const target = li?.querySelector(`[data-act="${act}"]`) ?? li?.querySelector("[data-act]") ?? byId("mine-title");
  target.focus();
}

const ACTS = {
  edit: (id) => startEditing(id),
  withdraw: (id) => { asking.add(id); render(); },
  keep: (id) => { asking.delete(id); render(); },
  sure: (id) => { asking.delete(id); if (editing === id) stopEditing(); outbox.takeBack(id); },
  now: (id) => outbox.takeBack(id, { now: true }),
  anew: (id) => { outbox.sendAnew(id, here()); announce(words.sent); },
  drop: (id) => (outbox.note(id)?.secret && outbox.note(id).state === "refused" ? outbox.takeBack(id) : outbox.drop(id)),
  copy: (id) => copy(id),
};

mine.addEventListener("click", ({ target }) => {
  const act = target.closest("[data-act]")?.dataset.act;
  if (act) ACTS[act](target.closest("li").dataset.own);
});

// Without a clipboard (plain HTTP) the text is selected, ready for the phone's own menu.
async function copy(id) {
  const li = [...mine.children].find(({ dataset }) => dataset.own === id);
  try {
    await navigator.clipboard.writeText(outbox.note(id).text);
    announce(words.copied);
  } catch {
    getSelection().selectAllChildren(li.querySelector("[data-own-text]"));
    announce(words.selected);
  }
}

/* ── the wall ── */

function renderWall() {
  const clusters = [...document.querySelectorAll("#clusters > [data-cluster]")];
  for (const lane of document.querySelectorAll("#wall .lane")) lane.toggleAttribute("data-ui-empty", !lane.querySelector("[data-note]"));
  body.uiClusters = clusters.length;
  const letters = byId("letters");
  letters.hidden = clusters.length < 2;
  letters.replaceChildren(...clusters.map(letterLink));
  byId("wall-empty").hidden = shown > 0 || clusters.length > 0;
  byId("wall-empty").textContent = body.scene === "collect" ? words.wallWaits : words.wallEmpty;
  byId("wall-says").hidden = !shown;
  byId("wall-says").textContent = body.mode === "direct" ? words.wallDirect : words.wallMixed;
}

function letterLink(cluster) {
  const link = document.createElement("a");
  link.href = `#${cluster.id}`;
  link.dataset.groupe = cluster.dataset.groupe;
  link.setAttribute("aria-label", say("toCluster", { letter: cluster.dataset.letter, title: laneTitle(cluster) }));
  link.append(mark(cluster.dataset.letter));
  return link;
}

byId("letters").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  event.preventDefault(); // the address stays as it is: going back must leave the page, not the cluster
  const heading = document.querySelector(`${link.getAttribute("href")} h2`);
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
});

/* ── drawing ── */

function render() {
  renderFrame();
  renderForm();
  renderMine();
  renderWall();
}

function renderFrame() {
  const { number, of, keep } = board().dataset;
  const steps = Number(of) || 0;
  const at = body.state === "open" && steps > 1;
  byId("where").hidden = !at;
  byId("ruler").hidden = !at;
  byId("where").textContent = at ? say("stepOf", { n: number, total: steps }) : "";
  byId("ruler").style.setProperty("--n", steps || 1);
  byId("ruler").style.setProperty("--part", `${(100 * Number(number)) / (steps || 1)}%`);
  body.uiKeep = keep ?? "";
  byId("contenu").style.setProperty("--entete", `${document.querySelector(".tel > header").offsetHeight}px`);
  for (const tab of document.querySelectorAll("[data-tab]")) {
    if (tab.dataset.tab === body.uiTab) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  renderOffers();
}

function renderOffers() {
  byId("news").hidden = body.uiNews !== "1";
  byId("offer-wall").hidden = body.uiOffer !== "wall";
  byId("offer-write").hidden = body.uiOffer !== "write";
}

function renderForm() {
  if (!editing && writing.step === body.step) writing = here();
  const behind = !editing && writing.step !== body.step; // the text was begun for an earlier step
  const open = body.state !== "closed" && (body.takesNotes === "1" || Boolean(editing) || (behind && Boolean(field.value.trim())));
  if (behind && !field.value.trim()) writeFor(here());
  form.hidden = !open;
  byId("nothing").hidden = open;
  byId("behind").hidden = !(open && behind);
  byId("behind-what").textContent = say("behind", { title: writing.title });
  byId("go-on").hidden = body.takesNotes !== "1";
  byId("idea-label").textContent = editing ? words.editLabel : words.writeLabel;
  byId("send-label").textContent = editing ? words.save : words.send;
  byId("stop-editing").hidden = !editing;
  for (const promise of document.querySelectorAll("[data-promise]")) promise.hidden = !open || promise.dataset.promise !== writing.mode;
  byId("keep-open").hidden = outbox.isSafe();
}

let saying = null;

// A pause lets screen readers hear the same sentence twice in a row.
function announce(sentence) {
  const status = byId("says");
  status.textContent = "";
  clearTimeout(saying);
  saying = setTimeout(() => { status.textContent = sentence; }, 60);
}

function showLine(online) {
  const line = byId("line");
  line.classList.toggle("ok", online);
  line.classList.toggle("attente", !online);
  line.querySelector("[data-label]").textContent = online ? words.online : words.offline;
}

/* ── start ── */

document.addEventListener("board-changed", onBoard);
document.addEventListener("outbox-changed", render);
document.addEventListener("note-taken-back", () => announce(words.takenBack));
document.addEventListener("line-changed", ({ detail }) => showLine(detail.online));
document.addEventListener("room-gone", ({ detail }) => {
  const erased = detail.code === 4404;
  byId("gone-title").textContent = erased ? words.roomGone : words.notAllowed;
  if (erased) outbox.closeRoom(words.closedBefore);
  showPanel("gone");
});
window.addEventListener("pagehide", () => { if (!editing) outbox.keepDraft(writing.step, field.value); });

body.uiTab = body.scene === "wall" && body.takesNotes !== "1" ? "wall" : "write";
writeFor(writing);
showPanel(agreed ? "room" : "rules", false);
onBoard();
outbox.start();
follow();
