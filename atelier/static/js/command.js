// Sends what the facilitator wants, and says aloud what came of it.
import { words } from "./words.js";

export const room = document.body.dataset.room;

// `fields` is an object or a list of pairs (a name may come several times).
// Never throws: a refusal is an answer, with its sentence and, for an announced reveal, the seconds to wait.
export async function command(path, fields = {}, method = "POST") {
  const body = method === "DELETE" ? undefined : new URLSearchParams(fields);
  let response;
  try {
    response = await fetch(`/r/${room}${path}`, { method, body, headers: { Accept: "application/json" } });
  } catch {
    return { ok: false, refused: "offline", says: words.offline };
  }
  if (response.redirected) return { ok: false, refused: "signed-out", says: words.signedOut };
  if (response.ok) return { ok: true };
  const wait = Number(response.headers.get("Retry-After")) || 0;
  const { refused = "failed", says = words.failed } = await response.json().catch(() => ({}));
  return { ok: false, refused, says, wait };
}

// `done` is the sentence for success; without it the screen speaks for itself.
export async function act(path, fields, done, method) {
  const answer = await command(path, fields, method);
  if (!answer.ok) announce(answer.says, false);
  else if (done) announce(done);
  return answer;
}

export function announce(text, ok = true) {
  const line = document.getElementById("says");
  line.textContent = "";
  line.textContent = text;
  line.parentElement.dataset.ok = ok ? "1" : "0";
}
