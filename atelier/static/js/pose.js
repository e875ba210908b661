// Turns measures written as data-* into CSS custom properties: the policy style-src 'self' forbids style attributes.
const UNITS = { part: "%", n: "", poids: "" };

export function pose(root = document) {
  for (const [name, unit] of Object.entries(UNITS)) {
    for (const element of root.querySelectorAll(`[data-${name}]`)) element.style.setProperty(`--${name}`, element.dataset[name] + unit);
  }
}
