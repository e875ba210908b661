// How a text leaves the notebook, by the person's own hand: clipboard, another app, paper, a file made here.
import { announce, part } from "./page.js";

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    announce("copied");
  } catch { offer(text); }
}

// Without a clipboard (plain HTTP) the text is shown, ready for the phone's own menu.
function offer(text) {
  const dialog = part("by-hand");
  const field = dialog.querySelector("textarea");
  field.value = text;
  dialog.showModal();
  field.select();
}

export const shares = () => Boolean(navigator.share);

export async function share(text) {
  try { await navigator.share({ text }); } catch { /* the person changed their mind */ }
}

export function save(name, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  announce("saved");
}

// Only the sheet is printed; the page around it stays as it is.
export function print(sheet) {
  part("sheet")?.remove();
  sheet.id = "personal-sheet";
  document.body.append(sheet);
  document.body.dataset.uiPrint = "1";
  window.addEventListener("afterprint", () => {
    delete document.body.dataset.uiPrint;
    sheet.remove();
  }, { once: true });
  window.print();
}
