// Follows the room over one line: applies frames in order, notices a dead line, and always comes back.
import { Polling } from "./polling.js";
import { upsert } from "./upsert.js";

const MIRRORED = ["state", "step", "kind", "mode", "scene", "wall", "veil", "locked", "takesNotes"];
export const NOT_ALLOWED = 4401;
const NO_SUCH_ROOM = 4404;
const QUIET = 15_000; // then we ask whether the other side is there
const ANSWER_WITHIN = 10_000; // the first frame, and the answer to a ping
const STEADY_AFTER = 5_000; // a line that held this long is worth a quick first retry
const OFFLINE_AFTER = 1_500; // shorter breaks are not worth a word
const DEAF = 2; // so many sockets that brought nothing, and we poll
const SOCKET_AGAIN = 60_000;

let socket = null; // or what does as one
let trial = null; // a socket that is tried while we poll
let over = false; // the room is gone: nothing brings the line back
let online = null;
let fromScratch = false; // ask for the whole board, whatever our number
let failures = 0;
let deaf = 0;
let heard = false; // this line has brought a frame
let awaited = false; // a frame is due
let startedAt = 0;
let triedAt = 0;
let last = 0; // when the line started, was asked, or was heard
let wait = 0; // what a server that leaves has asked for, in milliseconds
let retry = null;
let silence = null;

export function follow() {
  mirror();
  document.addEventListener("visibilitychange", wake);
  for (const event of ["pageshow", "online", "focus"]) window.addEventListener(event, wake);
  window.addEventListener("offline", () => showLine(false));
  setInterval(watch, 5_000);
  connect();
}

/* ── the line ── */

function connect() {
  clearTimeout(retry);
  if (over) return;
  startedAt = last = Date.now();
  heard = false;
  awaited = true;
  doubt();
  socket = deaf < DEAF ? newSocket() : listen(new Polling(() => address("updates")));
}

function newSocket() {
  const url = address("live");
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  triedAt = Date.now();
  return listen(new WebSocket(url));
}

function listen(line) {
  line.addEventListener("message", ({ data }) => {
    if (line === trial) adopt();
    if (line === socket) receive(data);
  });
  line.addEventListener("close", ({ code }) => { if (line === socket) lost(code); });
  return line;
}

function address(way) {
  const { room } = document.body.dataset;
  const { seq, epoch } = board().dataset;
  const url = new URL(`/r/${room}/${way}`, location.href);
  url.search = new URLSearchParams({ after: fromScratch ? "0" : seq, epoch: fromScratch ? "" : epoch });
  return url;
}

function lost(code) {
  if (!heard) deaf = polls() ? DEAF - 1 : deaf + 1;
  socket = null;
  if (code === NO_SUCH_ROOM || code === NOT_ALLOWED) return leave(code);
  failures = heard && since(startedAt) > STEADY_AFTER ? 0 : Math.min(failures + 1, heard ? 1 : 4); // a server that answered is not far
  doubt();
  // By chance, so that a room does not come back together.
  retry = setTimeout(connect, wait ? wait * (1 + Math.random()) : 1000 * 2 ** failures * (0.2 + 0.8 * Math.random()));
  wait = 0;
}

// Drops the line without waiting for the other side to agree: a dead one never answers.
function reopen() {
  if (!heard) deaf = polls() ? DEAF - 1 : DEAF;
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

const polls = () => socket instanceof Polling;

// A clock that was set, either way, makes every moment look long ago: we ask once too often.
const since = (moment) => Math.abs(Date.now() - moment);

// Phones sleep, change network and come back; timers did not run meanwhile, so only the clock is asked.
function wake() {
  if (over || document.hidden) return;
  if (socket) look(3_000);
  else connect();
}

function watch() {
  if (over || document.hidden || !socket) return;
  look(socket.quiet ?? QUIET);
  if (polls() && since(triedAt) > SOCKET_AGAIN) tryAgain();
}

function look(quiet) {
  const still = since(last);
  const dead = socket.readyState > WebSocket.OPEN || still > (socket.quiet ?? QUIET) + ANSWER_WITHIN;
  if (dead || (awaited && still >= ANSWER_WITHIN)) reopen();
  else if (!awaited && still >= quiet) ping();
}

function ping() {
  last = Date.now();
  awaited = true;
  socket.send('{"t":"ping"}');
}

// Beside the polling, which goes on until the socket has brought a frame.
function tryAgain() {
  trial?.close();
  trial = newSocket();
}

function adopt() {
  socket?.close();
  socket = trial;
  trial = null;
  startedAt = Date.now();
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
  last = Date.now();
  heard = true;
  awaited = false;
  if (!polls()) deaf = 0;
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
