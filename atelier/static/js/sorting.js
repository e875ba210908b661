// Sorting the wall: keyboard, menu and taps over the same notes; the board itself is never drawn here.
import { act, announce } from "./command.js";
import { askSure, askTitle } from "./dialogs.js";
import { UNSORTED, byLetter, clusterOf, clusters, laneFor, laneOf, lanes, noteById, notes, notesIn, textOf, titleOf } from "./lanes.js";
import { menuItem, openMenu } from "./menu.js";
import { askTags } from "./tagging.js";
import { MANY, askSplit } from "./splitting.js";
import { ask as nameTension, pickSecond } from "./tensions.js";
import { freshId, stamp } from "./stamp.js";
import { say, words } from "./words.js";

const chosen = new Set(); // ids, so that a note keeps its mark when the board is replaced
const bar = document.getElementById("selection");
let current = null; // id of the one note that Tab reaches
let held = false; // whether the focus was on a note before the last update

export function startSorting() {
  dress();
  document.addEventListener("board-changed", dress);
  document.addEventListener("focusin", remember);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
}

/* ── what the script adds to the board, again after each change ── */

function dress() {
  const all = notes();
  const here = new Set(all.map((note) => note.dataset.note));
  for (const id of chosen) if (!here.has(id)) chosen.delete(id);
  if (!here.has(current)) current = all[0]?.dataset.note ?? null;
  for (const lane of lanes()) dressLane(lane);
  for (const note of all) dressNote(note);
  dressTile();
  document.body.dataset.uiClusters = clusters().length;
  showSelection();
  if (held && document.activeElement === document.body) noteById(current)?.focus();
}

function dressNote(note) {
  note.setAttribute("role", "option");
  note.setAttribute("aria-selected", chosen.has(note.dataset.note));
  note.tabIndex = note.dataset.note === current ? 0 : -1;
}

// A list of notes is a list box: screen readers then hand us the keys.
function dressLane(lane) {
  const list = lane.querySelector(".notes");
  if (notesIn(lane).length) {
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-multiselectable", "true");
    list.setAttribute("aria-labelledby", lane.getAttribute("aria-labelledby"));
  } else for (const name of ["role", "aria-multiselectable", "aria-labelledby"]) list.removeAttribute(name);
  const tools = lane.querySelector(":scope > [data-ui]") ?? lane.appendChild(stamp("lane-tools"));
  if (clusterOf(lane) === UNSORTED) lane.dataset.uiEmpty = notes().length ? words.allSorted : words.wallEmpty;
  const here = tools.querySelector(".ici");
  here.hidden = !chosen.size;
  here.setAttribute("aria-label", say("fileHereIn", { lane: nameOf(lane) }));
  const many = tools.querySelector(".foisonne");
  many.hidden = clusterOf(lane) === UNSORTED || notesIn(lane).length <= MANY;
  many.querySelector("button").setAttribute("aria-label", say("splitLane", { lane: nameOf(lane) }));
  const more = tools.querySelector(".plus");
  more.hidden = clusterOf(lane) === UNSORTED;
  more.setAttribute("aria-label", say("clusterMore", { lane: nameOf(lane) }));
}

function dressTile() {
  const home = document.getElementById("clusters");
  if (!home) return;
  const tile = home.querySelector(":scope > [data-ui]") ?? stamp("new-cluster");
  if (home.lastElementChild !== tile) home.append(tile);
}

function showSelection() {
  bar.hidden = !chosen.size;
  bar.querySelector("p").textContent = chosen.size === 1 ? words.oneChosen : say("manyChosen", { n: chosen.size });
  bar.querySelector("[data-do=oppose]").hidden = chosen.size !== 2;
}

const nameOf = (lane) => (clusterOf(lane) === UNSORTED ? titleOf(lane) : `${lane.dataset.letter}, ${titleOf(lane)}`);

/* ── acts ── */

const firstChosen = () => notes().find((note) => chosen.has(note.dataset.note)) ?? null;
export const carriedWith = (note) => (chosen.has(note.dataset.note) ? [...chosen] : [note.dataset.note]);
const targets = (note) => (chosen.size ? [...chosen] : note ? [note.dataset.note] : []);

export async function file(ids, cluster, focused) {
  const lane = laneFor(cluster);
  const said = filedSentence(ids, lane);
  const moving = ids.filter((id) => noteById(id) && laneOf(noteById(id)) !== lane);
  if (!moving.length) return announce(say("alreadyThere", { lane: nameOf(lane) }));
  const back = focused?.dataset.note;
  const next = focused && nextAfter(focused, ids);
  const kept = [...chosen];
  for (const id of ids) chosen.delete(id);
  if (next) focusNote(next);
  dress();
  const answer = await act("/moves", [...moving.map((id) => ["note", id]), ["cluster", cluster]], said);
  if (answer.ok) return;
  for (const id of kept) chosen.add(id); // refused: everything is as it was
  dress();
  if (back && noteById(back)) focusNote(noteById(back));
}

