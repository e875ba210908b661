// The settings of this phone: day or night, the size of text, the timer, the language; and the ground rules again.
import * as appearance from "../appearance.js";
import { body, byId, redraw } from "./page.js";
import { showPanel } from "./views.js";

const dialog = byId("settings");

byId("show-settings").addEventListener("click", () => {
  showChoices();
  dialog.showModal();
  byId("settings-title").focus();
});

for (const each of document.querySelectorAll("dialog")) {
  each.addEventListener("click", ({ target }) => { if (target === each || target.closest("[data-close]")) each.close(); });
}

byId("rules-again").addEventListener("click", () => {
  dialog.close();
  showPanel("rules");
});

/* ── day or night, size of text, timer ── */

const CHOSEN = { theme: appearance.theme, textSize: appearance.textSize, timer: appearance.timer };

function showChoices() {
  for (const [name, chosen] of Object.entries(CHOSEN)) {
    dialog.querySelector(`[name="${name}"][value="${chosen()}"]`).checked = true;
  }
}

dialog.addEventListener("change", ({ target }) => {
  if (target.name in CHOSEN) appearance.choose({ [target.name]: target.value });
});
document.addEventListener("appearance-changed", () => {
  showChoices();
  redraw();
});

/* ── language: the page comes again in it; drafts and notes are on the phone ── */

const languages = dialog.querySelector("form");
languages.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(languages, event.submitter);
  const answer = await fetch(languages.action, { method: "POST", body: new URLSearchParams(form), redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") location.reload();
});
