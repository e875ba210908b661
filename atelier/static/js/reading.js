// What the group reads together before it closes: fetched while it is projected, for a phone or a projector.
import { parsed } from "./upsert.js";

const body = document.body.dataset;
const place = document.getElementById("together");
const AGAIN = 2_000; // by chance up to twice that, so that a room does not come back together
let shown = ""; // what is in its place
let styled = null;

// The target names what is read, and says by what follows the point that it is another text now.
function asked() {
  const { scene, target } = document.getElementById("projected").dataset;
  return scene === "reading" && body.state !== "closed" ? target : "";
}

export const isThere = () => shown !== "" && asked() !== "";

// Puts it there, or takes it away; `changed` is called when it did.
export async function follow(changed) {
  const wanted = asked();
  if (wanted === shown) return;
  if (!wanted) return put("", "", changed);
  const html = await fetched(wanted.split(".")[0]).catch(() => null);
  if (wanted !== asked()) return;
  if (html !== null) put(wanted, html, changed);
  else setTimeout(() => follow(changed), AGAIN * (1 + Math.random()));
}

async function fetched(what) {
  styled ??= style();
  const [answer] = await Promise.all([fetch(`/r/${body.room}/readings/${what}`, { cache: "no-store" }), styled]);
  if (!answer.ok) throw new Error(answer.status);
  return answer.text();
}

function put(what, html, changed) {
  shown = what;
  place.replaceChildren(parsed(html));
  changed(place.querySelector("h1")?.textContent ?? "");
}

function style() {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: "/static/reading.css" });
  document.head.append(link);
  return new Promise((resolve, reject) => { Object.assign(link, { onload: resolve, onerror: reject }); })
    .catch((error) => { styled = null; throw error; });
}
