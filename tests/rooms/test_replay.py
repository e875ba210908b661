"""The board as it stood: what may be seen of it, and what may not."""

import pytest

from atelier.rooms.board import Board, board_of
from atelier.rooms.events import (
    ActUndone,
    ClusterDissolved,
    ClusterFormed,
    ClusterRenamed,
    Event,
    NoteHidden,
    NotePosted,
    NoteReworded,
    NotesMoved,
    NotesRevealed,
    NoteTakenBack,
    Recorded,
    RoomClosed,
    RoomOpened,
    StepEntered,
    Untimed,
)
from atelier.rooms.ids import ClusterId, NoteId, StepId, WordsId
from atelier.rooms.replay import board_at
from atelier.rooms.steps import Step
from atelier.rooms.timeline import timeline_of
from atelier.rooms.words import Words
from tests.rooms.random_rooms import RandomRoom

STEP = Step(StepId("1"), "post", "collectif", "direct", WordsId("t1"), WordsId("p1"))
OPENED = RoomOpened(WordsId("title"), WordsId("theme"), "en", (STEP,))
A = ClusterId("a")
N, O, P = (NoteId(name) for name in "nop")  # noqa: E741 - three notes
REVEALED = NotesRevealed(((N, STEP.id), (O, STEP.id), (P, STEP.id)))
WORDS = {WordsId(id): Words(f"words of {id}") for id in ("title", "t1", *"nop", "new", "old")}
START: tuple[Event, ...] = (OPENED, StepEntered(STEP.id), REVEALED)


def log_of(*events: Event) -> list[Recorded]:
    return [
        Recorded(seq, event, None if isinstance(event, Untimed) else seq)
        for seq, event in enumerate(events, start=1)
    ]


def texts(board: Board) -> set[str]:
    return {str(card.text) for lane in (board.unsorted, *board.clusters) for card in lane.cards}


def ids(board: Board) -> set[str]:
    return {card.id for lane in (board.unsorted, *board.clusters) for card in lane.cards}


def test_before_the_first_event_the_board_is_empty_in_the_language_of_the_room() -> None:
    board = board_at(log_of(*START), WORDS, 0)
    assert (board.scene, board.stage, board.title, board.language) == ("lobby", None, "", "en")
    assert ids(board) == set() and board.clusters == ()


def test_notes_are_there_from_their_reveal_on() -> None:
    log = log_of(*START)
    assert [len(ids(board_at(log, WORDS, at))) for at in range(4)] == [0, 0, 0, 3]


@pytest.mark.parametrize("since", [NoteTakenBack(O), NoteHidden(O)])
def test_a_note_that_is_gone_was_at_no_moment(since: Event) -> None:
    log = log_of(*START, ClusterFormed(A, WordsId("old"), (O,)), since)
    for at in range(len(log) + 1):
        assert O not in ids(board_at(log, WORDS, at))


def test_a_note_hidden_by_mistake_is_told_by_no_moment() -> None:
    log = log_of(*START, NoteHidden(O), ActUndone())
    assert [O in ids(board_at(log, WORDS, at)) for at in range(3, 6)] == [True] * 3


def test_a_note_whose_words_are_gone_was_at_no_moment() -> None:
    log = log_of(*START)
    words = {id: text for id, text in WORDS.items() if id != str(O)}
    assert [ids(board_at(log, words, at)) for at in (2, 3)] == [set(), {N, P}]


def test_a_reworded_note_says_at_every_moment_what_it_says_now() -> None:
    log = log_of(*START, NoteReworded(N, WordsId("new")), StepEntered(STEP.id))
    for at in (3, 4, 5):
        assert "words of new" in texts(board_at(log, WORDS, at))
        assert "words of n" not in texts(board_at(log, WORDS, at))


@pytest.mark.parametrize("keep", ["reduced", "nothing"])
def test_where_notes_are_not_kept_they_were_at_no_moment(keep: str) -> None:
    formed = ClusterFormed(A, WordsId("old"), (O,))
    log = log_of(*START, formed, RoomClosed(keep))  # type: ignore[arg-type]
    for at in range(len(log) + 1):
        board = board_at(log, WORDS, at)
        assert ids(board) == set()
        assert len(board.clusters) == (1 if keep == "reduced" and at >= 4 else 0)


def test_a_renamed_cluster_has_the_title_it_had_while_those_words_exist() -> None:
    log = log_of(*START, ClusterFormed(A, WordsId("old"), (O,)), ClusterRenamed(A, WordsId("new")))
    assert board_at(log, WORDS, 4).clusters[0].title == "words of old"
    left = {id: text for id, text in WORDS.items() if id != "old"}
    assert board_at(log, left, 4).clusters[0].title == "words of new"


def test_a_dissolved_cluster_whose_title_is_gone_has_its_letter() -> None:
    log = log_of(*START, ClusterFormed(A, WordsId("old"), (O,)), ClusterDissolved(A))
    left = {id: text for id, text in WORDS.items() if id != "old"}
    (lane,) = board_at(log, left, 4).clusters
    assert (lane.letter, lane.title, len(lane.cards)) == ("A", "", 1)


def test_what_phones_do_comes_with_the_next_act_or_at_the_end() -> None:
    came, late = (NotePosted(note, STEP.id) for note in (N, O))
    log = log_of(*START[:2], came, StepEntered(STEP.id), late)
    shown = [ids(board_at(log, WORDS, at)) for at in range(2, 6)]
    assert shown == [set(), set(), {N}, {N, O}]
    assert ids(board_at([*log, Recorded(6, StepEntered(STEP.id), 9)], WORDS, 5)) == {N}


def test_notes_stand_where_they_stood() -> None:
    log = log_of(*START, ClusterFormed(A, WordsId("old"), (O,)), NotesMoved((N,), A))
    then, now = board_at(log, WORDS, 4), board_at(log, WORDS, 5)
    assert [card.id for card in then.clusters[0].cards] == [O]
    assert [card.id for card in now.clusters[0].cards] == [O, N]


@pytest.mark.parametrize("seed", range(25))
def test_of_every_room_no_moment_shows_what_is_not_there_now(seed: int) -> None:
    grown = RandomRoom(seed).grow(80)
    log = log_of(*grown.events)
    now = board_of(grown.room, grown.words)
    assert board_at(log, grown.words, len(log)) == now
    present = {
        (card.id, card.text) for lane in (now.unsorted, *now.clusters) for card in lane.cards
    }
    for at in range(len(log) + 1):
        board = board_at(log, grown.words, at)
        cards = [card for lane in (board.unsorted, *board.clusters) for card in lane.cards]
        assert {(card.id, card.text) for card in cards} <= present
        assert len(cards) == len({card.id for card in cards}), "each note once"


@pytest.mark.parametrize("seed", range(10))
def test_acts_of_every_room_lead_to_boards_that_can_be_had(seed: int) -> None:
    grown = RandomRoom(seed).grow(80)
    log = log_of(*grown.events)
    acts = timeline_of(log).acts
    assert [act.seq for act in acts] == sorted({act.seq for act in acts})
    for act in acts:
        board = board_at(log, {}, act.seq)
        assert ids(board) == set(), "without words there is nothing to see, and nothing fails"
