// The editor of a script: saves by itself, says what is wrong beside the field, shows what the group will see.
import { pose } from "./pose.js";
import { upsert } from "./upsert.js";
import { say, words } from "./words.js";

const sheet = document.getElementById("sheet");
const home = sheet.dataset.script;
const head = () => document.getElementById("sheet-head");
const shown = () => Number(head().dataset.step);
const WAIT = 700; // ms without a key before what was typed is saved
let typed = 0; // how often something was typed, and how much of that the server has: on its way is not there
let kept = 0;
const changed = () => typed !== kept;
let timer = null;
let line = Promise.resolve(); // one request after the other, as each needs the number that the last one gave

/* ── sending ── */

const inLine = (what) => (line = line.then(what, what));

async function send(path, fields, method = "POST") {
  const sent = new URLSearchParams(fields);
  sent.set("rev", sheet.elements.rev.value);
  const url = method === "DELETE" ? `${path}?${sent}` : path;
  let response;
  try {
    response = await fetch(url, { method, body: method === "DELETE" ? undefined : sent, headers: { Accept: "application/json" } });
  } catch {
    return { says: words.offline };
  }
  const answer = await response.json().catch(() => ({ says: words.failed }));
  if (answer.refused === "not-yours") answer.says = words.signedOut;
  return { ok: response.ok, ...answer };
}

function take({ rev, step, html }) {
  for (const field of document.querySelectorAll("[name=rev]")) field.value = rev;
  upsert(html);
  pose();
  sheet.action = step ? `${home}/steps/${step}` : home;
  document.querySelector("#inserting [name=at]").value = step || document.getElementById("plan").dataset.steps;
  history.replaceState(null, "", `?step=${step}`);
}

/* ── the fields ── */

function save() {
  clearTimeout(timer);
  return inLine(async () => {
    if (!changed()) return true;
    const fields = new FormData(sheet);
    const upTo = typed;
    tell("saving", words.saving);
    const answer = await send(sheet.action, fields);
    showFaults(answer.faults ?? {});
    if (answer.ok) {
      kept = upTo;
      take(answer);
    }
    tell(answer.ok ? "saved" : "wrong", answer.ok ? words.saved : answer.faults ? words.wrong : answer.says ?? words.failed);
    return answer.ok;
  });
}

function showFaults(faults) {
  for (const place of sheet.querySelectorAll("[data-fault]")) {
    const name = place.dataset.fault;
    place.textContent = faults[name] ?? "";
    place.hidden = !faults[name];
    for (const field of sheet.querySelectorAll(`[aria-describedby="${place.id}"]`)) field.toggleAttribute("aria-invalid", Boolean(faults[name]));
  }
}

function tell(state, text) {
  const status = document.getElementById("saved");
  status.dataset.state = state;
  status.querySelector("span").textContent = text;
}

sheet.addEventListener("input", ({ target }) => {
  typed += 1;
  for (const copy of document.querySelectorAll(`[data-shows="${target.name}"]`)) copy.textContent = target.value;
  clearTimeout(timer);
  timer = setTimeout(save, WAIT);
});
sheet.addEventListener("change", save);
addEventListener("online", save);
sheet.addEventListener("submit", (event) => {
  event.preventDefault();
  typed += 1;
  save().then((ok) => { if (!ok) sheet.querySelector("[aria-invalid]")?.focus(); });
});

/* ── leaving: first what was typed, or the field that stands in the way ── */

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.hasAttribute("download") || event.ctrlKey || event.metaKey || !changed()) return;
  event.preventDefault();
  if (await save()) location.assign(link.href);
  else sheet.querySelector("[aria-invalid]")?.focus();
});
for (const form of document.querySelectorAll("form:not(#sheet)")) {
  form.addEventListener("submit", async (event) => {
    if (!changed()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await save()) form.requestSubmit();
    else sheet.querySelector("[aria-invalid]")?.focus();
  }, { capture: true });
}
addEventListener("beforeunload", (event) => { if (changed()) event.preventDefault(); });

/* ── the order of the steps: buttons, Alt and arrows, dragging ── */

async function move(step, to) {
  const count = Number(document.getElementById("plan").dataset.steps);
  if (to < 1 || to > count || step === to || !(await save())) return;
  await inLine(async () => {
    const answer = await send(`${home}/moves`, { step, to, shown: shown() });
    if (answer.ok) take(answer);
    tell(answer.ok ? "saved" : "wrong", answer.ok ? say("moved", { n: to, total: count }) : answer.says);
  });
}

async function remove(button) {
  if (!button.dataset.uiSure) {
    button.dataset.uiSure = "1";
    button.lastChild.textContent = words.sure;
    return;
  }
  await save();
  await inLine(async () => {
    const answer = await send(`${home}/steps/${shown()}`, {}, "DELETE");
    if (answer.ok) kept = typed;
    if (answer.ok) location.assign(`${home}?step=${answer.step}`);
    else tell("wrong", answer.says);
  });
}

sheet.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.to) move(shown(), Number(button.dataset.to));
  else if (button?.id === "step-out") remove(button);
});
document.addEventListener("keydown", (event) => {
  const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!way || !event.altKey) return;
  const step = Number(event.target.closest("[data-step]")?.dataset.step) || shown();
  if (!step) return;
  event.preventDefault();
  move(step, step + way);
});

let dragged = 0;
const plan = document.querySelector(".cote");
const over = (event) => Number(event.target.closest?.("li[data-step]")?.dataset.step);
plan.addEventListener("dragstart", (event) => {
  dragged = over(event);
  event.dataTransfer.effectAllowed = "move";
});
plan.addEventListener("dragover", (event) => {
  const to = over(event);
  mark(to);
  if (dragged && to) event.preventDefault();
});
plan.addEventListener("dragend", () => mark(0));
plan.addEventListener("drop", (event) => {
  const to = over(event);
  if (!dragged || !to) return;
  event.preventDefault();
  mark(0);
  move(dragged, to);
});

function mark(to) {
  for (const item of plan.querySelectorAll("li[data-step]")) item.toggleAttribute("data-ui-over", Boolean(dragged) && Number(item.dataset.step) === to && to !== dragged);
}

/* ── the preview speaks one language ── */

const previews = document.getElementById("previews");
const speak = () => { previews.dataset.uiLang = document.querySelector("[name=preview]:checked").value; };
document.querySelector(".apercus .langue").addEventListener("change", speak);
speak();
pose();
