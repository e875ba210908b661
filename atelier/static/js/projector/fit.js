// What hangs on the wall in one multi-column block: the largest text that fits, else pages at the smallest legible size.
// The sizes follow from --recul in tokens.css: how far the last row sits.
const LARGEST = 1.5; // times the ideal size: beyond it, large letters only take room
const COLUMNS = 12;

const WALL = { from: 2, to: COLUMNS, narrow: 8.5, largest: LARGEST }; // a column is at least `narrow` em wide
const READING = { from: 1, to: 3, narrow: 13, largest: 1.7 };
const SYNTHESIS = { from: 1, to: 3, narrow: 11, largest: 2 };

// What a length of the stylesheet comes to here, in pixels.
export function pixels(root, length) {
  const probe = root.appendChild(document.createElement("i"));
  probe.style.setProperty("font-size", length);
  const size = parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  return size;
}

export function fitWall(wall, root) {
  const fitted = fit(wall, root, WALL);
  if (wall.querySelector(".cluster")) return fitted;
  root.style.setProperty("--fill", "balance"); // loose notes spread over the columns, when they still fit
  if (wall.scrollWidth > wall.clientWidth + 2) root.style.setProperty("--fill", "auto");
  return fitted;
}

// Titles alone: what height is left goes between them.
export function fitSynthesis(wall, root) {
  root.style.setProperty("--air", 0.3);
  const fitted = fit(wall, root, SYNTHESIS);
  for (let air = 1.6; air > 0.3 && fitted.pages === 1; air -= 0.1) {
    root.style.setProperty("--air", air);
    if (wall.scrollWidth <= wall.clientWidth + 2) break;
    root.style.setProperty("--air", 0.3);
  }
  return fitted;
}

export const fitReading = (text, root) => fit(text, root, READING);

// The measures go on `root`, outside the board: what the server draws stays as the server drew it.
function fit(wall, root, { from, to, narrow, largest }) {
  const width = wall.clientWidth;
  const gap = parseFloat(getComputedStyle(wall).columnGap) || 16;
  const min = pixels(root, "var(--proj-min)");
  const max = pixels(root, "var(--proj-ideal)") * largest;
  const set = (columns, size) => {
    root.style.setProperty("--cols", columns);
    root.style.setProperty("--corps", `${size}px`);
    root.style.setProperty("--fill", "auto");
    delete root.dataset.pages;
  };
  const fits = (columns, size) => {
    set(columns, size);
    return wall.scrollWidth <= width + 2;
  };
  const widest = (columns) => Math.min(max, ((width + gap) / columns - gap) / narrow);
  let best = { size: 0, columns: from };
  for (let columns = from; columns <= to && widest(columns) >= Math.max(min, best.size); columns++) {
    let low = Math.max(min, best.size);
    let high = widest(columns);
    if (!fits(columns, low)) continue;
    if (fits(columns, high)) low = high;
    while (high - low > 0.75) {
      const middle = (low + high) / 2;
      if (fits(columns, middle)) low = middle;
      else high = middle;
    }
    if (low > best.size) best = { size: low, columns };
  }
  const pages = () => (wall.scrollWidth + gap) / (width + gap);
  if (!best.size) {
    let least = Infinity;
    best.size = min;
    for (let columns = from; columns <= to && widest(columns) >= min; columns++) {
      set(columns, min);
      if (pages() >= least) continue;
      least = pages();
      best.columns = columns;
    }
  }
  set(best.columns, best.size);
  const count = Math.max(1, Math.ceil(pages() - 0.01));
  if (count > 1) fillLastPage(wall, root, best.columns, count, gap);
  return { size: best.size, pages: count };
}

// Empty columns after the last note, so that the last page starts where the one before it ended.
function fillLastPage(wall, root, columns, pages, gap) {
  const column = (wall.clientWidth + gap) / columns;
  const used = Math.round((wall.scrollWidth + gap) / column);
  const empty = pages * columns - used;
  if (empty < 1) return;
  root.dataset.pages = pages;
  root.style.setProperty("--vide", `${Math.max(0, empty * wall.clientHeight - 8)}px`);
}

export function turn(wall, page) {
  const gap = parseFloat(getComputedStyle(wall).columnGap) || 16;
  wall.scrollLeft = page * (wall.clientWidth + gap);
}

// A cluster that goes on in the next column repeats its letter there.
export function markContinued(wall) {
  for (const lane of wall.querySelectorAll(".lane")) {
    let left;
    for (const note of lane.querySelectorAll(".note")) {
      const goesOn = lane.dataset.letter && left !== undefined && note.offsetLeft !== left;
      if (goesOn) note.setAttribute("data-ui-suite", lane.dataset.letter);
      else note.removeAttribute("data-ui-suite");
      left = note.offsetLeft;
    }
  }
}
