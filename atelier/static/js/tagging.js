// What a cluster speaks of, set with the group: six boxes in a dialog.
import { act } from "./command.js";
import { clusterOf } from "./lanes.js";
import { say } from "./words.js";

const dialog = document.getElementById("tagging");
const form = dialog.querySelector("form");
let asked = null;

export function askTags(lane, name) {
  asked = lane;
  dialog.querySelector("h2").textContent = say("tagLane", { lane: name });
  const tags = (lane.querySelector(".tags")?.dataset.tags ?? "").split(" ");
  for (const box of form.querySelectorAll("[name=tag]")) box.checked = tags.includes(box.value);
  dialog.showModal();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const tags = [...form.querySelectorAll("[name=tag]:checked")].map((box) => ["tag", box.value]);
  const answer = await act(`/clusters/${clusterOf(asked)}`, tags.length ? tags : [["tag", ""]], say("tagged", { letter: asked.dataset.letter }));
  if (answer.ok) dialog.close();
});
