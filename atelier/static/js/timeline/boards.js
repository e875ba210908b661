// Fetches boards as they stood: one request at a time, and of those asked meanwhile only the last.
// Nothing is kept: what is taken back while this page is open must not come out of its memory.
import { upsert } from "../upsert.js";

const path = `/r/${document.body.dataset.room}/board`;
let wanted = "";
let loading = null;

// Settles when the board that was asked last is shown; rejects when it cannot be had.
export function showBoard(seq) {
  wanted = seq;
  loading ??= load().finally(() => { loading = null; });
  return loading;
}

async function load() {
  for (let asked; asked !== wanted;) {
    asked = wanted;
    const answer = await fetch(`${path}?at=${asked}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(`board: ${answer.status}`);
    const html = await answer.text();
    if (asked === wanted) upsert(html);
  }
}
