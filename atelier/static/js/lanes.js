// Reads the wall as it stands: lanes, notes, letters. Changes nothing.
export const UNSORTED = "";

// As they stand on the facilitator's screen: what is unsorted first, on the left.
export const lanes = () => [document.getElementById("lane-unsorted"), ...document.querySelectorAll("#clusters .lane")];
export const notes = () => lanes().flatMap((lane) => [...lane.querySelectorAll(".note")]);
export const laneOf = (note) => note.closest(".lane");
export const notesIn = (lane) => [...lane.querySelectorAll(".note")];
export const clusterOf = (lane) => lane.dataset.cluster ?? UNSORTED;
export const laneFor = (cluster) => lanes().find((lane) => clusterOf(lane) === cluster);
export const clusters = () => lanes().filter((lane) => clusterOf(lane) !== UNSORTED);
export const byLetter = (letter) => clusters().find((lane) => lane.dataset.letter === letter);
export const noteById = (id) => notes().find((note) => note.dataset.note === id);
export const titleOf = (lane) => lane.querySelector("[data-title]")?.textContent.trim() ?? lane.querySelector("h2").textContent.trim();

// Short enough to be listened to.
export function textOf(note) {
  const text = note.querySelector("[data-text]").textContent.trim().replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 58).trimEnd()}…` : text;
}
