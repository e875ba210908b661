// Minutes of the session as the time of day where the viewer is.
import { say } from "../words.js";

const MINUTE = 60_000;
const opened = document.getElementById("opened");
const start = Date.parse(opened.dateTime);
const language = document.documentElement.lang;

const at = (minute) => new Date(start + minute * MINUTE);
const sameDay = (a, b) => a.toDateString() === b.toDateString();

export function timeOf(minute) {
  const time = at(minute);
  return say("clock", { h: time.getHours(), min: String(time.getMinutes()).padStart(2, "0") }).replace(/ /g, "\u00a0");
}

// With the day where it is another one than `before`, a minute of the session or its start.
export function dayAndTimeOf(minute, before = 0) {
  if (sameDay(at(minute), at(before))) return timeOf(minute);
  return `${at(minute).toLocaleDateString(language, { weekday: "short" })}\u00a0${timeOf(minute)}`;
}

export function writeTimes() {
  opened.textContent = at(0).toLocaleDateString(language, { dateStyle: "long" });
  for (const time of document.querySelectorAll("time[data-minute]")) {
    time.textContent = dayAndTimeOf(Number(time.dataset.minute));
    time.dateTime = at(Number(time.dataset.minute)).toISOString();
  }
  let before = 0;
  for (const label of document.querySelectorAll(".graduations text")) {
    const minute = Number(label.dataset.minute);
    label.textContent = dayAndTimeOf(minute, before);
    before = minute;
  }
}
