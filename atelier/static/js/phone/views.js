// The panels of the phone (rules, paper, room, gone), its tabs, and the frame around them.
import { board, body, byId, redraw } from "./page.js";
import { drawTime } from "./time.js";

export const AGREED = `atelier.${body.room}.agreed`;

/* ── panels: rules, paper, room, gone ── */

let agreed = remembered(); // in memory too, where the browser stores nothing

function remembered() {
  try { return localStorage.getItem(AGREED) === "1"; } catch { return false; }
}

function agree() {
  agreed = true;
  try { localStorage.setItem(AGREED, "1"); } catch { /* asked again next time */ }
  showPanel("room");
}

export function showPanel(name, focus = true) {
  body.uiPanel = name;
  window.scrollTo(0, 0);
  redraw();
  if (focus) headingInSight()?.focus({ preventScroll: true });
}

function headingInSight() {
  const heading = [...document.querySelectorAll("main h1")].find((h1) => h1.getClientRects().length);
  if (heading) heading.tabIndex = -1;
  return heading;
}

byId("agree").addEventListener("click", agree);
byId("paper-please").addEventListener("click", () => showPanel("paper"));
byId("rules-please").addEventListener("click", () => showPanel(agreed ? "room" : "rules"));
byId("rules-read").addEventListener("click", () => showPanel("room"));

/* ── tabs ── */

const scrolls = {};

export function showTab(name, focus = false) {
  scrolls[body.uiTab] = window.scrollY;
  body.uiTab = name;
  delete body.uiOffer;
  if (name === "wall" && body.uiNews) {
    delete body.uiNews;
    delete scrolls.wall; // what is new is read from its beginning
  }
  redraw();
  window.scrollTo(0, focus ? 0 : scrolls[name] ?? 0);
  if (focus) headingInSight()?.focus({ preventScroll: true });
}

for (const tab of document.querySelectorAll("[data-tab]")) tab.addEventListener("click", () => showTab(tab.dataset.tab));
for (const offer of document.querySelectorAll("[data-show]")) offer.addEventListener("click", () => showTab(offer.dataset.show, true));

export const startViews = () => {
  const { phone } = board().dataset;
  body.uiTab = body.scene === "wall" && (phone === "wall" || (phone === "auto" && body.takesNotes !== "1")) ? "wall" : "write";
  showPanel(agreed ? "room" : "rules", false);
};

/* ── drawing ── */

export function drawViews() {
  drawTime();
  body.uiKeep = board().dataset.keep ?? "";
  body.uiAgreed = agreed ? "1" : "0";
  document.documentElement.style.setProperty("--entete", `${document.querySelector(".tel > header").offsetHeight}px`);
  const lit = body.state === "closed" && body.uiTab === "write" ? "wall" : body.uiTab;
  for (const tab of document.querySelectorAll("[data-tab]")) {
    if (tab.dataset.tab === lit) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  drawOffers();
}

export function drawOffers() {
  byId("news").hidden = body.uiNews !== "1";
  byId("offer-wall").hidden = body.uiOffer !== "wall";
  byId("offer-write").hidden = body.uiOffer !== "write";
}
