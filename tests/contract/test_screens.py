"""The WebSocket: numbers without gaps, and *old page + update = fresh page*."""

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import pairwise

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.contract.conftest import OpenRoom
from tests.contract.people import SCRIPT, Facilitator, Room, Screen, lanes_of, wall_of
from tests.contract.tree import Element, parse


@pytest.fixture
def notes(room: Room) -> list[str]:
    room.revealed("un", "deux", "trois", "quatre", "cinq")
    return list(room.wall())


def test_a_new_screen_gets_the_whole_board(room: Room, notes: list[str]) -> None:
    with room.screen() as screen:
        whole = screen.frame("whole")
    assert set(whole) == {"t", "seq", "epoch", "html"}
    board = room.board()
    assert (str(whole["seq"]), whole["epoch"]) == (board["data-seq"], board["data-epoch"])
    assert screen.board.canonical() == board.canonical()
    assert len(parse(whole["html"]).elements) == 1


def test_every_ping_gets_a_pong(room: Room) -> None:
    with room.screen() as screen:
        for _ in range(3):
            screen.socket.send(json.dumps({"t": "ping"}))
            assert screen.frame("pong") == {"t": "pong"}


@pytest.mark.parametrize("word", ["x", "{}", "[]", '{"t":"update","html":""}', "[" * 500, b"\0"])
def test_a_screen_that_says_anything_else_disturbs_nobody(room: Room, word: str | bytes) -> None:
    with room.screen() as other, room.screen() as rude:
        other.frame("whole")
        try:
            rude.socket.send(word)
            rude.socket.send("y" * 100_000)
        except ConnectionClosed:
            pass
        room.done("veils", on="1")
        other.frame("update")
        assert other.board.canonical() == room.board().canonical()


def acts(room: Room, notes: list[str]) -> dict[str, Callable[[], object]]:
    """Every kind of command of a bare wall, in an order in which each one succeeds."""
    return {
        "form": lambda: room.do("clusters", cluster="a" * 32, title="A", note=notes[:2]),
        "form empty": lambda: room.do("clusters", cluster="b" * 32, title="B <i>"),
        "move": lambda: room.move("b" * 32, notes[2]),
        "move several": lambda: room.move("b" * 32, notes[4], notes[0]),
        "rename": lambda: room.rename("a" * 32, "A & B"),
        "undo rename": room.undo,
        "rename again": lambda: room.rename("a" * 32, "Autre"),
        "move back": lambda: room.move("", notes[0]),
        "hide in lane": lambda: room.hide(notes[3]),
        "undo hide": room.undo,
        "hide in cluster": lambda: room.hide(notes[2]),
        "veil": lambda: room.do("veils", on="1"),
        "lock": lambda: room.do("locks", on="1"),
        "third": lambda: room.do("clusters", cluster="c" * 32, title="C", note=[notes[3]]),
        "dissolve": lambda: room.dissolve("a" * 32),
        "undo dissolve": room.undo,
        "dissolve the middle": lambda: room.dissolve("b" * 32),
        "undo the middle": room.undo,
        "unveil": lambda: room.do("veils", on="0"),
        "unlock": lambda: room.do("locks", on="0"),
        "close": lambda: room.close("reduced"),
        "reopen": lambda: room.do("closings", undo="1"),
        "step": lambda: room.do("steps", go="wall"),
    }


def test_old_page_and_update_are_the_fresh_page_for_every_command(
    room: Room, notes: list[str]
) -> None:
    with room.screen() as screen:
        screen.frame("whole")
        for name, act in acts(room, notes).items():
            answer = act()
            if name == "step" and getattr(answer, "status_code", 0) == 409:
                continue  # to go where one is may be refused
            assert getattr(answer, "is_success", False), (name, answer)
            fresh = room.board()
            screen.reach(int(fresh["data-seq"]))
            assert screen.board.canonical() == fresh.canonical(), name
        froms = [
            (f["from"], f["seq"]) for f in map(json.loads, screen.frames) if f["t"] == "update"
        ]
        assert all(m < n for m, n in froms)
        assert all(one[1] == two[0] for one, two in pairwise(froms))


def test_old_page_and_all_updates_since_are_the_fresh_page(room: Room, notes: list[str]) -> None:
    """A page that was fetched, then a socket that opens at its number, as a browser does it."""
    page = room.board()
    with room.screen(after=page["data-seq"], epoch=page["data-epoch"]).holds(page) as screen:
        room.cluster("A", notes[0], notes[3])
        room.hide(notes[1])
        fresh = room.board()
        screen.reach(int(fresh["data-seq"]))
        assert all(json.loads(frame)["t"] != "whole" for frame in screen.frames)
        assert screen.board.canonical() == fresh.canonical()


