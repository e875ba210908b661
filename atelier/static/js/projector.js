// The projected page: shows the scene that is asked for, fits it to the last row, and takes everything away under the veil.
import { stayAwake } from "./awake.js";
import { followDoor } from "./door.js";
import { follow, NOT_ALLOWED } from "./live.js";
import { distance, startDistance } from "./projector/distance.js";
import { startHand } from "./projector/hand.js";
import { fitReading, fitSynthesis, fitWall, markContinued, pixels, turn } from "./projector/fit.js";
import * as reading from "./reading.js";
import { startTime } from "./projector/time.js";
import { say, words } from "./words.js";

const body = document.body.dataset;
const root = document.querySelector(".proj");
const stage = document.getElementById("stage");
const veil = document.getElementById("voile");
const pages = document.getElementById("pages");
const board = () => document.getElementById("board");
let gone = ""; // the scene of a screen that follows nothing any more
let target = ""; // of the tension or the card that is shown alone
let asked = "auto"; // by the facilitator, or by a key of this machine since
let told = null; // what the facilitator asked for last
let moment = null;
let page = 0;
let count = 1;

/* ── which scene ── */

// What may be asked for, and whether there is anything to show of it.
const THERE = {
  lobby: () => true,
  prompt: () => board().querySelector("#step"),
  wall: () => board().querySelector(".note, .cluster"),
  synthesis: () => board().querySelector(".cluster"),
  tension: () => alone("tension"),
  card: () => alone("card"),
  reading: reading.isThere,
  choice: () => board().querySelector("#choice:not([hidden])"),
};

const alone = (kind) => (target ? document.getElementById(`${kind}-${target}`) : null);
const scene = () => (gone ? gone : body.scene === "closed" ? "closed" : THERE[asked]?.() ? asked : body.scene);

// The facilitator's choice wins when it changes; a new moment of the room forgets that of this machine.
function hear() {
  const projected = document.getElementById("projected").dataset;
  const now = `${body.step} ${body.scene}`;
  const said = `${projected.scene} ${projected.page} ${projected.target}`;
  if (said !== told || now !== moment) {
    asked = projected.scene;
    page = Number(projected.page) - 1;
    target = projected.target;
  }
  told = said;
  moment = now;
  reading.follow(show);
  show();
}

function choose(other) {
  asked = other;
  page = 0;
  show();
}

function show() {
  const veiled = body.veil === "1";
  veil.hidden = !veiled;
  stage.hidden = veiled; // out of sight and out of the accessibility tree
  root.dataset.shows = scene();
  root.dataset.asked = asked;
  const one = alone(root.dataset.shows);
  for (const element of board().querySelectorAll("[data-ui-alone]")) if (element !== one) element.removeAttribute("data-ui-alone");
  one?.setAttribute("data-ui-alone", "");
  for (const sentence of document.querySelectorAll("[data-kept]")) sentence.hidden = sentence.dataset.kept !== board().dataset.keep;
  document.dispatchEvent(new CustomEvent("scene-changed"));
  measure();
}

/* ── how large, on how many pages ── */

function measure() {
  if (stage.hidden) return;
  const wall = document.getElementById("wall");
  const shows = root.dataset.shows;
  delete root.dataset.narrow;
  wall.scrollLeft = 0;
  let fitted = { pages: 1 };
  if (shows === "prompt" || shows === "collect") fitPrompt();
  if (shows === "wall") {
    fitted = fitWall(wall, root);
    if (fitted.pages > 1) { // the code moves into the corner before the wall is cut into pages
      narrow();
      fitted = fitWall(wall, root);
    }
    markContinued(wall);
  }
  if (shows === "tension" || shows === "card") {
    narrow();
    fitAlone(alone(shows));
  }
  if (shows === "choice") {
    narrow();
    fitAlone(document.getElementById("choice"));
  }
  if (shows === "synthesis") {
    narrow();
    fitted = fitSynthesis(wall, root);
  }
  if (shows === "reading") {
    narrow();
    fitted = fitReading(paged(), root);
  }
  count = fitted.pages;
  showPage();
}

const paged = () => document.querySelector(root.dataset.shows === "reading" ? "#together .corps-lu" : "#wall");

function narrow() {
  root.dataset.narrow = "1";
  root.style.setProperty("--coin", `${document.querySelector(".rail").offsetWidth}px`);
}

// The longest prompt must stay on the screen, and the shortest be read from afar; the pile makes room for it.
function fitPrompt() {
  const step = document.getElementById("step");
  const least = pixels(root, "var(--petit)");
  delete root.dataset.tight;
  for (let tight = false; ; tight = true) {
    if (tight) root.dataset.tight = "1";
    for (let size = least * (root.dataset.shows === "prompt" ? 1.8 : 1.55); size >= least; size -= least / 20) {
      root.style.setProperty("--consigne", `${size}px`);
      if (step.scrollHeight <= step.parentElement.clientHeight + 1) return;
    }
    if (tight) return;
  }
}

// One sentence or one definition: as large as it can be, and never cut.
function fitAlone(element) {
  const least = pixels(root, "var(--petit)");
  for (let size = least * 3.2; size >= least; size -= least / 16) {
    root.style.setProperty("--phrase", `${size}px`);
    if ([element, ...element.querySelectorAll(".piece, .def")].every(fits)) return;
  }
}

const fits = ({ scrollHeight, clientHeight, scrollWidth, clientWidth }) => scrollHeight <= clientHeight + 1 && scrollWidth <= clientWidth + 1;

function showPage() {
  const shown = ((page % count) + count) % count; // beyond the last comes the first
  pages.hidden = count < 2;
  pages.textContent = say("page", { n: shown + 1, total: count });
  root.dataset.of = count;
  turn(paged(), shown);
}

function turnBy(by) {
  page += by;
  showPage();
}

/* ── start ── */

document.addEventListener("board-changed", hear);
document.addEventListener("now-changed", hear);
document.addEventListener("line-changed", ({ detail }) => {
  document.getElementById("line").textContent = detail.online ? "" : words.reconnecting;
  if (detail.online) reading.follow(show);
  measure();
});
document.addEventListener("room-gone", ({ detail }) => {
  gone = detail.code === NOT_ALLOWED ? "barred" : "closed";
  if (gone === "barred") document.getElementById("wall")?.replaceChildren();
  document.getElementById("closed-what").hidden = true;
  document.getElementById("room-gone").hidden = false;
  show();
});
addEventListener("resize", measure);
document.fonts?.ready.then(measure);
document.fonts?.addEventListener("loadingdone", measure);

startDistance(root, measure);
startTime(root, measure);
startHand({ root, choose, turnBy, distance });
hear();
stayAwake();
followDoor(measure);
follow();
