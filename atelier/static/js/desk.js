// The desk: weights of the balance bars, the question before a room is erased, and the report after it.
import { pose } from "./pose.js";

const dialog = document.getElementById("erasing");
const form = dialog.querySelector("form");
const understood = document.getElementById("understood");

pose();

for (const button of document.querySelectorAll("[data-erase]")) {
  button.addEventListener("click", () => {
    const { erase, title, holds } = button.dataset;
    form.action = erase;
    document.getElementById("erasing-room").textContent = title;
    understood.checked = false;
    understood.required = holds === "1"; // an empty room asks for nothing more
    understood.closest("label").hidden = holds !== "1";
    dialog.showModal();
    dialog.querySelector("[value=no]").focus();
  });
}
dialog.querySelector("[value=no]").addEventListener("click", () => dialog.close());

/* ── what the erasure destroyed, until it is read ── */

const erased = document.getElementById("erased");
document.addEventListener("room-erased", ({ detail: report }) => {
  dialog.close();
  erased.querySelector("ul").replaceChildren(...report.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  erased.showModal();
  document.getElementById("erased-title").focus();
});
document.getElementById("print").addEventListener("click", () => print());
erased.addEventListener("close", () => location.reload());
