from collections.abc import Callable
from typing import Protocol

import pytest

from atelier.rooms.commands import (
    CloseRoom,
    Command,
    DissolveCluster,
    FormCluster,
    GoToStep,
    HideNote,
    MoveNotes,
    OpenRoom,
    PostNote,
    RenameCluster,
    ReopenRoom,
    RevealNotes,
    TakeBackNote,
    Undo,
    Veil,
)
from atelier.rooms.decide import open_step, steps_to_reveal
from atelier.rooms.events import (
    ActUndone,
    ClusterDissolved,
    ClusterFormed,
    ClusterRenamed,
    Event,
    NoteHidden,
    NotePosted,
    NotesMoved,
    NotesRevealed,
    NoteTakenBack,
    RoomClosed,
    RoomOpened,
    RoomReopened,
    StepEntered,
    VeilDrawn,
)
from atelier.rooms.ids import ClusterId, NoteId, StepId, WordsId
from atelier.rooms.refusals import Refused
from atelier.rooms.state import Room
from atelier.rooms.steps import Kind, Mode, Step


class Story(Protocol):
    room: Room

    def when(self, command: Command) -> list[Event]: ...


Given = Callable[..., Story]

N1, N2, N3 = NoteId("n1"), NoteId("n2"), NoteId("n3")
A, B = ClusterId("a"), ClusterId("b")
TITLE = WordsId("title")


def step(id: str, mode: Mode = "none", kind: Kind = "post") -> Step:
    return Step(StepId(id), kind, "personnel", mode, WordsId("t"), WordsId("p"))


STEPS = (step("welcome"), step("write", "reveal"), step("talk", "direct"), step("end"))
OPENED = RoomOpened(WordsId("t"), WordsId("th"), "fr", STEPS)
WRITING = StepEntered(StepId("write"))
TALKING = StepEntered(StepId("talk"))
REVEALED = NotesRevealed(((N1, StepId("write")), (N2, StepId("write"))))
HISTORY: tuple[Event, ...] = (OPENED, WRITING, REVEALED)
FORMED = ClusterFormed(A, TITLE, (N1,))


def refuses(reason: str) -> "pytest.RaisesExc[Refused]":
    return pytest.raises(Refused, match=f"^{reason}$")


# Steps


def test_a_scripted_room_waits_in_the_lobby(given: Given) -> None:
    command = OpenRoom(WordsId("t"), WordsId("th"), "fr", STEPS)
    assert given().when(command) == [OPENED]


def test_a_bare_wall_starts_in_its_only_step(given: Given) -> None:
    wall = step("wall", "reveal", kind="wall")
    events = given().when(OpenRoom(WordsId("t"), WordsId("th"), "fr", (wall,)))
    assert events[-1] == StepEntered(StepId("wall"))


def test_next_enters_the_first_step_then_the_one_after(given: Given) -> None:
    assert given(OPENED).when(GoToStep(None)) == [StepEntered(StepId("welcome"))]
    assert given(OPENED, WRITING).when(GoToStep(None)) == [TALKING]


def test_after_the_last_step_there_is_no_next(given: Given) -> None:
    with refuses("step-last"):
        given(OPENED, StepEntered(StepId("end"))).when(GoToStep(None))


def test_a_room_can_go_to_any_of_its_steps_but_no_other(given: Given) -> None:
    assert given(OPENED, TALKING).when(GoToStep(StepId("write"))) == [WRITING]
    with refuses("step-unknown"):
        given(OPENED).when(GoToStep(StepId("elsewhere")))


# Notes


def test_a_sealed_step_takes_notes_until_its_reveal_also_when_the_room_moved_on(
    given: Given,
) -> None:
    assert open_step(given(OPENED, WRITING, TALKING).room, StepId("write")).id == "write"
    with refuses("step-closed"):
        open_step(given(*HISTORY).room, StepId("write"))


def test_a_step_that_was_not_entered_takes_no_notes(given: Given) -> None:
    with refuses("step-closed"):
        open_step(given(OPENED, WRITING).room, StepId("talk"))


def test_a_direct_step_takes_notes_only_while_the_room_is_in_it(given: Given) -> None:
    talking = given(OPENED, TALKING)
    assert talking.when(PostNote(N1, StepId("talk"))) == [NotePosted(N1, StepId("talk"))]
    with refuses("step-closed"):
        given(OPENED, TALKING, WRITING).when(PostNote(N1, StepId("talk")))


