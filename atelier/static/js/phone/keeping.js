// A concept card on the wall can be kept in the notebook of this phone.
import * as cards from "../personal/cards.js";
import { say, words } from "../words.js";
import { announce } from "./page.js";

function draw() {
  for (const card of document.querySelectorAll("#card-list > .fiche")) {
    const button = card.querySelector(":scope > [data-ui]") ?? card.appendChild(keepButton());
    const kept = cards.isKept(card.dataset.concept);
    button.textContent = kept ? words.cardIsKept : words.keepCard;
    button.setAttribute("aria-label", say(kept ? "cardIsKeptNamed" : "keepCardNamed", { title: titleOf(card) }));
    button.setAttribute("aria-disabled", String(kept));
  }
}

function keepButton() {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn petit garder", lang: document.documentElement.lang });
  button.dataset.ui = "keep";
  return button;
}

const titleOf = (card) => card.querySelector("h3").textContent.trim();

document.addEventListener("click", (event) => {
  const button = event.target.closest("#card-list .garder");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  const card = button.closest(".fiche");
  const [title, text, reference] = ["h3", ".def", ".source"].map((part) => card.querySelector(part)?.textContent.trim() ?? "");
  const stored = cards.keepCard({ concept: card.dataset.concept, title, text, reference });
  draw();
  announce(stored ? say("cardIsKeptNamed", { title }) : words.cardNotStored);
});

document.addEventListener("board-changed", draw);
draw();
