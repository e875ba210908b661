// Choosing together, fetched when a choice opens. What is chosen stays on this phone and, sealed, on the server.
import { isForgotten, post } from "../outbox.js";
import { announce, body, byId, letterMark, span } from "./page.js";

const KEY = `atelier.${body.room}.ballot`;
const panel = document.createElement("section");
panel.id = "choosing";
panel.className = "carte choisir";
panel.setAttribute("aria-labelledby", "choosing-title");
byId("board").before(panel);

const SLOW = 1000; // what is kept within this time was never said to wait
const MAX_WAIT = 30_000;

let mine = stored(); // {choice, ballot, secret, clusters, rev, due}: `due` is what waits for an answer, `clusters` what is kept
let drawn = "";
let texts = {}; // what to say; the board has it as long as the choice is open

export function draw() {
  const asked = byId("choice");
  const open = asked.dataset.choice;
  if (!open) return end();
  panel.hidden = false;
  delete panel.dataset.missed;
  if (mine?.choice !== open) mine = null;
  texts = { ...asked.querySelector("[data-says]").dataset };
  const signature = open + asked.textContent;
  if (signature === drawn) return; // what is ticked and not sent yet stays
  drawn = signature;
  panel.lang = byId("board").lang;
  panel.replaceChildren(...form(asked));
  pump();
}

function form(asked) {
  const heading = Object.assign(document.createElement("h1"), { id: "choosing-title", textContent: asked.querySelector("h2").textContent });
  const how = Object.assign(document.createElement("p"), { className: "consigne", textContent: asked.querySelector(".comment").textContent });
  const boxes = Object.assign(document.createElement("form"), { className: "pile" });
  const send = Object.assign(document.createElement("button"), { type: "submit", className: "btn principal", textContent: texts.send });
  const state = Object.assign(document.createElement("p"), { id: "choosing-says", className: "aide" });
  state.setAttribute("role", "status");
  state.textContent = mine?.due ? texts.waiting : mine?.clusters.length ? texts.kept : "";
  boxes.append(...[...asked.querySelectorAll("li")].map(row), send, state);
  boxes.addEventListener("change", () => limit(boxes, Number(asked.dataset.most)));
  boxes.addEventListener("submit", (event) => { event.preventDefault(); choose(boxes); });
  limit(boxes, Number(asked.dataset.most));
  return [heading, how, boxes];
}

function row(item) {
  const label = Object.assign(document.createElement("label"), { className: "accord" });
  label.dataset.groupe = item.dataset.groupe;
  const box = Object.assign(document.createElement("input"), { type: "checkbox", value: item.dataset.cluster });
  box.checked = Boolean((mine?.due ?? mine?.clusters)?.includes(box.value));
  label.append(box, letterMark(item.dataset.letter), span(item.querySelector("[data-name]").textContent));
  return label;
}

const ticked = (boxes) => [...boxes.querySelectorAll("input:checked")].map((box) => box.value);

// One more than allowed cannot be ticked: one is unticked first.
function limit(boxes, most) {
  const full = ticked(boxes).length >= most;
  for (const box of boxes.querySelectorAll("input")) box.disabled = full && !box.checked;
}

// Stored before the first try, and tried until the server has answered: a repeat is the same ballot, and counts once.
function choose(boxes) {
  const { choice } = byId("choice").dataset;
  const before = mine ?? { choice, ballot: hex(random(16)), secret: base64url(random(32)), clusters: [], rev: -1 };
  mine = { ...before, due: ticked(boxes), rev: before.rev + 1 };
  keep();
  setTimeout(() => { if (mine?.due) say(texts.waiting); }, SLOW);
  tryNow();
}

let sending = false;
let failures = 0;
let notBefore = 0; // the server asked us to wait until then
let timer = null;

function tryNow() {
  failures = 0;
  pump();
}

async function pump() {
  clearTimeout(timer);
  if (sending || !mine?.due || isForgotten()) return;
  const left = notBefore - performance.now();
  if (left > 0) return void (timer = setTimeout(pump, left));
  sending = true;
  const { choice, ballot, secret, due, rev } = mine;
  const answer = await post("ballots", { choice, ballot, secret, clusters: due, rev });
  sending = false;
  if (mine?.choice !== choice) return void pump(); // it has ended meanwhile, another may have begun
  if (answer.status === 0 || answer.status === 429 || answer.status >= 500) return later(answer);
  failures = 0;
  if (mine.rev === rev) settle(answer);
  pump(); // they have changed their mind meanwhile
}

function later({ after }) {
  say(texts.waiting);
  notBefore = after > 0 ? performance.now() + after * 1000 : 0;
  const longest = Math.min(MAX_WAIT, 1000 * 2 ** failures);
  failures += 1;
  timer = setTimeout(pump, (after > 0 ? after * 1000 : longest / 2) + Math.random() * (longest / 2));
}

function settle({ status, says }) {
  const { due, ...rest } = mine;
  mine = status === 200 ? { ...rest, clusters: due } : rest;
  keep();
  say(status !== 200 ? says?.says ?? texts.waiting : due.length ? texts.kept : texts.none);
}

function say(sentence) {
  const state = byId("choosing-says");
  if (!state || state.textContent === sentence) return;
  state.textContent = sentence;
  announce(sentence);
}

// What waited until the end may have been counted or not: the phone cannot know.
function end() {
  const missed = mine?.due && texts.late;
  forget();
  panel.hidden = !missed && panel.dataset.missed !== body.step;
  if (!missed) return;
  panel.dataset.missed = body.step; // said as long as the room is in this step
  panel.replaceChildren(Object.assign(document.createElement("p"), { id: "choosing-title", className: "aide", textContent: missed }));
  announce(missed);
}

function stored() {
  try { return JSON.parse(localStorage.getItem(KEY)); } catch { return null; }
}

function keep() {
  if (isForgotten()) return;
  try { localStorage.setItem(KEY, JSON.stringify(mine)); } catch { /* in this page's memory alone */ }
}

function forget() {
  clearTimeout(timer);
  mine = null;
  if (drawn) panel.replaceChildren();
  drawn = "";
  try { localStorage.removeItem(KEY); } catch { /* there was none */ }
}

const random = (size) => crypto.getRandomValues(new Uint8Array(size));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

for (const event of ["online", "pageshow", "focus"]) window.addEventListener(event, tryNow);
document.addEventListener("visibilitychange", () => { if (!document.hidden) tryNow(); });
document.addEventListener("line-changed", ({ detail }) => { if (detail.online) tryNow(); });
document.addEventListener("board-changed", draw);
draw();