def test_a_note_posted_twice_is_there_once(given: Given) -> None:
    posted = NotePosted(N1, StepId("talk"))
    assert given(OPENED, TALKING, posted).when(PostNote(N1, StepId("talk"))) == []


def test_a_note_taken_back_does_not_return_when_the_phone_retries(given: Given) -> None:
    history = (OPENED, TALKING, NotePosted(N1, StepId("talk")), NoteTakenBack(N1))
    with refuses("note-taken-back"):
        given(*history).when(PostNote(N1, StepId("talk")))


def test_a_note_cannot_go_straight_to_the_wall_in_a_sealed_step(given: Given) -> None:
    with refuses("step-not-direct"):
        given(OPENED, WRITING).when(PostNote(N1, StepId("write")))


# Reveals


def eligible(
    room: Room,
    notes: int,
    phones: int,
    named: frozenset[StepId] = frozenset(),
    anyway: bool = False,
) -> tuple[StepId, ...]:
    write = StepId("write")
    return steps_to_reveal(
        room, {write: notes}, {write: phones}, threshold=5, named=named, anyway=anyway
    )


@pytest.mark.parametrize(("notes", "phones"), [(4, 9), (9, 4), (4, 4)])
def test_below_the_threshold_of_notes_or_phones_nothing_is_revealed(
    given: Given, notes: int, phones: int
) -> None:
    with refuses("below-threshold"):
        eligible(given(OPENED, WRITING).room, notes, phones)


def test_at_the_threshold_the_step_is_revealed(given: Given) -> None:
    assert eligible(given(OPENED, WRITING).room, 5, 5) == ("write",)


def test_anyway_reveals_below_the_threshold_but_not_nothing(given: Given) -> None:
    room = given(OPENED, WRITING).room
    assert eligible(room, 1, 0, anyway=True) == ("write",)
    with refuses("nothing-to-reveal"):
        eligible(room, 0, 0, anyway=True)


def test_a_reveal_may_name_its_steps(given: Given) -> None:
    room = given(OPENED, WRITING).room
    with refuses("nothing-to-reveal"):
        eligible(room, 9, 9, named=frozenset({StepId("talk")}))
    with refuses("step-unknown"):
        eligible(room, 9, 9, named=frozenset({StepId("elsewhere")}))


def test_a_reveal_brings_the_notes_in_the_order_of_the_shuffle(given: Given) -> None:
    shuffled = ((N2, StepId("write")), (N1, StepId("write")))
    events = given(OPENED, WRITING).when(RevealNotes(shuffled))
    assert events == [NotesRevealed(shuffled)]
    assert list(given(OPENED, WRITING, *events).room.wall.notes) == [N2, N1]


def test_a_second_reveal_of_the_same_notes_changes_nothing(given: Given) -> None:
    assert given(*HISTORY).when(RevealNotes(REVEALED.notes)) == []


# Clusters


def test_a_cluster_takes_notes_of_the_wall_and_the_first_free_letter(given: Given) -> None:
    assert given(*HISTORY).when(FormCluster(A, TITLE, (N1, N1))) == [FORMED]
    again = ClusterFormed(B, TITLE, (N2,))
    room = given(*HISTORY, FORMED, again, ClusterDissolved(A)).room
    assert room.wall.clusters[B].letter == "B", "a letter stays as long as its cluster"
    room = given(*HISTORY, FORMED, again, ClusterDissolved(A), ClusterFormed(A, TITLE, ())).room
    assert room.wall.clusters[A].letter == "A"


@pytest.mark.parametrize("command", [FormCluster(B, TITLE, (N3,)), MoveNotes((N3,), None)])
def test_only_notes_of_the_wall_can_be_filed(given: Given, command: Command) -> None:
    with refuses("note-unknown"):
        given(*HISTORY).when(command)


def test_notes_move_to_a_cluster_and_back_to_the_unsorted_lane(given: Given) -> None:
    formed = given(*HISTORY, FORMED)
    assert formed.when(MoveNotes((N2,), A)) == [NotesMoved((N2,), A)]
    assert formed.when(MoveNotes((N1,), None)) == [NotesMoved((N1,), None)]
    with refuses("cluster-unknown"):
        formed.when(MoveNotes((N1,), B))


