// The sentences of the page, written in its template so that scripts hold none in any language.

const source = document.getElementById("words");

export const words = source ? JSON.parse(source.textContent) : {};

// Fills the {names} of a sentence; a name without a value stays visible, so that it is noticed.
export function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
