"""The updates by requests that wait: the same frames and numbers as by the socket."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from tests.contract.conftest import StartServer
from tests.contract.people import JSON, Room, Screen


class Poller(Screen):
    """A page that keeps up by asking."""

    def __init__(self, room: Room, http: httpx2.Client) -> None:
        super().__init__(room.server, f"{room.path}/updates", {}, {})
        self.path, self.http, self.now = f"{room.path}/updates", http, ""

    def ask(self) -> list[str]:
        """One request, taken; the kinds of its frames."""
        return self.takes(self.request())

    def request(self) -> httpx2.Response:
        query = {"after": str(self.seq), "epoch": self.epoch, "now": self.now}
        return self.http.get(self.path, params=query, headers=JSON, timeout=35)

    def takes(self, answer: httpx2.Response) -> list[str]:
        assert answer.status_code == 200, answer.text
        frames: list[dict[str, Any]] = answer.json()
        for frame in frames:
            self.take(frame)
        self.now = answer.headers["Atelier-Now"]
        return [frame["t"] for frame in frames]


@pytest.fixture
def poller(room: Room) -> Poller:
    return Poller(room, room.phone().http)


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as threads:
        yield threads


def waiting(beside: ThreadPoolExecutor, poller: Poller) -> "Future[httpx2.Response]":
    """A request that the server holds, once nothing is new: a room's first beats change its
    `now`, on their own time."""
    for _ in range(4):
        asked = beside.submit(poller.request)
        try:
            answer = asked.result(timeout=0.3)
        except TimeoutError:
            return asked
        assert poller.takes(answer) == ["now"]
    raise AssertionError("it never waits")


def settle(poller: Poller) -> None:
    assert poller.ask() == ["whole", "now"]
    time.sleep(0.6)


def test_a_page_without_a_number_gets_the_whole_board_at_once(room: Room, poller: Poller) -> None:
    assert poller.ask() == ["whole", "now"]
    assert poller.board.canonical() == room.board().canonical()


def test_who_has_all_waits_and_gets_what_is_published(
    room: Room, poller: Poller, beside: ThreadPoolExecutor
) -> None:
    settle(poller)
    for on in "10":
        asked = waiting(beside, poller)
        room.done("veils", on=on)
        assert "update" in poller.takes(asked.result())
        assert poller.board.canonical() == room.board().canonical()


def test_nothing_is_missed_between_two_requests(room: Room, poller: Poller) -> None:
    settle(poller)
    room.done("veils", on="1")
    room.done("locks", on="1")
    assert poller.ask()[0] == "whole"
    assert poller.board.canonical() == room.board().canonical()
    room.done("views", scene="prompt")  # it has no number
    started = time.monotonic()
    assert poller.ask() == ["now"]
    assert time.monotonic() - started < 2


def test_socket_and_requests_bring_a_page_to_the_same_board(
    room: Room, poller: Poller, beside: ThreadPoolExecutor
) -> None:
    notes = room.revealed("un", "deux", "trois")
    settle(poller)
    with room.screen() as screen:
        screen.frame("whole")
        asked = waiting(beside, poller)
        room.cluster("A", notes[0].note)
        poller.takes(asked.result())
        screen.reach(room.seq())
    assert poller.seq == screen.seq
    assert poller.board.canonical() == screen.board.canonical()


def test_a_request_that_waits_ends_with_its_right_and_with_its_room(
    room: Room, beside: ThreadPoolExecutor
) -> None:
    projector = room.server.client(Origin=room.server.origin)
    link, _, secret = room.projector.partition("#")
    assert projector.post(link, data={"secret": secret}).status_code == 303
    poller, phone = Poller(room, projector), Poller(room, room.phone().http)
    settle(poller)
    settle(phone)
    renewed = waiting(beside, poller)
    room.done("links", link="screen")
    assert renewed.result(timeout=4).headers["Atelier-Refused"] == "not-yours"
    erased = waiting(beside, phone)
    room.done("erasures")
    assert erased.result(timeout=4).headers["Atelier-Refused"] == "room-unknown"


def test_a_server_that_stops_says_bye_to_who_waits_and_is_not_held_up(
    own_server: StartServer, beside: ThreadPoolExecutor
) -> None:
    server = own_server()
    room = server.facilitator("claire@example.org").open()
    poller = Poller(room, room.phone().http)
    settle(poller)
    asked = waiting(beside, poller)
    assert server.process is not None
    started = time.monotonic()
    server.process.terminate()
    assert "bye" in poller.takes(asked.result(timeout=5))
    assert server.wait() == 0
    assert time.monotonic() - started < 5
