// The notes of this phone: each is stored before its first try, and sent until the server has answered for good.
// Nothing here leaves the phone but {note, step, text, secret, rev}: no name, no cookie, no time.

const { room, pass } = document.body.dataset;
const PREFIX = `atelier.${room}.note.`;
const DRAFT = `atelier.${room}.draft.`;
const RELOADED = `atelier.${room}.reloaded`;
const STORES = document.body.dataset.view !== "paper"; // what was typed from paper stays in the page's memory
const PADDED = 2048; // bytes of every body, so that a note, an edit and a take-back look alike on the line
const GIVE_UP_WAITING = 10_000;
const MAX_WAIT = 30_000;

/* An entry: {id, secret, step, mode, limit, text, rev, order, state, prior, says, seen, now, scribe}.
   state: waiting → kept, refused; withdrawing → (dropped), leaving, gone.
   `prior` is the text that the server still holds while an edit waits; `seen` says that the wall shows or showed it;
   `scribe` that somebody wrote it on a lent phone: its text goes as soon as it is kept;
   `fragment` that it is the one moment of a trajectory that may be shown: the mark stays here, and goes at the closing. */

export const start = () => {
  for (const event of ["online", "pageshow", "focus"]) window.addEventListener(event, tryNow);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tryNow(); });
  document.addEventListener("line-changed", ({ detail }) => { if (detail.online) tryNow(); });
  window.addEventListener("storage", ({ key }) => {
    if (!key?.startsWith(PREFIX)) return;
    changed();
    pump();
  });
  pump();
};

export const notes = () => shelf.all().sort((a, b) => a.order - b.order);
export const note = (id) => shelf.get(id);
export const isSafe = () => shelf.safe; // false: this browser stores nothing, closing the page loses what waits
export const isTrying = () => sending !== null && failures === 0;

export function put(text, { step, mode, limit, scribe, fragment }) {
  const order = Math.max(0, ...shelf.all().map((entry) => entry.order)) + 1;
  const entry = { id: hex(random(16)), secret: base64url(random(32)), step, mode, limit, text, rev: 0, order, state: "waiting", scribe, fragment };
  save(entry);
  pump();
  return entry.id;
}

export function edit(id, text) {
  const entry = shelf.get(id);
  if (!entry || !["waiting", "kept"].includes(entry.state) || entry.text === text) return;
  const prior = entry.state === "kept" ? entry.text : entry.prior;
  save({ ...entry, text, prior, rev: entry.rev + 1, state: "waiting", says: undefined });
  pump();
}

export function takeBack(id, { now = false } = {}) {
  const entry = shelf.get(id);
  if (!entry) return;
  save({ ...entry, state: "withdrawing", refused: entry.state === "refused" || entry.refused, now: now || undefined, says: undefined });
  pump();
}

// Sends the text of a refused note as a new note of the current step.
export function sendAnew(id, here) {
  const entry = shelf.get(id);
  if (entry?.state !== "refused") return;
  shelf.drop(id);
  put(entry.text, { ...here, fragment: entry.fragment });
}

export function drop(id) {
  shelf.drop(id);
  changed();
}

/* ── what the wall says about our notes ── */

// `find(id)` gives the text of the note on the wall, or null; texts that the wall shows leave the phone.
export function compareWithWall(find) {
  for (const entry of shelf.all()) {
    const shown = find(entry.id);
    if (shown === null) continue;
    if (entry.state === "refused" && entry.text && entry.text !== shown) keepApart(entry);
    const settled = entry.state === "kept" || entry.state === "refused" || (entry.state === "waiting" && entry.rev === 0);
    if (settled && entry.seen && entry.state === "kept" && !entry.text) continue;
    if (settled) save({ ...entry, state: "kept", text: "", prior: undefined, says: undefined, seen: true });
    else if (!entry.seen) save({ ...entry, prior: undefined, seen: true });
  }
}

let laidAside = []; // kept in memory only, in case a closing is undone

// After the closing nothing on this phone may tell which note is ours; unsent texts stay to be copied.
export function closeRoom(says) {
  for (const entry of shelf.all()) {
    if (!entry.secret && entry.state === "refused") continue;
    laidAside.push(entry);
    const { secret, ...rest } = entry;
    const unsent = entry.state === "refused" || (entry.state === "waiting" && entry.prior === undefined);
    if (unsent) shelf.set({ ...rest, state: "refused", says: entry.says || says, text: entry.scribe ? "" : entry.text });
    else shelf.drop(entry.id);
  }
  changed();
}

