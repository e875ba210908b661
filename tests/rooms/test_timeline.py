from atelier.rooms.events import (
    ClusterDissolved,
    ClusterFormed,
    ClusterRenamed,
    NotePosted,
    NotesRevealed,
    Recorded,
    RoomClosed,
    RoomOpened,
    StepEntered,
)
from atelier.rooms.ids import ClusterId, NoteId, StepId, WordsId
from atelier.rooms.steps import Step
from atelier.rooms.timeline import Act, timeline_of

ONE = Step(StepId("1"), "post", "personnel", "reveal", WordsId("t1"), WordsId("p1"))
TWO = Step(StepId("2"), "echange", "collectif", "none", WordsId("t2"), WordsId("p2"))
LOG = [
    Recorded(1, RoomOpened(WordsId("t"), WordsId("th"), "fr", (ONE, TWO)), 0),
    Recorded(2, StepEntered(ONE.id), 3),
    Recorded(3, NotePosted(NoteId("n"), ONE.id), None),
    Recorded(4, NotesRevealed(((NoteId("m"), ONE.id),)), 9),
    Recorded(5, StepEntered(TWO.id), 12),
    Recorded(6, StepEntered(ONE.id), 20),
    Recorded(7, RoomClosed("all"), 25),
]


def test_the_timeline_is_the_facilitators_acts_by_minute() -> None:
    assert timeline_of(LOG).acts == (
        Act(3, "step", WordsId("t1")),
        Act(9, "reveal"),
        Act(12, "step", WordsId("t2")),
        Act(20, "step", WordsId("t1")),
        Act(25, "close"),
    )


def test_a_step_ran_as_long_as_all_its_visits() -> None:
    assert timeline_of(LOG).run == {"1": 9 + 5, "2": 8}


def test_the_timeline_forgets_clusters_that_were_dissolved_and_old_titles() -> None:
    one, two = ClusterId("one"), ClusterId("two")
    log = [
        *LOG[:2],
        Recorded(3, ClusterFormed(one, WordsId("gone"), ()), 4),
        Recorded(4, ClusterFormed(two, WordsId("old"), ()), 5),
        Recorded(5, ClusterRenamed(two, WordsId("new")), 6),
        Recorded(6, ClusterDissolved(one), 7),
    ]
    assert timeline_of(log).acts[1:] == (Act(5, "cluster", WordsId("new")),)
