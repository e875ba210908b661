// Mon carnet on the phone: fetched once the page is at rest, so that it works when the network has gone.
import * as outbox from "../outbox.js";
import { parsed } from "../upsert.js";
import { words } from "../words.js";
import { hintFor } from "./hinting.js";
import { board, body, byId, here, stepTitle } from "./page.js";

let notebook = null; // its module, once it is here
let coming = null;

export const startNotebook = () => {
  (window.requestIdleCallback ?? setTimeout)(bring);
  document.addEventListener("line-changed", ({ detail }) => { if (detail.online) bring(); });
};

function bring() {
  if (notebook) return;
  coming ??= fetchIt().catch(() => null).finally(() => { coming = null; }); // it is asked for again when the line is back
}

async function fetchIt() {
  const [page, module] = await Promise.all([fetch("/notebook").then((answer) => answer.text()), import("/static/js/personal.js"), styled()]);
  byId("personal").replaceWith(parsed(page).querySelector("#personal"));
  notebook = module;
  import("/static/js/phone/keeping.js"); // cards on the wall can be kept from now on
  notebook.start({ stepNow, label: () => document.querySelector(".marque").textContent.trim(), wall });
}

function styled() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = "/static/personal.css";
  document.head.append(link);
  return new Promise((resolve, reject) => { Object.assign(link, { onload: resolve, onerror: reject }); });
}

const stepNow = () => (body.step ? { id: body.step, title: stepTitle(), prompt: board().querySelector("#step .consigne").textContent, kind: body.kind } : null);

// What the notebook may know of the wall, to show one moment of a trajectory there.
const wall = {
  takesNotes: () => body.takesNotes === "1" && body.state !== "closed",
  limit: () => here().limit,
  isShared: () => outbox.notes().some(({ fragment }) => fragment),
  promise: () => document.querySelector(`[data-promise="${here().mode}"] [data-clause]`)?.textContent ?? "",
  hint: hintFor,
  put: (text) => outbox.put(text, { ...here(), fragment: true }),
};

byId("privately").addEventListener("click", () => { if (body.kind === "trajectoire") notebook?.show("trajectory"); });
const isShown = () => body.uiTab === "notebook";

export const followStep = () => notebook?.followStep(isShown());

export function drawNotebook() {
  if (!notebook) byId("personal").textContent = words.notebookWaits;
}
