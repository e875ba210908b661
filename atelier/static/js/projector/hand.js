// What a hand does at the projecting machine: one key for each act, and a bar of buttons for mouse and finger.
import { toggleNight } from "../appearance.js";

const STILL = 3000; // ms after which the bar leaves the picture alone
const code = document.getElementById("code-grand");
const help = document.getElementById("help");
const bar = document.getElementById("hand");

// `choose` takes a scene, `turnBy` a number of pages, `distance` chooses one by name or takes the next.
export function startHand({ root, choose, turnBy, distance }) {
  const acts = {
    scene: choose, distance: distance.choose, turn: (by) => turnBy(Number(by)),
    do: (act) => ({ code: toggleCode, night: toggleNight, full: toggleFullscreen, help: () => help.showModal() })[act](),
  };
  const keys = {
    a: () => choose("auto"), c: () => choose("prompt"), m: () => choose("wall"), s: () => choose(root.dataset.asked === "synthesis" ? "auto" : "synthesis"),
    1: () => distance.choose("near"), 2: () => distance.choose("middle"), 3: () => distance.choose("far"), l: distance.next,
    q: toggleCode, d: toggleNight, f: toggleFullscreen, "?": () => help.showModal(),
    pagedown: () => turnBy(1), arrowright: () => turnBy(1), arrowdown: () => turnBy(1), " ": () => turnBy(1),
    pageup: () => turnBy(-1), arrowleft: () => turnBy(-1), arrowup: () => turnBy(-1),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.key === " " && event.target.closest("button")) return;
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    if (!event.repeat) act();
  });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    for (const [kind, value] of Object.entries(button?.dataset ?? {})) acts[kind]?.(value);
  });
  code.addEventListener("click", () => code.close());
  showWhileMoving(root);
  new MutationObserver(() => show(root)).observe(root, { attributeFilter: ["data-asked", "data-distance", "data-of", "data-shows"] });
  show(root);
}

function show({ dataset }) {
  for (const button of bar.querySelectorAll("[aria-pressed]")) {
    const on = (button.dataset.scene ?? button.dataset.distance) === (button.dataset.scene ? dataset.asked : dataset.distance);
    button.setAttribute("aria-pressed", String(on));
  }
  bar.querySelector("[data-turning]").hidden = !(Number(dataset.of) > 1);
  if (document.body.dataset.veil === "1") code.close();
}

function toggleFullscreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

function toggleCode() {
  if (code.open) code.close();
  else if (document.body.dataset.veil !== "1") code.showModal();
}

function showWhileMoving(root) {
  let still = 0;
  const wake = () => {
    root.dataset.hand = "1";
    clearTimeout(still);
    still = setTimeout(() => delete root.dataset.hand, STILL);
  };
  for (const event of ["pointermove", "pointerdown"]) document.addEventListener(event, wake);
}
