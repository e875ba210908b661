// A trajectory as SVG: three ruled lanes that go down, one band for each period. It holds its own colours, so that it can leave the page.
import { LANES, isMilestone } from "./moments.js";

const NS = "http://www.w3.org/2000/svg";
const FACE = '"Atkinson Next", "Segoe UI", Roboto, system-ui, sans-serif';
const INK = "#191E33";
const PAPER = { roots: "#F6DD83", work: "#C6DAF6", choices: "#F8C8B3" };
const FOLD = { roots: "#C3A84F", work: "#86A3D8", choices: "#CF9079" };

/* {svg, places: [{id, x, y, width, height}], height}, in pixels, for a drawing of `width` with letters of `size`.
   `named(value)` gives the words for a lane, a period or a feeling. */
export function drawn({ moments, links }, { width, size, named }) {
  const measure = ruler(size);
  const lane = laneOf(width, size);
  const bands = banded(moments, (each) => noteOf(each, { links, lane, size, measure, named }));
  const svg = made("svg", { viewBox: `0 0 ${width} 10`, width, "font-family": FACE, "font-size": size, fill: "currentColor", color: INK });
  const [behind, notes] = [made("g"), made("g")];
  svg.append(...heads(lane, { size, measure, named }), behind, notes);
  const places = [];
  let y = size * 3.1;
  for (const band of bands) {
    behind.append(...periodLine(band, { y, width, size, named }), ...axes(band, { y: y + size * 1.1, lane, size }));
    for (const note of band.notes) {
      const place = { id: note.moment.id, x: lane.x(note.moment.lane) + size, y: y + size * 1.5 + note.top, width: lane.width - size, height: note.height };
      places.push(place);
      notes.append(paper(note, place, { size, named }));
    }
    y += band.height + size * 2.4;
  }
  behind.append(...links.map(([a, b]) => strand(places.find(({ id }) => id === a), places.find(({ id }) => id === b))));
  svg.setAttribute("viewBox", `0 0 ${width} ${y}`);
  svg.setAttribute("height", y);
  return { svg, places, height: y };
}

function laneOf(width, size) {
  const gap = size * 0.6;
  const each = (width - 2 * gap) / 3;
  return { width: each, x: (name) => LANES.indexOf(name) * (each + gap) };
}

function banded(moments, note) {
  const bands = [];
  for (const moment of moments) {
    if (bands.at(-1)?.period !== moment.period) bands.push({ period: moment.period, ahead: isMilestone(moment), notes: [], height: 0 });
    const band = bands.at(-1);
    const above = band.notes.findLast((other) => other.moment.lane === moment.lane);
    const made = { ...note(moment), top: above ? above.top + above.height + 10 : 0 };
    band.notes.push(made);
    band.height = Math.max(band.height, made.top + made.height);
  }
  return bands;
}

/* ── a note ── */

function noteOf(moment, { links, lane, size, measure, named }) {
  const rows = wrapped(moment.title.trim(), lane.width - size * 1.9, measure);
  const numbers = links.flatMap((pair, index) => (pair.includes(moment.id) ? [index + 1] : []));
  const felt = isMilestone(moment) ? "milestone" : moment.felt; // "" as long as nobody has said
  const height = size * (0.9 + (rows.length + (felt ? 1 : 0) + (numbers.length ? 1 : 0)) * 1.28);
  return { moment, rows, numbers, felt, height: Math.max(height, 44) };
}

function paper({ moment, rows, numbers, felt }, { x, y, width, height }, { size, named }) {
  const fold = 11;
  const group = made("g", { fill: INK, color: INK });
  const outline = `M${x} ${y}h${width - fold}l${fold} ${fold}v${height - fold}h${-width}Z`;
  group.append(made("path", { d: outline, fill: PAPER[moment.lane], ...(isMilestone(moment) ? { stroke: INK, "stroke-width": 1.5, "stroke-dasharray": "4 3" } : {}) }));
  group.append(made("path", { d: `M${x + width - fold} ${y}v${fold}h${fold}Z`, fill: FOLD[moment.lane] }));
  const left = x + size * 0.6;
  let line = y + size * 1.35;
  const next = () => { line += size * 1.28; return line - size * 1.28; };
  for (const row of rows) group.append(text(row, left, next()));
  if (felt) group.append(sign(felt, left + size * 0.4, line - size * 0.33, size * 0.36), text(named(felt), left + size * 1.1, next(), { "font-weight": 700, "font-size": size * 0.93 }));
  if (numbers.length) group.append(text(`↔ ${numbers.join(", ")}`, left, next(), { "font-weight": 700, "font-size": size * 0.86 }));
  return group;
}

