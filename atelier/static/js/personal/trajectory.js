// My three lines: the drawing, the same as a list that lies over it, and the moment in hand.
import { drawn } from "./drawing.js";
import { copy, save } from "./handing.js";
import { AHEAD, BEHIND, LANES, dropMoment, isMilestone, keepMoment, link, linkedTo, links, lookAhead, looksAhead, moment, moments } from "./moments.js";
import { markdown } from "./outputs.js";
import { announce, askSure, lowered, part, shows, word } from "./page.js";
import { drawSharing, startSharing } from "./sharing.js";

const FILE = { width: 720, size: 15 }; // pixels, of the drawing that leaves
const NARROW = 16; // letters' heights: below, three lanes hold no words and the list is shown instead

let stepNow = () => null;
let inHand = null; // the moment of the form; it is kept from its first letter on
let width = 0; // of the last drawing

const form = () => part("moment");
const named = (value) => part("parts").querySelector(`[data-name-of="${value}"]`).textContent.trim();
const random = () => `moment-${crypto.getRandomValues(new Uint32Array(1))[0]}`;

export function startTrajectory({ wall, stepNow: step }) {
  stepNow = step;
  form().addEventListener("submit", (event) => { event.preventDefault(); putDown(); });
  form().addEventListener("input", take);
  part("moment-links").addEventListener("change", ({ target }) => link(inHand.id, target.value, target.checked));
  part("moment-erase").addEventListener("click", erase);
  part("moment-add").addEventListener("click", () => begin("today"));
  part("milestone-add").addEventListener("click", () => begin("one"));
  part("ahead").addEventListener("change", ({ target }) => lookAhead(target.checked));
  part("moments").addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) takeUp(moment(button.value));
  });
  part("save-drawing").addEventListener("click", () => save(`${word("trajectoryFile")}.svg`, "image/svg+xml", `${new XMLSerializer().serializeToString(asFile())}\n`));
  part("save-words").addEventListener("click", () => save(`${word("trajectoryFile")}.md`, "text/markdown", markdown(asDocument())));
  part("copy-words").addEventListener("click", () => copy(markdown(asDocument())));
  startSharing(wall, () => inHand, named);
  new ResizeObserver(() => { if (part("drawing").clientWidth !== width) drawTrajectory(); }).observe(part("drawing"));
}

/* ── the moment in hand ── */

function begin(period) {
  const lane = inHand?.lane ?? LANES[0];
  takeUp({ id: random(), title: "", lane, period: period === "today" && inHand && !isMilestone(inHand) ? inHand.period : period, felt: "" });
}

function takeUp(taken) {
  if (inHand) putAway();
  inHand = taken;
  const { elements } = form();
  for (const [name, value] of Object.entries({ title: taken.title, lane: taken.lane, period: taken.period, felt: taken.felt })) elements[name].value = value;
  if (!taken.felt) for (const each of form().querySelectorAll("[name=felt]")) each.checked = false;
  drawTrajectory();
  (moment(taken.id) ? form() : elements.title).focus(); // a keyboard on the screen would hide what is only looked at
  form().scrollIntoView({ block: "nearest" });
}

function take({ target }) {
  if (target.closest("#personal-moment-links")) return;
  const { title, lane, period, felt } = Object.fromEntries(new FormData(form()));
  inHand = { ...inHand, title, lane, period, felt: felt ?? "" };
  if (title.trim() || moment(inHand.id)) keepMoment(inHand);
  else drawTrajectory();
}

// A moment without a title would be seen nowhere: it goes.
function putAway() {
  if (!inHand.title.trim()) dropMoment(inHand.id);
  inHand = null;
}

function putDown() {
  const { id } = inHand;
  putAway();
  drawTrajectory();
  (part("moments").querySelector(`[value="${id}"]`) ?? part("moment-add")).focus();
}

async function erase() {
  if (!await askSure("sureMoment")) return;
  dropMoment(inHand.id);
  inHand = null;
  drawTrajectory();
  part("moment-add").focus();
  announce("momentErased");
}

/* ── drawing ── */

export function drawTrajectory() {
  if (inHand && inHand.title.trim()) inHand = moment(inHand.id); // it may have been erased elsewhere
  if (shows() !== "trajectory") return;
  drawPrompt();
  const seen = moments();
  const box = part("drawing");
  width = box.clientWidth;
  const size = parseFloat(getComputedStyle(box).fontSize);
  const wide = width >= NARROW * size;
  box.dataset.as = wide ? "drawing" : "list";
  part("trajectory-empty").hidden = seen.length > 0;
  const picture = wide && width ? drawn({ moments: seen, links: links() }, { width, size, named }) : null;
  box.querySelector("svg")?.remove();
  if (picture) {
    picture.svg.setAttribute("aria-hidden", "true"); // the list over it says the same
    box.prepend(picture.svg);
  }
  drawList(seen, picture?.places ?? []);
  drawForm();
  part("trajectory-acts").hidden = !seen.length;
}

