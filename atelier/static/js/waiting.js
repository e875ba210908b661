// Before a locked door: knocks again by itself, and enters with the others when it opens.

const LOCKED = 423;
const form = document.getElementById("join");
let knocking = null;

export function waitAtTheDoor() {
  document.addEventListener("htmx:after:request", ({ detail }) => {
    const { status, headers } = detail.ctx.response;
    if (status === LOCKED) knockAgain(headers);
    else stop();
  });
  form.addEventListener("input", stop); // another code is being typed
  if (form.dataset.refused === "room-locked") knockAgain();
}

function stop() {
  clearTimeout(knocking);
  delete form.dataset.refused;
}

function knockAgain(headers) {
  stop();
  form.dataset.refused = "room-locked"; // it waits: nothing is wrong
  const seconds = Number(headers?.get("Retry-After")) || 5;
  knocking = setTimeout(knock, seconds * 1000 * (0.8 + Math.random() * 0.4));
}

// Without htmx: what the page says does not change, and is not read aloud again.
async function knock() {
  try {
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
    if (response.ok) return location.assign((await response.json()).page);
    if (response.status !== LOCKED && response.status !== 429) return form.requestSubmit(); // says what has changed
    knockAgain(response.headers);
  } catch { // no network for a moment
    knockAgain();
  }
}