function filedSentence(ids, lane) {
  const many = ids.length > 1;
  const values = { n: ids.length, text: textOf(noteById(ids[0])), letter: lane.dataset.letter, title: titleOf(lane) };
  if (clusterOf(lane) === UNSORTED) return say(many ? "unfiledMany" : "unfiled", values);
  return say(many ? "filedMany" : "filed", values);
}

// The note to go on with: the next in this lane that stays, else the last before, else any.
function nextAfter(note, leaving) {
  const stays = (other) => !leaving.includes(other.dataset.note);
  const lane = notesIn(laneOf(note));
  const at = lane.indexOf(note);
  return lane.slice(at + 1).find(stays) ?? lane.slice(0, at).reverse().find(stays) ?? notes().find(stays) ?? note;
}

export async function formCluster(focused, ids = targets(focused)) {
  const title = await askTitle(words.newCluster);
  if (!title) return;
  const next = focused && nextAfter(focused, ids);
  for (const id of ids) chosen.delete(id);
  const fields = [["cluster", freshId()], ["title", title], ...ids.map((id) => ["note", id])];
  const answer = await act("/clusters", fields, say("formed", { title }));
  dress();
  if (answer.ok && next) focusNote(next);
}

async function rename(lane) {
  const before = titleOf(lane);
  const title = await askTitle(say("renameLane", { lane: nameOf(lane) }), before);
  if (!title) return;
  const meanwhile = titleOf(lane); // another screen may have given it a title while this one was asking
  const said = meanwhile === before || meanwhile === title ? "renamed" : "renamedMeanwhile";
  act(`/clusters/${clusterOf(lane)}`, { title }, say(said, { letter: lane.dataset.letter, title, before, meanwhile }));
}

async function dissolve(lane) {
  const title = titleOf(lane);
  if (!(await askSure(say("dissolveSure", { title }), words.dissolveWhat, words.dissolve))) return;
  const first = notesIn(lane)[0] ?? notes()[0];
  const answer = await act(`/clusters/${clusterOf(lane)}`, {}, say("dissolved", { title }), "DELETE");
  if (answer.ok && first?.isConnected) focusNote(first); // its button leaves with the cluster
}

async function hide(id) {
  const note = noteById(id);
  if (!note || !(await askSure(words.hideSure, say("hideWhat", { text: textOf(note) }), words.hide))) return;
  const next = nextAfter(note, [id]);
  const answer = await act("/hides", { note: id }, words.hidden);
  if (answer.ok && next) focusNote(next);
}

function oppose() {
  const [a, b] = chosen;
  chosen.clear();
  dress();
  nameTension(a, b);
}

function toggle(note) {
  const id = note.dataset.note;
  if (!chosen.delete(id)) chosen.add(id);
  dress();
}

function clearSelection() {
  chosen.clear();
  dress();
  announce(words.nothingChosen);
}

/* ── menus ── */

// `beside` is the note itself, or the button of the selection bar.
function noteMenu(beside, note = beside) {
  const ids = targets(note);
  const from = ids.length === 1 ? laneOf(noteById(ids[0])) : null;
  const items = clusters().filter((lane) => lane !== from).map((lane) =>
    menuItem("item-cluster", titleOf(lane), () => file(ids, clusterOf(lane), note), { letter: lane.dataset.letter, shortcut: lane.dataset.letter, group: lane.dataset.groupe }));
  items.push(menuItem("item-new", words.newCluster, () => formCluster(note), { shortcut: byLetter("N") ? "" : "N" }));
  const unsorted = laneFor(UNSORTED);
  if (unsorted && unsorted !== from) items.push(menuItem("item-unsorted", titleOf(unsorted), () => file(ids, UNSORTED, note), { shortcut: "0" }));
  if (!chosen.size) items.push(menuItem("item-choose", words.chooseMany, () => toggle(note)));
  if (ids.length === 1) items.push(menuItem("item-tension", words.oppose, () => pickSecond(ids[0])));
  if (ids.length === 1) items.push(menuItem("item-hide", words.hideThis, () => hide(ids[0])));
  openMenu(beside, ids.length > 1 ? say("fileManyIn", { n: ids.length }) : words.fileIn, items);
}

