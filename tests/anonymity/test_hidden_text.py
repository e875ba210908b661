"""Hidden text, looked for in every answer: before a reveal, by everybody who may not see it.

The crawl reads the route table, so that a new route is crawled without being named here; what
asks for more than a path has its recipe in `tests/web/rooms.py`, and a missing one fails.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex, token_urlsafe
from tempfile import TemporaryDirectory

import pytest

from atelier.exports.formats import FORMATS, PROFILES
from tests.web.inside import EMAILS, Inside, inside
from tests.web.rooms import RECIPES, ROLES, TABLE, Room, Rooms, asked, path_of

LAST = ("POST /r/{room}/reveals", "POST /r/{room}/closings", "POST /r/{room}/erasures",
        "POST /r/{room}/links")  # fmt: skip
"""What ends the state that is crawled: the owner may, so only the others are asked."""


@dataclass
class Planted:
    """A room with text that nobody may see now: face down, hidden, taken back."""

    room: Room
    unseen: list[str]
    secrets: list[str]


@pytest.fixture(scope="module")
def rooms() -> Iterator[Rooms]:
    with TemporaryDirectory() as folder, inside(Path(folder)) as installation:
        yield Rooms(installation, *(installation.signs_in(email) for email in EMAILS))


@pytest.fixture(scope="module")
def planted(rooms: Rooms) -> Planted:
    return plant(rooms)


def plant(rooms: Rooms, more: int = 0) -> Planted:
    """A wall of waves: some notes revealed, of which one is hidden, one taken back, one reworded
    from; then others face down."""
    room = rooms.make("lobby")
    opened = rooms.opens(rooms.owner, mode="waves")
    room.id, room.code = opened["room"], opened["code"]
    phones = [rooms.joins(room.code) for _ in range(4)]
    room.pass_ = json.loads(phones[0].body)["pass"]
    room.who["bearer"] = replace(room.who["bearer"], bearer=room.pass_)
    room.screen = opened["projector"].partition("#")[2]
    rooms.lets_in(room, phones[0])
    shown = [room.writes(f"visible {token_hex(8)}") for _ in range(4)]
    room.do("reveals")
    room.cluster = token_hex(16)
    room.do("clusters", cluster=room.cluster, title="Grappe", note=[n.note for n in shown[:2]])
    room.do("hides", note=shown[0].note)
    takes_back(room, shown[1].note, shown[1].secret)
    waiting = [room.writes(f"canari {token_hex(8)}") for _ in range(5 + more)]
    dropped = room.writes(f"canari {token_hex(8)}")
    takes_back(room, dropped.note, dropped.secret)
    unseen = [n.text for n in (shown[0], shown[1], *waiting, dropped)]
    secrets = [n.secret for n in room.notes] + [n.note for n in (*waiting, dropped)]
    cookies = [v for phone in phones for v in phone.cookies().values()]
    parts = [cookie.partition(".")[0] for cookie in cookies]
    return Planted(room, unseen, [*secrets, *cookies, *parts])


def takes_back(room: Room, note: str, secret: str) -> None:
    body = {"note": note, "secret": secret, "now": True}
    path = f"/r/{room.id}/withdrawals"
    assert room.inside.ask("POST", path, room.who["bearer"], body=body).status == 204


def crawl(room: Room) -> Iterator[tuple[str, str]]:
    """What is asked, and everything that is answered: headers, body, frames."""
    for name in TABLE:
        for role in ROLES:
            if role in ("co-facilitator", "owner") and name in LAST:
                continue
            yield f"{name} by {role}", answered(room, name, role)
    for role in ROLES:
        browser, ask = room.who[role], room.inside.ask
        for path in (*exports(room), *moments(room), *views(room), *nowhere(room)):
            answer = ask("GET", path, browser)
            yield f"GET {path} by {role}", f"{answer.raw_headers} {text_of(answer.body)}"


def answered(room: Room, name: str, role: str) -> str:
    if name.startswith("SOCKET"):
        followed = room.inside.follow(path_of(name, room), room.who[role])
        return "".join(followed.frames)
    answer = asked(room, name, room.who[role])
    gives = [pair for pair in answer.raw_headers if pair[0] != "set-cookie"]  # one's own
    return f"{gives} {text_of(answer.body)}"


def text_of(body: bytes) -> str:
    """UTF-8, and UTF-16 for what a PDF holds in clear."""
    return body.decode(errors="replace") + body.decode("utf-16-be", errors="replace")


def exports(room: Room) -> Iterator[str]:
    for profile in (*PROFILES, "autre"):
        yield from (f"/r/{room.id}/export/{profile}.{format}" for format in (*FORMATS, "exe"))


def moments(room: Room) -> Iterator[str]:
    seq, _ = room.seq()
    for page in ("board", "timeline"):
        yield from (f"/r/{room.id}/{page}?at={at}" for at in (*range(seq + 2), "x"))


def views(room: Room) -> Iterator[str]:
    yield from (f"/r/{room.id}?view={view}" for view in ("phone", "projector", "steer", "x"))


def nowhere(room: Room) -> Iterator[str]:
    """Addresses that other programs leaked by; here they are errors, and their pages are read."""
    for noun in ("notes", "withdrawals", "export", "search?q=canari", "live", "print", "clusters"):
        yield f"/r/{room.id}/{noun}"


def test_no_answer_holds_hidden_text_or_what_tells_one_phone_from_another(
    planted: Planted,
) -> None:
    count = 0
    for what, said in crawl(planted.room):
        count += 1
        for text in (*planted.unseen, *planted.secrets):
            assert text not in said, (what, text)
    assert count > 500


def test_the_crawl_finds_what_is_there(planted: Planted) -> None:
    """The test above is able to fail: what is on the wall is found by everybody who may see it."""
    room = planted.room
    shown = next(n.text for n in room.notes if n.text not in planted.unseen)
    found = {what for what, said in crawl(room) if shown in said}
    for what in ("GET /r/{room} by phone", "GET /r/{room} by projector", "GET /r/{room} by owner",
                 "SOCKET /r/{room}/live by phone", "GET /r/{room}/board by owner"):  # fmt: skip
        assert what in found, what
    assert not any(" by nobody" in what or " by other" in what for what in found)


def test_the_pass_is_told_to_who_is_in_the_room_and_to_nobody_else(planted: Planted) -> None:
    told = {what for what, said in crawl(planted.room) if planted.room.pass_ in said}
    who = {what.rpartition(" by ")[2] for what in told if not what.startswith("POST /join")}
    assert who <= {"phone", "owner", "foreign page"}, told  # a page that others ask for, none reads


def test_every_route_has_a_recipe() -> None:
    unsafe = {name for name in TABLE if name.split()[0] in ("POST", "DELETE", "PUT", "PATCH")}
    assert unsafe == set(RECIPES)


# How others leaked, one by one


def test_a_hidden_note_is_not_sent_and_then_hidden_by_the_browser(planted: Planted) -> None:
    room = planted.room
    for role in ("phone", "projector", "owner"):
        page = asked(room, "GET /r/{room}", room.who[role]).text
        assert room.notes[0].note not in page and room.notes[0].text not in page, role


def test_no_second_route_gives_the_notes(planted: Planted) -> None:
    room = planted.room
    for role in ROLES:
        answer = room.inside.ask("GET", f"/r/{room.id}/notes", room.who[role])
        assert answer.status in (404, 405), role


def test_an_export_holds_no_phone_no_second_and_no_number_of_people(planted: Planted) -> None:
    room = planted.room
    for profile in ("group", "facilitator"):  # of the others, tests/exports/test_outside.py
        path = f"/r/{room.id}/export/{profile}.json"
        held = json.loads(room.inside.ask("GET", path, room.owner).body)
        assert set(held) == {"atelier", "title", "theme", "day", "language", "profile", "steps",
                             "notes", "clusters", "tensions", "cards", "timeline"}  # fmt: skip
        assert all(set(note) == {"id", "step", "text", "cluster"} for note in held["notes"])
        assert all(isinstance(act["minute"], int) for act in held["timeline"])
        assert not {note.note for note in room.notes} & {note["id"] for note in held["notes"]}


def test_one_note_more_above_the_threshold_is_seen_by_nobody(rooms: Rooms) -> None:
    """Exact counters let one subtract one's own note; bands do not move by one."""
    frames = []
    for more in (0, 1):
        room = plant(rooms, more).room
        looked_at(room.inside)
        said = room.inside.follow(f"/r/{room.id}/live", room.who["phone"]).frames
        now = [frame for frame in said if json.loads(frame)["t"] == "now"]
        frames.append([timeless(re.sub(r'data-code=\\"[^"]*"', "", frame)) for frame in now])
    fewer, one_more = frames
    assert fewer and fewer == one_more


