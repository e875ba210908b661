// What the device shows everywhere, for pages that let people choose it; theme.js applies and remembers it.
const root = document.documentElement.dataset;

export const theme = () => root.theme ?? ""; // "jour", "nuit", or "" for the system's
export const textSize = () => root.textSize ?? ""; // "115", "130", "150" per cent, or "" for 100
export const timer = () => root.timer ?? ""; // "hidden", or "" for as the room has it
export const isNight = () => (root.theme ? root.theme === "nuit" : matchMedia("(prefers-color-scheme: dark)").matches);

export function choose(choice) {
  document.dispatchEvent(new CustomEvent("appearance-chosen", { detail: choice }));
}

export const toggleNight = () => choose({ theme: isNight() ? "jour" : "nuit" });