export function reopenRoom() {
  if (!laidAside.length) return;
  for (const entry of laidAside) shelf.set(entry);
  laidAside = [];
  changed();
  pump();
}

/* ── forgetting ── */

let forgotten = false;

// How much has not arrived yet: what forgetting would lose.
export function unsent() {
  const due = shelf.all().filter(isDue);
  return { notes: due.filter(({ state }) => state === "waiting").length, withdrawals: due.filter(({ state }) => state === "withdrawing").length };
}

export const isForgotten = () => forgotten;

// Everything that this phone holds about the room goes, and nothing is written any more.
export function forget() {
  forgotten = true;
  clearTimeout(timer);
  laidAside = [];
  shelf.memory.clear();
  for (const store of ["localStorage", "sessionStorage"]) {
    try {
      for (const key of Object.keys(window[store])) if (key.startsWith(`atelier.${room}.`)) window[store].removeItem(key);
    } catch { /* it never held anything */ }
  }
  changed();
}

/* ── drafts ── */

export function draft(step) {
  try { return localStorage.getItem(DRAFT + step) ?? ""; } catch { return ""; }
}

export function keepDraft(step, text) {
  if (forgotten) return;
  try {
    if (text) localStorage.setItem(DRAFT + step, text);
    else localStorage.removeItem(DRAFT + step);
  } catch { shelf.safe = false; }
}

/* ── sending: one at a time, in order, until the answer is final ── */

let sending = null; // id of the entry on its way
let again = false; // something asked for a try while one was running
let failures = 0;
let notBefore = 0; // the server asked us to wait until then, by a clock that nobody sets
let timer = null;

function tryNow() {
  again = sending !== null;
  pump();
}

async function pump() {
  clearTimeout(timer);
  if (sending) return;
  const left = notBefore - performance.now();
  if (left > 0) return void (timer = setTimeout(pump, left));
  for (let entry; (entry = notes().find(isDue)); ) {
    sending = entry.id;
    changed();
    const pause = await alone(() => send(shelf.get(entry.id)));
    sending = null;
    if (pause === null) { failures = 0; again = false; continue; }
    failures += 1;
    const wait = again && !notBefore ? 0 : pause;
    again = false;
    timer = setTimeout(pump, wait);
    break;
  }
  changed();
}

const isDue = ({ state, secret }) => secret && (state === "waiting" || state === "withdrawing");

// Gives null when the entry is settled, else the milliseconds to wait before the next try.
async function send(entry) {
  if (!entry || !isDue(entry)) return null; // another tab was faster
  const withdrawal = entry.state === "withdrawing";
  const answer = await (withdrawal ? post("withdrawals", withdrawalOf(entry)) : post("notes", noteOf(entry)));
  if (forgotten) return null;
  if (answer.status === 0 || answer.status === 429 || answer.status >= 500) return later(answer);
  notBefore = 0;
  if (answer.status === 401 && reloadOnce()) return later(answer);
  if (answer.status < 300) forgetReload();
  settle(entry, answer, withdrawal);
  return null;
}

const noteOf = ({ id, step, text, secret, rev }) => ({ note: id, step, text, secret, rev });
const withdrawalOf = ({ id, secret, now }) => ({ note: id, secret, now: Boolean(now) });

// Without a cookie, in a body of one size: {status, says}, with 0 when nobody of ours has answered.
export async function post(what, content) {
  const abort = new AbortController();
  const late = setTimeout(() => abort.abort(), GIVE_UP_WAITING);
  try {
    const response = await fetch(`/r/${room}/${what}`, {
      method: "POST",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      redirect: "error",
      headers: { Authorization: `Bearer ${pass}`, "Content-Type": "application/json", Accept: "application/json" },
      body: padded(content),
      signal: abort.signal,
    });
    // The page of a hotel's Wi-Fi, or of a proxy, is no answer: only our server says one of these.
    const ours = response.headers.has(response.status < 400 ? "Atelier-Answer" : "Atelier-Refused");
    if (!ours) return { status: 0 };
    const says = response.status < 400 ? {} : await response.json().catch(() => ({}));
    return { status: response.status, says, after: Number(response.headers.get("Retry-After")) };
  } catch {
    return { status: 0 };
  } finally {
    clearTimeout(late);
  }
}

function padded(content) {
  const bytes = (text) => new TextEncoder().encode(text).length;
  const bare = JSON.stringify({ ...content, pad: "" });
  return JSON.stringify({ ...content, pad: "0".repeat(Math.max(0, PADDED - bytes(bare))) });
}

