// Elements made from the templates of the page, and ids made on this device.
export const stamp = (name) => document.getElementById(name).content.firstElementChild.cloneNode(true);

// 128 random bits: a request that is repeated makes one thing, not two.
export const freshId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
