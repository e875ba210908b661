// Choosing together, fetched when a choice opens. What is chosen stays on this phone and, sealed, on the server.
import { post } from "../outbox.js";
import { announce, body, byId, letterMark, span } from "./page.js";

const KEY = `atelier.${body.room}.ballot`;
const panel = document.createElement("section");
panel.id = "choosing";
panel.className = "carte choisir";
panel.setAttribute("aria-labelledby", "choosing-title");
byId("board").before(panel);

let mine = stored(); // {choice, ballot, secret, clusters, rev}
let drawn = "";

export function draw() {
  const asked = byId("choice");
  const open = asked.dataset.choice;
  panel.hidden = !open;
  if (!open) return forget();
  if (mine?.choice !== open) mine = null;
  const signature = open + asked.textContent;
  if (signature === drawn) return; // what is ticked and not sent yet stays
  drawn = signature;
  panel.lang = byId("board").lang;
  panel.replaceChildren(...form(asked));
}

function form(asked) {
  const heading = Object.assign(document.createElement("h1"), { id: "choosing-title", textContent: asked.querySelector("h2").textContent });
  const how = Object.assign(document.createElement("p"), { className: "consigne", textContent: asked.querySelector(".comment").textContent });
  const boxes = Object.assign(document.createElement("form"), { className: "pile" });
  const send = Object.assign(document.createElement("button"), { type: "submit", className: "btn principal", textContent: says().send });
  const state = Object.assign(document.createElement("p"), { id: "choosing-says", className: "aide" });
  state.setAttribute("role", "status");
  if (mine?.clusters.length) state.textContent = says().kept;
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
  box.checked = Boolean(mine?.clusters.includes(box.value));
  label.append(box, letterMark(item.dataset.letter), span(item.querySelector("[data-name]").textContent));
  return label;
}

const says = () => byId("choice").querySelector("[data-says]").dataset;
const ticked = (boxes) => [...boxes.querySelectorAll("input:checked")].map((box) => box.value);

// One more than allowed cannot be ticked: one is unticked first.
function limit(boxes, most) {
  const full = ticked(boxes).length >= most;
  for (const box of boxes.querySelectorAll("input")) box.disabled = full && !box.checked;
}

async function choose(boxes) {
  const { choice } = byId("choice").dataset;
  const before = mine ?? { choice, ballot: hex(random(16)), secret: base64url(random(32)), rev: -1 };
  const next = { ...before, clusters: ticked(boxes), rev: before.rev + 1 };
  mine = { ...before, clusters: mine?.clusters ?? [], rev: next.rev }; // a retry is a newer one, and never a second
  keep();
  const { status, says: refusal } = await post("ballots", next);
  if (status === 200) { mine = next; keep(); }
  const said = !status ? says().offline : status !== 200 ? refusal.says : next.clusters.length ? says().kept : says().none;
  byId("choosing-says").textContent = said;
  announce(said);
}

function stored() {
  try { return JSON.parse(localStorage.getItem(KEY)); } catch { return null; }
}

function keep() {
  try { localStorage.setItem(KEY, JSON.stringify(mine)); } catch { /* in this page's memory alone */ }
}

function forget() {
  mine = null;
  drawn = "";
  panel.replaceChildren();
  try { localStorage.removeItem(KEY); } catch { /* there was none */ }
}

const random = (size) => crypto.getRandomValues(new Uint8Array(size));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

document.addEventListener("board-changed", draw);
draw();