def test_a_dissolved_cluster_gives_its_notes_back(given: Given) -> None:
    [dissolved] = given(*HISTORY, FORMED).when(DissolveCluster(A))
    room = given(*HISTORY, FORMED, dissolved).room
    assert not room.wall.clusters
    assert room.wall.notes[N1].cluster is None


def test_a_cluster_can_be_renamed(given: Given) -> None:
    renamed = ClusterRenamed(A, WordsId("new"))
    assert given(*HISTORY, FORMED).when(RenameCluster(A, WordsId("new"))) == [renamed]


def test_a_wall_has_at_most_26_clusters(given: Given) -> None:
    many = [ClusterFormed(ClusterId(str(n)), TITLE, ()) for n in range(26)]
    with refuses("too-many-clusters"):
        given(*HISTORY, *many).when(FormCluster(A, TITLE, ()))


def test_a_hidden_note_cannot_be_filed_any_more(given: Given) -> None:
    with refuses("note-unknown"):
        given(*HISTORY, NoteHidden(N1)).when(MoveNotes((N1,), None))
    with refuses("note-unknown"):
        given(*HISTORY, NoteHidden(N1)).when(HideNote(N1))


# Undo


UNDOABLE = [FORMED, NotesMoved((N1,), None), NoteHidden(N2)]


@pytest.mark.parametrize("act", UNDOABLE)
def test_undo_takes_the_last_act_back(given: Given, act: Event) -> None:
    before = given(*HISTORY).room.wall
    assert given(*HISTORY, act).when(Undo()) == [ActUndone()]
    assert given(*HISTORY, act, ActUndone()).room.wall == before


def test_undo_of_a_dissolution_brings_title_letter_and_notes_back(given: Given) -> None:
    before = given(*HISTORY, FORMED).room.wall
    assert given(*HISTORY, FORMED, ClusterDissolved(A), ActUndone()).room.wall == before


def test_undo_goes_back_ten_acts_and_no_further(given: Given) -> None:
    acts = [NotesMoved((N1,), None)] * 11
    assert given(*HISTORY, *acts, *[ActUndone()] * 9).when(Undo())
    with refuses("nothing-to-undo"):
        given(*HISTORY, *acts, *[ActUndone()] * 10).when(Undo())


def test_undo_keeps_what_phones_did_since(given: Given) -> None:
    since = (TALKING, NotePosted(N3, StepId("talk")), NoteTakenBack(N2))
    room = given(*HISTORY, FORMED, *since, ActUndone()).room
    assert list(room.wall.notes) == [N1, N3]
    assert room.wall.notes[N1].cluster is None


def test_undo_of_a_cluster_frees_the_notes_that_came_into_it_since(given: Given) -> None:
    later = (TALKING, NotePosted(N3, StepId("talk")), NotesMoved((N3,), A))
    room = given(*HISTORY, FORMED, *later, ActUndone(), ActUndone()).room
    assert room.wall.notes[N3].cluster is None


# Veil, closing


def test_drawing_a_drawn_veil_changes_nothing(given: Given) -> None:
    assert given(OPENED, VeilDrawn(True)).when(Veil(True)) == []
    assert given(OPENED).when(Veil(True)) == [VeilDrawn(True)]


@pytest.mark.parametrize(
    "command", [GoToStep(None), Undo(), Veil(True), MoveNotes((N1,), None), CloseRoom("all")]
)
def test_a_closed_room_is_read_only(given: Given, command: Command) -> None:
    with refuses("room-closed"):
        given(*HISTORY, RoomClosed("all")).when(command)


def test_a_note_can_be_taken_back_from_a_closed_room_until_it_is_finished(given: Given) -> None:
    assert given(*HISTORY, RoomClosed("all")).when(TakeBackNote(N1)) == [NoteTakenBack(N1)]


def test_the_way_back_reopens_the_room(given: Given) -> None:
    assert given(*HISTORY, RoomClosed("all")).when(ReopenRoom()) == [RoomReopened()]
    assert given(*HISTORY, RoomClosed("all"), RoomReopened()).room.closed is None
