// A line like a WebSocket, for networks that let none through: requests that wait for news.
const ENDS = { "not-yours": 4401, "room-unknown": 4404 };
const APART = 500; // milliseconds between the starts of two requests, at least

export class Polling extends EventTarget {
  readyState = WebSocket.OPEN;
  quiet = 30_000; // the server answers within 25 seconds
  now = "";

  // `address` gives the URL of what is missing now.
  constructor(address) {
    super();
    this.address = address;
    this.ask();
  }

  // A ping: an answer at once, over whatever line there is now.
  send() {
    this.now = "";
    this.turn.abort();
    this.ask();
  }

  close() {
    this.readyState = WebSocket.CLOSED;
    this.turn.abort();
  }

  async ask() {
    const turn = (this.turn = new AbortController());
    const started = performance.now();
    const answer = await this.request(turn.signal).catch(() => ({}));
    for (const frame of answer.frames ?? []) {
      if (turn.signal.aborted) return;
      this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
    }
    if (turn.signal.aborted) return;
    if (!answer.frames) return this.end(ENDS[answer.refused]);
    setTimeout(() => { if (!turn.signal.aborted) this.ask(); }, started + APART - performance.now());
  }

  async request(signal) {
    const url = this.address();
    url.searchParams.set("now", this.now);
    const answer = await fetch(url, { cache: "no-store", redirect: "error", headers: { Accept: "application/json" }, signal });
    const now = answer.headers.get("Atelier-Now"); // only our server says it
    if (!now) return { refused: answer.headers.get("Atelier-Refused") };
    const frames = await answer.json();
    this.now = now;
    return { frames: frames.length ? frames : [{ t: "pong" }] };
  }

  end(code) {
    this.close();
    const ended = new Event("close");
    ended.code = code;
    this.dispatchEvent(ended);
  }
}
