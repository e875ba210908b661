// An invitation: its secret, after the #, moves into the forms and leaves the address bar.
const forms = document.querySelectorAll("form[data-invited]");
const secret = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
for (const form of forms) form.elements.secret.value = secret;
if (!secret) {
  document.getElementById("incomplete").hidden = false;
  for (const form of forms) form.querySelector("[type=submit]").disabled = true;
}
