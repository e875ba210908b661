// What a person writes for themselves, in this browser and nowhere else: one key per room and kind, nothing is ever sent.

export const KINDS = ["pages", "cards", "trajectory", "project"];

let room = document.body.dataset.room;
let label = null; // what the notebook is called on the page that shows those of several rooms
let forgotten = false;
const unkept = new Map(); // what the browser would not store: still on the screen, gone with the page

export const keyOf = (id, kind) => `atelier.${id}.personal.${kind}`;

// Another room's notebook, on the page that shows all those of this phone.
export function openRoom(id) {
  room = id;
  unkept.clear();
}

export function read(kind) {
  if (forgotten) return null;
  if (unkept.has(kind)) return unkept.get(kind);
  try { return JSON.parse(localStorage.getItem(keyOf(room, kind))); } catch { return null; }
}

// Never throws and loses nothing that is on the screen: what is not stored is held here, and `isSafe` says so.
export function write(kind, value) {
  if (forgotten) return;
  unkept.set(kind, value);
  for (const [each, what] of [...unkept]) {
    if (store(each, what)) unkept.delete(each);
  }
}

function store(kind, value) {
  try {
    localStorage.setItem(keyOf(room, kind), JSON.stringify(value));
    if (label && labelOf(room) !== label) localStorage.setItem(keyOf(room, "label"), label);
    return true;
  } catch { return false; }
}

export const isSafe = () => unkept.size === 0;

export function eraseAll() {
  for (const kind of [...KINDS, "label"]) {
    unkept.delete(kind);
    try { localStorage.removeItem(keyOf(room, kind)); } catch { /* it was never stored */ }
  }
  changed();
}

export function callIt(name) {
  label = name;
}

export function labelOf(id) {
  try { return localStorage.getItem(keyOf(id, "label")) ?? ""; } catch { return ""; }
}

// The rooms of which this browser still holds something.
export function rooms() {
  const ids = new Set();
  try {
    for (const key of Object.keys(localStorage)) {
      const found = /^atelier\.([0-9a-f]{32})\.personal\.(\w+)$/.exec(key);
      if (found && KINDS.includes(found[2])) ids.add(found[1]);
    }
  } catch { /* nothing was kept */ }
  return [...ids];
}

export const changed = () => document.dispatchEvent(new CustomEvent("personal-changed"));

document.addEventListener("room-forgotten", () => {
  forgotten = true;
  unkept.clear();
  changed();
});
window.addEventListener("storage", ({ key }) => { if (key?.startsWith(keyOf(room, ""))) changed(); });
