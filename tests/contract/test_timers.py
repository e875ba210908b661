"""`POST /r/{room}/timers`: time as advice, the same on every screen, in no numbered event."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.contract.conftest import OpenRoom, StartServer
from tests.contract.people import JSON, SCRIPT, Room, Screen, refused


def timer_in(html: str) -> dict[str, str] | None:
    """The numbers of the timer in a page or a frame, or None when there is none."""
    element = re.search(r'<p id="timer"[^>]*>', html)
    assert element, "no timer element"
    values = dict(re.findall(r'data-([a-z]+)="([^"]*)"', element[0]))
    return values or None


def left(timer: dict[str, str] | None) -> float:
    assert timer
    return float(timer["ends"]) - float(timer["at"]) if timer["ends"] else float(timer["left"])


@contextmanager
def followed(room: Room) -> Iterator[Screen]:
    with room.phone().screen() as screen:
        screen.frame("now")
        yield screen


def told(screen: Screen) -> dict[str, str]:
    """The next timer that a screen is told of; other news may come first."""
    while not (timer := timer_in(screen.frame("now")["html"])):
        pass
    return timer


def page(room: Room) -> dict[str, str] | None:
    return timer_in(room.facilitator.http.get(room.path).text)


def test_a_timer_reaches_every_screen_without_a_number(room: Room) -> None:
    seq = room.seq()
    with followed(room) as phone:
        room.done("timers", minutes="8")
        assert 478 <= left(told(phone)) <= 480
    assert 478 <= left(page(room)) <= 480
    assert room.seq() == seq


def test_a_timer_is_lengthened_shortened_paused_resumed_and_put_away(room: Room) -> None:
    room.done("timers", minutes="8")
    room.done("timers", add="5")
    assert 775 <= left(page(room)) <= 780
    room.done("timers", add="-3")
    assert 595 <= left(page(room)) <= 600
    room.done("timers", pause="1")
    timer = page(room)
    assert timer and timer["ends"] == ""
    room.done("timers", pause="0")
    timer = page(room)
    assert timer and timer["ends"]
    room.done("timers", stop="1")
    assert page(room) is None


def test_going_to_the_step_where_the_room_is_keeps_its_timer(room: Room) -> None:
    step = re.search(r'data-step="([^"]+)"', room.facilitator.http.get(room.path).text)
    assert step, "no step is open"
    room.done("timers", minutes="8")
    seq = room.seq()
    room.done("steps", go=step[1])
    assert page(room) and room.seq() == seq


@pytest.mark.parametrize(
    "form",
    [{}, {"minutes": "0"}, {"minutes": "-1"}, {"minutes": "481"}, {"minutes": "huit"},
     {"minutes": "nan"}, {"minutes": "inf"}, {"minutes": ""}, {"pause": "oui"}, {"stop": "0"}],
)  # fmt: skip
def test_a_timer_that_makes_no_sense_is_refused_and_nothing_changes(
    room: Room, form: dict[str, str]
) -> None:
    room.done("timers", minutes="8")
    before = page(room)
    refused(room.do("timers", **form), 422)
    after = page(room)
    assert before and after
    assert (before["ends"], before["total"]) == (after["ends"], after["total"])


@pytest.mark.parametrize("form", [{"add": "5"}, {"pause": "1"}, {"pause": "0"}])
def test_there_is_nothing_to_change_without_a_timer(room: Room, form: dict[str, str]) -> None:
    assert refused(room.do("timers", **form), 409) == "no-timer"


def test_another_step_starts_without_the_timer_of_the_one_before(opened: OpenRoom) -> None:
    room = opened(script=SCRIPT)
    room.step()
    room.done("timers", minutes="8")
    room.step()
    assert page(room) is None


def test_the_end_of_the_time_closes_nothing(room: Room) -> None:
    phone = room.phone()
    room.done("timers", minutes="0.02")
    with phone.screen() as screen:
        screen.frame("now")
        state = room.board().canonical()
        phone.write("encore une note")
        assert room.board().canonical() == state
    assert left(page(room)) < 2


def test_a_closed_room_has_no_timer(room: Room) -> None:
    room.done("timers", minutes="8")
    room.close("all")
    assert page(room) is None
    refused(room.do("timers", minutes="8"), 409)


def test_only_who_facilitates_sets_a_timer(room: Room) -> None:
    phone = room.phone()
    answer = phone.http.post(f"{room.path}/timers", data={"minutes": "8"}, headers=JSON)
    refused(answer, 403)


def test_a_timer_runs_on_when_the_server_starts_again(own_server: StartServer) -> None:
    server = own_server()
    room = server.facilitator("claire@example.org").open()
    room.done("timers", minutes="8")
    server.kill()
    server.start()
    assert 460 <= left(page(room)) <= 480
