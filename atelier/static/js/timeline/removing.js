// Finding the note that somebody asks to have removed: what is typed stays on this page.
import { say } from "../words.js";

const part = document.getElementById("removing");
if (part) {
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const notes = [...part.querySelectorAll("li")];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  search.addEventListener("input", () => {
    const wanted = plain(search.value.trim());
    for (const note of notes) note.hidden = !plain(note.querySelector("summary").textContent).includes(wanted);
    const shown = notes.filter((note) => !note.hidden).length;
    found.textContent = wanted ? say("found", { n: shown, total: notes.length }) : "";
  });
  document.getElementById("searching").hidden = false;
}