// A step of this kind says what to look for; away from it, the usual sentence.
function drawPrompt() {
  const prompt = part("trajectory-prompt");
  const step = stepNow();
  prompt.textContent = step?.kind === "trajectoire" ? step.prompt : prompt.dataset.prompt;
}

function drawList(seen, places) {
  const focused = document.activeElement?.closest("#personal-moments button")?.value;
  part("moments").replaceChildren(...seen.map((each) => itemOf(each, places.find(({ id }) => id === each.id))));
  if (focused) part("moments").querySelector(`[value="${focused}"]`)?.focus();
}

function itemOf(each, place) {
  const item = part("moment-line").content.firstElementChild.cloneNode(true);
  const button = item.querySelector("button");
  button.value = each.id;
  button.setAttribute("aria-pressed", String(each.id === inHand?.id));
  item.querySelector("b").textContent = each.title.trim();
  item.querySelector("span").textContent = around(each);
  if (place) Object.assign(item.style, { left: `${place.x}px`, top: `${place.y}px`, width: `${place.width}px`, height: `${place.height}px` });
  return item;
}

function drawForm() {
  form().hidden = !inHand;
  part("milestone-add").hidden = !looksAhead();
  part("ahead").checked = looksAhead();
  for (const option of form().querySelectorAll("[data-ahead] option")) option.disabled = !looksAhead() && option.value !== inHand?.period;
  if (!inHand) return;
  drawSharing();
  part("moment-felt").hidden = isMilestone(inHand);
  const others = inHand.title.trim() ? moments().filter(({ id, lane }) => id !== inHand.id && lane !== inHand.lane) : [];
  const linked = linkedTo(inHand.id).map(({ id }) => id);
  part("moment-linked").hidden = !others.length;
  const shown = [...part("moment-links").querySelectorAll("input")].map(({ value }) => value).join();
  if (shown === others.map(({ id }) => id).join() && part("moment-links").contains(document.activeElement)) return;
  part("moment-links").replaceChildren(...others.map((other) => linkBox(other, linked.includes(other.id))));
}

function linkBox(other, linked) {
  const item = part("choice").content.firstElementChild.cloneNode(true);
  Object.assign(item.querySelector("input"), { value: other.id, checked: linked });
  item.querySelector("b").textContent = other.title.trim();
  item.querySelector("small").textContent = around(other, { withLinks: false });
  return item;
}

/* ── in words ── */

// Where a moment stands, what it was, and what it answers to.
function around(each, { period = each.period, withLinks = true } = {}) {
  const felt = isMilestone(each) ? "milestone" : each.felt;
  const words = [each.lane, period, felt].filter(Boolean).map((value, place) => (place ? lowered(named(value)) : named(value))).join(", ");
  const answers = withLinks ? linkedTo(each.id).map(({ title }) => word("linkedTo", { title: title.trim() })) : [];
  return [words, ...answers].join(". ");
}

const inWords = () => [...BEHIND, ...AHEAD].flatMap((period) => {
  const there = moments().filter((each) => each.period === period);
  if (!there.length) return [];
  return [{ heading: named(period) }, { list: there.map((each) => `${each.title.trim()} (${around(each, { period: "" })})`) }];
});

const asDocument = () => ({ title: word("trajectory"), sections: [{ title: word("moments"), blocks: inWords() }] });

function picture({ width: across, size }) {
  const { svg } = drawn({ moments: moments(), links: links() }, { width: across, size, named });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", word("drawingSays"));
  return svg;
}

// A drawing of its own: on white, with a margin, and all of it in words for who cannot see it.
function asFile() {
  const svg = picture(FILE);
  const [, , across, down] = svg.getAttribute("viewBox").split(" ").map(Number);
  svg.setAttribute("viewBox", `-24 -24 ${across + 48} ${down + 48}`);
  svg.removeAttribute("height");
  svg.setAttribute("aria-label", [word("trajectory"), ...moments().map((each) => `${each.title.trim()} (${around(each)})`)].join(". "));
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [key, value] of Object.entries({ x: -24, y: -24, width: across + 48, height: down + 48, fill: "#FFFFFF" })) ground.setAttribute(key, value);
  svg.prepend(ground);
  return svg;
}

export function trajectorySources() {
  if (!moments().length) return [];
  const titles = moments().map(({ title }) => title.trim()).join(", ");
  return [{ id: "trajectory", title: word("trajectory"), says: titles, section: () => ({ title: word("trajectory"), blocks: [{ drawing: picture(FILE) }, ...inWords()] }) }];
}
