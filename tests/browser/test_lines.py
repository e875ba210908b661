"""The line of a page to its room: frames that come wrong, and how it comes back."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "atelier" / "static"
ORIGIN = "http://localhost:1"
PAGE = """<!doctype html><body data-room="r1">
<section id="board" data-seq="1" data-epoch="e1"><ul id="wall"></ul></section><p id="now"></p>
<script type="module">
import { follow } from "/static/js/live.js";
window.lines = [];
document.addEventListener("line-changed", ({ detail }) => lines.push(detail.online));
window.start = follow;
</script>"""
COUNTED = """() => {
window.delays = []; window.born = 0;
const { setTimeout: later } = window;
window.setTimeout = (work, delay) => {
  if (work.name !== "connect") return later(work, delay);
  delays.push(delay);
  return later(work, 0);
};
window.WebSocket = class extends EventTarget {
  static CONNECTING = 0; static OPEN = 1; static CLOSING = 2; static CLOSED = 3;
  readyState = 1;
  constructor() {
    super();
    if (++born > 12) return;
    later(() => this.says(), 0);
  }
  says() {
    const bye = '{"t":"bye","retry_ms":1500}', now = '{"t":"now","html":""}';
    this.dispatchEvent(new MessageEvent("message", { data: KILLED ? now : bye }));
    if (KILLED) this.dispatchEvent(Object.assign(new Event("close"), { code: 1006 }));
  }
  send() {}
  close() {}
};
}"""


def update(start: int, seq: int) -> str:
    html = f'<li id="n{seq}" data-in="wall">{seq}</li>'
    return json.dumps({"t": "update", "from": start, "seq": seq, "html": html})


def whole(seq: int, epoch: str = "e1") -> str:
    notes = "".join(f'<li id="n{number}">{number}</li>' for number in range(2, seq + 1))
    html = f'<section id="board" data-seq="{seq}"><ul id="wall">{notes}</ul></section>'
    return json.dumps({"t": "whole", "seq": seq, "epoch": epoch, "html": html})


NOW = json.dumps({"t": "now", "html": '<p id="now">now</p>'})


@dataclass
class Wire:
    """The other end: what each socket is told, and which number it came with."""

    frames: list[list[str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    polls: list[str] = field(default_factory=list)
    answers: list[list[str]] = field(default_factory=list)
    socket: Callable[["Wire", WebSocketRoute], None] | None = None

    def follows(self, line: WebSocketRoute) -> None:
        self.asked.append(line.url.partition("?")[2])
        if self.socket:
            return self.socket(self, line)
        line.on_message(lambda _: line.send('{"t":"pong"}'))
        for frame in self.frames.pop(0) if self.frames else [NOW]:
            line.send(frame)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"))
        elif "/updates?" in path:
            self.polls.append(path.partition("?")[2])
            if self.answers:
                body = "[" + ",".join(self.answers.pop(0)) + "]"
                headers = {"Atelier-Now": "m1", "Content-Type": "application/json"}
                route.fulfill(body=body, headers=headers)
        else:
            route.fulfill(body=PAGE, content_type="text/html")


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def page(chromium: Browser, wire: Wire) -> Iterator[Page]:
    page = chromium.new_page()
    page.route("**/*", wire.answer)
    page.route_web_socket("**/live**", wire.follows)
    page.clock.install()
    page.goto(ORIGIN)
    yield page
    page.close()


def starts(page: Page) -> None:
    page.evaluate("start()")


def shows(page: Page, seq: int) -> None:
    """The wall has every note up to this number, once and in order."""
    expect(page.locator("#board")).to_have_attribute("data-seq", str(seq))
    wanted = [str(number) for number in range(2, seq + 1)]
    assert page.locator("#wall li").all_text_contents() == wanted


def passes(page: Page, seconds: float) -> None:
    """In steps, as answers take their time meanwhile."""
    for _ in range(max(1, round(seconds / 2))):
        page.clock.run_for(round(min(2, seconds) * 1000))
        page.evaluate(
            "new Promise((go) => { const { port1, port2 } = new MessageChannel();"
            " port1.onmessage = go; port2.postMessage(0); })"
        )


def test_a_frame_that_comes_twice_is_taken_once(page: Page, wire: Wire) -> None:
    wire.frames = [[NOW, update(1, 2), update(1, 2), update(2, 3), update(1, 2), update(2, 3)]]
    starts(page)
    shows(page, 3)
    assert len(wire.asked) == 1


def test_after_a_gap_the_page_comes_back_with_its_own_number(page: Page, wire: Wire) -> None:
    wire.frames = [[NOW, update(1, 2), update(3, 4)], [whole(4), NOW]]
    starts(page)
    expect(page.locator("#board")).to_have_attribute("data-seq", "2")
    passes(page, 5)
    shows(page, 4)
    assert wire.asked == ["after=1&epoch=e1", "after=2&epoch=e1"]


def test_frames_in_the_wrong_order_end_in_the_right_board(page: Page, wire: Wire) -> None:
    wire.frames = [[NOW, update(2, 3), update(1, 2)], [whole(3), NOW]]
    starts(page)
    passes(page, 5)
    shows(page, 3)


def test_another_epoch_replaces_everything_also_with_a_smaller_number(
    page: Page, wire: Wire
) -> None:
    wire.frames = [[whole(5), whole(2, "e2"), update(2, 3), NOW]]
    starts(page)
    shows(page, 3)
    assert page.locator("#board").get_attribute("data-epoch") == "e2"


def test_a_socket_that_died_without_a_word_is_noticed(page: Page, wire: Wire) -> None:
    def mute(wire: Wire, line: WebSocketRoute) -> None:
        line.send(NOW)
        if len(wire.asked) > 1:
            line.send(update(1, 2))

    wire.socket = mute
    starts(page)
    expect(page.locator("#now")).to_have_text("now")
    passes(page, 35)
    shows(page, 2)


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_phone_whose_clock_is_set_notices_a_dead_line_as_soon(
    page: Page, wire: Wire, hours: int
) -> None:
    wire.socket = lambda wire, line: line.send(NOW if len(wire.asked) == 1 else update(1, 2))
    starts(page)
    expect(page.locator("#now")).to_have_text("now")
    moved = page.evaluate("Date.now()") / 1000 + hours * 3600
    page.evaluate(
        "by => { const now = Date.now; Date.now = () => now.call(Date) + by; }", hours * 3_600_000
    )
    assert abs(page.evaluate("Date.now()") / 1000 - moved) < 5
    passes(page, 35)
    shows(page, 2)


def spread(page: Page, *, killed: bool) -> list[float]:
    page.evaluate(COUNTED.replace("KILLED", str(killed).lower()))
    starts(page)
    while page.evaluate("delays.length") < 12:
        passes(page, 0.01)
    delays: list[float] = page.evaluate("delays.slice(0, 12)")
    return delays


def test_after_a_bye_screens_come_back_spread_over_as_long_again(page: Page) -> None:
    delays = spread(page, killed=False)
    assert min(delays) >= 1500 and max(delays) <= 3000
    assert max(delays) - min(delays) > 300


def test_after_a_kill_without_a_word_screens_come_back_spread(page: Page) -> None:
    delays = spread(page, killed=True)
    assert max(delays) <= 2000
    assert max(delays) - min(delays) > 300


# No WebSocket gets through


def refused(wire: Wire, line: WebSocketRoute) -> None:
    line.close(code=1011)


def eaten(wire: Wire, line: WebSocketRoute) -> None:
    """The handshake passes, no frame does."""


@pytest.mark.parametrize(("socket", "seconds"), [(refused, 8), (eaten, 16)])
def test_without_sockets_the_page_polls_and_is_online(
    page: Page, wire: Wire, socket: Callable[[Wire, WebSocketRoute], None], seconds: float
) -> None:
    wire.socket = socket
    wire.answers = [[NOW, update(1, 2)], [update(2, 3), update(3, 4)], []]
    starts(page)
    passes(page, seconds)
    shows(page, 4)
    assert page.evaluate("lines.at(-1)") is True
    assert wire.polls[:2] == ["after=1&epoch=e1&now=", "after=2&epoch=e1&now=m1"]


def test_a_page_that_polls_goes_back_to_a_socket_that_brings_something(
    page: Page, wire: Wire
) -> None:
    wire.socket = refused
    wire.answers = [[NOW], [update(1, 2)], *([] for _ in range(20))]
    starts(page)
    passes(page, 8)
    expect(page.locator("#now")).to_have_text("now")
    wire.socket = lambda wire, line: line.send(whole(7))
    passes(page, 70)
    shows(page, 7)
    polled = len(wire.polls)
    passes(page, 10)
    assert len(wire.polls) == polled
    assert page.evaluate("lines.slice(lines.indexOf(true))") == [True], "nobody noticed"


def test_the_page_of_somebody_else_is_no_end_of_the_room(page: Page, wire: Wire) -> None:
    """A portal answers 403 or 200 to everything: the page goes on trying."""
    wire.socket = refused
    page.route("**/updates?**", lambda route: route.fulfill(status=403, body="<h1>Wi-Fi</h1>"))
    page.evaluate("document.addEventListener('room-gone', () => { window.gone = true; })")
    starts(page)
    passes(page, 30)
    page.unroute("**/updates?**")
    wire.socket = lambda wire, line: line.send(whole(3))
    passes(page, 40)
    shows(page, 3)
    assert page.evaluate("window.gone") is None
