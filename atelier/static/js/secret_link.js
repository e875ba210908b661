// A link without account, to project or to look back: the secret after the # goes into the form, leaves the address bar, and is sent.
// By fetch, not as a plain form: on a network without HTTPS a plain form would not say where it comes from.
const form = document.getElementById("open");
const secret = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
if (secret) open();
else refuse();

async function open() {
  form.elements.secret.value = secret;
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { "HX-Request": "true" },
  });
  const next = answer.headers.get("HX-Redirect");
  if (next) location.replace(next);
  else refuse();
}

function refuse() {
  document.getElementById("incomplete").hidden = false;
  document.getElementById("opening").hidden = true;
}
