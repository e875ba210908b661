"""Looking back: who may, and what is at no moment to be seen."""

import re
from collections.abc import Callable

import httpx2
import pytest

from tests.contract.conftest import OpenRoom
from tests.contract.people import (
    JSON,
    SCRIPT,
    Facilitator,
    Room,
    board_of,
    lanes_of,
    refused,
)
from tests.contract.tree import parse

Client = httpx2.Client
HTML = {"Accept": "text/html"}


def reader_link(room: Room) -> str:
    page = room.get("timeline").text
    found = re.search(r'value="(/a/[0-9a-f]{32}#[^"]+)"', page)
    assert found, "no link to hand out"
    return found[1]


def open_link(room: Room, link: str) -> Client:
    """What the page behind the link does with its secret."""
    path, _, secret = link.partition("#")
    client = room.server.client(Origin=room.server.origin)
    assert client.get(path).status_code == 200
    client.post(path, data={"secret": secret}, headers=HTML, follow_redirects=False)
    return client


def projector(room: Room) -> Client:
    return open_link(room, room.projector)


def past(client: Client, room: Room, at: object) -> httpx2.Response:
    return client.get(f"{room.path}/board", params={"at": str(at)}, headers=JSON)


PLACES: dict[str, Callable[[Client, Room], httpx2.Response]] = {
    "timeline": lambda client, room: client.get(f"{room.path}/timeline", headers=JSON),
    "board at": lambda client, room: past(client, room, 1),
    "group export": lambda client, room: client.get(f"{room.path}/export/group.json", headers=JSON),
    "facilitator export": lambda client, room: client.get(
        f"{room.path}/export/facilitator.json", headers=JSON
    ),
}


def asked(client: Client, room: Room) -> dict[str, int]:
    return {name: place(client, room).status_code for name, place in PLACES.items()}


NOTHING = dict.fromkeys(PLACES, 403)
EVERYTHING = dict.fromkeys(PLACES, 200)


def test_only_who_facilitates_looks_back_while_the_room_is_open(
    room: Room, stranger: Facilitator
) -> None:
    room.revealed("Une", "Deux", "Trois")
    assert asked(room.facilitator.http, room) == EVERYTHING
    for client in (room.phone().join().http, projector(room), stranger.http, room.server.client()):
        assert asked(client, room) == NOTHING


def test_a_closed_room_is_read_by_who_was_given_the_link_and_nobody_else(
    room: Room, stranger: Facilitator
) -> None:
    phone, screen = room.phone().join(), projector(room)
    room.close("all")
    reader = open_link(room, reader_link(room))
    assert asked(reader, room) == {**EVERYTHING, "facilitator export": 403}
    for client in (phone.http, screen, stranger.http, room.server.client()):
        assert asked(client, room) == NOTHING


def test_the_link_opens_nothing_else_and_nothing_while_the_room_is_open_again(room: Room) -> None:
    room.close("all")
    link = reader_link(room)
    reader = open_link(room, link)
    refused(reader.post(f"{room.path}/closings", data={"undo": "1"}, headers=JSON), 403)
    assert reader.get(room.path, follow_redirects=False).status_code == 303
    room.done("closings", undo="1")
    assert asked(reader, room) == NOTHING
    assert asked(open_link(room, link), room) == NOTHING
    assert 'id="link"' not in room.get("timeline").text


def test_a_wrong_secret_or_one_of_another_room_is_refused(opened: OpenRoom) -> None:
    room, other = opened(), opened()
    room.close("all")
    other.close("all")
    client = room.server.client(Origin=room.server.origin)
    secret = reader_link(other).partition("#")[2]
    for wrong in ("", "x", secret, room.projector.partition("#")[2]):
        refused(client.post(f"/a/{room.room}", data={"secret": wrong}, headers=JSON), 403)
    assert asked(client, room) == NOTHING
    refused(client.post(f"/a/{'0' * 32}", data={"secret": secret}, headers=JSON), 404)


@pytest.mark.parametrize("at", ["-1", "1000000", "x", "", "1.5", "²", "٣"])
def test_a_moment_that_is_not_in_the_session_is_refused(room: Room, at: str) -> None:
    assert refused(past(room.facilitator.http, room, at), 404) == "past-unknown"


def test_a_past_board_is_the_board_as_it_stood(room: Room) -> None:
    one, two, three = room.revealed("Une", "Deux", "Trois")
    before = room.seq()
    cluster = room.cluster("Premier", one.note)
    after = room.seq()
    room.move(cluster, two.note, three.note)
    board = board_of(parse(past(room.facilitator.http, room, after).text))
    assert board["data-seq"] == str(after)
    assert [len(notes) for notes in lanes_of(board).values()] == [1, 2]
    loose = board_of(parse(past(room.facilitator.http, room, before).text))
    assert list(map(len, lanes_of(loose).values())) == [3]
    lobby = board_of(parse(past(room.facilitator.http, room, 0).text))
    assert lobby["data-state"] == "lobby"


def test_what_was_taken_back_or_hidden_is_in_no_byte_of_the_past(room: Room) -> None:
    phones = room.phones(4)
    texts = ("mot retiré", "mot masqué", "mot resté", "mot changé")
    notes = [phone.write(text) for phone, text in zip(phones, texts, strict=True)]
    room.reveal()
    room.cluster("Premier", *(note.note for note in notes))
    phones[0].take_back(notes[0], now=True)
    room.hide(notes[1].note)
    room.close("all")
    pages = [room.get("timeline").text]
    pages += [past(room.facilitator.http, room, at).text for at in range(room.seq() + 1)]
    everything = "".join(pages)
    assert "mot retiré" not in everything
    assert "mot masqué" not in everything
    assert notes[0].note not in everything
    assert "mot resté" in everything


def test_notes_that_the_group_does_not_keep_are_in_no_byte_of_the_past(room: Room) -> None:
    room.revealed("mot secret un", "mot secret deux", "mot secret trois")
    room.cluster("Premier")
    room.close("reduced")
    pages = [past(room.facilitator.http, room, at).text for at in range(room.seq() + 1)]
    assert "mot secret" not in "".join([*pages, room.get("timeline").text])
    assert "Premier" in pages[-1]


def test_the_timeline_tells_acts_and_steps_and_no_number_of_people(opened: OpenRoom) -> None:
    room = opened(script=SCRIPT)
    empty = room.get("timeline")
    assert empty.status_code == 200
    title = room.step() and room.board().by_id("step")
    assert title
    text = room.get("timeline").text
    assert "Salle ouverte" in text
    assert text.count('<li><button type="button" data-seq=') == 2
    assert "no-store" in room.get("timeline").headers["Cache-Control"]
