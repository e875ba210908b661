"""Phones on every bad line that we know of, before a real server: what was acknowledged is on the
wall after the reveal, exactly once."""

import re
import signal
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect

from tests.browser.people import PHONE, Phone
from tests.server import Facilitator, Server, serving
from tests.server import Phone as Robot

pytestmark = pytest.mark.browser

HASTE = """if (location.pathname !== "/") {
  const later = setTimeout;
  window.setTimeout = (work, delay, ...rest) =>
      later(work, Math.min(delay, delay === 10_000 ? 500 : 100), ...rest);
}"""
"""Nobody waits for ten seconds here, and tries follow each other at once. Not on the page where one
joins: htmx gives up a request by this same clock."""
SET_CLOCK = (
    """hours => { const now = Date.now; Date.now = () => now.call(Date) + hours * 3.6e6; }"""
)
FILL = """() => { for (let size = 1 << 20; size > 8; size >>= 1) try {
    for (let n = 0; n < 99; n++) localStorage.setItem(`${size}.${n}`, "x".repeat(size));
} catch { } }"""
HIDE = "on => { Object.defineProperty(document, 'hidden', {value: on, configurable: true}); }"


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("lines"), ATELIER_THRESHOLD="3") as server:
        yield server


class Room:
    def __init__(self, server: Server, browser: Browser, *, haste: bool = True) -> None:
        self.server = server
        self.facilitator = Facilitator(server)
        opened = self.facilitator.open_room(script="", title="Salle", mode="reveal")
        self.id, self.code = opened["room"], opened["code"]
        self.robots = [Robot(server, self.code) for _ in range(3)]
        self.written = ["un", "deux", "trois"]
        for robot, text in zip(self.robots, self.written, strict=True):
            assert robot.write(text).status_code == 201
        self.phone: Phone = Phone.arrives(browser, server, PHONE)
        if haste:
            self.page.context.add_init_script(HASTE)
        self.phone.types_code(self.code)
        self.phone.agrees()

    @property
    def page(self) -> Page:
        return self.phone.page

    def writes(self, text: str) -> None:
        self.phone.writes(text)
        self.written.append(text)

    def keeps(self, text: str) -> None:
        self.phone.sees_kept(text)

    def shows_each_once(self) -> None:
        for robot in self.robots:  # they are present, also to a server that was started again
            robot.client.get(f"/r/{self.id}")
        self.facilitator.does(self.id, "reveals").raise_for_status()
        board = self.facilitator.client.get(f"/r/{self.id}/board").text
        wall = re.findall(r"data-text[^>]*>([^<]*)<", board)
        assert sorted(wall) == sorted(self.written)
        self.phone.leaves()


def test_an_answer_that_is_lost_or_a_request_that_comes_twice(
    chromium: Browser, standing: Server
) -> None:
    room = Room(standing, chromium)
    seen: list[int] = []

    def once_lost_once_twice(route: Route) -> None:
        seen.append(route.fetch().status)
        if len(seen) == 1:
            return route.abort()
        seen.append((answer := route.fetch()).status)
        route.fulfill(response=answer)

    room.page.route("**/notes", once_lost_once_twice)
    room.writes("réponse perdue")
    room.keeps("réponse perdue")
    room.writes("demande double")
    room.keeps("demande double")
    assert seen == [201, 200, 200, 201, 200]
    room.shows_each_once()


def test_a_server_that_freezes_then_is_killed(chromium: Browser, standing: Server) -> None:
    room = Room(standing, chromium)
    assert standing.process is not None
    standing.process.send_signal(signal.SIGSTOP)
    room.writes("pendant le gel")
    time.sleep(0.8)  # the phone has given up once
    standing.process.send_signal(signal.SIGCONT)
    room.keeps("pendant le gel")
    standing.kill()
    room.writes("pendant l’arrêt")
    standing.start()
    room.keeps("pendant l’arrêt")
    room.shows_each_once()


