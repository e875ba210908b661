// A one-time link: its token, after the #, moves into the form and leaves the address bar.
const form = document.getElementById("welcome");
const token = location.hash.slice(1);
if (token) {
  form.elements.token.value = token;
  history.replaceState(null, "", location.pathname);
} else if (!form.elements.token.value) {
  document.getElementById("incomplete").hidden = false;
  form.querySelector("button[type=submit]").disabled = true;
}
