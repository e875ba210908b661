// The project sheet: fields by name, each as the person left it. Its words stand in the page; here they are kept and given back.
import * as store from "./store.js";
import { copy, save } from "./handing.js";
import { markdown } from "./outputs.js";
import { seen } from "../phone/hint.js";
import { askSure, announce, fill, grow, part, shows, word } from "./page.js";

const sheet = () => part("project");
const fields = () => [...sheet().querySelectorAll("[data-field]")];
const project = () => store.read("project") ?? {};
const written = (field) => (project()[field.dataset.field] ?? "").trim();

export function startProject() {
  sheet().addEventListener("input", ({ target }) => {
    store.write("project", { ...project(), [target.dataset.field]: target.value });
    grow(target);
    hintRole(target);
    store.changed();
  });
  part("project-save").addEventListener("click", () => save(`${word("projectFile")}.md`, "text/markdown", markdown(asDocument())));
  part("project-copy").addEventListener("click", () => copy(markdown(asDocument())));
  part("project-erase").addEventListener("click", erase);
}

async function erase() {
  if (!await askSure("sureProject")) return;
  store.write("project", {});
  for (const field of fields()) field.value = "";
  store.changed();
  announce("projectErased");
  sheet().querySelector("h1").focus();
}

// Somebody who is named there never agreed to it; nothing is forbidden. The same words again would be read aloud again.
function hintRole(field) {
  const hint = field.parentElement.querySelector("[data-by-role]");
  const line = seen(field.value).includes("name") ? hint?.dataset.byRole : "";
  if (hint && hint.textContent !== line) hint.textContent = line;
}

export function drawProject() {
  if (shows() !== "project") return;
  for (const field of fields()) {
    fill(field, project()[field.dataset.field] ?? "");
    hintRole(field);
  }
  part("project-acts").hidden = !fields().some(written);
}

/* ── in words: one section for each part of the sheet that holds something ── */

const labelOf = (field) => field.labels[0].textContent.trim();

const dayOf = (field) => new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" }).format(new Date(`${written(field)}T12:00`));
const sayingOf = (field) => (field.type === "date" ? dayOf(field) : written(field));

const inWords = () => [...sheet().querySelectorAll("[data-part]")].flatMap((each) => {
  const filled = fields().filter((field) => each.contains(field) && written(field));
  return filled.length ? [{ title: each.querySelector("h2").textContent.trim(), blocks: filled.flatMap((field) => [{ heading: labelOf(field) }, { text: sayingOf(field) }]) }] : [];
});

const asDocument = () => ({ title: word("project"), sections: inWords() });

// In the take-away the experiment can go without the rest, and the rest without it.
export const projectSources = () => inWords().map(({ title: part, blocks }) => {
  const title = word("projectPart", { part });
  const says = blocks.flatMap(({ text }) => text ?? []).join(", ").slice(0, 80);
  return { id: `project-${part}`, title, says, section: () => ({ title, blocks }) };
});
