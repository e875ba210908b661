// The join page: takes the code from a scanned link, and writes it the way the screen of the room shows it.

import { rooms } from "./personal/store.js";
import { waitAtTheDoor } from "./waiting.js";

const form = document.getElementById("join");
const field = document.getElementById("code");
const LENGTH = 6;

const signs = (text) => text.toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, LENGTH);
const spaced = (code) => (code.length > 3 ? `${code.slice(0, 3)} ${code.slice(3)}` : code);

field.removeAttribute("maxlength"); // a pasted code may come with hyphens; we cut it ourselves
field.addEventListener("input", () => {
  const before = signs(field.value.slice(0, field.selectionStart)).length;
  field.value = spaced(signs(field.value));
  const caret = before > 3 ? before + 1 : before;
  field.setSelectionRange(caret, caret);
});

// Another language brings the page again: what was typed comes with it, and is then forgotten.
const TYPED = "atelier.typed";
document.querySelector(".langues").addEventListener("submit", () => {
  try { sessionStorage.setItem(TYPED, field.value); } catch { /* it is typed again */ }
});
try {
  field.value ||= sessionStorage.getItem(TYPED) ?? "";
  sessionStorage.removeItem(TYPED);
} catch { /* nothing was kept */ }

// The code of a scanned link stands in the fragment, which never reaches a server or its log.
const scanned = signs(decodeURIComponent(location.hash.slice(1)));
if (location.hash) history.replaceState(null, "", location.pathname);
if (scanned.length === LENGTH) {
  field.value = spaced(scanned);
  document.addEventListener("DOMContentLoaded", () => form.requestSubmit()); // htmx is ready then
}

document.getElementById("notebooks").hidden = !rooms().length; // looked up here: nobody is asked
waitAtTheDoor();
