// The timer on the facilitator's page: it advises, and closes nothing.
import { choice, choose, ring } from "./bell.js";
import { act, announce } from "./command.js";
import { clock, followTimer, part } from "./timer.js";
import { pose } from "./pose.js";
import { say, words } from "./words.js";

const UNPLANNED = 5; // minutes offered when the step plans none
const section = document.getElementById("minuteur");
const digits = section.querySelector("[role=timer]");
const given = section.querySelector("[data-given]");
const advice = section.querySelector("[data-advice]");
const ruler = section.querySelector(".reglet");
const go = document.getElementById("timer-go");
const stop = document.getElementById("timer-stop");
const sound = document.getElementById("bell");
let timer = null;
let step = null;
let planned = null;
let ready = 0; // minutes, before the start

export function startTiming() {
  document.addEventListener("board-changed", prepare);
  go.addEventListener("click", toggleTimer);
  stop.addEventListener("click", () => act("/timers", { stop: 1 }, words.timerStopped));
  for (const button of section.querySelectorAll("[data-add]")) button.addEventListener("click", () => add(Number(button.dataset.add)));
  startBell();
  prepare();
  followTimer(show);
}

// A step offers the time it plans; what was set for it before it started is kept.
function prepare() {
  const { step: now, minutes } = document.getElementById("board").dataset;
  if (now !== step || minutes !== planned) ready = Number(minutes) || UNPLANNED;
  step = now;
  planned = minutes;
  draw();
}

function show(now) {
  const over = timer?.running && timer.left > 0 && now?.running && now.left <= 0;
  timer = now;
  draw();
  if (!over) return;
  ring();
  announce(words.timeIsOver);
}

function draw() {
  const left = timer ? timer.left : ready * 60;
  section.dataset.state = !timer ? "ready" : timer.left < 0 ? "over" : timer.running ? "running" : "paused";
  digits.textContent = clock(left);
  given.textContent = timer ? say(timer.left < 0 ? "timeOver" : "timeGiven", { n: spoken(timer.total) }) : "";
  advice.textContent = timer?.left < 0 ? words.nothingCloses : words.advice;
  ruler.dataset.part = timer ? part(timer) : 0;
  ruler.dataset.n = Math.min(60, Math.max(1, Math.round((timer?.total ?? ready * 60) / 60)));
  pose(section);
  const offer = !timer ? "timerStart" : timer.running ? "timerPause" : "timerResume";
  go.dataset.offer = offer;
  go.querySelector("[data-label]").textContent = words[offer];
  stop.hidden = !timer;
}

// Minutes, with a decimal only where there is one.
const spoken = (seconds) => (Math.round(seconds / 6) / 10).toLocaleString(document.documentElement.lang);

export function toggleTimer() {
  if (section.offsetParent === null) return; // no step, no time
  if (!timer) act("/timers", { minutes: ready }, say("timerStarted", { n: ready }));
  else act("/timers", { pause: timer.running ? 1 : 0 }, timer.running ? words.timerPaused : words.timerResumed);
}

function add(minutes) {
  if (timer) return act("/timers", { add: minutes }, say(minutes > 0 ? "timeAdded" : "timeTaken", { n: Math.abs(minutes) }));
  ready = Math.min(480, Math.max(1, ready + minutes));
  draw();
}

/* ── the sound at the end ── */

function startBell() {
  const on = document.getElementById("bell-on");
  const volume = document.getElementById("bell-volume");
  const showBell = () => {
    on.checked = choice.on;
    volume.value = choice.volume * 100;
    volume.disabled = !choice.on;
    sound.querySelector("summary").dataset.sound = choice.on ? "1" : "0";
    sound.querySelector("summary [data-label]").textContent = choice.on ? words.bellOn : words.bellOff;
  };
  on.addEventListener("change", () => { choose({ on: on.checked }); showBell(); });
  volume.addEventListener("input", () => { choose({ volume: volume.value / 100 }); showBell(); });
  document.getElementById("bell-try").addEventListener("click", () => ring());
  sound.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !sound.open) return;
    sound.open = false;
    sound.querySelector("summary").focus();
  });
  document.addEventListener("click", ({ target }) => { if (!sound.contains(target)) sound.open = false; });
  showBell();
}
