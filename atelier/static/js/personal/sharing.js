// One moment of the trajectory, at most, shown to the group: a note like any other, once the person has read what would leave.
import { announce, lowered, part, word } from "./page.js";

let wall = null; // {takesNotes(), limit(), isShared(), promise(), hint(text), put(text)}; none away from the room
let inHand = () => null;
let named = () => "";

export function startSharing(ofRoom, moment, names) {
  [wall, inHand, named] = [ofRoom, moment, names];
  part("moment-share").addEventListener("click", ask);
  for (const event of ["board-changed", "outbox-changed"]) document.addEventListener(event, drawSharing);
}

const noteOf = ({ title, period }) => `${title.trim()} (${lowered(named(period))})`;
const length = (text) => [...text.normalize("NFC")].length;

export function drawSharing() {
  const titled = Boolean(inHand()?.title.trim());
  const open = titled && Boolean(wall?.takesNotes());
  part("moment-share").hidden = !open || wall.isShared();
  part("moment-shared").hidden = !open || !wall.isShared();
}

function ask() {
  const note = noteOf(inHand());
  const over = length(note) - wall.limit();
  const dialog = part("sharing");
  dialog.querySelector("[data-of=note]").textContent = note;
  dialog.querySelector("[data-of=promise]").textContent = wall.promise();
  dialog.querySelector("[data-of=hint]").textContent = over > 0 ? word("momentTooLong", { n: over }) : wall.hint(note);
  dialog.querySelector("[value=yes]").hidden = over > 0;
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector("[value=no]").focus();
  dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") put(note); }, { once: true });
}

// The room may have gone on while the question was open.
function put(note) {
  if (!wall.takesNotes() || wall.isShared()) return announce("momentNotTaken");
  wall.put(note);
  drawSharing();
  part("moment-name").focus();
  announce("momentShared");
}
