// The head of the page: which step the room is at, and the time it is given, if any and if this phone is to show it.
import * as appearance from "../appearance.js";
import { clock, followTimer, part } from "../timer.js";
import { say } from "../words.js";
import { board, body, byId } from "./page.js";

let given = null;

export function startTime() {
  followTimer((now) => {
    given = now;
    drawTime();
  });
}

export function drawTime() {
  const { number, of } = board().dataset;
  const at = Number(number);
  const steps = Number(of);
  const many = body.state === "open" && steps > 1;
  byId("where").hidden = !many;
  byId("where").textContent = many ? say("stepOf", { n: number, total: of }) : "";
  const timer = appearance.timer() === "hidden" ? null : given;
  const time = byId("time");
  time.hidden = !timer;
  time.textContent = timer ? clock(timer.left) : "";
  time.dataset.over = timer?.left < 0 ? "1" : "0";
  const ruler = byId("ruler");
  ruler.hidden = !many && !timer;
  ruler.style.setProperty("--n", timer ? Math.min(60, Math.max(1, Math.round(timer.total / 60))) : steps || 1);
  ruler.style.setProperty("--part", `${timer ? part(timer) : (100 * at) / (steps || 1)}%`);
}
