"""`POST /r/{room}/withdrawals`: a note goes when its holder says so, and stays away."""

import secrets

import pytest

from tests.contract.conftest import OpenRoom
from tests.contract.people import Note, Room, refused


def test_a_sealed_note_taken_back_is_not_in_the_reveal(room: Room) -> None:
    phones = room.phones(4)
    notes = [phone.write(f"note {number}") for number, phone in enumerate(phones)]
    assert phones[0].take_back(notes[0]).status_code == 204
    assert phones[0].take_back(notes[0]).status_code == 204
    room.reveal()
    assert set(room.wall()) == {note.note for note in notes[1:]}


def test_a_note_taken_back_does_not_count_for_the_threshold(room: Room) -> None:
    phones = room.phones(3)
    notes = [phone.write("x") for phone in phones]
    phones[0].take_back(notes[0])
    refused(room.do("reveals"), 409)


def test_a_note_taken_back_does_not_return_when_the_phone_retries(room: Room) -> None:
    phone = room.phone()
    note = phone.write("reviens")
    assert phone.take_back(note).status_code == 204
    refused(phone.post(note), 409)
    refused(phone.post(note, rev=5, text="autrement"), 409)


def test_a_note_that_arrives_after_its_own_take_back_stays_away(room: Room) -> None:
    phone, note = room.phone(), Note(text="en retard")
    assert phone.take_back(note).status_code == 204
    assert phone.take_back(note).status_code == 204
    refused(phone.post(note), 409)
    for other in room.phones():
        other.write("présente")
    room.reveal()
    assert note.note not in room.wall()


def test_a_take_back_while_the_room_is_closed_holds_when_it_is_reopened(room: Room) -> None:
    phone, note = room.phone(), Note(text="en retard")
    assert room.close("all").status_code == 204
    assert phone.take_back(note).status_code == 204
    room.done("closings", undo="1")
    assert refused(phone.post(note), 409) == "note-taken-back"


@pytest.mark.parametrize("mode", ["reveal", "direct"])
def test_a_wrong_secret_takes_nothing_back(opened: OpenRoom, mode: str) -> None:
    room = opened(mode=mode)
    phones = room.phones()
    notes = [phone.write("à moi") for phone in phones]
    thief = Note(note=notes[0].note)
    refused(phones[1].take_back(thief), 404)
    refused(phones[1].take_back(thief, now=True), 404)
    if mode == "reveal":
        room.reveal()
        refused(phones[1].take_back(thief, now=True), 404)
        room.cluster("Un acte", notes[1].note)
    assert notes[0].note in room.wall()
    assert phones[0].post(notes[0]).status_code == 200


def test_a_wrong_secret_is_refused_also_for_a_note_taken_back(room: Room) -> None:
    phone = room.phone()
    note = phone.write("x")
    phone.take_back(note)
    assert phone.take_back(Note(note=note.note)).status_code in (204, 404)


def test_after_the_reveal_a_note_leaves_with_the_facilitators_next_act(room: Room) -> None:
    phones = room.phones()
    notes = [phone.write(f"note {number}") for number, phone in enumerate(phones)]
    room.reveal()
    assert phones[0].take_back(notes[0]).status_code == 202
    assert phones[0].take_back(notes[0]).status_code in (202, 204)
    room.cluster("Un acte", notes[1].note)
    assert set(room.wall()) == {note.note for note in notes[1:]}
    assert phones[0].take_back(notes[0]).status_code == 204
    refused(phones[0].post(notes[0]), 409)


def test_after_the_reveal_now_is_now(room: Room) -> None:
    phones = room.phones()
    notes = [phone.write(f"note {number}") for number, phone in enumerate(phones)]
    room.reveal()
    with room.screen() as screen:
        screen.frame("whole")
        assert phones[0].take_back(notes[0], now=True).status_code == 204
        screen.frame("update")
        assert notes[0].note not in screen.page.text
        assert screen.board.canonical() == room.board().canonical()
    assert set(room.wall()) == {note.note for note in notes[1:]}
    assert "note 0" not in room.get("export/group.json").text
    refused(phones[0].post(notes[0]), 409)


def test_now_after_a_patient_take_back_does_not_wait(room: Room) -> None:
    phones = room.phones()
    notes = [phone.write("x") for phone in phones]
    room.reveal()
    assert phones[0].take_back(notes[0]).status_code == 202
    assert phones[0].take_back(notes[0], now=True).status_code == 204
    assert notes[0].note not in room.wall()


def test_a_note_taken_back_leaves_its_cluster_and_no_undo_returns_it(room: Room) -> None:
    phones = room.phones(4)
    notes = [phone.write(f"note {number}") for number, phone in enumerate(phones)]
    room.reveal()
    cluster = room.cluster("Grappe", notes[0].note, notes[1].note)
    assert room.hide(notes[2].note).is_success
    assert phones[0].take_back(notes[0], now=True).status_code == 204
    assert phones[2].take_back(notes[2], now=True).status_code == 204
    while room.undo().is_success:
        wall = room.wall()
        assert notes[0].note not in wall
        assert notes[2].note not in wall
    assert cluster not in room.lanes()


def test_a_direct_note_can_be_taken_back(opened: OpenRoom) -> None:
    room = opened(mode="direct")
    phone = room.phone()
    note = phone.write("visible")
    assert note.note in room.wall()
    assert phone.take_back(note, now=True).status_code == 204
    assert room.wall() == {}


def test_a_take_back_wants_the_pass(room: Room) -> None:
    phone = room.phone()
    note = phone.write("x")
    body = {"note": note.note, "secret": note.secret}
    refused(phone.send("withdrawals", body, Authorization="Bearer nope"), 401)


@pytest.mark.parametrize(
    "change",
    [
        {"note": "x"},
        {"note": 5},
        {"secret": "court"},
        {"secret": None},
        {"now": "peut-être"},
        {"note": "A" * 31 + "\n"},
    ],
)
def test_a_malformed_take_back_is_refused(room: Room, change: dict[str, object]) -> None:
    body = {"note": secrets.token_hex(16), "secret": secrets.token_urlsafe(32), "now": False}
    refused(room.phone().send("withdrawals", {**body, **change}), 422)


def test_now_may_be_left_out(room: Room) -> None:
    phone = room.phone()
    note = phone.write("x")
    body = {"note": note.note, "secret": note.secret}
    assert phone.send("withdrawals", body).status_code == 204
