// Choosing together which cluster to work on: opened, told or given up from the facilitator's page.
import { act } from "./command.js";
import { askSure } from "./dialogs.js";
import { clusters } from "./lanes.js";
import { freshId } from "./stamp.js";
import { words } from "./words.js";

const dialog = document.getElementById("choosing");
const form = dialog.querySelector("form");
const button = document.getElementById("open-choice");
const bar = document.getElementById("choice-bar");
const told = document.getElementById("choice-told");
const asked = () => document.getElementById("choice").dataset;

export function startChoosing() {
  button.addEventListener("click", ask);
  form.addEventListener("submit", open);
  bar.querySelector("[data-do=tell]").addEventListener("click", () => act("/tellings", { choice: asked().choice }, words.choiceTold));
  bar.querySelector("[data-do=drop]").addEventListener("click", drop);
  told.querySelector("button").addEventListener("click", () => act("/views", { scene: "choice" }, words.choiceProjected));
  document.addEventListener("board-changed", show);
  show();
}

function show() {
  const choice = document.getElementById("choice");
  bar.hidden = !choice.dataset.choice;
  button.hidden = Boolean(choice.dataset.choice) || clusters().length < 2;
  told.hidden = choice.dataset.told !== "1";
  if (told.hidden) return;
  const said = [...choice.querySelectorAll("h2, li, .egalite")].map((part) => [...part.children].map((each) => each.textContent).join(" ") || part.textContent);
  told.querySelector("p").replaceChildren(...said.map((text) => Object.assign(document.createElement("span"), { textContent: text })));
}

function ask() {
  for (const box of form.elements.most) box.disabled = Number(box.value) >= clusters().length;
  form.elements.most.value = "1";
  dialog.showModal();
}

async function open(event) {
  event.preventDefault();
  const answer = await act("/choices", { choice: freshId(), most: form.elements.most.value }, words.choiceOpen);
  if (answer.ok) dialog.close();
}

async function drop() {
  if (await askSure(words.dropChoiceSure, words.dropChoiceWhat, words.dropChoice)) act(`/choices/${asked().choice}`, {}, words.choiceDropped, "DELETE");
}
