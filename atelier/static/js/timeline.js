// The timeline page: one moment is chosen, by slider, list, buttons or playing, and the board of that moment is shown.
import { showBoard } from "./timeline/boards.js";
import { dayAndTimeOf, writeTimes } from "./timeline/clock.js";
import "./timeline/removing.js";
import { fitLabels, showProgress } from "./timeline/ruler.js";
import { say, words } from "./words.js";

const PAUSES = { slow: 4000, normal: 2000, fast: 700 }; // milliseconds between two moments
const byId = (id) => document.getElementById(id);
const [slider, clock, what, during, play, previous, next] =
  ["curseur", "clock", "what", "during", "play", "previous", "next"].map(byId);
const aside = byId("moments").closest("aside");
const moments = [...byId("moments").querySelectorAll("a")];
const minuteOf = (moment) => Number(moment.dataset.minute);
let current = Math.max(0, moments.findIndex((moment) => moment.ariaCurrent));
let asked = 0;
let playing = 0;
let started = 0;

/* ── one moment ── */

// `minute` may be later than the moment itself: the slider stands between two acts.
async function go(position, minute = minuteOf(moments[position])) {
  const mine = ++asked;
  current = position;
  draw(minute);
  const { seq } = moments[current].dataset;
  const shown = await showBoard(seq).then(() => true, () => false);
  if (mine !== asked) return; // a later moment was asked for meanwhile
  if (!shown) return fail();
  history.replaceState(null, "", `?at=${seq}`);
  mark();
}

function fail() {
  stop();
  speak();
  what.textContent = words.failed;
}

function draw(minute) {
  const moment = moments[current];
  for (const each of moments) each === moment ? each.setAttribute("aria-current", "true") : each.removeAttribute("aria-current");
  what.textContent = moment.querySelector("[data-what]").textContent.trim();
  clock.textContent = dayAndTimeOf(minute);
  const band = showProgress(minute, Number(moment.dataset.seq));
  during.textContent = band && !["open", "step"].includes(moment.dataset.name) ? say("during", { n: band.querySelector("text").dataset.whole }) : "";
  slider.value = minute;
  slider.setAttribute("aria-valuetext", [clock.textContent, what.textContent].join(", "));
  previous.setAttribute("aria-disabled", String(current === 0));
  next.setAttribute("aria-disabled", String(current === moments.length - 1));
}

// On the board that is there now: what has just been done.
function mark() {
  const { name, cluster } = moments[current].dataset;
  byId("scene").dataset.scene = byId("board").dataset.scene;
  for (const marked of document.querySelectorAll("[data-ui-now]")) marked.removeAttribute("data-ui-now");
  const touched = cluster ? byId(`cluster-${cluster}`) : name === "reveal" ? byId("lane-unsorted") : null;
  touched?.setAttribute("data-ui-now", "");
  if (touched) within(touched, byId("scene"));
  within(moments[current], aside);
}

// Scrolls one panel, not the page. On a narrow screen panels are as long as what they hold: nothing happens there.
function within(element, panel) {
  const [inner, outer] = [element.getBoundingClientRect(), panel.getBoundingClientRect()];
  if (inner.top < outer.top) panel.scrollTop -= outer.top - inner.top + 12;
  else if (inner.bottom > outer.bottom) panel.scrollTop += Math.min(inner.bottom - outer.bottom, inner.top - outer.top) + 12;
}

/* ── choosing ── */

const step = (by) => {
  const position = current + by;
  if (position >= 0 && position < moments.length) go(position);
};
const lastUntil = (minute) => Math.max(0, moments.findLastIndex((moment) => minuteOf(moment) <= minute));

function slide() {
  stop();
  what.ariaLive = "off"; // the slider says it itself
  go(lastUntil(Number(slider.value)), Number(slider.value));
}

slider.addEventListener("input", slide);
// By act, as several may share a minute: the slider's own keys would not tell them apart.
slider.addEventListener("keydown", (event) => {
  const position = { PageUp: current - 1, PageDown: current + 1, Home: 0, End: moments.length - 1 }[event.key];
  if (position === undefined) return;
  event.preventDefault();
  stop();
  what.ariaLive = "off";
  if (position in moments) go(position);
});
for (const [button, by] of [[previous, -1], [next, 1]]) button.addEventListener("click", () => { stop(); speak(); step(by); });
byId("moments").addEventListener("click", (event) => {
  const moment = event.target.closest("a");
  if (!moment || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  stop();
  speak();
  go(moments.indexOf(moment));
  if (aside.offsetTop > byId("scene").offsetTop) byId("scene").scrollIntoView(); // the list is below the board, not beside it
});

function speak() {
  what.ariaLive = "polite";
}

/* ── playing ── */

play.addEventListener("click", () => (playing ? stop() : start()));

async function start() {
  speak();
  const turn = ++started;
  playing = turn;
  drawPlay();
  if (current === moments.length - 1) await go(0);
  while (playing === turn && current < moments.length - 1) {
    await new Promise((done) => { setTimeout(done, PAUSES[document.querySelector("[name=speed]:checked").value]); });
    if (playing === turn) await go(current + 1);
  }
  if (playing === turn) stop();
}

function stop() {
  playing = 0;
  drawPlay();
}

function drawPlay() {
  for (const label of play.querySelectorAll("[data-when]")) label.hidden = (label.dataset.when === "playing") !== Boolean(playing);
}

/* ── the page ── */

writeTimes();
fitLabels();
draw(minuteOf(moments[current]));
mark();
slider.disabled = false;
for (const control of [play, previous, next, byId("speed"), byId("print")]) control.hidden = false;
byId("print").addEventListener("click", () => print());
new ResizeObserver(fitLabels).observe(slider);
document.fonts.ready.then(fitLabels);
