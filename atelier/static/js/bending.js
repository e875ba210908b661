// Bending the script in front of the group: steps are said otherwise, put in, moved, taken out; the rest of the time follows.
import { act, announce, room } from "./command.js";
import { freshId } from "./stamp.js";
import { upsert } from "./upsert.js";
import { say, words } from "./words.js";

const EACH_MINUTE = 60_000;
const BY = { less: -5, more: 5 };
const list = document.getElementById("etapes");
const dialog = document.getElementById("bending");
const form = dialog.querySelector("form");
const field = (name) => form.elements.namedItem(name);
let editing = null; // the id of the step that is said otherwise
let seen = "";

export function startBending() {
  seen = state();
  tellTime();
  document.addEventListener("board-changed", () => { if (state() !== seen) refresh(); });
  setInterval(() => { if (!document.hidden) refresh(); }, EACH_MINUTE);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
  document.addEventListener("click", onClick);
  form.addEventListener("submit", onSubmit);
  field("kind").addEventListener("change", () => { field("mode").value = field("kind").value === "post" ? "reveal" : "none"; });
  list.addEventListener("keydown", onKey);
  startDragging();
}

/* ── the list, as it is now ── */

const state = () => {
  const { step, bends, state: open } = document.getElementById("board").dataset;
  return `${step} ${bends} ${open}`;
};

async function refresh() {
  seen = state();
  let response;
  try {
    response = await fetch(`/r/${room}/script`);
  } catch { // the next minute asks again
    return;
  }
  if (!response.ok || response.redirected) return;
  const open = new Set([...document.querySelectorAll(".deroule details[open]")].map((each) => each.id || each.parentElement.id));
  upsert(await response.text());
  for (const each of document.querySelectorAll(".deroule details")) each.open = open.has(each.id || each.parentElement.id);
  tellTime();
  document.dispatchEvent(new CustomEvent("script-changed"));
}

// By the clock of this screen, as the people in the room read it.
function tellTime() {
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
  for (const each of document.querySelectorAll(".deroule time[data-in]")) each.textContent = clock.format(Date.now() + each.dataset.in * 60_000);
}

/* ── the steps ── */

const steps = () => [...list.children];
const pending = () => steps().slice(currentPlace() + 1).filter((step) => step.dataset.entered === "0");
const currentPlace = () => steps().findIndex((step) => step.dataset.id === document.body.dataset.step);
const titleOf = (step) => step.querySelector("[data-title]").textContent;
const stepAfter = (step) => steps()[steps().indexOf(step) + 1];

function onClick(event) {
  if (event.target.closest("#add-step")) return ask();
  if (event.target.closest("#keep-script")) return act("/script/copies", {}, words.scriptKept);
  const button = event.target.closest("[data-bend]");
  if (!button) return;
  const step = button.closest("li");
  const path = `/script/steps/${step.dataset.id}`;
  const title = button.dataset.bend === "again" ? step.querySelector("s").textContent : titleOf(step);
  if (button.dataset.bend === "say") ask(step);
  else if (button.dataset.bend === "up") place(step, steps()[steps().indexOf(step) - 1]);
  else if (button.dataset.bend === "down") place(step, stepAfter(stepAfter(step)), !stepAfter(step));
  else if (button.dataset.bend === "drop") drop(step, path, title);
  else if (button.dataset.bend === "again") act("/script/steps", { again: step.dataset.id, before: pending()[0]?.dataset.id ?? "" }, say("stepAgain", { title }));
  else lengthen(step, path, BY[button.dataset.bend]);
}

async function lengthen(step, path, by) {
  const minutes = Math.max(0, Number(step.dataset.minutes) + by);
  const answer = await act(path, { minutes }, say("stepLonger", { title: titleOf(step), n: minutes }));
  const runs = document.getElementById("timer")?.dataset.total;
  if (answer.ok && runs && step.dataset.id === document.body.dataset.step) await act("/timers", { add: by });
}

async function drop(step, path, title) {
  const next = stepAfter(step)?.querySelector("summary") ?? document.getElementById("add-step");
  const answer = await act(path, {}, say("stepDropped", { title }), "DELETE");
  if (answer.ok) next.focus();
}

// `before` is the step in front of which it goes; none for the end.
async function place(step, before, there = false) {
  if (there) return announce(say("stepMoved", { title: titleOf(step) }));
  await act("/script/moves", { step: step.dataset.id, before: before?.dataset.id ?? "" }, say("stepMoved", { title: titleOf(step) }));
}

function onKey(event) {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  const button = event.target.closest("li")?.querySelector(`[data-bend=${event.key === "ArrowUp" ? "up" : "down"}]`);
  event.preventDefault();
  button?.click();
}

/* ── what a step says ── */

function ask(step = null) {
  editing = step?.dataset.id ?? null;
  const entered = step?.dataset.entered === "1";
  field("title").value = step ? titleOf(step) : "";
  field("prompt").value = step ? step.querySelector("[data-prompt]").textContent : "";
  field("minutes").value = step ? step.dataset.minutes : 10;
  field("kind").value = step ? step.dataset.kind : "echange";
  field("mode").value = step ? step.dataset.mode : "none";
  for (const name of ["title", "kind", "mode"]) field(name).disabled = entered;
  document.getElementById("bend-place").hidden = Boolean(step);
  field("before").replaceChildren(...places());
  dialog.querySelector("h2").textContent = !step ? words.addStep : entered ? words.saySo : words.changeStep;
  dialog.showModal();
  field(entered ? "prompt" : "title").focus();
}

const places = () => [
  ...pending().map((step, n) => new Option(say(n ? "beforeStep" : "rightNow", { title: titleOf(step) }), step.dataset.id)),
  new Option(words.atTheEnd, ""),
];

async function onSubmit(event) {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form)); // disabled fields are not in it
  const title = fields.title ?? field("title").value;
  if (editing) delete fields.before;
  const sent = editing
    ? act(`/script/steps/${editing}`, fields, say("stepChanged", { title }))
    : act("/script/steps", { ...fields, step: freshId() }, say("stepAdded", { title }));
  if ((await sent).ok) dialog.close(); // else the words stay in the form
}

/* ── dragging ── */

function startDragging() {
  let dragged = null;
  const under = (event) => event.target.closest?.("#etapes > li");
  const mark = (over) => { for (const step of steps()) step.toggleAttribute("data-ui-over", step === over && step !== dragged); };
  list.addEventListener("dragstart", (event) => {
    dragged = under(event);
    event.dataTransfer.effectAllowed = "move";
  });
  list.addEventListener("dragover", (event) => {
    if (!dragged || under(event)?.dataset.entered !== "0") return mark(null);
    event.preventDefault();
    mark(under(event));
  });
  list.addEventListener("dragend", () => mark(dragged = null));
  list.addEventListener("drop", (event) => {
    const over = under(event);
    event.preventDefault();
    mark(null);
    if (!dragged || !over || over === dragged) return;
    const down = steps().indexOf(over) > steps().indexOf(dragged);
    place(dragged, down ? stepAfter(over) : over);
  });
}
