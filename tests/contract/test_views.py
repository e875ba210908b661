"""`POST /r/{room}/views`: what every projector shows, of this moment and in no numbered event."""

import re

import pytest

from tests.contract.people import JSON, SCRIPT, Facilitator, Room, Screen, refused


def projected_in(html: str) -> tuple[str, int]:
    """Scene and page asked of the projectors, in a page or a frame."""
    found = r'<p id="projected" hidden data-scene="(\w+)" data-page="(-?\d+)" data-target="">'
    element = re.search(found, html)
    assert element, "nothing says what is projected"
    return element[1], int(element[2])


def page(room: Room) -> tuple[str, int]:
    return projected_in(room.facilitator.http.get(room.path).text)


def told(screen: Screen) -> tuple[str, int]:
    return projected_in(screen.frame("now")["html"])


def test_a_scene_and_a_page_reach_every_screen_without_a_number(room: Room) -> None:
    seq = room.seq
    with room.phone().screen() as screen:
        assert told(screen) == ("auto", 1)
        room.done("views", scene="synthesis")
        room.done("views", page="next")
        while told(screen) != ("synthesis", 2):
            pass
    assert page(room) == ("synthesis", 2)
    assert room.seq == seq


def test_pages_turn_both_ways_and_by_number_and_a_scene_begins_at_its_first(room: Room) -> None:
    room.done("views", page="previous")
    assert page(room) == ("auto", 0)
    room.done("views", page="4")
    room.done("views", page="next")
    assert page(room) == ("auto", 5)
    room.done("views", scene="wall")
    assert page(room) == ("wall", 1)


def test_a_step_brings_back_what_the_step_says(facilitator: Facilitator) -> None:
    room = facilitator.open(script=SCRIPT)
    room.done("views", scene="lobby")
    room.step()
    assert page(room) == ("auto", 1)


def test_what_a_personal_step_says_is_its_prompt_and_may_be_asked_for_again(
    facilitator: Facilitator,
) -> None:
    room = facilitator.open(script=SCRIPT)
    while not room.step().endswith("-carnet"):
        pass
    assert page(room) == ("prompt", 1)
    room.done("views", scene="lobby")
    room.done("views", scene="auto")
    assert page(room) == ("prompt", 1)


def test_a_reveal_brings_back_what_the_step_says(room: Room) -> None:
    room.done("views", scene="prompt")
    room.revealed("Une", "Deux", "Trois")
    assert page(room) == ("auto", 1)


@pytest.mark.parametrize(
    "form", [{}, {"scene": "cinema"}, {"page": "0"}, {"page": "1000"}, {"page": "²"}, {"page": "x"}]
)
def test_a_view_that_makes_no_sense_is_refused_and_nothing_changes(
    room: Room, form: dict[str, str]
) -> None:
    room.done("views", scene="wall")
    refused(room.do("views", **form), 422)
    assert page(room) == ("wall", 1)


def test_a_phone_cannot_choose_what_is_projected(room: Room) -> None:
    phone = room.phone()
    refused(phone.http.post(f"{room.path}/views", data={"scene": "wall"}, headers=JSON), 403)
    assert page(room) == ("auto", 1)


def test_a_closed_room_takes_no_view(room: Room) -> None:
    room.done("closings", keep="all")
    refused(room.do("views", scene="wall"), 409)
