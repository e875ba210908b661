// Two questions a facilitator is asked: a title, and "are you sure?".
import { say } from "./words.js";

const NEAR = 20; // characters before the end of the field that are worth a word
const naming = document.getElementById("naming");
const sure = document.getElementById("sure");

// Resolves to the title, or to null when the person changes their mind.
export function askTitle(heading, title = "") {
  naming.querySelector("h2").textContent = heading;
  const field = naming.querySelector("input");
  field.value = title;
  count();
  return answer(naming, () => field.value.trim() || null, () => field.select());
}

// Says how much is left and, beyond, how much is too much; what was typed stays as it was typed.
function count() {
  const field = naming.querySelector("input");
  const left = field.dataset.limit - [...field.value.trim()].length;
  const says = left < 0 ? say("tooLong", { n: -left }) : left <= NEAR ? say("charactersLeft", { n: left }) : "";
  naming.querySelector(".compte").textContent = says;
  field.setCustomValidity(left < 0 ? says : "");
}
naming.querySelector("input").addEventListener("input", count);

export function askSure(heading, text, yes) {
  sure.querySelector("h2").textContent = heading;
  sure.querySelector("p").textContent = text;
  sure.querySelector("[value=yes]").textContent = yes;
  return answer(sure, () => true, () => sure.querySelector("[value=no]").focus());
}

function answer(dialog, value, opened) {
  dialog.returnValue = "";
  dialog.showModal();
  opened();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? value() : null), { once: true });
  });
}

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.querySelector("[value=no]")?.addEventListener("click", () => dialog.close("no"));
}
