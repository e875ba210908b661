// Concept cards: found by their words, shown on every screen, linked to what they shed light on.
import { act } from "./command.js";
import { clusterOf, clusters, titleOf } from "./lanes.js";
import { menuItem, openMenu } from "./menu.js";
import { sentenceOf, tensions } from "./tensions.js";
import { stamp } from "./stamp.js";
import { sift } from "./sifting.js";
import { say } from "./words.js";

const dialog = document.getElementById("concepts");
const list = document.getElementById("concept-list");
const search = document.getElementById("concept-search");

export function startCards() {
  dress();
  document.addEventListener("board-changed", dress);
  document.addEventListener("click", onTool);
  document.getElementById("show-cards").addEventListener("click", open);
  search.addEventListener("input", look);
  addEventListener("focus", () => dialog.open && fetchOwn()); // one was written in another tab
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

function open() {
  arrange();
  search.value = "";
  look();
  dialog.showModal();
  fetchOwn();
}

// Those that the step speaks of come first, then one's own.
function arrange() {
  const step = document.querySelector(`#etapes [data-id="${CSS.escape(document.body.dataset.step)}"]`);
  const meant = new Set((step?.dataset.concepts ?? "").split(" "));
  for (const item of list.children) item.toggleAttribute("data-meant", meant.has(item.dataset.concept));
  list.append(...[...list.children].sort((a, b) => rank(a) - rank(b)));
}

const rank = (item) => (item.hasAttribute("data-meant") ? 0 : 1000) + Number(item.dataset.place ?? 0);

const look = () => sift(list.children, search, document.getElementById("concepts-found"));

// Those of one's own are asked for anew each time; without an answer the ones from before stay.
async function fetchOwn() {
  const answer = await fetch("/cards", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const { cards } = await answer.json();
  for (const item of list.querySelectorAll("[data-own]")) item.remove();
  list.append(...cards.map(ownItem));
  arrange();
  look();
}

function ownItem({ concept, name, definition, author, work, year, doubtful }) {
  const item = stamp("own-concept");
  item.dataset.concept = concept;
  for (const part of item.querySelectorAll("[data-name]")) part.textContent = name;
  item.querySelector(".def").textContent = definition;
  const source = item.querySelector(".source");
  if (author) source.querySelector("span").textContent = `${author}, ${work}, ${year}`;
  else source.remove();
  if (author && !doubtful) source.querySelector(".doute").remove();
  return item;
}

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
