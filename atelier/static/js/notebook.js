// The notebooks that this browser holds, without their rooms: to read, take away or erase what outlived a session.
import { start } from "./personal.js";
import { labelOf, openRoom, rooms } from "./personal/store.js";

const choice = document.getElementById("notebook");
const found = rooms();

for (const room of found) choice.append(new Option(labelOf(room) || choice.dataset.nameless, room));
document.getElementById("notebooks").hidden = found.length === 1;
document.getElementById("notebooks-none").hidden = found.length > 0;
document.getElementById("notebooks-choice").hidden = !found.length;
document.getElementById("personal").hidden = !found.length;

if (found.length) {
  openRoom(found[0]);
  start();
}

choice.addEventListener("change", () => {
  openRoom(choice.value);
  document.dispatchEvent(new CustomEvent("personal-room"));
});
