// Sorting by hand: mouse, finger and pen over the same notes as the keys and the menu.
// What follows the pointer is a picture of the note; the note itself stays where the server put it.
import { clusterOf, laneOf, noteById } from "./lanes.js";
import { carriedWith, file, formCluster } from "./sorting.js";
import { say } from "./words.js";

const FAR = 6; // px that tell a drag from a click
const HOLD = 260; // ms that tell a long press from the beginning of a scroll
const EDGE = 56; // px from the edge of what scrolls
const STEP = 14; // px for each frame, at the very edge

const footer = document.querySelector(".anim > footer"); // sticks to the bottom where the page itself scrolls
let drag = null; // { note, lane, ids, pointer, x, y, from, timer, picture, over, frame }
let swallow = false; // the click that ends a drag opens no menu

export function startDragging() {
  document.addEventListener("pointerdown", press);
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", (event) => mine(event) && end(true));
  document.addEventListener("pointercancel", (event) => mine(event) && end());
  document.addEventListener("lostpointercapture", (event) => mine(event) && drag.picture && event.target === drag.note && end());
  document.addEventListener("touchmove", (event) => drag?.picture && event.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (event) => drag?.picture && event.preventDefault());
  document.addEventListener("dragstart", (event) => drag && event.preventDefault());
  document.addEventListener("keydown", escape, true);
  document.addEventListener("click", quiet, true);
  document.addEventListener("board-changed", check);
  addEventListener("blur", () => end());
}

const mine = (event) => drag?.pointer === event.pointerId;

function press(event) {
  swallow = false;
  const note = event.target.closest?.("#board .note");
  if (drag || !note || event.button || !event.isPrimary || document.body.dataset.state === "closed") return;
  const { clientX: x, clientY: y, pointerId: pointer } = event;
  drag = { note, lane: laneOf(note), ids: [], pointer, x, y, from: { x, y }, over: null };
  if (event.pointerType !== "mouse") drag.timer = setTimeout(lift, HOLD);
}

function move(event) {
  if (!mine(event)) return;
  drag.x = event.clientX;
  drag.y = event.clientY;
  if (!drag.picture && Math.hypot(drag.x - drag.from.x, drag.y - drag.from.y) > FAR) {
    if (drag.timer) return end(); // a finger that moves at once is scrolling
    lift();
  }
  if (drag?.picture) follow();
}

/* ── in the air ── */

function lift() {
  const { note, from } = drag;
  const box = note.getBoundingClientRect();
  drag.ids = carriedWith(note);
  drag.grip = { x: from.x - box.left, y: from.y - box.top };
  drag.picture = pictureOf(note, box.width);
  document.body.append(drag.picture);
  for (const id of drag.ids) noteById(id)?.setAttribute("data-ui-lifted", "");
  document.body.dataset.uiDragging = "1";
  note.setPointerCapture(drag.pointer);
  if (drag.timer) navigator.vibrate?.(8);
  follow();
  drag.frame = requestAnimationFrame(scroll);
}

function pictureOf(note, width) {
  const picture = document.createElement("div");
  picture.className = "note soulevee";
  picture.setAttribute("aria-hidden", "true");
  const group = note.closest("[data-groupe]");
  if (group) picture.dataset.groupe = group.dataset.groupe;
  const text = document.createElement("p");
  text.textContent = note.querySelector("[data-text]").textContent;
  picture.append(text);
  if (drag.ids.length > 1) {
    const count = document.createElement("strong");
    count.textContent = say("carried", { n: drag.ids.length });
    picture.append(count);
  }
  picture.style.setProperty("width", `${width}px`);
  return picture;
}

function follow() {
  drag.picture.style.setProperty("left", `${drag.x - drag.grip.x}px`);
  drag.picture.style.setProperty("top", `${drag.y - drag.grip.y}px`);
  mark(placeUnder(drag.x, drag.y));
}

// A lane that would take something in, or the tile for a new cluster.
function placeUnder(x, y) {
  const place = document.elementFromPoint(x, y)?.closest("#board .neuf, #board .lane");
  return place?.matches(".lane") && drag.ids.every((id) => laneOf(noteById(id)) === place) ? null : place;
}

function mark(over) {
  if (drag.over !== over) drag.over?.classList.remove("cible");
  drag.over = over ?? null;
  over?.classList.add("cible"); // again after an update, which takes it away
}

function scroll() {
  const area = scrollerUnder(drag.x, drag.y);
  const root = area === document.scrollingElement;
  const { top, bottom } = root ? { top: 0, bottom: footer.getBoundingClientRect().top } : area.getBoundingClientRect();
  const push = Math.max(0, EDGE - (bottom - drag.y)) - Math.max(0, EDGE - (drag.y - top));
  const before = area.scrollTop;
  if (push) area.scrollTop += Math.round(Math.max(-1, Math.min(1, push / EDGE)) * STEP);
  if (area.scrollTop !== before) follow();
  drag.frame = requestAnimationFrame(scroll);
}

function scrollerUnder(x, y) {
  for (let area = document.elementFromPoint(x, y); area; area = area.parentElement) {
    if (area.scrollHeight > area.clientHeight && /auto|scroll/.test(getComputedStyle(area).overflowY)) return area;
  }
  return document.scrollingElement;
}

/* ── down again ── */

function end(drop = false) {
  if (!drag) return;
  const { note, ids, picture, over, timer, frame } = drag;
  clearTimeout(timer);
  if (!picture) return void (drag = null);
  mark(null);
  drag = null; // first, because what follows loses the capture
  cancelAnimationFrame(frame);
  picture.remove();
  for (const lifted of document.querySelectorAll("[data-ui-lifted]")) lifted.removeAttribute("data-ui-lifted");
  delete document.body.dataset.uiDragging;
  swallow = true;
  if (!drop || !over) return;
  if (over.matches(".neuf")) formCluster(note, ids);
  else file(ids, clusterOf(over), note);
}

// Somebody else may have moved, hidden or taken back what is in the air.
function check() {
  if (!drag) return;
  const { note, lane } = drag;
  if (noteById(note.dataset.note) !== note || laneOf(note) !== lane) return end();
  if (!drag.picture) return;
  drag.ids = drag.ids.filter(noteById);
  const count = drag.picture.querySelector("strong");
  if (count) count.textContent = drag.ids.length > 1 ? say("carried", { n: drag.ids.length }) : "";
  follow();
}

function escape(event) {
  if (event.key !== "Escape" || !drag?.picture) return;
  event.preventDefault();
  event.stopPropagation(); // what is chosen stays chosen
  end();
}

function quiet(event) {
  if (!swallow || !event.detail) return; // a click without a pointer is a key's or a screen reader's
  swallow = false;
  event.preventDefault();
  event.stopPropagation();
}
