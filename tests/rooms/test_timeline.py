from atelier.rooms.events import (
    ActUndone,
    ClusterDissolved,
    ClusterFormed,
    ClusterRenamed,
    DoorLocked,
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
    RoomReopened,
    StepEntered,
    VeilDrawn,
)
from atelier.rooms.ids import ClusterId, NoteId, StepId, WordsId
from atelier.rooms.steps import Step
from atelier.rooms.timeline import Act, Visit, timeline_of

ONE = Step(StepId("1"), "post", "personnel", "reveal", WordsId("t1"), WordsId("p1"))
TWO = Step(StepId("2"), "echange", "collectif", "none", WordsId("t2"), WordsId("p2"))
OPENED = RoomOpened(WordsId("t"), WordsId("th"), "fr", (ONE, TWO))
A, B = ClusterId("a"), ClusterId("b")
N = tuple(NoteId(name) for name in "nop")
REVEALED = NotesRevealed(tuple((note, ONE.id) for note in N))


def log_of(*happened: tuple[int | None, Event]) -> list[Recorded]:
    return [Recorded(seq, event, minute) for seq, (minute, event) in enumerate(happened, start=1)]


LOG = log_of(
    (0, OPENED),
    (3, StepEntered(ONE.id)),
    (None, NotePosted(NoteId("x"), ONE.id)),
    (9, REVEALED),
    (12, StepEntered(TWO.id)),
    (20, StepEntered(ONE.id)),
    (25, RoomClosed("all")),
)


def names(log: list[Recorded]) -> list[tuple[int, str, int]]:
    return [(act.seq, act.name, act.count) for act in timeline_of(log).acts]


def test_the_timeline_is_the_facilitators_acts_by_minute_and_number() -> None:
    title = WordsId("t1")
    step = Act(2, 3, "step", title, title, step=ONE.id)
    assert timeline_of(LOG).acts[:3] == (Act(1, 0, "open"), step, Act(4, 9, "reveal"))
    assert names(LOG)[3:] == [(5, "step", 1), (6, "step", 1), (7, "close", 1)]


def test_what_phones_do_is_no_act() -> None:
    log = log_of(
        (0, OPENED),
        (None, NotePosted(N[0], ONE.id)),
        (None, NoteReworded(N[0], WordsId("w"))),
        (None, NoteTakenBack(N[0])),
    )
    assert names(log) == [(1, "open", 1)]


def test_every_act_of_facilitation_is_told() -> None:
    log = log_of(
        (0, OPENED),
        (1, REVEALED),
        (2, ClusterFormed(A, WordsId("one"), N[:1])),
        (3, ClusterRenamed(A, WordsId("two"))),
        (4, NotesMoved(N[1:], A)),
        (5, NoteHidden(N[2])),
        (6, ClusterDissolved(A)),
        (7, ActUndone()),
        (8, VeilDrawn(True)),
        (8, VeilDrawn(False)),
        (9, DoorLocked(True)),
        (9, DoorLocked(False)),
        (10, RoomClosed("reduced")),
        (11, RoomReopened()),
    )
    assert [name for _, name, _ in names(log)] == [
        "open", "reveal", "cluster", "rename", "move", "hide", "dissolve", "undo",
        "veil", "unveil", "lock", "unlock", "close", "reopen",
    ]  # fmt: skip


def test_moves_and_hidden_notes_of_one_minute_are_one_act_with_a_count() -> None:
    log = log_of(
        (0, OPENED),
        (1, REVEALED),
        (2, NotesMoved(N[:1], None)),
        (2, NoteHidden(N[0])),
        (2, NotesMoved(N[1:2], None)),
        (2, NoteHidden(N[1])),
        (3, NotesMoved(N[2:], None)),
    )
    assert names(log)[2:] == [(5, "move", 2), (6, "hide", 2), (7, "move", 1)]


def test_a_cluster_has_its_title_of_then_and_its_title_of_now() -> None:
    log = log_of(
        (0, OPENED),
        (4, ClusterFormed(A, WordsId("gone"), ())),
        (5, ClusterFormed(B, WordsId("old"), ())),
        (6, ClusterRenamed(B, WordsId("new"))),
        (7, ClusterDissolved(A)),
    )
    old, new, gone = WordsId("old"), WordsId("new"), WordsId("gone")
    assert timeline_of(log).acts[1:] == (
        Act(2, 4, "cluster", gone, None, cluster=A, letter="A", lasts=False),
        Act(3, 5, "cluster", old, new, cluster=B, letter="B"),
        Act(4, 6, "rename", new, new, cluster=B, letter="B"),
        Act(5, 7, "dissolve", gone, None, cluster=A, letter="A", lasts=False),
    )


def test_a_closing_says_what_is_kept() -> None:
    assert timeline_of(LOG).acts[-1].keep == "all"


def test_a_step_ran_as_long_as_all_its_visits() -> None:
    assert timeline_of(LOG).run == {"1": 9 + 5, "2": 8}


def test_each_stay_in_a_step_is_a_visit() -> None:
    assert timeline_of(LOG).visits == (
        Visit(ONE.id, 3, 12),
        Visit(TWO.id, 12, 20),
        Visit(ONE.id, 20, 25),
    )


def test_a_visit_lasts_until_something_ends_it_and_goes_on_when_the_room_is_reopened() -> None:
    assert timeline_of(LOG[:2]).visits == (Visit(ONE.id, 3),)
    log = [*LOG, Recorded(8, RoomReopened(), 26)]
    assert timeline_of(log).visits[-1] == Visit(ONE.id, 20)


def test_a_room_in_which_nothing_happened_has_no_visit() -> None:
    timeline = timeline_of(LOG[:1])
    assert (timeline.acts, timeline.visits, timeline.run) == ((Act(1, 0, "open"),), (), {})
