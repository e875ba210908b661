// Says under the field, calmly, that a draft looks like it holds a name or the like. Nothing is sent, nothing is forbidden.
import { say, words } from "../words.js";
import { byId } from "./page.js";
import { seen } from "./hint.js";

const PAUSE = 700; // milliseconds without a key

let waiting = null;

export function showHint(text) {
  clearTimeout(waiting);
  if (!text.trim()) return write("");
  waiting = setTimeout(() => write(hintFor(text)), PAUSE);
}

export function hintFor(text) {
  const kinds = seen(text);
  return kinds.length ? say("looksLike", { what: listed(kinds.map((kind) => words.looks[kind])) }) : "";
}

const listed = (names) => new Intl.ListFormat(document.documentElement.lang).format(names);

// The same words again would be read aloud again.
function write(line) {
  const hint = byId("hint");
  if (hint.textContent !== line) hint.textContent = line;
}