function clusterMenu(button) {
  const lane = laneOf(button);
  openMenu(button, nameOf(lane), [
    menuItem("item-rename", words.rename, () => rename(lane)),
    menuItem("item-tension", words.oppose, () => pickSecond(clusterOf(lane))),
    menuItem("item-tags", words.tag, () => askTags(lane, nameOf(lane))),
    ...(notesIn(lane).length > 1 ? [menuItem("item-split", words.split, () => askSplit(lane, nameOf(lane)))] : []),
    ...(clusters().length > 1 ? [menuItem("item-merge", words.merge, () => mergeMenu(button, lane))] : []),
    ...placeItems(lane),
    menuItem("item-dissolve", words.dissolve, () => dissolve(lane)),
  ]);
}

function mergeMenu(button, lane) {
  const others = clusters().filter((other) => other !== lane);
  openMenu(button, say("mergeIn", { lane: nameOf(lane) }), others.map((other) =>
    menuItem("item-cluster", titleOf(other), () => merge(lane, other), { letter: other.dataset.letter, shortcut: other.dataset.letter, group: other.dataset.groupe })));
}

async function merge(lane, into) {
  const said = say("merged", { title: titleOf(lane), into: titleOf(into) });
  const answer = await act("/merges", { cluster: clusterOf(lane), into: clusterOf(into) }, said);
  const note = notesIn(into)[0] ?? notes()[0];
  if (answer.ok && note) focusNote(note); // its button leaves with the cluster
}

function placeItems(lane) {
  const order = clusters();
  const at = order.indexOf(lane);
  const place = (before) => () => act("/places", { cluster: clusterOf(lane), before: before ? clusterOf(before) : "" }, say("placed", { title: titleOf(lane) }));
  return [
    ...(at > 0 ? [menuItem("item-back", words.before, place(order[at - 1]))] : []),
    ...(at < order.length - 1 ? [menuItem("item-on", words.after, place(order[at + 2]))] : []),
  ];
}

/* ── hands ── */

function remember(event) {
  const note = event.target.closest?.("#board .note");
  held = Boolean(note) || Boolean(event.target.closest?.("#menu"));
  if (!note || note.dataset.note === current) return;
  const before = noteById(current);
  if (before) before.tabIndex = -1;
  current = note.dataset.note;
  note.tabIndex = 0;
}

function focusNote(note) {
  note.focus();
  note.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && chosen.size && !event.target.closest("dialog")) return clearSelection();
  if (event.shiftKey && /^[BDT]$/i.test(event.key)) return; // veil, night and timer, also in the midst of sorting
  const note = event.target.closest?.("#board .note"); // letters act on a note that has the focus, nowhere else (WCAG 2.1.4)
  if (note && onNoteKey(note, event.key)) event.preventDefault();
}

function onNoteKey(note, key) {
  const lane = laneOf(note);
  const letter = key.toUpperCase();
  if (key === "ArrowDown") step(note, 1);
  else if (key === "ArrowUp") step(note, -1);
  else if (key === "ArrowRight") stepLane(lane, note, 1);
  else if (key === "ArrowLeft") stepLane(lane, note, -1);
  else if (key === "Home") focusNote(notesIn(lane)[0]);
  else if (key === "End") focusNote(notesIn(lane).at(-1));
  else if (key === " ") toggle(note);
  else if (key === "Enter") noteMenu(note);
  else if (key === "0" || key === "Backspace") file(targets(note), UNSORTED, note);
  else if (/^[A-Z]$/.test(letter) && byLetter(letter)) file(targets(note), clusterOf(byLetter(letter)), note);
  else if (letter === "N") formCluster(note);
  else if (/^[A-Z]$/.test(letter)) announce(say("noCluster", { letter }), false);
  else return false;
  return true;
}

function step(note, by) {
  const all = notes();
  const to = all[all.indexOf(note) + by];
  if (to) focusNote(to);
}

function stepLane(lane, note, by) {
  const full = lanes().filter((other) => notesIn(other).length);
  const to = full[full.indexOf(lane) + by];
  if (to) focusNote(notesIn(to)[Math.min(notesIn(lane).indexOf(note), notesIn(to).length - 1)]);
}

function onClick(event) {
  const on = (selector) => event.target.closest?.(selector);
  const note = on("#board .note");
  if (note) return chosen.size || event.ctrlKey || event.metaKey || event.shiftKey ? toggle(note) : noteMenu(note);
  if (on("#board .ici")) return file(targets(), clusterOf(laneOf(event.target)), firstChosen());
  if (on("#board .foisonne button")) return askSplit(laneOf(event.target), nameOf(laneOf(event.target)));
  if (on("#board .plus")) return clusterMenu(on(".plus"));
  if (on("#board .neuf") || on("#selection [data-do=new]")) return formCluster(firstChosen());
  if (on("#selection [data-do=oppose]")) return oppose();
  if (on("#selection [data-do=clear]")) return clearSelection();
  if (on("#selection [data-do=file]")) noteMenu(on("[data-do=file]"), firstChosen());
}

