// A search in what the page already holds: every word must be there, whatever its accents and capitals.
import { say } from "./words.js";

export function sift(items, search, status) {
  const wanted = plain(search.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const item of items) {
    item.hidden = !wanted.every((word) => plain(sought(item)).includes(word));
    if (!item.hidden) found += 1;
  }
  status.textContent = wanted.length ? say("cardsFound", { n: found }) : "";
}

// What the card says, not what its buttons and forms do.
const sought = (item) => [...item.querySelectorAll(":scope > :is(h3, .def, .source)")].map((part) => part.textContent).join(" ");
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
