// A projector without account: the secret after the # goes into the form, leaves the address bar, and is sent.
const form = document.getElementById("open");
const secret = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
if (secret) {
  form.elements.secret.value = secret;
  document.addEventListener("DOMContentLoaded", () => form.requestSubmit()); // htmx is ready then
} else {
  document.getElementById("incomplete").hidden = false;
}
