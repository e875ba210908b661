// Concept cards that a person keeps, as plain text with their reference: they stay readable without the server.
import * as store from "./store.js";

export const cards = () => store.read("cards") ?? [];

// Says whether the browser stored it; a card that is kept already stays where it is.
export function keepCard({ concept, title, text, reference }) {
  const others = cards().filter((card) => card.concept !== concept);
  if (others.length === cards().length) store.write("cards", [...others, { concept, title, text, reference }]);
  store.changed();
  return store.isSafe();
}

export const isKept = (concept) => cards().some((card) => card.concept === concept);

export function dropCard(concept) {
  store.write("cards", cards().filter((card) => card.concept !== concept));
  store.changed();
}
