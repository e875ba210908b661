"""What a stranger, a member of a room or an account may fill is bounded, and says so."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex, token_urlsafe
from tempfile import TemporaryDirectory

import pytest

from atelier.web import crowd, opening
from tests.web.inside import EMAILS, Browser, Inside, inside
from tests.web.rooms import Rooms


@pytest.fixture
def limited() -> Iterator[Inside]:
    with TemporaryDirectory() as folder, inside(Path(folder), rate="on") as installation:
        yield installation


@pytest.fixture
def rooms(limited: Inside) -> Rooms:
    return Rooms(limited, *(limited.signs_in(email) for email in EMAILS))


@pytest.mark.parametrize("limit", ["SCREENS_ROOM", "SCREENS_ADDRESS", "SCREENS_ALL"])
def test_one_screen_too_many_is_told_and_the_facilitator_never_is(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    room = rooms.make("sealed")
    path = f"/r/{room.id}/live"
    assert room.inside.follow(path, room.who["phone"]).short == "open"
    monkeypatch.setattr(crowd, limit, 0)
    assert room.inside.follow(path, room.who["phone"]).short == "closed 4429"
    assert room.inside.follow(path, room.owner).short == "open"


def test_who_left_takes_no_place(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "SCREENS_ROOM", 1)
    room = rooms.make("sealed")
    for _ in range(5):
        assert room.inside.follow(f"/r/{room.id}/live", room.who["phone"]).short == "open"
    assert not room.inside.services.throttle.crowd.counted


def test_three_hundred_phones_behind_one_address_follow_a_lecture() -> None:
    assert min(crowd.SCREENS_ROOM, crowd.SCREENS_ADDRESS) >= 3 * 300


def test_an_account_has_so_many_rooms_at_once(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = rooms.make("sealed")
    monkeypatch.setattr(opening, "ROOMS_ACCOUNT", 1)
    form = {"title": "Salle", "mode": "reveal"}
    assert room.inside.ask("POST", "/rooms", room.owner, form).refused == "too-many-rooms"
    room.do("closings", keep="all")
    rooms.two_minutes_later(room)
    assert room.inside.ask("POST", "/rooms", room.owner, form).status == 303


def test_a_full_room_takes_no_new_note_and_keeps_what_it_has(rooms: Rooms) -> None:
    room = rooms.make("sealed")
    notes = room.inside.services.notes
    notes.most = 4  # three notes wait
    last = room.writes("La quatrième")
    path, bearer = f"/r/{room.id}/notes", room.who["bearer"]
    body = {"note": token_hex(16), "secret": token_urlsafe(32), "text": "La cinquième"}
    assert room.inside.ask("POST", path, bearer, body=body).refused == "room-full"
    again = {"note": last.note, "secret": last.secret, "text": "Réécrite", "rev": 1}
    assert room.inside.ask("POST", path, bearer, body=again).status == 200
    taken = {"note": last.note, "secret": last.secret}
    back = f"/r/{room.id}/withdrawals"
    assert room.inside.ask("POST", back, bearer, body=taken).status == 204
    before = room.seq()
    unknown = {"note": token_hex(16), "secret": token_urlsafe(32)}
    assert room.inside.ask("POST", back, bearer, body=unknown).status == 204
    assert room.seq() == before, "marks of notes taken back are bounded too"
    room.do("reveals")
    assert len(room.inside.run(notes.live.open(room.id)).room.wall.notes) == 3  # type: ignore[arg-type]


def test_bodies_are_bounded(rooms: Rooms) -> None:
    room = rooms.make("sealed")
    body = {"note": token_hex(16), "secret": token_urlsafe(32), "text": "x", "pad": "y" * 17_000}
    answer = room.inside.ask("POST", f"/r/{room.id}/notes", room.who["bearer"], body=body)
    assert answer.refused == "body-too-large"
    form = {"code": "y" * 300_000}
    assert room.inside.ask("POST", "/join", Browser(), form).refused == "body-too-large"
