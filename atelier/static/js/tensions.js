// Naming what holds and opposes: two things picked on the wall, one sentence in two halves, where it is felt.
import { act, announce } from "./command.js";
import { askSure } from "./dialogs.js";
import { byLetter, clusterOf, clusters, laneOf, notes, textOf, titleOf, UNSORTED } from "./lanes.js";
import { freshId, stamp } from "./stamp.js";
import { say, words } from "./words.js";

const body = document.body.dataset;
const bar = document.getElementById("picking");
const dialog = document.getElementById("tension");
const form = dialog.querySelector("form");
const field = (name) => form.elements.namedItem(name);
let first = null; // the id of what was picked first
let editing = null; // the id of the tension that is said otherwise

export function startTensions() {
  dress();
  document.addEventListener("board-changed", dress);
  document.addEventListener("click", onPick, true);
  document.addEventListener("keydown", onPickKey, true);
  document.addEventListener("click", onTool);
  bar.querySelector("button").addEventListener("click", () => giveUp());
  document.getElementById("name-tension").addEventListener("click", () => ask());
  for (const name of ["a", "b"]) field(name).addEventListener("change", paint);
  form.addEventListener("submit", onSubmit);
}

export const tensions = () => [...document.querySelectorAll("#tension-list > .tension")];
export const sentenceOf = (tension) => say("tensionSays", { both: halfOf(tension, "both"), and: halfOf(tension, "and") });
const halfOf = (tension, half) => tension.querySelector(`[data-${half}]`).textContent.trim();

/* ── what the script adds to the board ── */

function dress() {
  for (const tension of tensions()) {
    const tools = tension.querySelector(":scope > [data-ui]") ?? tension.appendChild(stamp("tension-tools"));
    for (const button of tools.querySelectorAll("button")) button.setAttribute("aria-label", `${button.textContent.trim()}, ${sentenceOf(tension)}`);
  }
  document.getElementById("name-tension").disabled = things().length < 2;
  if (first && !thing(first)) giveUp();
}

/* ── the things of the wall ── */

const things = () => [
  ...clusters().map((lane) => ({ id: clusterOf(lane), name: `${lane.dataset.letter}, ${titleOf(lane)}`, paper: lane.dataset.groupe, note: false })),
  ...notes().map((note) => ({ id: note.dataset.note, name: textOf(note), paper: laneOf(note).dataset.groupe, note: true })),
];
const thing = (id) => things().find((each) => each.id === id);

/* ── picking the second one: by mouse, finger, letter or Enter ── */

export function pickSecond(id) {
  first = id;
  body.uiPicking = "1";
  bar.hidden = false;
  bar.querySelector("p").textContent = say("pickSecond", { first: thing(id).name });
  announce(bar.querySelector("p").textContent);
}

function giveUp(said = words.picked) {
  first = null;
  delete body.uiPicking;
  bar.hidden = true;
  if (said) announce(said);
}

function onPick(event) {
  if (!first || event.target.closest("#picking, dialog, #menu")) return;
  const picked = pickedBy(event.target);
  if (picked) take(event, picked);
}

function onPickKey(event) {
  if (!first || event.target.closest("dialog, #menu, #picking") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return take(event, null);
  const lane = /^[a-z]$/i.test(event.key) && byLetter(event.key.toUpperCase());
  if (lane) return take(event, clusterOf(lane));
  const note = event.target.closest("#board .note");
  if (note && (event.key === "Enter" || event.key === " ")) take(event, note.dataset.note);
}

function pickedBy(target) {
  const note = target.closest("#board .note");
  if (note) return note.dataset.note;
  const lane = target.closest("#board .cluster");
  return lane && clusterOf(lane) !== UNSORTED ? clusterOf(lane) : null;
}

function take(event, second) {
  event.preventDefault();
  event.stopPropagation();
  const one = first;
  giveUp(second ? "" : words.picked);
  if (second && second !== one) ask(one, second);
}

/* ── the sentence ── */

export function ask(a = "", b = "") {
  editing = null;
  fill(a, b, { both: "", and: "", levels: [] });
}

function reword(tension) {
  editing = tension.dataset.tension;
  const levels = tension.dataset.levels.split(" ");
  fill(tension.dataset.a, tension.dataset.b, { both: halfOf(tension, "both"), and: halfOf(tension, "and"), levels });
}

function fill(a, b, { both, and, levels }) {
  for (const [name, id] of [["a", a], ["b", b]]) {
    field(name).replaceChildren(...choices(id));
    field(name).disabled = Boolean(editing);
  }
  field("both").value = both;
  field("and").value = and;
  for (const box of form.querySelectorAll("[name=level]")) box.checked = levels.includes(box.value);
  dialog.querySelector("h2").textContent = editing ? words.rewordTension : words.nameTension;
  paint();
  dialog.showModal();
  (a && b ? field("both") : field(a ? "b" : "a")).focus();
}

function choices(chosen) {
  const groups = [[words.clusters, false], [words.notes, true]].map(([label, note]) => {
    const group = document.createElement("optgroup");
    group.label = label;
    group.append(...things().filter((each) => each.note === note).map((each) => new Option(each.name, each.id, false, each.id === chosen)));
    return group;
  });
  return [new Option(editing ? words.leftTheWall : words.choose, "", !chosen, !chosen), ...groups.filter((group) => group.childElementCount)];
}

// Each half on the paper of what it is said of; one thing is not held apart from itself.
function paint() {
  for (const name of ["a", "b"]) field(name).closest(".piece").dataset.groupe = thing(field(name).value)?.paper ?? "0";
  form.querySelector(".aronde").dataset.groupe = thing(field("a").value)?.paper ?? "0";
  field("b").setCustomValidity(field("a").value && field("a").value === field("b").value ? words.twoThings : "");
}

async function onSubmit(event) {
  event.preventDefault();
  const project = event.submitter?.value === "project";
  const levels = [...form.querySelectorAll("[name=level]:checked")].map((box) => ["level", box.value]);
  const said = [["both", field("both").value], ["and", field("and").value], ...levels];
  const id = editing ?? freshId();
  const path = editing ? `/tensions/${id}` : "/tensions";
  const fields = editing ? said : [["tension", id], ["a", field("a").value], ["b", field("b").value], ...said];
  const answer = await act(path, fields, editing ? words.tensionReworded : words.tensionNamed);
  if (!answer.ok) return; // the words stay in the form
  dialog.close();
  if (project) act("/views", { scene: "tension", target: id }, words.tensionProjected);
}

/* ── what can be done with one ── */

async function onTool(event) {
  const button = event.target.closest("#board .tension button[data-do]");
  if (!button) return;
  const tension = button.closest(".tension");
  const target = tension.dataset.tension;
  if (button.dataset.do === "project") act("/views", { scene: "tension", target }, words.tensionProjected);
  if (button.dataset.do === "reword") reword(tension);
  if (button.dataset.do === "remove" && (await askSure(words.removeTensionSure, sentenceOf(tension), words.remove))) {
    const answer = await act(`/tensions/${target}`, {}, words.tensionRemoved, "DELETE");
    if (answer.ok) document.getElementById("name-tension").focus();
  }
}
