"""`POST /r/{room}/steps`: from the lobby through a script, and what each step takes."""

import pytest
from markupsafe import escape

from atelier.content import scripts
from tests.contract.conftest import OpenRoom
from tests.contract.people import SCRIPT, Note, Room, refused, walk, writing


@pytest.fixture
def scripted(opened: OpenRoom) -> Room:
    return opened(script=SCRIPT)


def test_a_bare_wall_starts_in_its_only_step(room: Room) -> None:
    board = room.board()
    assert board["data-state"] == "open"
    assert board["data-step"] == "wall"
    assert board["data-mode"] == "reveal"
    assert (board["data-veil"], board["data-locked"]) == ("0", "0")
    assert board["data-epoch"]
    assert int(board["data-seq"]) >= 0


@pytest.mark.parametrize("mode", ["reveal", "waves", "direct"])
def test_a_bare_wall_has_the_mode_that_was_asked_for(opened: OpenRoom, mode: str) -> None:
    assert opened(mode=mode).board()["data-mode"] == mode


def test_a_room_of_an_unknown_mode_or_script_is_refused(room: Room) -> None:
    for form in ({"script": "", "mode": "bruit"}, {"script": "aucun", "mode": "reveal"}):
        answer = room.facilitator.http.post(
            "/rooms",
            data={**form, "title": "x", "theme": "x"},
            headers={"Accept": "application/json"},
        )
        refused(answer, 404, 422)


def test_a_scripted_room_waits_in_the_lobby_until_the_first_step(scripted: Room) -> None:
    assert scripted.board()["data-state"] == "lobby"
    assert scripted.board()["data-mode"] == "none"
    scripted.step()
    assert scripted.board()["data-state"] == "open"


def test_next_goes_through_every_step_and_is_refused_after_the_last(scripted: Room) -> None:
    steps = walk(scripted)
    assert list(steps) == [step["id"] for step in scripted.export()["steps"]]
    assert set(steps.values()) <= {"reveal", "waves", "direct", "none"}
    seq = scripted.seq()
    refused(scripted.do("steps", go="next"), 409)
    assert scripted.seq() == seq


def test_a_step_is_reached_by_its_id_also_backwards(scripted: Room) -> None:
    steps = list(walk(scripted))
    assert scripted.step(steps[1]) == steps[1]
    assert scripted.step() == steps[2]


@pytest.mark.parametrize("go", ["", "nulle-part", "<b>", "next "])
def test_an_unknown_step_is_refused_and_nothing_moves(scripted: Room, go: str) -> None:
    scripted.step()
    seq = scripted.seq()
    refused(scripted.do("steps", go=go), 404, 409, 422)
    assert scripted.seq() == seq


def test_a_step_that_takes_no_notes_refuses_them(scripted: Room) -> None:
    scripted.step()
    assert scripted.board()["data-mode"] == "none"
    refused(scripted.phone().post(Note(text="x")), 409)


def test_a_sealed_step_takes_notes_until_its_reveal_also_when_the_room_moved_on(
    scripted: Room,
) -> None:
    first, second = writing(scripted)[:2]
    phones = scripted.phones()
    notes = [phone.write(f"tôt {number}") for number, phone in enumerate(phones[:2])]
    scripted.step(second)
    notes.append(phones[2].write("hors ligne", step=first))
    scripted.reveal(first)
    assert set(scripted.wall()) == {note.note for note in notes}
    refused(phones[2].post(Note(text="trop tard"), step=first), 409)


def test_a_note_without_a_step_is_of_the_current_one(scripted: Room) -> None:
    first, second = writing(scripted)[:2]
    phones = scripted.phones()
    for phone in phones:
        phone.write("première")
    scripted.step(second)
    for phone in phones:
        phone.look()
        phone.write("seconde")
    scripted.reveal()
    held = {(note["step"], note["text"]) for note in scripted.export()["notes"]}
    assert held == {(first, "première"), (second, "seconde")}


def test_a_note_to_a_step_that_has_not_been_open_is_refused(opened: OpenRoom) -> None:
    room = opened(script=SCRIPT)
    later = writing(room)[1]
    refused(room.phone().post(Note(text="en avance"), step=later), 404, 409, 422)


def test_what_a_step_advises_is_read_by_who_facilitates_alone(scripted: Room) -> None:
    hints = [step.hint_fr for step in scripts()[SCRIPT].steps if step.hint_fr]
    assert hints
    told = scripted.facilitator.http.get(scripted.path).text
    phone = scripted.phone()
    seen = [phone.http.get(scripted.page).text, scripted.get("board").text]
    seen.append(scripted.facilitator.http.get(f"{scripted.path}?view=projector").text)
    for hint in hints:
        start = escape(hint[:30])
        assert start in told and not any(start in page for page in seen)
