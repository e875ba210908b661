// The wall on the phone: what there is to read, and letters that lead to a cluster.
import { say, words } from "../words.js";
import { body, byId, laneTitle, letterMark, shownNotes, span } from "./page.js";

export function drawWall() {
  const shown = shownNotes();
  const clusters = [...document.querySelectorAll("#clusters > [data-cluster]")];
  for (const lane of document.querySelectorAll("#wall .lane")) lane.toggleAttribute("data-ui-empty", !lane.querySelector("[data-note]"));
  body.uiClusters = clusters.length;
  nameUnsorted();
  const letters = byId("letters");
  letters.hidden = clusters.length < 2;
  letters.replaceChildren(...clusters.map(letterLink));
  document.documentElement.style.setProperty("--lettres", `${getComputedStyle(letters).position === "sticky" ? letters.offsetHeight : 0}px`);
  byId("wall-empty").hidden = shown > 0 || clusters.length > 0;
  byId("wall-empty").textContent = body.scene === "collect" ? words.wallWaits : words.wallEmpty;
  byId("wall-says").hidden = !shown;
  byId("wall-says").textContent = body.mode === "direct" ? words.wallDirect : words.wallMixed;
}

// "To sort" is the facilitator's work; here the lane has a name for who reads, in the reader's language.
function nameUnsorted() {
  const heading = byId("title-unsorted");
  const name = heading.querySelector("[data-ui]") ?? heading.appendChild(span(""));
  name.dataset.ui = "name";
  name.lang = document.documentElement.lang;
  name.textContent = body.state === "closed" ? words.aloneForGood : words.alone;
}

function letterLink(cluster) {
  const link = document.createElement("a");
  link.href = `#${cluster.id}`;
  link.dataset.groupe = cluster.dataset.groupe;
  link.setAttribute("aria-label", say("toCluster", { letter: cluster.dataset.letter, title: laneTitle(cluster) }));
  link.append(letterMark(cluster.dataset.letter));
  return link;
}

byId("letters").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  event.preventDefault(); // the address stays as it is: going back must leave the page, not the cluster
  const heading = document.querySelector(`${link.getAttribute("href")} h2`);
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
});
