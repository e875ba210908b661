// Forms that may want the password again (`data-asks`): they are sent from here; when the server wants it,
// one dialog asks for it and the same form goes again. Then the page leads to `data-asks`, or shows what came of it.
const dialog = document.getElementById("confirming");
const field = document.getElementById("confirming-field");
const offline = document.getElementById("confirming-words").dataset.offline;
let waiting = null;

document.addEventListener("submit", (event) => {
  if (event.target === dialog.querySelector("form")) {
    event.preventDefault();
    send(waiting, field.value);
  } else if (event.target.matches("form[data-asks]")) {
    event.preventDefault();
    send(event.target);
  }
});
dialog.querySelector("[value=no]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => { field.value = ""; });

async function send(form, password) {
  const fields = new URLSearchParams(new FormData(form));
  if (password) fields.set("password", password);
  const answer = await post(form.getAttribute("action"), fields);
  if (answer.refused?.startsWith("password-") && !("password" in form.elements)) return ask(form, answer);
  if (answer.ok) dialog.close();
  if (!answer.ok) return tell(form, answer.says);
  if (answer.link) form.dispatchEvent(new CustomEvent("link-made", { bubbles: true, detail: answer.link }));
  else if (answer.report) form.dispatchEvent(new CustomEvent("room-erased", { bubbles: true, detail: answer.report }));
  else location.assign(form.dataset.asks);
}

async function post(action, body) {
  try {
    const response = await fetch(action, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = response.status === 204 ? {} : await response.json();
    return { ok: response.ok, ...told };
  } catch {
    return { ok: false, says: offline };
  }
}

function ask(form, { refused, says }) {
  waiting = form;
  show(dialog.querySelector(".faute"), refused === "password-wrong" ? says : "");
  if (!dialog.open) dialog.showModal();
  field.select();
}

// Where the eyes are: the question, else the dialog or the form that was sent, else the page.
function tell(form, says) {
  show((dialog.open ? dialog : form).querySelector(".faute") ?? document.getElementById("problem"), says);
}

function show(line, says) {
  line.hidden = !says;
  line.querySelector("span").textContent = says;
}
