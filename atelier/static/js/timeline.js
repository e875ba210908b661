// Looks back on a session: one board, brought to the moment that the slider, the text or the player asks for.
import { pose } from "./pose.js";
import { upsert } from "./upsert.js";
import { say, words } from "./words.js";

const SPEEDS = { slow: 4000, normal: 2000, fast: 900 }; // milliseconds from one act to the next
const { room, opened, last } = document.body.dataset;
const byId = (id) => document.getElementById(id);
const slider = byId("curseur");
const ruler = document.querySelector(".reglet");
const moments = [...document.querySelectorAll(".fil button")];
const lang = document.documentElement.lang;
let current = moments.length - 1;
let playing = null;
let speed = "normal";

/* ── the time of day, in the reader's own zone ── */

const dayOf = new Intl.DateTimeFormat(lang, { dateStyle: "long" });
const timeOf = new Intl.DateTimeFormat(lang, { hour: "numeric", minute: "2-digit" });
const at = (minute) => new Date(Date.parse(opened) + minute * 60_000);
const clock = (minute) => timeOf.format(at(minute)).replace(/^(\d+):(\d+)$/, lang === "fr" ? "$1 h $2" : "$1:$2");

function showTimes() {
  byId("day").textContent = say("day", { day: dayOf.format(at(0)) });
  for (const element of document.querySelectorAll("time[data-minute], .graduations text")) {
    element.textContent = clock(Number(element.dataset.minute));
    if (element.matches("time")) element.dateTime = at(Number(element.dataset.minute)).toISOString();
  }
}

/* ── moving to a moment ── */

function goTo(index, { focus = false, minute } = {}) {
  if (!moments.length) return;
  current = Math.max(0, Math.min(moments.length - 1, index));
  show(minute ?? minuteOf(current));
  const here = moments[current];
  if (focus) here.focus();
  else here.scrollIntoView({ block: "nearest" });
  fetchBoard(here.dataset.seq);
  history.replaceState(null, "", current === moments.length - 1 ? location.pathname : `?at=${here.dataset.seq}`);
}

const minuteOf = (index) => Number(moments[index].dataset.minute);

function show(minute) {
  const here = moments[current];
  const act = textOf(here);
  slider.value = minute;
  slider.setAttribute("aria-valuetext", say("at", { time: clock(minute), act }));
  ruler.dataset.part = Math.round((100 * minute) / last);
  pose();
  byId("clock").textContent = clock(minute);
  byId("act").textContent = act;
  byId("where").textContent = act.includes(here.dataset.step) ? "" : here.dataset.step;
  for (const [i, moment] of moments.entries()) {
    moment.parentElement.classList.toggle("ici", i === current);
    if (i === current) moment.setAttribute("aria-current", "true");
    else moment.removeAttribute("aria-current");
  }
  for (const mark of document.querySelectorAll(".acte")) mark.classList.toggle("fait", Number(mark.dataset.minute) <= minute);
  for (const band of document.querySelectorAll(".bande")) band.classList.toggle("passee", Number(band.dataset.start) < minute || minute === Number(last));
  byId("previous").disabled = current === 0;
  byId("next").disabled = current === moments.length - 1;
}

// As one reads it: with the quotation marks that the page draws.
function textOf(moment) {
  const text = moment.querySelector(":scope > span").cloneNode(true);
  for (const quoted of text.querySelectorAll("q")) quoted.replaceWith(say("quoted", { text: quoted.textContent }));
  return text.textContent.trim().replace(/[ \n]+/g, " ");
}

// A minute of the slider is the last act that had happened by then.
const indexAt = (minute) => Math.max(0, moments.findLastIndex((moment) => Number(moment.dataset.minute) <= minute));

/* ── the board: one request at a time, the latest wish wins ── */

let wanted = null;
let asking = false;
let shown = null;

async function fetchBoard(seq) {
  wanted = seq;
  if (asking) return;
  asking = true;
  while (wanted !== shown) {
    const asked = wanted;
    const html = await boardAt(asked);
    if (html === null) {
      byId("says").textContent = words.failed;
      break;
    }
    shown = asked;
    upsert(html);
    mark();
  }
  asking = false;
}

async function boardAt(seq) {
  try {
    const answer = await fetch(`/r/${room}/board?at=${seq}`);
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

// The cluster that the act is about is outlined; the words for who listens come once the board is there.
function mark() {
  const { cluster } = moments[current].dataset;
  for (const lane of document.querySelectorAll("#board .lane")) lane.toggleAttribute("data-ui-new", Boolean(cluster) && lane.dataset.cluster === cluster);
  document.querySelector("#board [data-ui-new]")?.scrollIntoView({ block: "nearest" });
  byId("says").textContent = slider.getAttribute("aria-valuetext");
}

/* ── playing ── */

function play() {
  if (playing) return stop();
  if (current === moments.length - 1) goTo(0);
  playing = setInterval(() => {
    if (current >= moments.length - 1) stop();
    else goTo(current + 1);
  }, SPEEDS[speed]);
  showPlaying();
}

function stop() {
  clearInterval(playing);
  playing = null;
  showPlaying();
}

function showPlaying() {
  byId("play").dataset.on = playing ? "1" : "0";
  byId("play").querySelector("[data-label]").textContent = playing ? words.stop : words.play;
}

function choose(name) {
  speed = name;
  for (const button of document.querySelectorAll("[data-speed]")) button.setAttribute("aria-pressed", String(button.dataset.speed === name));
  if (!playing) return;
  stop();
  play();
}

/* ── hands ── */

slider.addEventListener("input", () => {
  stop();
  goTo(indexAt(Number(slider.value)), { minute: Number(slider.value) });
});
byId("previous").addEventListener("click", () => { stop(); goTo(current - 1); });
byId("next").addEventListener("click", () => { stop(); goTo(current + 1); });
byId("play").addEventListener("click", play);
byId("print").addEventListener("click", () => print());
for (const button of document.querySelectorAll("[data-speed]")) button.addEventListener("click", () => choose(button.dataset.speed));
for (const [i, moment] of moments.entries()) moment.addEventListener("click", () => { stop(); goTo(i, { focus: true }); });

const link = byId("link");
if (link) link.value = new URL(link.value, location.href).href;
byId("copy")?.addEventListener("click", async ({ currentTarget: button }) => {
  link.select();
  const copied = await navigator.clipboard?.writeText(link.value).then(() => true, () => false); // none on a plain-HTTP network
  button.querySelector("[data-label]").textContent = copied ? words.copied : words.takeIt;
});

showTimes();
const asked = new URLSearchParams(location.search).get("at");
const start = moments.findIndex((moment) => moment.dataset.seq === asked);
if (start >= 0) goTo(start);
else if (moments.length) {
  shown = moments[current].dataset.seq;
  show(Number(last));
}
