// The projected page: fits the wall, turns its pages, and takes everything away under the veil.
import { fit, markContinued, turn } from "./fit.js";
import { follow } from "./live.js";
import { pose } from "./pose.js";
import { say, words } from "./words.js";

const body = document.body.dataset;
const root = document.querySelector(".proj");
const stage = document.getElementById("stage");
const veil = document.getElementById("voile");
const code = document.getElementById("code-grand");
const pages = document.getElementById("pages");
const ruler = document.getElementById("regle");
const controls = document.getElementById("gestes");
let page = 0;
let count = 1;

function show() {
  const veiled = body.veil === "1";
  veil.hidden = !veiled;
  stage.hidden = veiled; // out of sight and out of the accessibility tree
  if (veiled && code.open) code.close();
  if (veiled) return;
  const board = document.getElementById("board");
  const steps = Number(board.dataset.of) || 0;
  ruler.hidden = steps < 2;
  if (steps > 1) {
    ruler.dataset.n = steps;
    ruler.dataset.part = Math.round((100 * (Number(board.dataset.number) || 0)) / steps);
    pose();
  }
  measure();
}

function measure() {
  if (stage.hidden) return;
  fitPrompt();
  const wall = document.getElementById("wall");
  if (body.scene !== "wall" || !wall) {
    delete root.dataset.narrow;
    return showPages(1);
  }
  wall.scrollLeft = 0;
  delete root.dataset.narrow;
  let fitted = fit(wall, root);
  if (fitted.pages > 1) { // the code moves into the corner before the wall is cut into pages
    root.dataset.narrow = "1";
    fitted = fit(wall, root);
  }
  markContinued(wall);
  showPages(fitted.pages);
}

// The longest prompt must stay on the screen, and the shortest be read from afar.
function fitPrompt() {
  const step = document.getElementById("step");
  if (!step || (body.scene !== "prompt" && body.scene !== "collect")) return;
  for (let size = body.scene === "prompt" ? 3.1 : 2.7; size >= 1.75; size -= 0.1) {
    root.style.setProperty("--consigne", `${size}cqw`);
    if (step.scrollHeight <= step.parentElement.clientHeight + 1) return;
  }
}

function showPages(total) {
  count = total;
  page = Math.min(page, count - 1);
  pages.hidden = count < 2;
  for (const button of controls.querySelectorAll("[data-turn]")) button.hidden = count < 2;
  pages.textContent = say("page", { n: page + 1, total: count });
  const wall = document.getElementById("wall");
  if (wall) turn(wall, page);
}

function turnBy(by) {
  page = Math.max(0, Math.min(count - 1, page + by));
  showPages(count);
}

function toggleFullscreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

function toggleCode() {
  if (code.open) code.close();
  else if (body.veil !== "1") code.showModal();
}

const KEYS = {
  q: toggleCode, f: toggleFullscreen,
  pagedown: () => turnBy(1), arrowright: () => turnBy(1), arrowdown: () => turnBy(1), " ": () => turnBy(1),
  pageup: () => turnBy(-1), arrowleft: () => turnBy(-1), arrowup: () => turnBy(-1),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.closest("button")) return;
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
controls.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.turn) turnBy(Number(button.dataset.turn));
  else if (button?.dataset.do === "code") toggleCode();
  else if (button?.dataset.do === "full") toggleFullscreen();
});
code.addEventListener("click", () => code.close());

// The buttons show while a hand moves, and leave the wall alone afterwards.
let still = 0;
document.addEventListener("pointermove", () => {
  root.dataset.hand = "1";
  clearTimeout(still);
  still = setTimeout(() => delete root.dataset.hand, 3000);
});

document.addEventListener("board-changed", show);
document.addEventListener("line-changed", ({ detail }) => {
  document.getElementById("line").textContent = detail.online ? "" : words.reconnecting;
});
document.addEventListener("room-gone", () => {
  body.scene = "closed";
  document.getElementById("closed-what").textContent = words.gone;
});
addEventListener("resize", measure);
document.fonts?.ready.then(measure);
document.fonts?.addEventListener("loadingdone", measure);

show();
follow();
