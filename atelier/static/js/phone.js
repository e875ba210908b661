// The phone: the ground rules first, then three tabs: Écrire and Mur over one board, and Mon carnet, which stays here.
import { follow } from "./live.js";
import * as outbox from "./outbox.js";
import "./phone/forget.js";
import { drawOwnNotes } from "./phone/own-notes.js";
import { announce, board, body, byId, shownNotes, stepTitle, textOnWall } from "./phone/page.js";
import { drawNotebook, followStep as followInNotebook, startNotebook } from "./phone/notebook.js";
import { startReading } from "./phone/reading.js";
import { drawScribe, settleGiven } from "./phone/scribe.js";
import "./phone/settings.js";
import { startTime } from "./phone/time.js";
import { drawViews, showPanel, startViews } from "./phone/views.js";
import { drawWall } from "./phone/wall.js";
import { drawForm, followStep, isTyping } from "./phone/writing.js";
import { say, words } from "./words.js";

/* ── what the room is at ── */

let step = body.step;
let shown = shownNotes();

function onBoard() {
  const before = { step, shown };
  step = body.step;
  shown = shownNotes();
  if (body.state === "closed" && ["rules", "paper", "given"].includes(body.uiPanel)) showPanel("room", false);
  if (body.state === "closed") outbox.closeRoom(words.closedBefore);
  else {
    outbox.reopenRoom();
    outbox.compareWithWall(textOnWall);
  }
  if (step !== before.step) onStep();
  if (shown > before.shown && body.mode !== "direct") onReveal();
  draw();
}

function onStep() {
  delete body.uiOffer;
  followStep();
  followInNotebook();
  if (step) announce(say("stepNow", { n: board().dataset.number, title: stepTitle() }));
  if (body.uiTab === "notebook") return offerWriting(); // nobody is called away from their own page
  const { phone } = board().dataset; // what the script wants to be seen when this step opens
  if (phone === "wall" && shown && !isTyping()) body.uiTab = "wall";
  else if (phone === "prompt") body.uiTab = "write";
  else if (body.uiTab === "wall" && body.takesNotes === "1") offerWriting();
  else if (body.takesNotes === "1" || !shown) body.uiTab = "write";
}

function offerWriting() {
  if (body.takesNotes === "1") body.uiOffer = "write";
}

// Nobody who types is moved: the wall is offered, or only marked on its tab.
function onReveal() {
  if (body.uiTab === "wall") return;
  body.uiNews = "1";
  if (!isTyping()) body.uiOffer = "wall";
  announce(words.revealed);
}

/* ── drawing ── */

function draw() {
  if (byId("choice").dataset.choice) import("/static/js/phone/choosing.js"); // few sessions choose: fetched by those
  drawViews();
  drawForm();
  drawScribe();
  drawWall();
  drawOwnNotes();
  drawNotebook();
}

function showLine(online) {
  const line = byId("line");
  line.classList.toggle("ok", online);
  line.classList.toggle("attente", !online);
  line.querySelector("[data-label]").textContent = online ? words.online : words.offline;
}

/* ── start ── */

document.addEventListener("board-changed", onBoard);
document.addEventListener("phone-changed", draw);
document.addEventListener("outbox-changed", () => { settleGiven(); draw(); });
document.addEventListener("note-taken-back", () => announce(words.takenBack));
document.addEventListener("line-changed", ({ detail }) => showLine(detail.online));
document.addEventListener("room-gone", ({ detail }) => {
  const erased = detail.code === 4404;
  byId("gone-title").textContent = erased ? words.roomGone : words.notAllowed;
  if (erased) outbox.closeRoom(words.closedBefore);
  showPanel("gone", body.uiTab !== "notebook");
});

followStep();
startViews();
startTime();
startNotebook();
startReading();
settleGiven();
onBoard();
outbox.start();
follow();
