// "Forget on this phone": drafts, own notes with their secrets and the agreement go, then the phone leaves the room.
import * as outbox from "../outbox.js";
import { say, words } from "../words.js";
import { body, byId } from "./page.js";
import { AGREED } from "./views.js";
import { forgetText } from "./writing.js";

const dialog = byId("forget");

byId("forget-please").addEventListener("click", () => {
  byId("settings").close();
  byId("forget-fault").hidden = true;
  showUnsent();
  dialog.showModal();
  byId("forget-title").focus();
});
document.addEventListener("outbox-changed", showUnsent);

function showUnsent() {
  const { notes, withdrawals } = outbox.unsent();
  const lines = [counted(notes, "waitingOne", "waitingMany"), counted(withdrawals, "backOne", "backMany")].filter(Boolean);
  byId("forget-waiting").hidden = !lines.length;
  byId("forget-waiting").querySelector("span").textContent = lines.join(" ");
}

const counted = (n, one, many) => (n ? say(n === 1 ? one : many, { n }) : "");

byId("forget-sure").addEventListener("click", async () => {
  forget();
  byId("forget-fault").hidden = true;
  if (await leave()) return location.replace("/");
  byId("forget-what").hidden = true;
  byId("forget-fault").hidden = false;
});

// Whoever gives up leaving starts again as somebody new: this page writes nothing any more.
dialog.addEventListener("close", () => { if (outbox.isForgotten()) location.reload(); });

function forget() {
  forgetText();
  outbox.forget();
  document.dispatchEvent(new CustomEvent("room-forgotten"));
}

// The cookie is not ours to delete: only the server can take it away.
async function leave() {
  const answer = await fetch(`/r/${body.room}/leave`, { method: "POST", redirect: "manual" }).catch(() => null);
  return answer?.type === "opaqueredirect";
}

// What one tab forgets, the others of this phone must not write down again.
window.addEventListener("storage", ({ key, newValue }) => {
  if (key !== AGREED || newValue !== null) return;
  forget();
  location.replace("/");
});
