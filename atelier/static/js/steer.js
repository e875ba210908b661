// The facilitator's page: everything around the board; sorting and revealing have their own files.
import { toggleNight } from "./appearance.js";
import { stayAwake } from "./awake.js";
import { startBending } from "./bending.js";
import { act, announce, room } from "./command.js";
import { askSure } from "./dialogs.js";
import { followDoor } from "./door.js";
import { startCards } from "./cards.js";
import { startChoosing } from "./choosing.js";
import { startDragging } from "./dragging.js";
import { follow, NOT_ALLOWED } from "./live.js";
import { startProjecting } from "./projecting.js";
import { startReveal } from "./reveal.js";
import { startSorting } from "./sorting.js";
import { startTensions } from "./tensions.js";
import { startTiming, toggleTimer } from "./timing.js";
import { say, words } from "./words.js";

const body = document.body.dataset;
const veil = document.getElementById("veil");
const lock = document.getElementById("lock");
const next = document.getElementById("next");
const help = document.getElementById("help");
const list = document.getElementById("etapes");
const shortcuts = document.getElementById("shortcuts");

/* ── what the room is at ── */

function show() {
  showSwitch(veil, body.veil === "1", words.veil, words.unveil);
  showSwitch(lock, body.locked === "1", words.lock, words.unlock);
  const steps = [...list.children];
  const at = steps.findIndex((step) => step.dataset.id === body.step);
  for (const [i, step] of steps.entries()) {
    step.classList.toggle("fait", i < at);
    if (i === at) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
    step.querySelector("[data-go]").hidden = i === at;
  }
  const last = at === steps.length - 1;
  next.hidden = last || body.state === "closed";
  next.dataset.to = steps[at + 1]?.dataset.id ?? "next"; // named, so that pressing twice does not skip one
  next.querySelector("[data-label]").textContent = at < 0 ? words.firstStep : words.nextStep;
  document.getElementById("over").hidden = !last || steps.length === 1 || body.state === "closed";
  document.getElementById("where").textContent = at < 0 ? words.lobby : say("stepOf", { n: at + 1, total: steps.length });
  document.getElementById("here").textContent = at < 0 ? words.steps : `${at + 1}. ${steps[at].querySelector("[data-title]").textContent}`;
  document.getElementById("mode").textContent = body.takesNotes === "1" ? steps[at]?.dataset.modeName ?? "" : "";
  openOnly(steps[at], at);
}

// A switch says what pressing it will do now.
function showSwitch(button, on, offer, back) {
  button.dataset.on = on ? "1" : "0";
  button.querySelector("[data-label]").textContent = on ? back : offer;
}

let seen = -2;
function openOnly(step, at) {
  if (at === seen) return;
  seen = at;
  for (const other of list.querySelectorAll("details")) other.open = Boolean(step?.contains(other));
  const { parentElement: scroller } = list;
  if (step && scroller.scrollHeight > scroller.clientHeight) scroller.scrollTop = step.offsetTop - list.offsetTop - 40;
}

function showDoor() {
  document.getElementById("knocking").hidden = document.getElementById("door").dataset.knocking !== "1";
}

function showLine(online) {
  const line = document.getElementById("line");
  line.classList.toggle("ok", online);
  line.classList.toggle("attente", !online);
  line.querySelector("[data-label]").textContent = online ? words.online : words.reconnecting;
}

/* ── acts ── */

const toggle = (button, path, on, off) => {
  const to = button.dataset.on !== "1";
  act(path, { on: to ? "1" : "0" }, to ? on : off);
};
const toggleVeil = () => toggle(veil, "/veils", words.veiled, words.unveiled);
const undo = () => act("/undos", {}, words.undone);
const go = (step) => act("/steps", { go: step });

async function copy(button) {
  const link = new URL(button.dataset.copy, location.href).href;
  try {
    await navigator.clipboard.writeText(link);
    announce(say("copied", { link: button.dataset.copyName }));
  } catch { // no clipboard on a plain-HTTP network: show the link, ready to be taken by hand
    const dialog = document.getElementById("link");
    const field = dialog.querySelector("input");
    dialog.querySelector("h2").textContent = button.dataset.copyName;
    field.value = link;
    dialog.showModal();
    field.select();
  }
}

veil.addEventListener("click", toggleVeil);
document.getElementById("admit").addEventListener("click", () => act("/admissions", {}, words.admitted));
document.getElementById("new-code").addEventListener("click", async () => {
  if (await askSure(words.changeCodeSure, words.changeCodeWhat, words.changeCode)) act("/codes", {}, words.codeChanged);
});
lock.addEventListener("click", () => toggle(lock, "/locks", words.locked, words.unlocked));
next.addEventListener("click", () => go(next.dataset.to));
document.getElementById("undo").addEventListener("click", undo);
document.getElementById("night").addEventListener("click", toggleNight);
document.getElementById("show-help").addEventListener("click", () => help.showModal());
document.getElementById("show-steps").addEventListener("click", ({ currentTarget: button }) => {
  button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
});
document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-go]");
  if (step) go(step.dataset.go);
  const link = event.target.closest("[data-copy]");
  if (link) copy(link);
});

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, dialog, [role=menu]")) return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") {
    event.preventDefault();
    return undo();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !shortcuts.checked) return;
  if (event.key === "?") help.showModal();
  if (event.target.closest(".note") && !event.shiftKey) return; // there, letters file the note
  if (event.key.toLowerCase() === "b") toggleVeil();
  else if (event.key.toLowerCase() === "t") toggleTimer();
  else if (event.key.toLowerCase() === "d") toggleNight();
});

// Single keys outside the notes can be switched off (WCAG 2.1.4); the choice stays in this browser.
const KEYS = "atelier-shortcuts";
try { shortcuts.checked = localStorage.getItem(KEYS) !== "0"; } catch { /* storage refused: keys stay on */ }
shortcuts.addEventListener("change", () => {
  try { localStorage.setItem(KEYS, shortcuts.checked ? "1" : "0"); } catch { /* as above */ }
});

document.addEventListener("board-changed", show);
document.addEventListener("script-changed", show);
document.addEventListener("now-changed", showDoor);
document.addEventListener("line-changed", ({ detail }) => showLine(detail.online));
document.addEventListener("room-gone", ({ detail }) => {
  if (detail.code === NOT_ALLOWED) return location.replace("/desk"); // signed out, or no longer of this room
  showLine(false);
  announce(words.gone, false);
});

show();
showDoor();
startSorting();
startTensions();
startCards();
startChoosing();
startDragging();
startReveal();
startTiming();
startProjecting();
startBending();
stayAwake();
followDoor();
if (room) follow();