function later({ after }) {
  notBefore = after > 0 ? performance.now() + after * 1000 : 0;
  const longest = Math.min(MAX_WAIT, 1000 * 2 ** failures);
  return (after > 0 ? after * 1000 : longest / 2) + Math.random() * (longest / 2); // jitter, so that a room does not knock together
}

function settle(sent, { status, says }, withdrawal) {
  const entry = shelf.get(sent.id);
  if (!entry) return;
  if (withdrawal) return settleWithdrawal(entry, status, says);
  const accepted = status < 300;
  if (accepted && entry.rev === sent.rev && entry.state === "waiting") {
    return save({ ...entry, state: "kept", prior: undefined, says: undefined, text: entry.seen || entry.scribe ? "" : entry.text });
  }
  if (accepted && (entry.state === "kept" || !entry.secret)) return; // the wall, or the closing, was faster
  if (accepted) return save({ ...entry, prior: sent.text }); // edited or taken back meanwhile: one more try
  if (entry.state === "withdrawing") return save({ ...entry, refused: entry.prior === undefined && !entry.seen });
  refuse(entry, status, says);
}

// An edit that is refused leaves the earlier text where it is, and its own text in an entry apart.
function refuse(entry, status, says) {
  const refused = { ...entry, state: "refused", says: says?.says ?? "", why: says?.refused ?? String(status) };
  if (entry.scribe) refused.text = "";
  if (entry.prior === undefined && !entry.seen) return save(refused);
  keepApart(refused);
  save({ ...entry, state: "kept", text: entry.seen ? "" : entry.prior, prior: undefined });
}

function keepApart({ step, mode, text, order, says, why }) {
  save({ id: hex(random(16)), step, mode, text, rev: 0, order: order + 0.5, state: "refused", says, why });
}

function settleWithdrawal(entry, status, says) {
  if (status === 202) return save({ ...entry, state: "leaving", text: "", prior: undefined });
  if (status < 300 && entry.seen) return save({ ...strip(entry), state: "gone" });
  if (status < 300 || entry.refused) {
    shelf.drop(entry.id);
    return tell("note-taken-back");
  }
  save({ ...entry, state: "kept", now: undefined, says: says?.says ?? "", why: says?.refused ?? String(status) });
}

const strip = ({ id, step, mode, rev, order, seen }) => ({ id, step, mode, rev, order, seen, text: "" });

// A refused pass may only be an old one: the page brings a new one, once.
function reloadOnce() {
  if (!STORES) return false; // what waits would be lost
  try {
    if (sessionStorage.getItem(RELOADED)) return false;
    sessionStorage.setItem(RELOADED, "1");
  } catch { return false; }
  location.reload();
  return true;
}

function forgetReload() {
  try { sessionStorage.removeItem(RELOADED); } catch { /* nothing was stored either */ }
}

// Two tabs take turns where the browser knows how; a tab that sleeps on its turn is not waited for.
async function alone(work) {
  if (!navigator.locks) return work();
  const patience = new AbortController();
  const tired = setTimeout(() => patience.abort(), 3_000);
  try {
    return await navigator.locks.request(`${PREFIX}sender`, { signal: patience.signal }, () => {
      clearTimeout(tired);
      return work();
    });
  } catch (error) {
    if (error.name !== "AbortError") throw error;
    return work();
  }
}

/* ── storage: one entry per note, memory where the browser refuses ── */

const shelf = {
  safe: true,
  memory: new Map(),

  all() {
    const stored = keys().map((key) => parse(read(key))).filter(Boolean);
    return [...stored.filter(({ id }) => !this.memory.has(id)), ...[...this.memory.values()]];
  },
  get(id) {
    return this.memory.get(id) ?? parse(read(PREFIX + id));
  },
  set(entry) {
    if (forgotten) return;
    if (!STORES) return void this.memory.set(entry.id, entry);
    try {
      localStorage.setItem(PREFIX + entry.id, JSON.stringify(entry));
      this.memory.delete(entry.id);
    } catch {
      this.memory.set(entry.id, entry);
      this.safe = false;
    }
  },
  drop(id) {
    this.memory.delete(id);
    try { localStorage.removeItem(PREFIX + id); } catch { /* it was never stored */ }
  },
};

function keys() {
  if (!STORES) return [];
  try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; }
}

function read(key) {
  if (!STORES) return null;
  try { return localStorage.getItem(key); } catch { return null; }
}

function parse(text) {
  try { return JSON.parse(text); } catch { return null; }
}

function save(entry) {
  shelf.set(entry);
  changed();
}

const changed = () => tell("outbox-changed");
const tell = (name) => document.dispatchEvent(new CustomEvent(name));

const random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
