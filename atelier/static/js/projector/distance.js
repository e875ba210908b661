// How far the last row sits from this picture: kept by this machine, because the room it stands in does not change.
const KEY = "atelier.distance";
const DISTANCES = ["near", "middle", "far"];
let root = null;
let changed = null;

export function startDistance(element, whenChanged) {
  root = element;
  changed = whenChanged;
  root.dataset.distance = stored();
}

export const distance = {
  choose(name) {
    root.dataset.distance = name;
    try { localStorage.setItem(KEY, name); } catch { /* storage refused: the choice lasts as long as the page */ }
    changed();
  },
  next() {
    distance.choose(DISTANCES[(DISTANCES.indexOf(root.dataset.distance) + 1) % DISTANCES.length]);
  },
};

function stored() {
  let name = null;
  try { name = localStorage.getItem(KEY); } catch { /* storage refused */ }
  return DISTANCES.includes(name) ? name : "middle";
}
