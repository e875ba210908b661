// A lent phone: what somebody else writes on it is not shown again. For a minute, on the screen that follows, they can
// still take it back; then the phone forgets its secret.
import * as outbox from "../outbox.js";
import { say, words } from "../words.js";
import { body, byId, redraw } from "./page.js";
import { showPanel } from "./views.js";
import { startAnew } from "./writing.js";

const IN_HAND = 60_000;

let given = null; // id of the note just written
let takesBack = false; // whether its writer may still take it back
let timer = null;

const ACTS = {
  start() {
    letGo();
    body.uiScribe = "1";
    body.uiTab = "write";
    startAnew();
    showPanel("room", false);
    byId("idea").focus();
  },
  stop() {
    letGo();
    delete body.uiScribe;
    startAnew();
    showPanel("room");
  },
};

for (const button of document.querySelectorAll("[data-scribe]")) button.addEventListener("click", () => ACTS[button.dataset.scribe]());

byId("given-back").addEventListener("click", () => {
  outbox.takeBack(given, { now: true });
  takesBack = false;
  redraw();
  byId("given-title").focus();
});

document.addEventListener("note-given", ({ detail }) => {
  given = detail.id;
  takesBack = true;
  clearTimeout(timer);
  timer = setTimeout(letGo, IN_HAND);
  showPanel("given");
});

function letGo() {
  clearTimeout(timer);
  takesBack = false;
  settleGiven();
  redraw();
}

const SETTLED = ["kept", "leaving", "gone"];

// Notes of others that are settled leave this phone, secret and all.
export function settleGiven() {
  for (const { id, scribe, state } of outbox.notes()) {
    if (scribe && SETTLED.includes(state) && !(takesBack && id === given)) outbox.drop(id);
  }
}

export function drawScribe() {
  byId("lent").hidden = !body.uiScribe || byId("write").hidden;
  byId("lend").hidden = Boolean(body.uiScribe) || byId("write").hidden;
  if (body.uiPanel !== "given") return;
  byId("given-undo").hidden = !takesBack;
  const now = stateOf(outbox.note(given));
  if (byId("given-state").textContent !== now) byId("given-state").textContent = now;
}

// What is no longer on the phone was kept, or taken back: the last word about it stays.
function stateOf(entry) {
  if (!entry) return byId("given-state").dataset.last;
  const trying = outbox.isTrying();
  const says = {
    waiting: trying ? words.sending : words.waiting,
    kept: entry.mode === "direct" ? words.keptDirect : words.kept,
    withdrawing: trying ? words.withdrawing : words.withdrawalWaits,
    refused: say("refused", { why: words.why[entry.why] ?? (entry.says || words.refusedPlain) }),
  }[entry.state] ?? words.takenBack;
  byId("given-state").dataset.last = entry.state === "withdrawing" ? words.takenBack : says;
  return says;
}
