// The time on the projector: the figures in the corner and the ruler below. It makes no sound and closes nothing.
import { pose } from "../pose.js";
import { clock, followTimer, part } from "../timer.js";

const FEW = 5; // figures that have their full size
const place = document.getElementById("clock");
const digits = place.querySelector("[role=timer]");
const ruler = document.getElementById("ruler");
let timer = null;

// `resized` is called when the time appears, leaves, or needs more room.
export function startTime(root, resized) {
  const draw = () => {
    const before = place.dataset.room;
    drawClock();
    drawRuler();
    root.dataset.timed = timer ? "1" : "0";
    if (place.dataset.room !== before) resized();
  };
  document.addEventListener("scene-changed", drawRuler);
  followTimer((now) => {
    timer = now;
    draw();
  });
}

function drawClock() {
  place.hidden = !timer;
  const text = timer ? clock(timer.left) : "";
  digits.textContent = text;
  place.dataset.state = !timer ? "" : timer.left < 0 ? "over" : timer.running ? "running" : "paused";
  place.dataset.room = text.length > FEW ? "long" : text.length;
}

// The time given, or where the step stands in the script.
function drawRuler() {
  const { number = 0, of = 0 } = document.getElementById("board").dataset;
  ruler.hidden = !timer && of < 2;
  ruler.dataset.state = timer ? place.dataset.state : "";
  ruler.dataset.n = timer ? Math.min(60, Math.max(1, Math.round(timer.total / 60))) : of;
  ruler.dataset.part = timer ? part(timer) : of > 1 ? Math.round((100 * number) / of) : 0;
  pose(ruler.parentElement);
}
