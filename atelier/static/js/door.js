// The code of the room, wherever this page shows it: drawn anew when the room has another.

const door = () => document.getElementById("door").dataset;
let shown = door().code;

export function followDoor(changed = () => {}) {
  document.addEventListener("now-changed", () => {
    const { code } = door();
    if (code === shown) return;
    shown = code;
    for (const place of document.querySelectorAll("[data-room-code]")) place.textContent = code;
    for (const link of document.querySelectorAll("[data-join-link]")) link.dataset.copy = link.dataset.copy.replace(/#.*/, `#${code.replaceAll(/\s/g, "")}`);
    for (const place of document.querySelectorAll(".qr")) place.replaceChildren(drawn());
    changed();
  });
}

function drawn() {
  const image = new Image();
  image.alt = "";
  image.src = `/r/${document.body.dataset.room}/qr.svg?${Date.now()}`; // not the picture of the code before
  return image;
}
