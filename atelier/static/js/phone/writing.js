// Writing a note: the field belongs to the step its text was begun for, or to the note being changed.
import * as outbox from "../outbox.js";
import { say, words } from "../words.js";
import { showHint } from "./hinting.js";
import { announce, body, byId, here, redraw, stepTitle } from "./page.js";
import { drawOffers } from "./views.js";

const form = byId("write");
const field = byId("idea");

let writing = here(); // the step that the text in the field belongs to
let editing = null; // id of the note being changed

function writeFor(place) {
  writing = place;
  field.value = body.uiScribe ? "" : outbox.draft(place.step);
  measure();
}

// The next note is for the current step, with the draft of whoever holds the phone now.
export function startAnew() {
  editing = null;
  writeFor(here());
}

// What somebody else writes on this phone is no draft of its owner's.
function keepDraft() {
  if (!editing && !body.uiScribe) outbox.keepDraft(writing.step, field.value);
}

function onInput() {
  keepDraft();
  delete body.uiOffer; // whoever types is left alone; the dot on the tab stays
  drawOffers();
  measure();
}

// The same count as the server's: code points, after trimming.
const count = (text) => [...text.normalize("NFC").trim()].length;
const lines = (text) => text.trim().split("\n").length;
const MOST_LINES = 6;

function measure() {
  const length = count(field.value);
  const over = length > writing.limit;
  const tall = lines(field.value) > MOST_LINES;
  byId("count").textContent = length;
  byId("limit").textContent = writing.limit;
  byId("fault").textContent = over ? say("tooLong", { n: length - writing.limit }) : tall ? words.tooManyLines : "";
  form.toggleAttribute("data-ui-over", over || tall);
  field.setAttribute("aria-invalid", String(over || tall));
  byId("send").setAttribute("aria-disabled", String(length === 0 || over || tall));
  showHint(field.value);
  if (!CSS.supports("field-sizing", "content")) {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }
}

function submit(event) {
  event?.preventDefault();
  const text = field.value.trim();
  field.focus();
  if (!text) return announce(words.empty);
  if (form.hasAttribute("data-ui-over")) return announce(byId("fault").textContent);
  if (body.uiScribe) return give(text);
  if (editing) outbox.edit(editing, text);
  else outbox.put(text, writing);
  if (!editing) outbox.keepDraft(writing.step, "");
  announce(editing ? words.editSent : words.sent);
  stopEditing();
}

function give(text) {
  const detail = { id: outbox.put(text, { ...writing, scribe: true }) };
  startAnew();
  document.dispatchEvent(new CustomEvent("note-given", { detail }));
}

export function startEditing(id) {
  const entry = outbox.note(id);
  if (!entry) return;
  editing = id;
  writing = { step: entry.step, mode: entry.mode, limit: entry.limit ?? 200, title: stepTitle() };
  field.value = entry.text;
  measure();
  redraw();
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  form.scrollIntoView({ block: "center" });
}

export function stopEditing() {
  editing = null;
  writeFor(here());
  redraw();
}

form.addEventListener("submit", submit);
field.addEventListener("input", onInput);
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
  if (event.key === "Escape" && editing) stopEditing();
});
byId("stop-editing").addEventListener("click", () => { stopEditing(); field.focus(); });
byId("go-on").addEventListener("click", () => { writeFor(here()); redraw(); field.focus(); });
window.addEventListener("pagehide", keepDraft);

export function forgetText() {
  editing = null;
  field.value = "";
}

export const isTyping = () => Boolean(field.value.trim());
export const isEditing = (id) => editing === id;

// A new step takes the field over, unless somebody is in the middle of a sentence.
export function followStep() {
  if (!isTyping() && !editing) writeFor(here());
}

/* ── drawing ── */

export function drawForm() {
  if (!editing && writing.step === body.step) writing = here();
  const behind = !editing && writing.step !== body.step; // the text was begun for an earlier step
  const open = body.state !== "closed" && (body.takesNotes === "1" || Boolean(editing) || (behind && Boolean(field.value.trim())));
  if (behind && !field.value.trim()) writeFor(here());
  form.hidden = !open;
  const privately = ["carnet", "trajectoire"].includes(body.kind) && !body.uiScribe; // even where a note may be added too
  byId("nothing").hidden = open || privately;
  byId("privately").hidden = !privately;
  byId("behind").hidden = !(open && behind);
  byId("behind-what").textContent = say("behind", { title: writing.title });
  byId("go-on").hidden = body.takesNotes !== "1";
  byId("idea-label").textContent = editing ? words.editLabel : body.uiScribe ? words.givenLabel : words.writeLabel;
  byId("send-label").textContent = editing ? words.save : words.send;
  byId("stop-editing").hidden = !editing;
  for (const promise of document.querySelectorAll("[data-promise]")) promise.hidden = !open || promise.dataset.promise !== writing.mode;
  byId("keep-open").hidden = outbox.isSafe();
}
