"""Clusters, moves, hides, undos, veils and locks: the facilitator's hand on the wall."""

import secrets

import pytest

from tests.contract.people import Note, Room, refused


@pytest.fixture
def notes(room: Room) -> list[str]:
    """Four revealed notes, in the order of the wall."""
    room.revealed("un", "deux", "trois", "quatre")
    return list(room.wall())


def title_of(room: Room, cluster: str) -> str:
    (lane,) = (c for c in room.board().having("data-cluster") if c["data-cluster"] == cluster)
    return lane.text


def test_a_cluster_takes_the_notes_it_is_formed_with(room: Room, notes: list[str]) -> None:
    cluster = room.cluster("Ce qui porte", notes[0], notes[2])
    lanes = room.lanes()
    assert sorted(lanes[cluster]) == sorted([notes[0], notes[2]])
    assert lanes[""] == [notes[1], notes[3]]
    assert "Ce qui porte" in title_of(room, cluster)


def test_a_cluster_may_start_without_notes(room: Room, notes: list[str]) -> None:
    cluster = room.cluster("Encore vide")
    assert room.lanes()[cluster] == []


def test_the_title_of_a_cluster_is_plain_text(room: Room, notes: list[str]) -> None:
    title = "<b>Gras</b> & \"guillemets\" 'simples'"
    assert title in title_of(room, room.cluster(title, notes[0]))


def test_a_cluster_is_renamed(room: Room, notes: list[str]) -> None:
    cluster = room.cluster("Avant", notes[0])
    assert room.rename(cluster, "Après").is_success
    assert "Après" in title_of(room, cluster) and "Avant" not in title_of(room, cluster)
    (exported,) = room.export()["clusters"]
    assert exported["title"] == "Après"


def test_a_dissolved_cluster_gives_its_notes_back(room: Room, notes: list[str]) -> None:
    cluster = room.cluster("Éphémère", notes[0], notes[1])
    assert room.dissolve(cluster).status_code in (200, 204)
    assert cluster not in room.lanes()
    assert sorted(room.lanes()[""]) == sorted(notes)
    refused(room.dissolve(cluster), 404, 409, 422)


def test_notes_move_into_a_cluster_between_clusters_and_out(room: Room, notes: list[str]) -> None:
    first, second = room.cluster("A", notes[0]), room.cluster("B")
    assert room.move(first, notes[1], notes[2]).is_success
    assert sorted(room.lanes()[first]) == sorted(notes[:3])
    assert room.move(second, notes[0], notes[1]).is_success
    assert (room.lanes()[first], sorted(room.lanes()[second])) == ([notes[2]], sorted(notes[:2]))
    assert room.move("", *notes[:3]).is_success
    assert sorted(room.lanes()[""]) == sorted(notes)


def test_a_hidden_note_is_off_the_wall_and_out_of_the_export(room: Room, notes: list[str]) -> None:
    text = room.wall()[notes[0]]
    room.cluster("A", notes[0])
    assert room.hide(notes[0]).is_success
    assert notes[0] not in room.wall()
    assert text not in [note["text"] for note in room.export()["notes"]]
    refused(room.hide(notes[0]), 404, 409, 422)


def test_what_does_not_exist_is_refused_and_nothing_is_half_done(
    room: Room, notes: list[str]
) -> None:
    cluster = room.cluster("A", notes[0])
    nobody = secrets.token_hex(16)
    before = room.board().canonical()
    for answer in (
        room.do("clusters", cluster=secrets.token_hex(16), title="B", note=[notes[1], nobody]),
        room.do("clusters", cluster="court", title="B", note=[notes[1]]),
        room.do("clusters", cluster=secrets.token_hex(16), title="", note=[notes[1]]),
        room.do("clusters", cluster=secrets.token_hex(16), title="x" * 5000, note=[notes[1]]),
        room.do("clusters", title="B", note=[notes[1]]),
        room.rename(nobody, "B"),
        room.rename(cluster, ""),
        room.dissolve(nobody),
        room.move(cluster, notes[1], nobody),
        room.move(nobody, notes[1]),
        room.move(cluster),
        room.do("moves", cluster=cluster),
        room.hide(nobody),
        room.hide(""),
        room.do("hides"),
        room.do("veils", on="2"),
        room.do("veils"),
        room.do("locks", on="oui"),
    ):
        refused(answer, 403, 404, 409, 422)
    assert room.board().canonical() == before


def test_a_cluster_whose_id_is_taken_stays_as_it_is(room: Room, notes: list[str]) -> None:
    """The id is the client's, so that a form sent twice forms one cluster."""
    cluster = room.cluster("A", notes[0])
    before = room.board().canonical()
    answer = room.do("clusters", cluster=cluster, title="Autre", note=[notes[1]])
    assert answer.status_code in (200, 204, 409)
    assert room.board().canonical() == before


def test_a_sealed_note_cannot_be_sorted_or_hidden(room: Room) -> None:
    note = room.phone().write("scellée")
    refused(room.hide(note.note), 404, 409, 422)
    refused(room.do("clusters", cluster="a" * 32, title="A", note=[note.note]), 404, 409, 422)


def test_each_act_on_the_content_is_undone(room: Room, notes: list[str]) -> None:
    cluster = room.cluster("A", notes[0], notes[1])

    def same_after_undo(act: str) -> None:
        assert room.undo().is_success, act
        after = room.board()
        after.attributes["data-seq"] = before.attributes["data-seq"]
        assert after.canonical() == before.canonical(), act

    for act in ("form", "rename", "dissolve", "move", "move out", "hide"):
        before = room.board()
        answers = {
            "form": lambda: room.do("clusters", cluster="b" * 32, title="B", note=[notes[0]]),
            "rename": lambda: room.rename(cluster, "Autre"),
            "dissolve": lambda: room.dissolve(cluster),
            "move": lambda: room.move(cluster, notes[2], notes[3]),
            "move out": lambda: room.move("", notes[0], notes[1]),
            "hide": lambda: room.hide(notes[1]),
        }
        assert answers[act]().is_success, act
        same_after_undo(act)


def test_undo_leaves_steps_reveals_veils_and_locks_alone(room: Room, notes: list[str]) -> None:
    room.done("veils", on="1")
    room.done("locks", on="1")
    seq = room.seq()
    refused(room.undo(), 409)
    board = room.board()
    assert room.seq() == seq
    assert (board["data-veil"], board["data-locked"]) == ("1", "1")
    assert sorted(room.wall()) == sorted(notes)


def test_a_veil_between_does_not_stop_an_undo(room: Room, notes: list[str]) -> None:
    cluster = room.cluster("A", notes[0])
    room.done("veils", on="1")
    assert room.undo().is_success
    assert cluster not in room.lanes()
    assert room.board()["data-veil"] == "1"


def test_veil_and_lock_are_on_the_board(room: Room) -> None:
    for noun, attribute in (("veils", "data-veil"), ("locks", "data-locked")):
        for on in ("1", "0"):
            room.done(noun, on=on)
            assert room.board()[attribute] == on


def test_a_veil_hides_nothing_from_the_facilitator(room: Room, notes: list[str]) -> None:
    room.done("veils", on="1")
    assert sorted(room.wall()) == sorted(notes)


def test_a_hidden_note_does_not_return_when_its_phone_retries(room: Room) -> None:
    phones = room.phones()
    notes: list[Note] = [phone.write("x") for phone in phones]
    room.reveal()
    assert room.hide(notes[0].note).is_success
    phones[0].post(notes[0])
    phones[0].post(notes[0], rev=3, text="encore")
    room.cluster("A", notes[1].note)
    assert notes[0].note not in room.wall()
