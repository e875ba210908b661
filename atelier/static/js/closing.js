// Closing the room and the two minutes in which the group may still change its mind.
import { act, room } from "./command.js";
import { say, words } from "./words.js";

for (const form of document.querySelectorAll("form[data-command]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    fields.delete("heard"); // a promise made in the room, not a record
    const answer = await act(form.dataset.command, fields);
    if (answer.ok) location.reload();
  });
}

// It only informs: the server holds the clock.
const left = document.getElementById("left");
if (left) {
  const end = Number(left.dataset.finish) * 1000;
  const tick = () => {
    const seconds = Math.min(120, Math.ceil((end - Date.now()) / 1000));
    if (seconds > 0) {
      left.textContent = say("left", { time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` });
      return;
    }
    left.textContent = words.over;
    clearInterval(ticking);
  };
  const ticking = setInterval(tick, 1000);
  tick();
}
