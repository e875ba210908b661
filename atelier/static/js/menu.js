// One menu for the page: opens beside an element, is walked with the arrows, gives the focus back.
const menu = document.getElementById("menu");
let anchor = null;

// `items` are elements with role=menuitem and a `choose` function; `shortcut` picks one by its key.
export function openMenu(beside, label, items) {
  closeMenu();
  anchor = beside;
  menu.setAttribute("aria-label", label);
  const title = document.createElement("p");
  title.textContent = label;
  title.setAttribute("role", "presentation");
  menu.replaceChildren(title, ...items);
  menu.hidden = false;
  anchor.setAttribute("data-ui-open", "");
  place();
  items[0]?.focus();
}

export function menuItem(template, text, choose, { letter = "", shortcut = "", group } = {}) {
  const item = document.getElementById(template).content.firstElementChild.cloneNode(true);
  item.querySelector("[data-label]").textContent = text;
  if (group) item.dataset.groupe = group;
  const mark = item.querySelector(".repere:not(.vide)");
  if (mark) mark.textContent = letter;
  const key = item.querySelector("kbd");
  if (key && shortcut) key.textContent = shortcut;
  if (key && !shortcut) key.remove();
  item.dataset.shortcut = shortcut.toUpperCase();
  item.tabIndex = -1;
  item.choose = choose;
  return item;
}

export function closeMenu(returnFocus = false) {
  if (menu.hidden) return;
  menu.hidden = true;
  anchor?.removeAttribute("data-ui-open");
  if (returnFocus) anchor?.focus();
  anchor = null;
}

function place() {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const beside = box.right + 8 + width < innerWidth ? box.right + 8 : box.left - width - 8;
  const left = beside > 8 ? beside : Math.max(8, Math.min(box.left, innerWidth - width - 8));
  const top = Math.max(8, Math.min(box.top - 40, innerHeight - height - 8));
  menu.style.setProperty("left", `${left}px`);
  menu.style.setProperty("top", `${top}px`);
}

function choose(item) {
  closeMenu(true); // first the focus goes back, then the act decides where it goes
  item.choose();
}

menu.addEventListener("click", (event) => {
  const item = event.target.closest("[role=menuitem]");
  if (item) choose(item);
});

menu.addEventListener("keydown", (event) => {
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  const byKey = !event.ctrlKey && !event.metaKey && !event.altKey && items.find((item) => item.dataset.shortcut === event.key.toUpperCase());
  if (to !== undefined) items.at(to % items.length).focus();
  else if (event.key === "Escape") closeMenu(true);
  else if (event.key === "Tab") return closeMenu(true);
  else if (byKey) choose(byKey);
  else return;
  event.preventDefault();
  event.stopPropagation();
});

document.addEventListener("pointerdown", (event) => {
  if (!menu.hidden && !menu.contains(event.target)) closeMenu();
});
addEventListener("resize", () => closeMenu());
