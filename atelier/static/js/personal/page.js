// What the parts of the notebook share: its elements, its sentences, how it speaks and asks.

export const part = (id) => document.getElementById(`personal-${id}`);
let words = {};

export const readWords = () => { words = JSON.parse(part("words").textContent); };
export const word = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// A name in the middle of a sentence.
export const lowered = (name) => name.charAt(0).toLocaleLowerCase() + name.slice(1);

// A copy of a line that the page holds ready, with its texts filled in.
export function line(name, texts = {}) {
  const element = part(name).content.firstElementChild.cloneNode(true);
  for (const [key, text] of Object.entries(texts)) element.querySelector(`[data-of="${key}"]`).textContent = text;
  return element;
}

// The field somebody types in is never written over.
export function fill(field, value) {
  if (field !== document.activeElement && field.value !== value) field.value = value;
  grow(field);
}

export function grow(field) {
  if (field.tagName !== "TEXTAREA" || CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

let saying = null;

export function announce(key) {
  part("says").textContent = "";
  clearTimeout(saying);
  saying = setTimeout(() => { part("says").textContent = word(key); }, 60);
}

/* ── the views: the notebook itself, and what it leads to ── */

export const shows = () => part("parts").dataset.shows;

export function show(name, focus = true) {
  part("parts").dataset.shows = name;
  for (const view of part("parts").querySelectorAll("[data-view-of]")) view.hidden = view.dataset.viewOf !== name;
  document.dispatchEvent(new CustomEvent("personal-changed"));
  if (!focus) return;
  window.scrollTo(0, 0);
  part("parts").querySelector(`[data-view-of="${name}"] h1`).focus({ preventScroll: true });
}

// Resolves to whether the person is sure; the dialog gives the focus back.
export function askSure(key) {
  const dialog = part("sure");
  dialog.querySelector("h2").textContent = word(key);
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector("[value=no]").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
