"""`POST /r/{room}/closings`: what is kept, what is refused afterwards, and the way back."""

import pytest

from tests.contract.people import Note, Room, refused


@pytest.fixture
def sorted_room(room: Room) -> Room:
    """Three notes on the wall, one in a cluster, one hidden; a fourth is sealed nowhere."""
    notes = room.revealed("un mot gardé", "un mot rangé", "un mot masqué")
    room.cluster("La grappe", notes[1].note)
    room.hide(notes[2].note)
    return room


@pytest.mark.parametrize("keep", ["all", "reduced", "nothing"])
def test_a_closed_room_says_so_and_takes_nothing_more(sorted_room: Room, keep: str) -> None:
    phone = sorted_room.phone()
    assert sorted_room.close(keep).status_code in (200, 204)
    assert sorted_room.board()["data-state"] == "closed"
    refused(sorted_room.server.join(sorted_room.code), 404)
    assert phone.post(Note(text="trop tard")).status_code in (401, 404, 409)
    seq = sorted_room.seq()
    for answer in (
        sorted_room.close("all"),
        sorted_room.do("steps", go="wall"),
        sorted_room.do("reveals"),
        sorted_room.do("clusters", cluster="c" * 32, title="B"),
        sorted_room.undo(),
    ):
        refused(answer, 409)
    assert sorted_room.seq() == seq


def test_all_keeps_all_that_is_still_on_the_wall(sorted_room: Room) -> None:
    sorted_room.close("all")
    held = sorted_room.export()
    assert sorted(note["text"] for note in held["notes"]) == ["un mot gardé", "un mot rangé"]
    assert [cluster["title"] for cluster in held["clusters"]] == ["La grappe"]


def test_reduced_keeps_the_clusters_and_none_of_the_notes(sorted_room: Room) -> None:
    sorted_room.close("reduced")
    held = sorted_room.export()
    assert held["notes"] == []
    assert [cluster["title"] for cluster in held["clusters"]] == ["La grappe"]
    assert held["clusters"][0]["notes"] == []


def test_nothing_keeps_nothing(sorted_room: Room) -> None:
    sorted_room.close("nothing")
    answer = sorted_room.get("export/group.json")
    assert "un mot" not in answer.text
    assert "La grappe" not in answer.text


@pytest.mark.parametrize("keep", ["all", "reduced", "nothing"])
def test_a_closing_is_undone_with_all_that_was_there(sorted_room: Room, keep: str) -> None:
    before = sorted_room.board()
    sorted_room.close(keep)
    sorted_room.done("closings", undo="1")
    after = sorted_room.board()
    assert int(after["data-seq"]) > int(before["data-seq"])
    after.attributes["data-seq"] = before.attributes["data-seq"]
    assert after.canonical() == before.canonical()
    assert sorted_room.server.join(sorted_room.code).status_code == 200


def test_sealed_notes_and_secrets_come_back_with_an_undone_closing(room: Room) -> None:
    """Erasing starts two minutes after a closing; until then it takes nothing away."""
    phones = room.phones(4)
    notes = [phone.write("scellée") for phone in phones]
    room.close("all")
    room.done("closings", undo="1")
    assert phones[0].take_back(notes[0]).status_code == 204
    assert phones[1].take_back(Note(note=notes[1].note)).status_code == 404
    for phone in phones:
        phone.look()
    room.reveal()
    assert set(room.wall()) == {note.note for note in notes[1:]}
    assert phones[1].take_back(notes[1], now=True).status_code == 204


def test_a_closing_without_a_known_choice_is_refused(room: Room) -> None:
    for form in ({"keep": "tout"}, {"keep": ""}, {}, {"undo": "0"}):
        refused(room.do("closings", **form), 409, 422)
    assert room.board()["data-state"] == "open"


def test_undoing_no_closing_changes_nothing(room: Room) -> None:
    before = room.board().canonical()
    assert room.do("closings", undo="1").status_code in (204, 409)
    assert room.board().canonical() == before


def test_a_lobby_can_be_closed(room: Room) -> None:
    lobby = room.facilitator.open(script="rapport-au-travail")
    assert lobby.close("nothing").is_success
    assert lobby.board()["data-state"] == "closed"


def test_every_screen_is_told_of_the_closing(sorted_room: Room) -> None:
    phone = sorted_room.phone()
    with phone.screen() as screen:
        screen.frame("whole")
        sorted_room.close("reduced")
        screen.frame("update", "whole")
        assert screen.board["data-state"] == "closed"


def test_after_a_closing_a_take_back_is_refused_or_done(sorted_room: Room) -> None:
    phones = sorted_room.phones()
    sorted_room.close("all")
    assert phones[0].take_back(Note()).status_code in (204, 401, 404, 409)
