// The take-away: what the person chooses of all that lies on this phone, in one document made here.
import * as store from "./store.js";
import { copy, print, save, share, shares } from "./handing.js";
import { announce, line, part, shows, word } from "./page.js";
import { markdown, sheet, webpage } from "./outputs.js";

let sources = []; // functions that give [{id, title, says, section()}]
const left = new Set(); // ids of what the person leaves out

export function startTakeaway(from) {
  sources = from;
  part("choices").addEventListener("change", ({ target }) => {
    if (target.checked) left.delete(target.value);
    else left.add(target.value);
  });
  const acts = {
    markdown: () => save(`${word("fileName")}.md`, "text/markdown", markdown(chosen())),
    webpage: () => save(`${word("fileName")}.html`, "text/html", webpage(chosen())),
    print: () => print(sheet(chosen())),
    copy: () => copy(markdown(chosen())),
    share: () => share(markdown(chosen())),
  };
  for (const [name, act] of Object.entries(acts)) {
    part(`take-${name}`).addEventListener("click", () => (chosen().sections.length ? act() : announce("nothingChosen")));
  }
}

const offered = () => sources.flatMap((source) => source());
const chosen = () => ({ title: word("takeTitle"), sections: offered().filter(({ id }) => !left.has(id)).map(({ section }) => section()) });

export const isEmpty = () => !offered().length;

export function drawTakeaway() {
  part("take-share").hidden = !shares();
  if (shows() !== "takeaway") return;
  const items = offered().map(({ id, title, says }) => {
    const item = line("choice", { title, says });
    const box = item.querySelector("input");
    box.value = id;
    box.checked = !left.has(id);
    return item;
  });
  part("choices").replaceChildren(...items);
  part("take-none").hidden = items.length > 0;
  part("take-acts").hidden = !items.length;
}

export function startErasing(askSure, after) {
  part("erase-all").addEventListener("click", async () => {
    if (!await askSure("sureAll")) return;
    store.eraseAll();
    after();
    announce("erasedAll");
  });
}