def test_five_cycles_of_sleep_with_a_socket_that_died_without_a_word(
    chromium: Browser, standing: Server
) -> None:
    room = Room(standing, chromium, haste=False)
    asleep: set[int] = set()
    lines: list[WebSocketRoute] = []

    def black_hole(line: WebSocketRoute) -> None:
        number = len(lines)
        lines.append(line)
        server = line.connect_to_server()
        line.on_message(lambda said: None if number in asleep else server.send(said))
        server.on_message(lambda said: None if number in asleep else line.send(said))

    room.page.route_web_socket("**/live**", black_hole)
    room.page.reload()
    expect(room.page.locator("#line")).to_have_class(re.compile("ok"))
    for cycle in range(5):
        room.page.evaluate(HIDE, True)
        asleep |= set(range(len(lines)))
        room.page.evaluate(SET_CLOCK, 0.1)  # six minutes
        room.facilitator.does(room.id, "veils", on=str(1 - cycle % 2)).raise_for_status()
        room.page.evaluate(HIDE, False)
        room.page.evaluate("window.dispatchEvent(new Event('pageshow'))")
        expect(room.page.locator("#board")).to_have_attribute("data-veil", str(1 - cycle % 2))
        room.writes(f"réveil {cycle}")
        room.keeps(f"réveil {cycle}")
    assert len(lines) == 6
    room.shows_each_once()


def test_two_tabs_that_were_offline_together(chromium: Browser, standing: Server) -> None:
    room = Room(standing, chromium)
    other = Phone(room.page.context.new_page())
    other.page.goto(f"/r/{room.id}")
    room.phone.goes_offline()
    for text in ("a", "b"):
        room.writes(f"premier onglet {text}")
        other.writes(f"second onglet {text}")
        room.written.append(f"second onglet {text}")
    room.phone.comes_back()
    for text in ("premier onglet a", "premier onglet b", "second onglet a", "second onglet b"):
        room.keeps(text)
        other.sees_kept(text)
    room.shows_each_once()


def test_a_phone_that_is_full_of_other_things(chromium: Browser, standing: Server) -> None:
    room = Room(standing, chromium)
    room.page.evaluate(FILL)
    room.writes("plus de place")
    room.keeps("plus de place")
    expect(room.page.locator("#keep-open")).to_be_visible()
    room.shows_each_once()


def test_a_clock_that_is_set_while_the_server_asks_for_patience(
    chromium: Browser, standing: Server
) -> None:
    room = Room(standing, chromium, haste=False)
    asked: list[float] = []

    def patience(route: Route) -> None:
        asked.append(time.monotonic())
        if len(asked) % 2 == 0:
            return route.continue_()
        headers = {"Atelier-Refused": "too-many-tries", "Retry-After": "1"}
        route.fulfill(status=429, headers=headers, body="{}")

    room.page.route("**/notes", patience)
    for hours in (-5, 10):
        room.writes(f"décalée de {hours} h")
        room.page.wait_for_timeout(100)
        room.page.evaluate(SET_CLOCK, hours)
        room.page.evaluate("window.dispatchEvent(new Event('online'))")
        room.keeps(f"décalée de {hours} h")
    assert all(0.9 < then - now < 3 for now, then in zip(asked[::2], asked[1::2], strict=True))
    room.shows_each_once()


def test_the_page_of_a_portal_is_no_answer(chromium: Browser, standing: Server) -> None:
    room = Room(standing, chromium)
    page = "<h1>Bienvenue sur le Wi-Fi</h1>"
    portal = [
        (200, {}), (201, {}), (204, {}), (302, {"Location": "http://127.0.0.1:9/"}),
        (403, {}), (404, {}), (409, {}), (511, {"Retry-After": "3600"}),
    ]  # fmt: skip
    answers = iter(portal)
    met: list[int] = []

    def stands_between(route: Route) -> None:
        for status, headers in answers:
            met.append(status)
            body = "" if status == 204 else page
            return route.fulfill(
                status=status, headers={"Content-Type": "text/html", **headers}, body=body
            )
        route.continue_()

    room.page.route("**/notes", stands_between)
    room.writes("derrière le portail")
    room.keeps("derrière le portail")
    assert met == [status for status, _ in portal]
    room.page.unroute("**/notes")
    room.shows_each_once()


def test_where_no_socket_opens_the_wall_comes_by_requests(
    chromium: Browser, standing: Server
) -> None:
    room = Room(standing, chromium)
    room.page.route_web_socket("**/live**", lambda line: line.close(code=1011))
    room.page.reload()
    expect(room.page.locator("#line")).to_have_class(re.compile("ok"), timeout=10_000)
    room.writes("par la petite porte")
    room.keeps("par la petite porte")
    room.facilitator.does(room.id, "veils", on="1").raise_for_status()
    expect(room.page.locator("#board")).to_have_attribute("data-veil", "1")
    for robot in room.robots:
        robot.client.get(f"/r/{room.id}")
    room.facilitator.does(room.id, "reveals").raise_for_status()
    room.phone.waits_for_wall(len(room.written))
    assert sorted(room.phone.wall) == sorted(room.written)
    room.phone.leaves()
