// Concept cards: found by their words, shown on every screen, linked to what they shed light on.
import { act } from "./command.js";
import { clusterOf, clusters, titleOf } from "./lanes.js";
import { menuItem, openMenu } from "./menu.js";
import { sentenceOf, tensions } from "./tensions.js";
import { stamp } from "./stamp.js";
import { say, words } from "./words.js";

const dialog = document.getElementById("concepts");
const list = document.getElementById("concept-list");
const search = document.getElementById("concept-search");

export function startCards() {
  dress();
  document.addEventListener("board-changed", dress);
  document.addEventListener("click", onTool);
  document.getElementById("show-cards").addEventListener("click", open);
  search.addEventListener("input", sift);
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) show(button.closest("[data-concept]"));
  });
}

function dress() {
  for (const card of document.querySelectorAll("#card-list > .fiche")) {
    const tools = card.querySelector(":scope > [data-ui]") ?? card.appendChild(stamp("card-tools"));
    for (const button of tools.querySelectorAll("button")) button.setAttribute("aria-label", `${button.textContent.trim()}, ${nameOf(card)}`);
  }
}

const nameOf = (card) => card.querySelector("h3").textContent.trim();

// Those that the step speaks of come first.
function open() {
  const step = document.querySelector(`#etapes [data-id="${CSS.escape(document.body.dataset.step)}"]`);
  const meant = new Set((step?.dataset.concepts ?? "").split(" "));
  for (const item of list.children) item.toggleAttribute("data-meant", meant.has(item.dataset.concept));
  list.append(...[...list.children].sort((a, b) => rank(a) - rank(b)));
  search.value = "";
  sift();
  dialog.showModal();
}

const rank = (item) => (item.hasAttribute("data-meant") ? 0 : 1000) + Number(item.dataset.place);

function sift() {
  const wanted = plain(search.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const item of list.children) {
    item.hidden = !wanted.every((word) => plain(item.textContent).includes(word));
    if (!item.hidden) found += 1;
  }
  document.getElementById("concepts-found").textContent = wanted.length ? say("cardsFound", { n: found }) : "";
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

async function show(item) {
  const answer = await act("/cards", { concept: item.dataset.concept }, say("cardShown", { name: nameOf(item) }));
  if (answer.ok) dialog.close();
}

function onTool(event) {
  const button = event.target.closest("#board .fiche button[data-do]");
  if (!button) return;
  const card = button.closest(".fiche");
  const concept = card.dataset.concept;
  if (button.dataset.do === "project") act("/views", { scene: "card", target: concept }, say("cardShown", { name: nameOf(card) }));
  if (button.dataset.do === "link") linkMenu(button, card);
  if (button.dataset.do === "away") act(`/cards/${concept}`, {}, say("cardAway", { name: nameOf(card) }), "DELETE");
}

function linkMenu(button, card) {
  const link = (target, name) => () => act("/cards", { concept: card.dataset.concept, target }, say("cardLinked", { name: nameOf(card), target: name }));
  const items = clusters().map((lane) => menuItem("item-cluster", titleOf(lane), link(clusterOf(lane), titleOf(lane)), { letter: lane.dataset.letter, shortcut: lane.dataset.letter, group: lane.dataset.groupe }));
  items.push(...tensions().map((tension) => menuItem("item-tension", sentenceOf(tension), link(tension.dataset.tension, sentenceOf(tension)))));
  if (items.length) openMenu(button, say("linkCard", { name: nameOf(card) }), items);
}
