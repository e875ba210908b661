// The moments of a trajectory: loosely dated, on three lanes, with links from one lane to another.
//
// {moments: [{id, title, lane, period, felt}], links: [[id, id]], ahead}; a moment in a period ahead is a milestone,
// which nobody has chosen or endured yet. `ahead` shows the half that lies in front.
import * as store from "./store.js";

export const LANES = ["roots", "work", "choices"];
export const BEHIND = ["before", "childhood", "youth", "twenty", "early", "middle", "recent", "today"];
export const AHEAD = ["one", "two", "three", "five"]; // years from now
const PERIODS = [...BEHIND, ...AHEAD];

const trajectory = () => ({ moments: [], links: [], ahead: false, ...store.read("trajectory") });

function keep(change) {
  store.write("trajectory", { ...trajectory(), ...change });
  store.changed();
}

export const looksAhead = () => trajectory().ahead;
export const lookAhead = (ahead) => keep({ ahead });
export const isMilestone = ({ period }) => AHEAD.includes(period);

// What can be seen, in the order of a life: an untitled moment is not there yet.
export const moments = () => trajectory().moments
  .filter((moment) => moment.title.trim() && (looksAhead() || !isMilestone(moment)))
  .sort((a, b) => PERIODS.indexOf(a.period) - PERIODS.indexOf(b.period) || LANES.indexOf(a.lane) - LANES.indexOf(b.lane));

export const moment = (id) => trajectory().moments.find((each) => each.id === id) ?? null;

export function keepMoment(changed) {
  const all = trajectory().moments;
  const place = all.findIndex(({ id }) => id === changed.id);
  all.splice(place < 0 ? all.length : place, 1, changed);
  keep({ moments: all });
}

export function dropMoment(gone) {
  const { moments: all, links } = trajectory();
  keep({ moments: all.filter(({ id }) => id !== gone), links: links.filter((pair) => !pair.includes(gone)) });
}

// Pairs of moments that can be seen, on two lanes; numbered from 1 in this order.
export function links() {
  const seen = new Map(moments().map((each) => [each.id, each]));
  return trajectory().links.filter(([a, b]) => seen.has(a) && seen.has(b) && seen.get(a).lane !== seen.get(b).lane);
}

export const linkedTo = (id) => links().filter((pair) => pair.includes(id)).map(([a, b]) => moment(a === id ? b : a));

export function link(a, b, linked) {
  const others = trajectory().links.filter((pair) => !(pair.includes(a) && pair.includes(b)));
  keep({ links: linked ? [...others, [a, b]] : others });
}
