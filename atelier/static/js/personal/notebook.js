// The pages of the notebook: one for each step that a person wrote at, and free ones.
import * as store from "./store.js";
import { cards, dropCard } from "./cards.js";
import { copy, share, shares } from "./handing.js";
import { announce, askSure, fill, grow, line, part, shows, word } from "./page.js";

let stepNow = () => null; // {id, title, prompt} of the step that the room is in
let open = null; // the page that lies open

export const pages = () => store.read("pages") ?? [];
export const written = () => pages().filter(({ text }) => text.trim());
export const plain = ({ title, prompt, text }) => [title, prompt, text].filter(Boolean).join("\n\n");

const free = () => ({ id: `free-${crypto.getRandomValues(new Uint32Array(1))[0]}`, title: word("freePage"), prompt: "", text: "" });

function pageOfStep() {
  const step = stepNow();
  return step && (pages().find(({ id }) => id === step.id) ?? { id: step.id, title: step.title, prompt: step.prompt, text: "" });
}

export function startNotebook(step) {
  stepNow = step;
  const field = part("page");
  openAnew();
  field.addEventListener("input", () => {
    write(field.value);
    grow(field);
    drawSafety();
  });
  part("copy").addEventListener("click", () => copy(plain(open)));
  part("share").addEventListener("click", () => share(plain(open)));
  part("erase").addEventListener("click", erasePage);
  part("add").addEventListener("click", () => turnTo(free()));
  part("pages").addEventListener("click", ({ target }) => {
    const button = target.closest("[data-page]");
    if (button) turnTo([pageOfStep(), ...pages()].find((page) => page?.id === button.dataset.page));
  });
  part("cards").addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-drop]");
    if (button && await askSure("sureCard")) {
      dropCard(button.dataset.drop);
      part("home-title").focus();
    }
  });
}

export function openAnew() {
  open = pageOfStep() ?? written().at(-1) ?? free();
  store.changed();
}

function write(text) {
  open = { ...open, text };
  const others = pages().filter(({ id }) => id !== open.id);
  const place = pages().findIndex(({ id }) => id === open.id);
  others.splice(place < 0 ? others.length : place, 0, open);
  store.write("pages", others);
}

function turnTo(page) {
  open = page;
  store.changed();
  window.scrollTo(0, 0);
  part("page").focus();
}

async function erasePage() {
  if (!await askSure("surePage")) return;
  store.write("pages", pages().filter(({ id }) => id !== open.id));
  open = pageOfStep() ?? free();
  part("page").value = "";
  store.changed();
  announce("erased");
}

// A new step opens its page, unless somebody looks at the notebook now.
export function followStep(isLookedAt) {
  const fresh = pageOfStep();
  if (fresh && (!isLookedAt || !open.text.trim())) open = fresh;
  store.changed();
}

export function forgetPage() {
  open = pageOfStep() ?? free();
  part("page").value = "";
  store.changed();
  part("home-title").focus();
}

export const pageSources = () => written().map((page) => ({
  id: page.id,
  title: page.title,
  says: page.text.trim().slice(0, 80),
  section: () => ({ title: page.title, blocks: [{ quote: page.prompt }, { text: page.text }].filter(({ quote, text }) => quote || text) }),
}));

/* ── drawing ── */

export function drawNotebook() {
  if (shows() !== "home") return;
  open = pages().find(({ id }) => id === open.id) ?? { ...open, text: "" };
  part("page-title").textContent = open.title;
  part("prompt").textContent = open.prompt;
  part("prompt").hidden = !open.prompt;
  fill(part("page"), open.text);
  part("share").hidden = !shares();
  drawPages();
  drawCards();
}

export function drawSafety() {
  part("unsafe").hidden = store.isSafe();
}

function drawPages() {
  const step = pageOfStep();
  const others = [step, ...written().filter(({ id }) => id !== step?.id)].filter((page) => page && page.id !== open.id);
  part("pages").replaceChildren(...others.map((page) => {
    const item = line("line", { title: page.title, says: page === step ? word("stepNow") : page.text.trim().slice(0, 80) });
    item.querySelector("button").dataset.page = page.id;
    return item;
  }));
  part("others").hidden = !others.length;
}

function drawCards() {
  part("cards").replaceChildren(...cards().map(({ concept, title, text, reference }) => {
    const item = line("card", { title, text, reference });
    const button = item.querySelector("button");
    button.dataset.drop = concept;
    button.setAttribute("aria-label", word("dropCard", { title }));
    return item;
  }));
  part("kept").hidden = !cards().length;
}
