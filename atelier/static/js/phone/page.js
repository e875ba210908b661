// What the parts of the phone's page share: its elements, what the room is at, how to speak.
export const body = document.body.dataset;
export const byId = (id) => document.getElementById(id);
export const board = () => byId("board");
export const shownNotes = () => document.querySelectorAll("#wall [data-note]").length;
export const stepTitle = () => document.querySelector("#step h1")?.textContent.trim() ?? "";
export const laneTitle = (lane) => lane.querySelector("h2 [data-title]")?.textContent.trim() ?? "";

// The step that a note written now is for.
export function here() {
  const { step, mode, limit } = board().dataset;
  return { step, mode, limit: Number(limit) || 200, title: stepTitle() };
}

export const textOnWall = (id) => {
  const note = byId(`note-${id}`);
  return note && (note.querySelector("[data-text]") ?? note).textContent;
};

export function span(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element;
}

export function letterMark(letter) {
  const element = span(letter);
  element.className = "repere";
  element.setAttribute("aria-hidden", "true");
  return element;
}

let saying = null;

// A pause lets screen readers hear the same sentence twice in a row.
export function announce(sentence) {
  const status = byId("says");
  status.textContent = "";
  clearTimeout(saying);
  saying = setTimeout(() => { status.textContent = sentence; }, 60);
}

// The whole page is drawn again from what it knows; phone.js listens.
export const redraw = () => document.dispatchEvent(new CustomEvent("phone-changed"));
