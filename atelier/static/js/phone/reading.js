// The phone's part in what is read together: its module comes when there is something to read.
import { announce, byId } from "./page.js";

let reading = null;

export function startReading() {
  for (const event of ["now-changed", "board-changed", "line-changed"]) document.addEventListener(event, follow);
}

function follow() {
  if (!reading && byId("projected").dataset.scene !== "reading") return;
  reading ??= import("/static/js/reading.js").catch(() => { reading = null; });
  reading.then((module) => module?.follow((heading) => { if (heading) announce(heading); }));
}
