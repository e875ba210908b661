// A cluster becomes two: the notes that are ticked leave together, under a title of their own.
import { act } from "./command.js";
import { notesIn } from "./lanes.js";
import { freshId, stamp } from "./stamp.js";
import { say, words } from "./words.js";

export const MANY = 10; // beyond, a cluster may well hold several things: a hint, nothing is counted or sized by it

const dialog = document.getElementById("splitting");
const form = dialog.querySelector("form");
const list = document.getElementById("split-notes");
const boxes = () => [...list.querySelectorAll("input")];

export function askSplit(lane, name) {
  dialog.querySelector("h2").textContent = say("splitLane", { lane: name });
  form.reset();
  list.replaceChildren(...notesIn(lane).map(row));
  dialog.showModal();
  boxes()[0]?.focus();
}

function row(note) {
  const label = stamp("split-note");
  label.querySelector("input").value = note.dataset.note;
  label.querySelector("span").textContent = note.querySelector("[data-text]").textContent.trim();
  return label;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const ticked = boxes().filter((box) => box.checked);
  if (!ticked.length) return refuse();
  const title = form.elements.title.value.trim();
  const fields = [["cluster", freshId()], ["title", title], ...ticked.map((box) => ["note", box.value])];
  const answer = await act("/clusters", fields, say("splitDone", { n: ticked.length, title }));
  if (answer.ok) dialog.close();
  else document.getElementById("split-says").textContent = answer.says;
});

function refuse() {
  const [first] = boxes();
  first?.setCustomValidity(words.splitNone);
  first?.reportValidity();
}
list.addEventListener("change", () => boxes()[0].setCustomValidity(""));
