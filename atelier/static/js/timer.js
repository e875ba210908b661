// The room's timer: reads what the last frame said of it, and tells the page each second that passes.
let timer = null; // {total, left, ends, skew}, in seconds
let second = null;

// `show` is given {total, left, running}, or null when there is no timer; `left` is below zero when the time is over.
export function followTimer(show) {
  const read = () => {
    timer = readTimer();
    second = undefined;
    tick();
  };
  const tick = () => {
    const now = reading();
    if (now?.left === second && second !== undefined) return;
    second = now?.left;
    show(now);
  };
  document.addEventListener("now-changed", read);
  document.addEventListener("visibilitychange", tick);
  setInterval(tick, 200);
  read();
}

// The clock of this screen may be wrong: only its pace is trusted.
function readTimer() {
  const { total, left, ends, at } = document.getElementById("timer")?.dataset ?? {};
  if (!total) return null;
  return { total: Number(total), left: Number(left), ends: ends && Number(ends), skew: Number(at) - performance.now() / 1000 };
}

function reading() {
  if (!timer) return null;
  const now = performance.now() / 1000 + timer.skew;
  return { total: timer.total, left: timer.ends ? Math.ceil(timer.ends - now) : timer.left, running: Boolean(timer.ends) };
}

// 6:20, and +1:05 when the time is over.
export function clock(seconds) {
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? "+" : "";
  return `${sign}${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
}

// How much of the time is gone, in percent of what was given.
export const part = ({ total, left }) => Math.min(100, Math.max(0, Math.round((100 * (total - left)) / total)));
