import pytest

from atelier.rooms.board import board_of
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
    VeilDrawn,
)
from atelier.rooms.ids import ClusterId, NoteId, StepId, WordsId
from atelier.rooms.replay import Band, bands_of, board_at, moments_of
from atelier.rooms.state import replay
from atelier.rooms.steps import Step
from atelier.rooms.words import Words
from tests.rooms.random_rooms import RandomRoom

ONE = Step(StepId("1"), "post", "personnel", "reveal", WordsId("t1"), WordsId("p1"))
TWO = Step(StepId("2"), "post", "collectif", "direct", WordsId("t2"), WordsId("p2"))
OPENED = RoomOpened(WordsId("t"), WordsId("th"), "fr", (ONE, TWO))
A, B, C = NoteId("a"), NoteId("b"), NoteId("c")
X = ClusterId("x")
REVEALED = NotesRevealed(((A, ONE.id), (B, ONE.id), (C, ONE.id)))
WORDS = {
    WordsId(id): Words(id) for id in ("t", "th", "t1", "t2", "a", "b", "c", "old", "new", "a2")
}


def log_of(*events: Event, minutes: tuple[int, ...] = ()) -> list[Recorded]:
    """Event number n happens in minute n, unless said otherwise."""
    return [
        Recorded(
            seq,
            event,
            None if isinstance(event, Untimed) else minutes[seq - 1] if minutes else seq,
        )
        for seq, event in enumerate(events, start=1)
    ]


def texts(log: list[Recorded], at: int, words: dict[WordsId, Words] = WORDS) -> list[str]:
    board = board_at(log, at, words)
    return [str(card.text) for lane in (board.unsorted, *board.clusters) for card in lane.cards]


def test_a_past_board_shows_what_stood_then() -> None:
    log = log_of(OPENED, StepEntered(ONE.id), REVEALED, ClusterFormed(X, WordsId("old"), (A,)))
    assert texts(log, 2) == []
    assert texts(log, 3) == ["a", "b", "c"]
    assert board_at(log, 3, WORDS).clusters == ()
    assert [str(lane.title) for lane in board_at(log, 4, WORDS).clusters] == ["old"]
    assert board_at(log, 0, WORDS).state == "lobby"


def test_a_note_that_was_hidden_or_taken_back_since_was_never_there() -> None:
    log = log_of(OPENED, StepEntered(ONE.id), REVEALED, NoteHidden(A), NoteTakenBack(B))
    for at in range(len(log) + 1):
        assert set(texts(log, at)) <= {"c"}


def test_a_reworded_note_had_its_present_words_at_every_moment() -> None:
    """Else the replay would tell when somebody wrote."""
    log = log_of(OPENED, StepEntered(ONE.id), REVEALED, NoteReworded(A, WordsId("a2")))
    assert texts(log, 3) == texts(log, 4) == ["a2", "b", "c"]


@pytest.mark.parametrize("keep", ["reduced", "nothing"])
def test_notes_that_the_group_does_not_keep_were_never_there(keep: str) -> None:
    closed = RoomClosed(keep)  # type: ignore[arg-type]
    log = log_of(OPENED, StepEntered(ONE.id), REVEALED, closed)
    assert [texts(log, at) for at in range(5)] == [[]] * 5


def test_a_cluster_has_the_title_it_had_then_as_long_as_those_words_are_kept() -> None:
    log = log_of(
        OPENED,
        StepEntered(ONE.id),
        REVEALED,
        ClusterFormed(X, WordsId("old"), (A,)),
        ClusterRenamed(X, WordsId("new")),
    )
    erased = {id: text for id, text in WORDS.items() if id != "old"}
    assert [str(lane.title) for lane in board_at(log, 4, WORDS).clusters] == ["old"]
    assert [str(lane.title) for lane in board_at(log, 4, erased).clusters] == ["new"]


def test_a_dissolved_cluster_whose_title_was_erased_still_has_its_letter() -> None:
    log = log_of(
        OPENED,
        StepEntered(ONE.id),
        REVEALED,
        ClusterFormed(X, WordsId("old"), (A,)),
        ClusterDissolved(X),
    )
    erased = {id: text for id, text in WORDS.items() if id != "old"}
    [lane] = board_at(log, 4, erased).clusters
    assert (lane.letter, str(lane.title)) == ("A", "")
    assert [(m.name, m.letter, m.title) for m in moments_of(log, erased)[-2:]] == [
        ("cluster", "A", None),
        ("dissolve", "A", None),
    ]


def test_the_moments_are_the_facilitators_acts_and_nothing_of_phones() -> None:
    log = log_of(
        OPENED,
        StepEntered(TWO.id),
        NotePosted(A, TWO.id),
        ClusterFormed(X, WordsId("old"), (A,)),
        VeilDrawn(True),
        NoteReworded(A, WordsId("a2")),
        NotePosted(B, TWO.id),
    )
    moments = moments_of(log, WORDS)
    assert [moment.name for moment in moments] == ["open", "step", "cluster"]
    assert [moment.minute for moment in moments] == [1, 2, 4]
    assert moments[-1].seq == 7, "what came after the last act is seen with it"


def test_moves_of_one_minute_are_one_moment() -> None:
    log = log_of(
        OPENED,
        StepEntered(ONE.id),
        REVEALED,
        ClusterFormed(X, WordsId("old"), ()),
        NotesMoved((A,), X),
        NotesMoved((B,), X),
        NotesMoved((C,), X),
        ActUndone(),
        minutes=(0, 1, 2, 3, 4, 4, 5, 5),
    )
    assert [(m.name, m.minute, m.seq) for m in moments_of(log, WORDS)[-3:]] == [
        ("move", 4, 6),
        ("move", 5, 7),
        ("undo", 5, 8),
    ]


def test_the_bands_are_the_steps_as_they_ran_without_a_gap() -> None:
    log = log_of(
        OPENED,
        StepEntered(ONE.id),
        StepEntered(TWO.id),
        StepEntered(ONE.id),
        RoomClosed("all"),
        minutes=(0, 3, 3, 10, 25),
    )
    assert bands_of(log, 25) == [Band(None, 0, 3), Band(TWO.id, 3, 10), Band(ONE.id, 10, 25)]
    assert bands_of(log[:2], 8) == [Band(None, 0, 3), Band(ONE.id, 3, 8)]
    assert bands_of(log[:1], 0) == []


@pytest.mark.parametrize("seed", range(60))
def test_the_past_shows_no_note_that_the_present_does_not_and_ends_in_the_present(
    seed: int,
) -> None:
    random = RandomRoom(seed).grow(120)
    log = log_of(*random.events)
    present = board_of(replay(random.events), random.words)
    cards = {card for lane in (present.unsorted, *present.clusters) for card in lane.cards}
    for at in range(len(log) + 1):
        board = board_at(log, at, random.words)
        then = {card for lane in (board.unsorted, *board.clusters) for card in lane.cards}
        assert then <= cards
    assert board_at(log, len(log), random.words) == present
    moments = moments_of(log, random.words)
    assert [m.seq for m in moments] == sorted({m.seq for m in moments})
