"""Choosing together: what may be asked, what a phone may choose, and what stays of it."""

from collections.abc import Callable
from typing import Protocol

import pytest

from atelier.rooms.board import board_of
from atelier.rooms.choosing import chosen_by
from atelier.rooms.commands import Command, DropChoice, OpenChoice, TellChoice
from atelier.rooms.events import (
    ActUndone,
    ChoiceDropped,
    ChoiceOpened,
    ChoiceTold,
    ClusterDissolved,
    ClusterFormed,
    ClusterPlaced,
    Event,
    Recorded,
    RoomClosed,
    RoomOpened,
    StepEntered,
)
from atelier.rooms.ids import ChoiceId, ClusterId, StepId, WordsId
from atelier.rooms.refusals import Refused
from atelier.rooms.replay import board_at
from atelier.rooms.state import Room, replay
from atelier.rooms.steps import Step
from atelier.rooms.timeline import timeline_of
from atelier.rooms.words import Words


class Story(Protocol):
    room: Room

    def when(self, command: Command) -> list[Event]: ...


Given = Callable[..., Story]

STEP = Step(StepId("1"), "post", "personnel", "reveal", WordsId("t"), WordsId("p"))
A, B, C = ClusterId("a"), ClusterId("b"), ClusterId("c")
ONE, TWO = ChoiceId("one"), ChoiceId("two")
BARE: tuple[Event, ...] = (
    RoomOpened(WordsId("t"), WordsId("t"), "fr", (STEP,)),
    StepEntered(STEP.id),
    ClusterFormed(A, WordsId("A"), ()),
)
HISTORY = (*BARE, ClusterFormed(B, WordsId("B"), ()), ClusterFormed(C, WordsId("C"), ()))
OPENED = ChoiceOpened(ONE, 2, (A, B, C))
TOLD = ChoiceTold(ONE, ((A, 2), (C, 5)))
WORDS = {WordsId(id): Words(f"«{id}»") for id in ("t", "p", "A", "B", "C")}


def refuses(reason: str) -> "pytest.RaisesExc[Refused]":
    return pytest.raises(Refused, match=f"^{reason}$")


def log_of(*more: Event) -> list[Recorded]:
    return [Recorded(seq, each, seq) for seq, each in enumerate((*HISTORY, *more), start=1)]


def tallies(*more: Event) -> list[tuple[str, int]]:
    chosen = board_of(replay([*HISTORY, *more]), WORDS).chosen
    return [(each.cluster.letter, each.times) for each in chosen]


def test_a_choice_is_among_the_clusters_of_now(given: Given) -> None:
    assert given(*HISTORY).when(OpenChoice(ONE, 2)) == [OPENED]
    assert given(*HISTORY, OPENED).when(OpenChoice(ONE, 2)) == [], "a retry"
    asked = board_of(replay([*HISTORY, OPENED]), WORDS).choice
    assert asked and [each.letter for each in asked.clusters] == ["A", "B", "C"]


def test_a_choice_leaves_something_that_is_not_chosen(given: Given) -> None:
    for most in (0, 3, 4):
        with refuses("choice-out-of-range"):
            given(*HISTORY).when(OpenChoice(ONE, most))
    with refuses("too-few-clusters"):
        given(*BARE).when(OpenChoice(ONE, 1))


def test_one_choice_at_a_time_and_each_only_once(given: Given) -> None:
    with refuses("choice-open"):
        given(*HISTORY, OPENED).when(OpenChoice(TWO, 1))
    for over in (TOLD, ChoiceDropped(ONE)):
        with refuses("choice-closed"):
            given(*HISTORY, OPENED, over).when(OpenChoice(ONE, 1))
        assert given(*HISTORY, OPENED, over).when(OpenChoice(TWO, 2))


def test_only_the_open_choice_is_told_or_given_up(given: Given) -> None:
    for command in (DropChoice(TWO), TellChoice(TWO, ())):
        with refuses("choice-closed"):
            given(*HISTORY, OPENED).when(command)
    assert given(*HISTORY, OPENED).when(TellChoice(ONE, TOLD.totals)) == [TOLD]
    assert given(*HISTORY, OPENED).when(DropChoice(ONE)) == [ChoiceDropped(ONE)]


def test_a_phone_chooses_what_is_offered_or_nothing() -> None:
    room = replay([*HISTORY, OPENED])
    assert chosen_by(room, ONE, (C, A, C)) == (C, A)
    assert chosen_by(room, ONE, ()) == ()
    for wrong in ((A, B, C), (ClusterId("later"),)):
        with refuses("choice-out-of-range"):
            chosen_by(room, ONE, wrong)
    with refuses("choice-closed"):
        chosen_by(replay([*HISTORY]), ONE, (A,))
    with refuses("room-closed"):
        chosen_by(replay([RoomClosed("all")], room), ONE, (A,))


def test_totals_stand_in_the_order_of_the_wall_whatever_their_size() -> None:
    assert tallies(OPENED, TOLD) == [("A", 2), ("C", 5)]
    assert tallies(OPENED, TOLD, ClusterPlaced(C, A)) == [("C", 5), ("A", 2)]


def test_totals_go_with_their_cluster_and_with_an_undo() -> None:
    assert tallies(OPENED, TOLD, ClusterDissolved(A)) == [("C", 5)]
    assert tallies(OPENED, TOLD, ClusterDissolved(A), ActUndone()) == [("A", 2), ("C", 5)]
    assert tallies(OPENED, TOLD, ActUndone()) == []
    assert tallies(OPENED, TOLD, RoomClosed("nothing")) == []


def test_the_timeline_tells_a_choice_by_letters_and_an_export_the_last_that_stands() -> None:
    again = (ChoiceOpened(TWO, 1, (A, B, C)), ChoiceTold(TWO, ((B, 6),)))
    acts = timeline_of(log_of(OPENED, TOLD, *again)).acts
    told = [(act.name, act.letters, act.lasts) for act in acts if act.name in ("ask", "choice")]
    assert told == [
        ("ask", "", True), ("choice", "C", False), ("ask", "", True),
        ("choice", "B", True),
    ]  # fmt: skip
    [*_, undone] = [
        act for act in timeline_of(log_of(OPENED, TOLD, ActUndone())).acts if act.name == "choice"
    ]
    assert not undone.lasts


def test_a_past_moment_shows_the_totals_of_then() -> None:
    log = log_of(OPENED, TOLD, ActUndone())
    assert board_at(log, WORDS, len(log) - 1).chosen
    assert not board_at(log, WORDS, len(log)).chosen
