"""What a waiting request holds: a place, a presence; and for how long."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import pytest

from atelier.web import crowd, polling
from tests.web.inside import EMAILS, Answer, Inside, inside
from tests.web.rooms import Room, Rooms


@pytest.fixture(scope="module")
def limited() -> Iterator[Inside]:
    with TemporaryDirectory() as folder, inside(Path(folder), rate="on") as installation:
        yield installation


@pytest.fixture(scope="module")
def rooms(limited: Inside) -> Rooms:
    return Rooms(limited, *(limited.signs_in(email) for email in EMAILS))


@pytest.fixture
def room(rooms: Rooms) -> Room:
    return rooms.make("sealed")


def asks(room: Room, role: str = "phone", **known: str) -> Answer:
    path = f"/r/{room.id}/updates?{urlencode(known)}"
    return room.inside.ask("GET", path, room.who[role], headers={"accept": "application/json"})


def has_all(room: Room) -> dict[str, str]:
    answer = asks(room)
    whole = json.loads(answer.body)[0]
    return {
        "after": str(whole["seq"]),
        "epoch": whole["epoch"],
        "now": answer.headers["atelier-now"],
    }


def test_nothing_new_is_an_empty_list_after_the_wait(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "WAIT_SECONDS", (0.2, 0.3))
    known, started = has_all(room), time.monotonic()
    assert json.loads(asks(room, **known).body) == []
    assert 0.2 <= time.monotonic() - started < 2


def test_requests_wait_for_different_times_and_never_as_long_as_a_proxy_does() -> None:
    drawn = [polling.chance.uniform(*polling.WAIT_SECONDS) for _ in range(10)]
    assert max(drawn) < 30
    assert max(drawn) - min(drawn) > 0.5


@pytest.mark.parametrize("limit", ["SCREENS_ROOM", "SCREENS_ADDRESS", "SCREENS_ALL"])
def test_one_screen_too_many_is_told_and_the_facilitator_never_is(
    room: Room, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(crowd, limit, 0)
    refused = asks(room)
    assert (refused.status, refused.refused) == (429, "too-many-screens")
    assert "retry-after" in refused.headers
    assert asks(room, "owner").status == 200


def test_who_was_answered_takes_no_place(room: Room) -> None:
    asks(room)
    assert not room.inside.services.throttle.crowd.counted
    assert room.id not in room.inside.services.hub.screens


def test_a_phone_is_there_between_two_requests_and_came_once(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "BETWEEN_SECONDS", 0.1)
    presence = room.inside.services.presence
    asks(room)
    there = presence.rooms[room.id]  # type: ignore[index]
    [came] = there.since.values()
    asks(room)
    assert list(there.since.values()) == [came]
    wait(room, 0.3)
    assert not there.sockets


def wait(room: Room, seconds: float) -> None:

    room.inside.run(asyncio.sleep(seconds))