def test_a_script_with_two_reveals_keeps_page_and_updates_equal(opened: OpenRoom) -> None:
    room = opened(script=SCRIPT)
    phones = room.phones()
    with room.screen() as screen:
        screen.frame("whole")
        while room.do("steps", go="next").is_success:
            for phone in phones:
                phone.look()
                if room.board()["data-mode"] == "reveal":
                    phone.write("note <i> & 'x'\ndeux lignes")
            if room.board()["data-kind"] == "post":
                room.reveal()
            fresh = room.board()
            screen.reach(int(fresh["data-seq"]))
            assert screen.board.canonical() == fresh.canonical()
    assert len(wall_of(screen.board)) >= 6


@pytest.mark.parametrize("mode", ["direct", "waves"])
def test_notes_edits_and_take_backs_keep_page_and_updates_equal(
    opened: OpenRoom, mode: str
) -> None:
    room = opened(mode=mode)
    phones = room.phones()
    with room.screen() as screen:
        screen.frame("whole")

        def same() -> None:
            fresh = room.board()
            screen.reach(int(fresh["data-seq"]))
            assert screen.board.canonical() == fresh.canonical()

        notes = [phones[number % 3].write(f"note {number}") for number in range(4)]
        if mode == "waves":
            room.reveal()
        same()
        room.cluster("A", notes[0].note)
        same()
        phones[1].take_back(notes[1], now=True)
        same()
        phones[0].take_back(notes[0])
        phones[2].post(notes[2], rev=1, text="corrigée")
        room.hide(notes[3].note)
        same()
        notes = [phone.write("encore") for phone in phones]
        if mode == "waves":
            room.reveal()
        same()
        room.undo()
        same()


def test_a_screen_with_an_old_number_catches_up(room: Room, notes: list[str]) -> None:
    page = room.board()
    cluster = room.cluster("A", notes[0])
    room.move(cluster, notes[1])
    room.undo()
    fresh = room.board()
    with room.screen(after=page["data-seq"], epoch=page["data-epoch"]).holds(page) as screen:
        screen.reach(int(fresh["data-seq"]))
        assert screen.board.canonical() == fresh.canonical()


@pytest.mark.parametrize(
    "query",
    [
        {"after": 0},
        {"after": 10**6},
        {"after": -1},
        {"after": "x", "epoch": "y"},
        {"after": 10**30},
        {"after": ""},
        {"epoch": ""},
    ],
)
def test_a_strange_number_gets_the_whole_board(room: Room, query: dict[str, object]) -> None:
    board = room.board()
    with room.screen(**{"epoch": board["data-epoch"], **query}) as screen:
        assert screen.frame("whole")["seq"] == int(board["data-seq"])


def test_another_epoch_gets_the_whole_board(room: Room) -> None:
    with room.screen(after=room.seq(), epoch="0" * 32) as screen:
        assert screen.frame("whole")["epoch"] == room.board()["data-epoch"]


def test_the_same_frame_goes_to_every_screen(room: Room) -> None:
    phones = room.phones()
    with ExitStack() as stack:
        screens = [
            stack.enter_context(screen)
            for screen in (room.screen(), *(phone.screen() for phone in phones))
        ]
        for screen in screens:
            screen.frame("whole")
        for phone in phones:
            phone.write("x")
        room.reveal()
        room.done("veils", on="1")
        for screen in screens:
            screen.reach(room.seq())
    seen = [[f for f in screen.frames if '"update"' in f[:20]] for screen in screens]
    assert len(seen[0]) >= 2
    assert all(frames == seen[0] for frames in seen)
    wholes = [[f for f in screen.frames if '"whole"' in f[:20]] for screen in screens]
    assert all(frames == wholes[0] for frames in wholes)


def test_nothing_numbered_tells_that_a_sealed_note_arrived(room: Room) -> None:
    with room.screen() as screen:
        start = screen.frame("whole")["seq"]
        note = room.phone().write("chut")
        screen.socket.send('{"t":"ping"}')
        screen.frame("pong")
        room.done("veils", on="1")
        update = screen.frame("update")
    assert (update["from"], update["seq"]) == (start, start + 1)
    assert all(note.note not in frame and "chut" not in frame for frame in screen.frames)


