// Notes on paper: typed into a batch that this page alone holds, then sent all together, in a drawn order, as phones send theirs.
import * as outbox from "./outbox.js";
import { say, words } from "./words.js";

const byId = (id) => document.getElementById(id);
const field = byId("idea");
const step = byId("step");
const MOST_LINES = 6;

let batch = []; // texts that wait for the button

/* ── one note, or many at once ── */

const count = (text) => [...text.normalize("NFC").trim()].length; // code points, as the server counts
const limit = () => Number(step.selectedOptions[0].dataset.limit);

function fault(text) {
  if (count(text) > limit()) return say("tooLong", { n: count(text) - limit() });
  return text.trim().split("\n").length > MOST_LINES ? words.tooManyLines : "";
}

function measure() {
  byId("count").textContent = count(field.value);
  byId("limit").textContent = limit();
  byId("fault").textContent = fault(field.value);
  field.setAttribute("aria-invalid", String(Boolean(fault(field.value))));
}

function add(event) {
  event.preventDefault();
  const text = field.value.trim();
  field.focus();
  if (!text) return announce(words.empty);
  if (fault(text)) return;
  field.value = "";
  measure();
  addAll([text]);
}

// A blank line between notes lets them have several lines; without any, each line is a note.
export const split = (text) => text.replace(/\r\n?/g, "\n").split(/\n[ \t]*\n/.test(text.trim()) ? /\n(?:[ \t]*\n)+/ : "\n").map((each) => each.trim()).filter(Boolean);

function addPasted(event) {
  event.preventDefault();
  const texts = split(byId("pasted").value);
  if (!texts.length) return announce(words.empty);
  byId("pasted").value = "";
  byId("many").open = false;
  byId("batch-title").focus();
  addAll(texts);
}

function addAll(texts) {
  batch.push(...texts);
  announce(counted(texts.length, "addedOne", "addedMany"));
  draw();
}

const counted = (n, one, many) => say(n === 1 ? one : many, { n });

/* ── sending ── */

function send() {
  if (!batch.length) return;
  if (batch.some(fault)) return announce(words.tooLongBatch);
  const { value, selectedOptions: [{ dataset }] } = step;
  for (const text of shuffled(batch)) outbox.put(text, { step: value, mode: dataset.mode, limit: limit() });
  batch = [];
  announce(words.batchSent);
  draw();
  byId("batch-title").focus();
}

function shuffled(texts) {
  const drawn = [...texts];
  for (let last = drawn.length - 1; last > 0; last -= 1) {
    const other = below(last + 1);
    [drawn[last], drawn[other]] = [drawn[other], drawn[last]];
  }
  return drawn;
}

// A whole number below `end`, each equally likely.
function below(end) {
  const most = Math.floor(2 ** 32 / end) * end;
  for (;;) {
    const [drawn] = crypto.getRandomValues(new Uint32Array(1));
    if (drawn < most) return drawn % end;
  }
}

/* ── drawing ── */

const trying = () => outbox.isTrying();
const why = ({ why: key, says }) => words.why[key] ?? (says || words.refusedPlain);

const LOOKS = {
  waiting: () => ({ paper: "attente", label: trying() ? words.sending : words.waiting, acts: ["withdraw"] }),
  withdrawing: () => ({ paper: "attente", label: words.withdrawing, acts: [] }),
  kept: (entry) => ({ paper: "gardee", label: entry.mode === "direct" ? words.keptDirect : words.kept, acts: ["withdraw"] }),
  refused: (entry) => ({ paper: "refusee", label: say("refused", { why: why(entry) }), acts: ["anew"] }),
};

function draw() {
  byId("batch").replaceChildren(...batch.map((text, place) => card({ text, key: place, label: fault(text), paper: fault(text) && "refusee", acts: ["edit", "drop"] })));
  byId("batch-empty").hidden = batch.length > 0;
  byId("batch-size").textContent = batch.length ? counted(batch.length, "sizeOne", "sizeMany") : "";
  byId("send").setAttribute("aria-disabled", String(!batch.length || batch.some((text) => fault(text))));
  drawSent();
}

function drawSent() {
  const focused = document.activeElement?.closest?.("#sent [data-act]");
  const was = focused?.closest("li").dataset.key;
  const entries = outbox.notes().filter(({ state }) => state in LOOKS);
  byId("sent-part").hidden = !entries.length;
  byId("sent").replaceChildren(...entries.map((entry) => card({ text: entry.text, key: entry.id, ...LOOKS[entry.state](entry) })));
  if (was) (byId("sent").querySelector(`[data-key="${was}"] [data-act]`) ?? byId("batch-title")).focus();
}

function card({ text, key, label, paper, acts }) {
  const li = byId("card").content.firstElementChild.cloneNode(true);
  li.className = `note ${paper}`.trim();
  li.dataset.groupe = "0";
  li.dataset.key = key;
  li.querySelector("[data-own-text]").textContent = text;
  li.querySelector(".etat").textContent = label;
  li.querySelector(".gestes").replaceChildren(...acts.map((act) => button(act, text)));
  return li;
}

function button(act, text) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "lien";
  element.dataset.act = act;
  element.textContent = words[`act_${act}`];
  element.setAttribute("aria-label", say("actOn", { act: words[`act_${act}`], note: text }));
  return element;
}

function announce(sentence) {
  byId("says").textContent = "";
  setTimeout(() => { byId("says").textContent = sentence; }, 60);
}

/* ── what can be done with a card ── */

const ACTS = {
  edit(place) {
    const [text] = batch.splice(place, 1);
    if (field.value.trim()) batch.push(field.value.trim());
    field.value = text;
    measure();
    draw();
    field.focus();
    announce(words.left);
  },
  drop(place) {
    batch.splice(place, 1);
    draw();
    byId("batch-title").focus();
    announce(words.dropped);
  },
  withdraw: (id) => outbox.takeBack(id, { now: true }),
  anew(id) {
    batch.push(outbox.note(id).text);
    outbox.drop(id);
    draw();
  },
};

document.addEventListener("click", ({ target }) => {
  const act = target.closest("[data-act]")?.dataset.act;
  if (act) ACTS[act](target.closest("li").dataset.key);
});
byId("write").addEventListener("submit", add);
byId("paste").addEventListener("submit", addPasted);
byId("send").addEventListener("click", send);
step.addEventListener("change", () => { measure(); draw(); });
field.addEventListener("input", measure);
field.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) add(event); });
document.addEventListener("outbox-changed", drawSent);
document.addEventListener("note-taken-back", () => announce(words.takenBack));
window.addEventListener("beforeunload", (event) => {
  const { notes, withdrawals } = outbox.unsent();
  if (batch.length || notes || withdrawals || field.value.trim()) event.preventDefault();
});

measure();
draw();
outbox.start();
