// What the projectors show, chosen from the facilitator's page: the scene, and the page of a long wall.
import { act } from "./command.js";
import { clusters, notes } from "./lanes.js";
import { say, words } from "./words.js";

const MANY_NOTES = 12; // more than fit on one page, read from afar
const MANY_CLUSTERS = 8;
const group = document.getElementById("projecting");
const choice = document.getElementById("scene");

export function startProjecting() {
  choice.addEventListener("change", project);
  for (const button of group.querySelectorAll("[data-turn]")) button.addEventListener("click", () => turn(button.dataset.turn));
  document.addEventListener("board-changed", show);
  document.addEventListener("now-changed", show);
  show();
}

function show() {
  const { scene } = document.getElementById("projected").dataset;
  const [hung, formed] = [notes().length, clusters().length];
  choice.value = scene;
  choice.querySelector("[value=wall]").disabled = !hung && !formed;
  choice.querySelector("[value=synthesis]").disabled = !formed;
  const shown = scene === "auto" ? document.body.dataset.scene : scene;
  const long = shown === "wall" ? hung > MANY_NOTES : shown === "synthesis" && formed > MANY_CLUSTERS;
  for (const button of group.querySelectorAll("[data-turn]")) button.hidden = !long;
}

async function project() {
  const what = choice.selectedOptions[0].textContent;
  const answer = await act("/views", { scene: choice.value }, say("projected", { what }));
  if (!answer.ok) show();
}

// How many pages there are, only each projector knows; beyond the last comes the first again.
const turn = (page) => act("/views", { page }, words[`turned_${page}`]);
