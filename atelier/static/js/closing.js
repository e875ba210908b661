// The two minutes after a closing, in which the group may still change its mind.
import { say, words } from "./words.js";

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
    left.closest("section").hidden = true; // what cannot be done any more is not offered
    clearInterval(ticking);
  };
  const ticking = setInterval(tick, 1000);
  tick();
}
