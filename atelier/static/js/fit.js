// A wall of notes in one multi-column block: the largest text that fits, else pages at the smallest legible size.
const MIN = 0.0175; // of the width of the picture: read from the last row
const MAX = 0.033;
const NARROW = 8.5; // a column is at least this many em wide
const COLUMNS = 12;

// The measures go on `root`, outside the board: what the server draws stays as the server drew it.
export function fit(wall, root) {
  const width = wall.clientWidth;
  const gap = parseFloat(getComputedStyle(wall).columnGap) || 16;
  const min = root.clientWidth * MIN;
  const max = root.clientWidth * MAX;
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
  const widest = (columns) => Math.min(max, ((width + gap) / columns - gap) / NARROW);
  let best = { size: 0, columns: 0 };
  for (let columns = 2; columns <= COLUMNS && widest(columns) >= Math.max(min, best.size); columns++) {
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
    for (let columns = 2; columns <= COLUMNS && widest(columns) >= min; columns++) {
      set(columns, min);
      if (pages() >= least) continue;
      least = pages();
      best = { size: min, columns };
    }
  }
  set(best.columns, best.size);
  if (!wall.querySelector(".cluster")) { // loose notes spread over the columns, when they still fit
    root.style.setProperty("--fill", "balance");
    if (wall.scrollWidth > width + 2) root.style.setProperty("--fill", "auto");
  }
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