def looked_at(inside: Inside) -> None:
    inside.services.announcer.stale.update(inside.services.live.rooms)
    inside.run(inside.services.announcer.beat())


def test_nothing_tells_that_somebody_writes(planted: Planted) -> None:
    """No typing sign, no reaction, no last time online: there is no way to say such a thing."""
    assert not {name for name in TABLE for word in ("typing", "react", "presence", "online")
                if word in name}  # fmt: skip
    room = planted.room
    before = room.inside.follow(f"/r/{room.id}/live", room.who["phone"]).frames
    room.writes(f"canari {token_urlsafe(8)}")
    after = room.inside.follow(f"/r/{room.id}/live", room.who["phone"]).frames
    assert [timeless(frame) for frame in before] == [timeless(frame) for frame in after]


def timeless(frame: str) -> str:
    """Without the server's clock, which the timer of the page goes by."""
    return re.sub(r"\b\d{10}(\.\d)?\b", "", frame)


def test_the_past_holds_no_text_that_was_hidden_or_taken_back(planted: Planted) -> None:
    """History kept for replay must not make erasure impossible."""
    room = planted.room
    for path in moments(room):
        said = room.inside.ask("GET", path, room.owner).text
        for note in room.notes[:2]:
            assert note.text not in said and note.note not in said, path
