// The notes of this phone, each with its honest state and what can still be done with it.
import * as outbox from "../outbox.js";
import { say, words } from "../words.js";
import { announce, body, byId, here, laneTitle, letterMark, redraw, span, textOnWall } from "./page.js";
import { isEditing, startEditing, stopEditing } from "./writing.js";

const mine = byId("mine");

const asking = new Set(); // notes whose take-back waits for a second tap

// What a note's line says: a sign, a sentence, what can be done, and the paper it lies on.
function look(entry) {
  const shownText = textOnWall(entry.id);
  const base = { text: shownText ?? entry.text, group: "0", letter: "", paper: "" };
  const sure = asking.has(entry.id);
  const back = sure ? ["sure", "keep"] : ["withdraw"];
  switch (entry.state) {
    case "waiting": {
      const trying = outbox.isTrying();
      if (entry.scribe) return { ...base, text: "", paper: "attente", sign: "waiting", label: `${words.given}. ${trying ? words.sending : words.waiting}`, acts: [] };
      return { ...base, text: entry.text, paper: "attente", sign: "waiting", label: trying ? words.sending : words.waiting, acts: ["edit", ...back] };
    }
    case "withdrawing":
      return { ...base, paper: "attente", sign: "waiting", label: outbox.isTrying() ? words.withdrawing : words.withdrawalWaits, acts: [] };
    case "refused":
      if (entry.scribe) return { ...base, text: "", paper: "refusee", sign: "refused", label: `${words.given}. ${say("refused", { why: why(entry) })}`, acts: ["drop"] };
      return { ...base, paper: "refusee", sign: "refused", label: say("refused", { why: why(entry) }), acts: ["copy", ...(body.takesNotes === "1" ? ["anew"] : []), "drop"] };
    case "leaving":
      if (shownText === null) return { ...base, text: "", paper: "partie", sign: "gone", label: words.gone, acts: ["drop"] };
      return { ...base, sign: "waiting", label: words.leaving, acts: ["now"] };
    case "gone":
      return { ...base, text: "", paper: "partie", sign: "gone", label: words.gone, acts: ["drop"] };
  }
  const trouble = entry.says || entry.why ? ` ${say("withdrawalRefused", { why: why(entry) })}` : "";
  if (shownText === null && entry.seen) return { ...base, text: "", paper: "partie", sign: "gone", label: words.notOnWall, acts: ["drop"] };
  if (shownText === null) return { ...base, paper: "gardee", sign: "kept", label: (entry.mode === "direct" ? words.keptDirect : words.kept) + trouble, acts: ["edit", ...back] };
  const lane = byId(`note-${entry.id}`).closest(".lane");
  const letter = lane?.dataset.letter ?? "";
  const label = sure ? words.willLeave : place(entry, lane, letter) + trouble;
  return { ...base, group: lane?.dataset.groupe ?? "0", letter: sure ? "" : letter, sign: sure ? "waiting" : "shown", label, acts: back };
}

// Worked out here, from the ids on the wall: nobody is asked.
function place(entry, lane, letter) {
  if (letter) return say("filed", { letter, title: laneTitle(lane) });
  if (Number(body.uiClusters)) return words.onWallAlone;
  return entry.mode === "direct" ? words.onWall : words.onWallRevealed;
}

const why = ({ why: key, says }) => words.why[key] ?? (says || words.refusedPlain);

export function drawOwnNotes() {
  const focused = document.activeElement?.closest?.("#mine [data-act]");
  const was = focused && { id: focused.closest("li").dataset.own, act: focused.dataset.act };
  const ended = body.state === "closed" || body.uiPanel === "gone";
  const entries = outbox.notes().filter(({ state }) => !ended || state === "refused" || state === "waiting").filter(({ scribe, state }) => !scribe || ["refused", "waiting"].includes(state));
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
  state.replaceChildren(letter ? letterMark(letter) : byId("signs").content.querySelector(`[data-sign="${sign}"]`).firstElementChild.cloneNode(true), span(label));
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

function refocus({ id, act }) {
  const li = [...mine.children].find(({ dataset }) => dataset.own === id);
  const target = li?.querySelector(`[data-act="${act}"]`) ?? li?.querySelector("[data-act]") ?? byId("mine-title");
  target.focus();
}

const ACTS = {
  edit: (id) => startEditing(id),
  withdraw: (id) => { asking.add(id); redraw(); },
  keep: (id) => { asking.delete(id); redraw(); },
  sure: (id) => { asking.delete(id); if (isEditing(id)) stopEditing(); outbox.takeBack(id); },
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