// ● chosen, ○ endured, ◐ both, and a lozenge for a milestone.
function sign(felt, x, y, r) {
  if (felt === "milestone") return made("path", { d: `M${x} ${y - r}l${r} ${r}l${-r} ${r}l${-r} ${-r}Z` });
  const group = made("g");
  group.append(made("circle", { cx: x, cy: y, r, fill: felt === "chosen" ? INK : "none", stroke: INK, "stroke-width": 1.8 }));
  if (felt === "both") group.append(made("path", { d: `M${x} ${y - r}a${r} ${r} 0 0 0 0 ${2 * r}Z` }));
  return group;
}

/* ── what lies behind the notes ── */

function heads(lane, { size, measure, named }) {
  const bold = { "font-weight": 700, "font-size": size };
  return LANES.flatMap((name) => wrapped(named(name), lane.width - size * 0.5, measure).slice(0, 2)
    .map((row, index) => text(row, lane.x(name), size * (1 + index * 1.15), bold)));
}

function periodLine({ period }, { y, width, size, named }) {
  const name = named(period);
  const from = size * 1.2 + ruler(size * 0.93)(name) * 1.15;
  return [
    text(name, size * 0.6, y + size * 0.7, { "font-weight": 700, "font-size": size * 0.93 }),
    made("path", { d: `M${from} ${y + size * 0.4}H${width}`, stroke: "currentColor", "stroke-opacity": 0.5, "stroke-width": 1.5, "stroke-dasharray": "1.5 3" }),
  ];
}

function axes({ ahead, height }, { y, lane, size }) {
  const end = y + height + size * 0.8;
  return LANES.map((name) => {
    const x = lane.x(name) + 1;
    let ticks = "";
    for (let tick = y; tick < end; tick += 22) ticks += `M${x} ${tick}h8`;
    return made("path", { d: `M${x} ${y}V${end}${ticks}`, stroke: "currentColor", "stroke-width": 2, fill: "none", ...(ahead ? { "stroke-dasharray": "5 4" } : {}) });
  });
}

// From one note to another, under those between them; its number stands on both.
function strand(a, b) {
  const [left, right] = a.x < b.x ? [a, b] : [b, a];
  const [x1, y1] = [left.x + left.width, left.y + left.height / 2];
  const [x2, y2] = [right.x, right.y + right.height / 2];
  const bend = Math.max(14, (x2 - x1) / 2);
  const group = made("g", { fill: "none", stroke: "currentColor", "stroke-width": 2 });
  group.append(made("path", { d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` }));
  for (const [cx, cy] of [[x1, y1], [x2, y2]]) group.append(made("circle", { cx, cy, r: 3.5, fill: "currentColor" }));
  return group;
}

/* ── words in rows ── */

function ruler(size) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${size}px ${FACE}`;
  return (words) => pen.measureText(words).width * 1.04; // a file may be read with other letters
}

function wrapped(words, width, measure) {
  const rows = [""];
  for (const word of words.split(/ +/).flatMap((each) => cut(each, width, measure))) {
    const longer = rows.at(-1) ? `${rows.at(-1)} ${word}` : word;
    if (!rows.at(-1) || measure(longer) <= width) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows;
}

// A word wider than its note goes on in the next row.
function cut(word, width, measure) {
  const pieces = [""];
  for (const letter of word) {
    if (pieces.at(-1) && measure(pieces.at(-1) + letter) > width) pieces.push("");
    pieces[pieces.length - 1] += letter;
  }
  return pieces;
}

const text = (words, x, y, how = {}) => made("text", { x, y, ...how }, words);

function made(name, how = {}, words = null) {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(how)) element.setAttribute(key, typeof value === "number" ? Math.round(value * 100) / 100 : value);
  if (words !== null) element.textContent = words;
  return element;
}
