// The sound at the end of the time: two soft notes, as loud as this browser was told, or none.
const KEY = "atelier-bell";
const NOTES = [659.26, 493.88]; // mi, si: a fall, not an alarm
let context = null;

export const choice = { on: true, volume: 0.6, ...stored() };

export function choose(change) {
  Object.assign(choice, change);
  try { localStorage.setItem(KEY, JSON.stringify(choice)); } catch { /* storage refused: the choice lasts as long as the page */ }
}

export function ring() {
  if (!choice.on || !choice.volume) return;
  context ??= new AudioContext();
  context.resume();
  for (const [i, pitch] of NOTES.entries()) strike(pitch, context.currentTime + i * 0.45);
}

function strike(pitch, at) {
  const tone = new OscillatorNode(context, { frequency: pitch });
  const level = new GainNode(context, { gain: 0 });
  level.gain.linearRampToValueAtTime(choice.volume, at + 0.02);
  level.gain.setValueAtTime(choice.volume, at + 0.02);
  level.gain.exponentialRampToValueAtTime(0.001, at + 1.6);
  tone.connect(level).connect(context.destination);
  tone.start(at);
  tone.stop(at + 1.7);
}

function stored() {
  try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
}
