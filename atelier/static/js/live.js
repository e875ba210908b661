// Follows the room over one socket: applies frames in order, notices a dead line, and always comes back.
import { upsert } from "./upsert.js";

const MIRRORED = ["state", "step", "kind", "mode", "scene", "wall", "veil", "locked", "takesNotes"];
export const NOT_ALLOWED = 4401;
const NO_SUCH_ROOM = 4404;
const PING_EVERY = 15_000;
const PONG_WITHIN = 10_000;
const OPEN_WITHIN = 10_000;
const STEADY_AFTER = 5_000; // a line that held this long is worth a quick first retry
const OFFLINE_AFTER = 1_500; // shorter breaks are not worth a word

let socket = null;
let over = false; // the room is gone: nothing brings the line back
let online = null;
let fromScratch = false; // ask for the whole board, whatever our number
let failures = 0;
let startedAt = 0;
let heardAt = 0;
let askedAt = 0;
let wait = 0; // what a server that leaves has asked for, in milliseconds
let retry = null;
let silence = null;

export function follow() {
  mirror();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  for (const event of ["pageshow", "online", "focus"]) window.addEventListener(event, wake);
  window.addEventListener("offline", () => showLine(false));
  setInterval(watch, 5_000);
  connect();
}

/* ── the line ── */

function connect() {
  clearTimeout(retry);
  if (over) return;
  startedAt = Date.now();
  askedAt = 0;
  const line = new WebSocket(address());
  socket = line;
  doubt();
  line.addEventListener("open", () => { if (line === socket) { heardAt = Date.now(); showLine(true); } });
  line.addEventListener("message", ({ data }) => { if (line === socket) receive(data); });
  line.addEventListener("close", ({ code }) => { if (line === socket) lost(code); });
}

function address() {
  const { room } = document.body.dataset;
  const { seq, epoch } = board().dataset;
  const url = new URL(`/r/${room}/live`, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  url.search = new URLSearchParams({ after: fromScratch ? "0" : seq, epoch: fromScratch ? "" : epoch });
  return url;
}

function lost(code) {
  socket = null;
  if (code === NO_SUCH_ROOM || code === NOT_ALLOWED) return leave(code);
  const steady = heardAt && Date.now() - startedAt > STEADY_AFTER;
  failures = steady ? 0 : Math.min(failures + 1, heardAt ? 2 : 5); // a server that answered is not far
  heardAt = 0;
  doubt();
  const longest = 500 * 2 ** failures;
  retry = setTimeout(connect, wait ? wait * (1 + Math.random()) : longest * (0.5 + Math.random() / 2));
  wait = 0;
}

// Drops the line without waiting for the other side to agree: a dead one never answers.
function reopen() {
  const old = socket;
  socket = null;
  old?.close();
  connect();
}

function leave(code) {
  over = true;
  clearTimeout(silence);
  showLine(false);
  document.dispatchEvent(new CustomEvent("room-gone", { detail: { code } }));
}

// Phones sleep, change network and come back; timers did not run meanwhile, so only the clock is asked.
function wake() {
  if (over || document.hidden) return;
  const now = Date.now();
  if (!socket) return connect();
  if (socket.readyState === WebSocket.CONNECTING) { if (now - startedAt > OPEN_WITHIN) reopen(); return; }
  if (socket.readyState !== WebSocket.OPEN || now - heardAt > PING_EVERY + PONG_WITHIN) return reopen();
  if (now - heardAt > 3_000 && askedAt <= heardAt) ping();
}

function watch() {
  if (over || document.hidden || !socket) return;
  const now = Date.now();
  if (socket.readyState === WebSocket.CONNECTING) { if (now - startedAt > OPEN_WITHIN) reopen(); return; }
  if (askedAt > heardAt && now - askedAt >= PONG_WITHIN) return reopen();
  if (askedAt <= heardAt && now - Math.max(askedAt, startedAt) >= PING_EVERY) ping();
}

function ping() {
  askedAt = Date.now();
  socket.send('{"t":"ping"}');
}

function doubt() {
  clearTimeout(silence);
  silence = setTimeout(() => showLine(false), OFFLINE_AFTER);
}

function showLine(now) {
  if (now) clearTimeout(silence);
  if (now === online) return;
  online = now;
  document.dispatchEvent(new CustomEvent("line-changed", { detail: { online } }));
}

/* ── frames ── */

function receive(data) {
  heardAt = Date.now();
  showLine(true);
  const frame = JSON.parse(data);
  try {
    FRAMES[frame.t]?.(frame);
  } catch (error) { // a page that no longer fits the updates takes the whole board instead
    console.error(error);
    resync(true);
  }
}

const FRAMES = {
  update({ from, seq, html }) {
    const own = Number(board().dataset.seq);
    if (seq <= own) return;
    if (from !== own) return resync();
    upsert(html);
    applied(seq);
  },
  whole({ seq, epoch, html }) {
    upsert(html);
    fromScratch = false;
    board().dataset.epoch = epoch;
    applied(seq);
  },
  now({ html }) {
    upsert(html);
    document.dispatchEvent(new CustomEvent("now-changed"));
  },
  bye({ retry_ms }) {
    wait = retry_ms;
    drop();
  },
  pong() {},
};

function applied(seq) {
  board().dataset.seq = seq;
  mirror();
  document.dispatchEvent(new CustomEvent("board-changed"));
}

// Through `lost`, so that a page that can never catch up slows down instead of hammering.
function resync(scratch = false) {
  fromScratch = scratch;
  drop();
}

function drop() {
  const old = socket;
  socket = null;
  old?.close();
  lost(1000);
}

function mirror() {
  const { dataset } = board();
  for (const key of MIRRORED) document.body.dataset[key] = dataset[key] ?? "";
}

const board = () => document.getElementById("board");
