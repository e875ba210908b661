// Puts updates into the page: every top-level element of an update is placed and morphed by its id.
// The only file of atelier that parses HTML.

const policy = window.trustedTypes?.createPolicy("atelier", { createHTML: (html) => html });

export function upsert(html, root = document) {
  const fragment = parsed(html);
  const restoreFocus = rememberFocus();
  for (const fresh of [...fragment.children]) apply(fresh, root);
  restoreFocus();
}

export function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(html) : html;
  return template.content;
}

function apply(fresh, root) {
  if (!fresh.id) return;
  const old = byId(root, fresh.id);
  if (fresh.hasAttribute("data-gone")) return old?.remove();
  const home = fresh.hasAttribute("data-in") ? byId(root, fresh.dataset.in) : null;
  if (!home && (!old || fresh.hasAttribute("data-in"))) return; // this page has no such place
  const before = byId(root, fresh.dataset.before);
  fresh.removeAttribute("data-in");
  fresh.removeAttribute("data-before");
  const element = sameKind(old, fresh) ? old : shell(fresh);
  if (home) place(element, home, before?.parentNode === home ? before : endOf(home));
  if (old && old !== element) home ? old.remove() : old.replaceWith(element);
  morph(element, fresh, { root, wanted: idsIn(fresh), aside: new Map() });
}

/* ── morphing: the old element keeps its focus, its selection and what scripts added to it ── */

function morph(old, fresh, context) {
  morphAttributes(old, fresh);
  morphChildren(old, fresh, context);
}

function morphAttributes(old, fresh) {
  for (const { name, value } of fresh.attributes) {
    if (!ofScripts(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!ofScripts(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
}

// The server writes no style attribute (the policy forbids it), so any that is there is a script's.
const ofScripts = (name) => name === "tabindex" || name === "aria-selected" || name === "style" || name.startsWith("data-ui");

function morphChildren(old, fresh, context) {
  let next = skipChrome(old.firstChild);
  for (const child of fresh.childNodes) {
    const match = matchFor(child, next, old, context) ?? shell(child);
    if (match === next) next = skipChrome(next.nextSibling);
    else place(match, old, next);
    if (child.nodeType === Node.ELEMENT_NODE) morph(match, child, context);
    else if (match.nodeValue !== child.nodeValue) match.nodeValue = child.nodeValue;
    if (next && next.parentNode !== old) next = skipChrome(match.nextSibling); // it was taken further down
  }
  while (next) {
    const leftover = next;
    next = skipChrome(next.nextSibling);
    setAside(leftover, context);
    leftover.remove();
  }
}

function matchFor(child, next, parent, { root, aside }) {
  if (child.id) {
    const known = aside.get(child.id) ?? byId(root, child.id);
    if (sameKind(known, child) && !known.contains(parent)) return known;
    known?.remove();
    return null;
  }
  for (let node = next; node; node = skipChrome(node.nextSibling)) {
    if (!node.id && sameKind(node, child)) return node;
  }
  return null;
}

// What leaves one lane may come back in a later one: it waits here instead of being built again.
function setAside(node, { wanted, aside }) {
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  for (const element of [node, ...node.querySelectorAll("[id]")]) {
    if (wanted.has(element.id)) aside.set(element.id, element);
  }
}

/* ── places ── */

function place(element, home, before) {
  if (element.parentNode === home && element.nextSibling === before) return;
  if (home.moveBefore && element.isConnected && home.isConnected) home.moveBefore(element, before); // keeps focus and animations
  else home.insertBefore(element, before);
}

// The end of a list is in front of whatever a script keeps at its end.
function endOf(home) {
  let end = null;
  for (let node = home.lastChild; node && isChrome(node); node = node.previousSibling) end = node;
  return end;
}

const isChrome = (node) => node.nodeType === Node.ELEMENT_NODE && node.hasAttribute("data-ui");

function skipChrome(node) {
  while (node && isChrome(node)) node = node.nextSibling;
  return node;
}

const byId = (root, id) => (id ? root.querySelector(`#${CSS.escape(id)}`) : null);
const idsIn = (fresh) => new Set([...fresh.querySelectorAll("[id]")].map((element) => element.id));
const sameKind = (a, b) => Boolean(a && a.nodeName === b.nodeName && a.namespaceURI === b.namespaceURI);
const shell = (node) => document.importNode(node, false);

/* ── focus: a move can lose it where moveBefore is missing ── */

function rememberFocus() {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return () => {};
  const id = focused.id;
  const caret = "selectionStart" in focused ? caretOf(focused) : null;
  return () => {
    if (document.activeElement !== document.body) return;
    const again = focused.isConnected ? focused : id && document.getElementById(id);
    again?.focus?.({ preventScroll: true });
    if (caret && again === focused) focused.setSelectionRange(...caret);
  };
}

function caretOf(field) {
  const { selectionStart, selectionEnd, selectionDirection } = field;
  return selectionStart === null ? null : [selectionStart, selectionEnd, selectionDirection];
}