def test_what_is_now_has_no_number_and_is_not_the_board(room: Room) -> None:
    with room.screen() as screen:
        now = screen.frame("now")
        assert set(now) == {"t", "html"}
        updates = parse(now["html"]).elements
        assert updates and all("id" in element.attributes for element in updates)
        board = room.board()
        assert all(board.by_id(element["id"]) is None for element in updates)


def test_the_board_has_no_hx_attribute_and_one_text_per_note(room: Room, notes: list[str]) -> None:
    room.cluster("A", notes[0])
    pages = [room.get("board"), room.facilitator.http.get(room.page)]
    pages += [
        room.phone().http.get(room.page),
        room.facilitator.http.get(f"{room.page}?view=projector"),
    ]
    for page in pages:
        boards = [e for e in parse(page.text).having("id") if e["id"] == "board"]
        assert len(boards) == 1, page.url
        assert {
            name for e in boards[0].every() for name in e.attributes if name[:2] == "hx"
        } == set()
        assert sorted(wall_of(boards[0])) == sorted(notes)
        assert set(boards[0].attributes) >= {
            "data-seq", "data-epoch", "data-state", "data-step", "data-mode", "data-veil",
            "data-locked",
        }  # fmt: skip


def test_every_page_has_the_same_board(room: Room, notes: list[str]) -> None:
    room.cluster("A", notes[0])
    steer = parse(room.facilitator.http.get(room.page).text)
    phone = room.phone().look()
    projector = parse(room.facilitator.http.get(f"{room.page}?view=projector").text)
    fresh = lanes_of(room.board())
    for page in (steer, phone, projector):
        board: Element | None = page.by_id("board")
        assert board is not None
        assert lanes_of(board) == fresh


def shut_out(screen: Screen) -> bool:
    """Whether the socket is refused, at the handshake or before any board."""
    try:
        with screen:
            frame = json.loads(screen.socket.recv(timeout=3))
            assert "data-seq" not in str(frame), "an outsider got the board"
            return False
    except (InvalidStatus, ConnectionClosed):
        return True


def test_a_socket_without_a_cookie_is_refused(room: Room) -> None:
    phone = room.phone()
    live, key = phone.joined["live"], phone.joined["pass"]
    for query in ({}, {"pass": key}, {"token": key}, {"code": room.code}):
        assert shut_out(Screen(room.server, live, {}, query))


def test_a_socket_with_a_cookie_of_another_room_is_refused(
    opened: OpenRoom, stranger: Facilitator
) -> None:
    room, other = opened(), opened()
    assert shut_out(Screen(room.server, f"{room.path}/live", other.phone().http.cookies, {}))
    assert shut_out(Screen(room.server, f"{room.path}/live", stranger.http.cookies, {}))
    forged = {name: value[:-2] + "AA" for name, value in room.phone().http.cookies.items()}
    assert shut_out(Screen(room.server, f"{room.path}/live", forged, {}))


def test_a_socket_from_a_foreign_page_is_refused(room: Room) -> None:
    cookies = room.facilitator.http.cookies
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"):
        assert shut_out(Screen(room.server, f"{room.path}/live", cookies, {}, origin))


def test_a_room_that_does_not_exist_has_no_socket(room: Room) -> None:
    assert shut_out(Screen(room.server, f"/r/{'0' * 32}/live", room.facilitator.http.cookies, {}))


def test_a_screen_that_never_reads_does_not_hold_the_others_up(room: Room) -> None:
    with room.screen() as slow, room.screen() as screen:
        screen.frame("whole")
        started = time.monotonic()
        for number in range(40):
            room.done("veils", on=str((number + 1) % 2))
        screen.reach(room.seq())
        assert time.monotonic() - started < 10
        assert slow.seq == -1


def test_a_screen_that_stops_reading_is_dropped_and_comes_back_to_the_whole_board(
    opened: OpenRoom,
) -> None:
    room = opened(mode="direct")
    phone = room.phone()
    for _ in range(60):
        phone.write("🪵" * 200)
    with room.screen() as slow, room.screen() as screen:
        slow.frame("now")
        for number in range(100):  # megabytes, more than the system holds for who does not read
            room.done("veils", on=str((number + 1) % 2))
            screen.reach(slow.seq + 1 + number)
        with pytest.raises(ConnectionClosed):
            while True:
                slow.frame("update")
        assert slow.seq < room.seq()
    with room.screen(after=slow.seq, epoch=slow.epoch).holds(slow.board) as again:
        again.frame("whole")
        assert again.board.canonical() == room.board().canonical()
