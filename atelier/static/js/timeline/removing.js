// Finding the note that somebody asks to have removed: what is typed stays on this page.
import { say, words } from "../words.js";

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

  // By fetch: on a network without HTTPS a plain form would not say where it comes from.
  part.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "HX-Request": "true", Accept: "text/html" } }).catch(() => null);
    const next = answer?.headers.get("HX-Redirect");
    if (!next) return void (found.textContent = words.notRemoved);
    history.replaceState(null, "", next);
    location.reload();
  });
}
