// Keeps this screen from going dark while the session is open, where the browser can; elsewhere nothing happens.
let lock = null;
let asking = false;

export function stayAwake() {
  hold();
  for (const event of ["visibilitychange", "board-changed", "room-gone"]) document.addEventListener(event, hold);
}

// A browser lets go of it by itself when the page is hidden.
async function hold({ type } = {}) {
  const wanted = document.body.dataset.state !== "closed" && type !== "room-gone";
  if (!wanted) return lock?.release();
  if (asking || document.hidden || (lock && !lock.released)) return;
  asking = true;
  try { lock = await navigator.wakeLock?.request("screen"); } catch { /* low battery, or not allowed */ }
  asking = false;
}
