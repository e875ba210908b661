// Opening what waits face down; below the threshold, a second act that every phone is told of first.
import { act, announce, command } from "./command.js";
import { say, words } from "./words.js";

const button = document.getElementById("reveal");
const anyway = document.getElementById("anyway");
const anywayButton = document.getElementById("reveal-anyway");
const reason = document.getElementById("reveal-reason");
let ticking = 0;

export function startReveal() {
  show();
  document.addEventListener("board-changed", show);
  document.addEventListener("now-changed", show);
  button.addEventListener("click", reveal);
  anywayButton.addEventListener("click", revealAnyway);
}

const ready = () => document.getElementById("threshold")?.dataset.ready === "1";

function show() {
  document.body.dataset.uiWaiting = waiting() ? "1" : "0";
  button.setAttribute("aria-disabled", String(!ready()));
  reason.textContent = ready() ? words.revealReady : words.revealNotReady;
  if (ready() || !waiting()) calm();
}

const waiting = () => document.getElementById("threshold")?.dataset.waiting === "1";

// Pressed even when aria-disabled: the server knows best and says why not.
async function reveal() {
  const answer = await act("/reveals", {}, words.revealed);
  if (answer.ok) calm();
  else if (answer.refused === "below-threshold" || answer.refused === "announced") anyway.hidden = false;
}

async function revealAnyway() {
  if (anywayButton.getAttribute("aria-disabled") === "true") return;
  const answer = await command("/reveals", { anyway: "1" });
  if (answer.ok) {
    calm();
    announce(words.revealed);
  } else if (answer.refused === "announced") {
    announce(say("announced", { n: answer.wait || 10 }));
    countDown(answer.wait || 10);
  } else announce(answer.says, false);
}

function countDown(seconds) {
  clearInterval(ticking);
  const end = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    anywayButton.setAttribute("aria-disabled", String(left > 0));
    label(left > 0 ? say("anywayIn", { n: left }) : words.anywayNow);
    if (left > 0) return;
    clearInterval(ticking);
    announce(words.anywayReady);
  };
  ticking = setInterval(tick, 250);
  tick();
}

function calm() {
  clearInterval(ticking);
  anyway.hidden = true;
  anywayButton.removeAttribute("aria-disabled");
  label(words.anyway);
}

// The same text again would make some screen readers speak again.
function label(text) {
  const place = anywayButton.querySelector("[data-label]");
  if (place.textContent !== text) place.textContent = text;
}
