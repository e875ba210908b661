// The frieze of a series: a line for each thread, between what stands side by side. The list below says the same in words.
const frieze = document.getElementById("frise");
const NS = "http://www.w3.org/2000/svg";

function draw() {
  const svg = frieze.querySelector("svg");
  const home = frieze.getBoundingClientRect();
  svg.replaceChildren(...[...document.querySelectorAll(".liste-fils > li")].map((thread) => line(thread, home)).filter(Boolean));
}

function line({ dataset: { a, b, kind } }, home) {
  const [from, to] = [a, b].map((id) => frieze.querySelector(`[data-thing="${CSS.escape(id)}"]`)?.getBoundingClientRect());
  if (!from || !to || to.left < from.right) return null; // one column: the list says it
  const [x, y] = [from.right - home.left, from.top + from.height / 2 - home.top];
  const [u, v] = [to.left - home.left, to.top + to.height / 2 - home.top];
  const half = (x + u) / 2;
  const path = document.createElementNS(NS, "path");
  path.setAttribute("d", `M${x} ${y}C${half} ${y} ${half} ${v} ${u} ${v}`);
  path.setAttribute("class", kind === "open" ? "avenir" : kind === "drawn" ? "fort" : "trouve");
  return path;
}

if (frieze) {
  draw();
  new ResizeObserver(draw).observe(frieze);
  document.fonts?.ready.then(draw);
}
