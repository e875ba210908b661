// A link to hand out: a button copies it; without a clipboard (plain HTTP) it is shown, ready to be taken by hand.
import { words } from "./words.js";

for (const link of document.querySelectorAll("a[data-copy]")) link.addEventListener("click", copy);

async function copy(event) {
  event.preventDefault();
  const link = event.currentTarget;
  const field = link.parentElement.querySelector("input");
  const says = link.parentElement.querySelector("[role=status]");
  try {
    await navigator.clipboard.writeText(link.href);
    says.textContent = words.copied;
  } catch {
    field.value = link.href;
    field.hidden = false;
    field.select();
  }
}
