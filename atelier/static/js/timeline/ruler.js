// The drawing above and below the slider: what has passed, and only labels that have room.
const bands = [...document.querySelectorAll(".bande")];
const marks = [...document.querySelectorAll(".acte")];
const GAP = 4;

// The band that holds `minute`, if any; the marks up to number `seq` are done.
export function showProgress(minute, seq) {
  for (const band of bands) band.classList.toggle("passee", Number(band.dataset.start) <= minute);
  for (const mark of marks) mark.classList.toggle("fait", Number(mark.dataset.seq) <= seq);
  return bands.findLast((band) => Number(band.dataset.start) <= minute);
}

export function fitLabels() {
  for (const band of bands) fitName(band);
  keepApart([...document.querySelectorAll(".acte :is(text, circle)")]);
  thinOut([...document.querySelectorAll(".graduations text")]);
}

// The whole name, else the number, else nothing.
function fitName(band) {
  const label = band.querySelector("text");
  label.dataset.whole ??= label.textContent;
  const room = band.getBoundingClientRect().width - 2 * GAP;
  for (const name of [label.dataset.whole, label.dataset.short, ""]) {
    label.textContent = name;
    if (label.getComputedTextLength() + Number(label.getAttribute("x")) <= room) return;
  }
}

// A letter that would touch the one before it is left out; its line stays.
function keepApart(heads) {
  let end = -Infinity;
  for (const head of heads) {
    const { left, right } = head.getBoundingClientRect();
    const hidden = head.tagName === "text" && left < end + GAP;
    head.classList.toggle("sans-place", hidden);
    if (!hidden) end = right;
  }
}

// Every label, else every second, every fourth: at even distances.
function thinOut(labels) {
  const boxes = labels.map((label) => label.getBoundingClientRect());
  const apart = (every) => boxes.every((box, n) => n < every || n % every || box.left >= boxes[n - every].right + 2 * GAP);
  let every = 1;
  while (every < labels.length && !apart(every)) every *= 2;
  labels.forEach((label, n) => label.classList.toggle("sans-place", n % every !== 0));
}
