// Mon carnet: what a person keeps for themselves on this phone. Nothing here makes a request.
import { cards } from "./personal/cards.js";
import { drawNotebook, drawSafety, followStep as followPage, forgetPage, openAnew, pageSources, startNotebook } from "./personal/notebook.js";
import { askSure, readWords, part, show, word } from "./personal/page.js";
import { drawProject, projectSources, startProject } from "./personal/project.js";
import { callIt } from "./personal/store.js";
import { drawTakeaway, startErasing, startTakeaway } from "./personal/takeaway.js";
import { drawTrajectory, startTrajectory, trajectorySources } from "./personal/trajectory.js";

export { show };

let leadsTo = () => null; // the view that the step is for, if it has one

/* `stepNow()` gives the step that the room is in, as {id, title, prompt, kind}, or null; `label` is what the notebook
   is called; `wall` is how one moment may be shown to the group (sharing.js), absent away from the room. */
export function start({ stepNow = () => null, label, wall } = {}) {
  readWords();
  leadsTo = () => (stepNow()?.kind === "trajectoire" ? "trajectory" : null);
  if (label) callIt(label());
  startNotebook(stepNow);
  startTrajectory({ wall, stepNow });
  startProject();
  startTakeaway([pageSources, trajectorySources, projectSources, cardSources]);
  startErasing(askSure, forgetPage);
  for (const button of part("parts").querySelectorAll("[data-to]")) button.addEventListener("click", () => show(button.dataset.to));
  for (const button of part("parts").querySelectorAll("dialog button[value]")) {
    button.addEventListener("click", () => button.closest("dialog").close(button.value));
  }
  document.addEventListener("personal-changed", draw);
  document.addEventListener("personal-room", openAnew);
  show(leadsTo() ?? "home", false);
}

// A new step opens its page and its view, unless somebody looks at the notebook now.
export function followStep(isLookedAt) {
  followPage(isLookedAt);
  if (!isLookedAt && leadsTo()) show(leadsTo(), false);
}

function draw() {
  drawNotebook();
  drawTrajectory();
  drawProject();
  drawTakeaway();
  drawSafety();
}

function cardSources() {
  if (!cards().length) return [];
  const blocks = () => cards().flatMap(({ title, text, reference }) => [{ heading: title }, { text }, { text: reference }]);
  return [{ id: "cards", title: word("cards"), says: cards().map(({ title }) => title).join(", "), section: () => ({ title: word("cards"), blocks: blocks() }) }];
}
