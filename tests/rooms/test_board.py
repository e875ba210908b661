from dataclasses import fields

import pytest

from atelier.rooms.board import Board, Card, Lane, Stage, board_of
from atelier.rooms.events import (
    ClusterFormed,
    Event,
    NoteHidden,
    NotesRevealed,
    RoomClosed,
    RoomOpened,
    StepEntered,
)
from atelier.rooms.ids import ClusterId, NoteId, StepId, WordsId
from atelier.rooms.state import replay
from atelier.rooms.steps import Mode, Step
from atelier.rooms.words import Words

T, P, C = WordsId("t"), WordsId("p"), WordsId("c")
N1, N2 = NoteId("n1"), NoteId("n2")
WORDS = {
    T: Words("Titre"),
    P: Words("Consigne"),
    C: Words("Grappe"),
    WordsId("n1"): Words("Une"),
    WordsId("n2"): Words("Deux"),
}


def step(id: str, mode: Mode) -> Step:
    return Step(StepId(id), "post", "personnel", mode, T, P)


OPENED = RoomOpened(T, T, "fr", (step("1", "none"), step("2", "reveal"), step("3", "direct")))
REVEALED = NotesRevealed(((N1, StepId("2")), (N2, StepId("2"))))
FORMED = ClusterFormed(ClusterId("k"), C, (N1,))


def enter(id: str) -> StepEntered:
    return StepEntered(StepId(id))


def board(*history: Event) -> Board:
    return board_of(replay([OPENED, *history]), WORDS)


@pytest.mark.parametrize(
    ("history", "scene"),
    [
        ([], "lobby"),
        ([enter("1")], "prompt"),
        ([enter("2")], "collect"),
        ([enter("2"), REVEALED], "wall"),
        ([enter("2"), REVEALED, enter("1")], "wall"),
        ([enter("3")], "wall"),
        ([enter("2"), RoomClosed("all")], "closed"),
    ],
)
def test_the_scene_follows_the_step_and_the_wall(history: list[Event], scene: str) -> None:
    assert board(*history).scene == scene


def test_what_the_group_does_not_keep_is_not_shown_from_the_decision_on() -> None:
    history: list[Event] = [enter("2"), REVEALED, FORMED]
    kept = board(*history, RoomClosed("all"))
    reduced = board(*history, RoomClosed("reduced"))
    nothing = board(*history, RoomClosed("nothing"))
    assert [len(lane.cards) for lane in kept.clusters] == [1]
    assert [lane.title for lane in reduced.clusters] == ["Grappe"]
    assert not any(lane.cards for lane in (*reduced.clusters, reduced.unsorted))
    assert not nothing.clusters and not nothing.unsorted.cards


def test_a_hidden_note_is_on_no_board() -> None:
    shown = board(enter("2"), REVEALED, NoteHidden(N1))
    assert [card.id for card in shown.unsorted.cards] == [N2]


def test_papers_start_again_after_h_and_letters_go_on() -> None:
    formed = [ClusterFormed(ClusterId(f"k{n}"), C, ()) for n in range(9)]
    ninth = board(enter("2"), REVEALED, *formed).clusters[8]
    assert (ninth.letter, ninth.tint) == ("I", "A")


def test_no_type_of_the_board_has_a_field_for_a_person_or_a_time() -> None:
    names = {field.name for kind in (Board, Lane, Card, Stage) for field in fields(kind)}
    assert not names & {"author", "by", "who", "phone", "at", "time", "created", "posted", "ip"}
    assert {field.name for field in fields(Card)} == {"id", "step", "text"}
