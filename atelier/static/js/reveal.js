// Opening what waits face down; below the threshold, a second act that every phone is told of first.
import { act, announce, command } from "./command.js";
import { say, words } from "./words.js";

const button = document.getElementById("reveal");
const anyway = document.getElementById("anyway");
const anywayButton = document.getElementById("reveal-anyway");
const next = document.getElementById("next");
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
  const later = plannedLater();
  button.setAttribute("aria-disabled", String(!ready()));
  reason.textContent = [later, ready() ? words.revealReady : words.revealNotReady].filter(Boolean).join(" ");
  const ours = waiting() && !later; // one full button: what this step is for
  button.classList.toggle("principal", ours);
  next.classList.toggle("principal", !ours);
  if (ready() || !waiting()) calm();
  anyway.hidden = ready() || !waiting();
}

// The step further on that the script made for the reveal, in words, or nothing.
function plannedLater() {
  const steps = [...document.querySelectorAll("#etapes > li")];
  const at = steps.findIndex((step) => step.dataset.id === document.body.dataset.step);
  const step = steps.slice(at + 1).find((other) => other.dataset.kind === "revelation");
  if (!step || steps[at]?.dataset.kind === "revelation") return "";
  return say("revealPlanned", { n: steps.indexOf(step) + 1, title: step.querySelector("[data-title]").textContent });
}

const waiting = () => document.getElementById("threshold")?.dataset.waiting === "1";

// Pressed even when aria-disabled: the server knows best and says why not.
async function reveal() {
  const answer = await act("/reveals", {}, words.revealed);
  if (answer.ok) calm();
  else if (answer.refused === "below-threshold" || answer.refused === "announced") anyway.open = true;
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
  anyway.open = false;
  anywayButton.removeAttribute("aria-disabled");
  label(words.anyway);
}

// The same text again would make some screen readers speak again.
function label(text) {
  const place = anywayButton.querySelector("[data-label]");
  if (place.textContent !== text) place.textContent = text;
}
