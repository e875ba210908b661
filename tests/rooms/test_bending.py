"""A script that bends while the room is in it: what happened stays, what is to come may change."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from atelier.closing import words_to_keep
from atelier.rooms.board import board_of
from atelier.rooms.commands import (
    ChangeStep,
    CloseRoom,
    Command,
    DropStep,
    GoToStep,
    InsertStep,
    MoveStep,
)
from atelier.rooms.decide import decide, go_to_step
from atelier.rooms.events import Event, Recorded, RoomOpened, StepEntered
from atelier.rooms.ids import StepId, WordsId
from atelier.rooms.pace import Pace, pace_of
from atelier.rooms.refusals import Refused
from atelier.rooms.sequence import STEPS_MAX
from atelier.rooms.state import Room, replay
from atelier.rooms.steps import Step
from atelier.rooms.timeline import timeline_of


def step(id: str, minutes: int = 10, break_after: int = 0) -> Step:
    return Step(
        StepId(id),
        "post",
        "personnel",
        "reveal",
        WordsId(f"{id} title"),
        WordsId(f"{id} prompt"),
        minutes,
        break_after=break_after,
    )


A, B, C, D = step("a"), step("b", 20, 5), step("c"), step("d")
OPENED = RoomOpened(WordsId("t"), WordsId("t"), "fr", (A, B, C, D))


def room_in(*entered: Step) -> Room:
    return replay([OPENED, *(StepEntered(each.id) for each in entered)])


def after(room: Room, *commands: Command) -> Room:
    for command in commands:
        room = replay(decide(room, command), room)
    return room


def ids(room: Room) -> str:
    return "".join(each.id for each in room.steps)


# What changes


@pytest.mark.parametrize(
    ("command", "order"),
    [
        (InsertStep(step("x"), None), "abcdx"),
        (InsertStep(step("x"), C.id), "abxcd"),
        (InsertStep(step("x"), B.id), "axbcd"),
        (MoveStep(D.id, B.id), "adbc"),
        (MoveStep(B.id, None), "acdb"),
        (MoveStep(B.id, D.id), "acbd"),
        (DropStep(C.id), "abd"),
    ],
)
def test_steps_to_come_are_put_in_moved_and_taken_out(command: Command, order: str) -> None:
    bent = after(room_in(A), command)
    assert (ids(bent), bent.bends) == (order, 1)
    assert "".join(each.id for each in bent.planned) == "abcd", "the original is kept"


@pytest.mark.parametrize(
    "command",
    [
        MoveStep(B.id, B.id),
        MoveStep(B.id, C.id),
        MoveStep(D.id, None),
        ChangeStep(B),
        InsertStep(step("b", 3), None),
    ],
)
def test_what_is_so_already_is_no_event(command: Command) -> None:
    assert decide(room_in(A), command) == []


def test_before_the_first_step_everything_may_move() -> None:
    assert ids(after(room_in(), MoveStep(D.id, A.id), DropStep(B.id))) == "dac"


def test_a_step_that_was_passed_over_comes_back_later() -> None:
    room = after(room_in(A, C), MoveStep(B.id, None))
    assert ids(room) == "acdb"
    assert room.step == C.id


def test_a_step_to_come_is_changed_whole() -> None:
    other = replace(C, kind="echange", mode="none", title=WordsId("x"), minutes=3)
    assert after(room_in(A), ChangeStep(other)).find_step(C.id) == other


def test_what_a_step_asks_and_how_long_it_lasts_change_at_any_time() -> None:
    other = replace(A, prompt=WordsId("x"), minutes=99, hint=WordsId("h"))
    room = after(room_in(A), ChangeStep(other))
    assert room.current == other
    board = board_of(room, {})
    assert board.stage and board.stage.minutes == 99
    assert board.bends == 1


# What is refused


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (MoveStep(A.id, None), "step-entered"),
        (DropStep(A.id), "step-entered"),
        (DropStep(B.id), "step-entered"),
        (ChangeStep(replace(A, title=WordsId("x"))), "step-entered"),
        (ChangeStep(replace(A, mode="direct")), "step-entered"),
        (ChangeStep(replace(B, kind="echange")), "step-entered"),
        (InsertStep(step("x"), A.id), "step-passed"),
        (InsertStep(step("x"), B.id), "step-passed"),
        (MoveStep(D.id, B.id), "step-passed"),
        (InsertStep(step("x"), StepId("z")), "step-unknown"),
        (MoveStep(StepId("z"), None), "step-unknown"),
        (MoveStep(C.id, StepId("z")), "step-unknown"),
        (ChangeStep(step("z")), "step-unknown"),
        (DropStep(StepId("z")), "step-unknown"),
    ],
)
def test_what_happened_stays(command: Command, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        decide(room_in(A, B), command)
    assert refusal.value.reason == reason


def test_a_script_has_forty_steps_at_most_and_one_at_least() -> None:
    full = after(room_in(A), *(InsertStep(step(f"x{n}"), None) for n in range(STEPS_MAX - 4)))
    with pytest.raises(Refused, match="too-many-steps"):
        decide(full, InsertStep(step("one more"), None))
    alone = after(room_in(), DropStep(B.id), DropStep(C.id), DropStep(D.id))
    with pytest.raises(Refused, match="step-only"):
        decide(alone, DropStep(A.id))


# Any sequence of bends

STEPS = st.sampled_from([StepId(id) for id in "abcdvwxyz"])
PLACES = st.none() | STEPS
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(GoToStep, PLACES),
    st.builds(InsertStep, STEPS.map(step), PLACES),
    st.builds(MoveStep, STEPS, PLACES),
    st.builds(ChangeStep, st.builds(step, STEPS, st.integers(0, 60))),
    st.builds(lambda id: ChangeStep(replace(step(id), title=WordsId("other"))), STEPS),
    st.builds(DropStep, STEPS),
)


@for_all(st.lists(COMMANDS, max_size=60))
def test_any_bending_keeps_a_valid_script_and_the_steps_that_were_entered(
    commands: list[Command],
) -> None:
    room = room_in()
    log: list[Event] = [OPENED]
    for command in commands:
        before = room
        try:
            happened = decide(room, command)
        except Refused:
            continue
        room, log = replay(happened, room), [*log, *happened]
        assert_valid(room)
        assert_past_stays(before, room)
    assert replay(log) == room
    assert room.planned == OPENED.steps


def assert_valid(room: Room) -> None:
    names = [each.id for each in room.steps]
    assert 1 <= len(names) == len(set(names)) <= STEPS_MAX
    assert room.entered <= set(names)
    assert room.step is None or room.step in names
    if room.steps[-1].id != room.step:
        assert go_to_step(room, GoToStep(None)), "there is a way on"


def assert_past_stays(before: Room, after: Room) -> None:
    done = [each for each in before.steps if each.id in before.entered]
    kept = [each for each in after.steps if each.id in before.entered]
    for one, other in zip(done, kept, strict=True):
        assert (one.id, one.kind, one.mode, one.title) == (
            other.id,
            other.kind,
            other.mode,
            other.title,
        )


# The timeline


def test_a_bend_is_an_act_of_its_minute() -> None:
    room = room_in(A)
    log: list[Event] = [OPENED, StepEntered(A.id)]
    commands: list[Command] = [
        InsertStep(step("x"), None),
        MoveStep(D.id, B.id),
        ChangeStep(replace(B, title=WordsId("new"))),
        DropStep(C.id),
    ]
    for command in commands:
        happened = decide(room, command)
        room, log = replay(happened, room), [*log, *happened]
    told = timeline_of(Recorded(n, event, n) for n, event in zip(count(1), log, strict=False)).acts
    assert [(act.name, act.title) for act in told[2:]] == [
        ("insert", "x title"),
        ("shift", "d title"),
        ("change", "b title"),
        ("skip", "c title"),
    ]


# The time that is left


def starts(**minutes: int) -> dict[StepId, int]:
    return {StepId(id): minute for id, minute in minutes.items()}


def paced(room: Room, *minutes: int, now: int) -> Pace:
    """The steps of the room were entered at these minutes, in the order of the script."""
    entered = [each.id for each in room.steps if each.id in room.entered]
    log = [Recorded(1, OPENED, 0)] + [
        Recorded(n, StepEntered(id), minute)
        for n, (id, minute) in enumerate(zip(entered, minutes, strict=True), start=2)
    ]
    return pace_of(room, timeline_of(log).visits, now)


def test_coming_steps_start_one_after_the_other_with_the_breaks_between() -> None:
    assert paced(room_in(A), 3, now=4) == Pace(starts(b=13, c=38, d=48), end=58, shift=0)


def test_before_the_first_step_the_script_starts_now() -> None:
    assert paced(room_in(), now=7) == Pace(starts(a=7, b=17, c=42, d=52), end=62, shift=0)


def test_an_overrun_shifts_what_follows_minute_by_minute() -> None:
    assert paced(room_in(A), 0, now=10).shift == 0
    late = paced(room_in(A), 0, now=16)
    assert late == Pace(starts(b=16, c=41, d=51), end=61, shift=6)


def test_a_step_that_ended_early_brings_the_end_forward() -> None:
    assert paced(room_in(A, B), 0, 4, now=5).shift == -6


def test_bending_counts_in_the_shift() -> None:
    room = after(room_in(A), InsertStep(step("x", 7), None), ChangeStep(replace(C, minutes=4)))
    assert paced(room, 0, now=0).shift == 7 - 6


def test_the_last_step_has_no_break_to_wait_for() -> None:
    room = after(room_in(A, B), DropStep(C.id), DropStep(D.id))
    assert paced(room, 0, 10, now=12).end == 30


def test_after_a_step_that_takes_the_time_it_takes_nobody_knows() -> None:
    room = after(room_in(A), ChangeStep(replace(C, minutes=0)))
    assert paced(room, 0, now=0) == Pace(starts(b=10, c=35), None, None)
    free = after(room_in(A), ChangeStep(replace(A, minutes=0)))
    assert paced(free, 0, now=0) == Pace({}, None, None)


def test_steps_that_were_entered_before_are_not_waited_for_again() -> None:
    log: list[Event] = [OPENED, *(StepEntered(each) for each in (A.id, B.id, A.id))]
    visits = timeline_of(Recorded(n, event, n) for n, event in enumerate(log)).visits
    assert set(pace_of(replay(log), visits, 9).starts) == {C.id, D.id}


def test_a_closed_room_keeps_the_words_of_the_script_it_opened_with() -> None:
    room = after(room_in(A), DropStep(C.id), ChangeStep(replace(B, title=WordsId("new"))))
    closed = replay(decide(room, CloseRoom("nothing")), room)
    assert {C.title, C.prompt, B.title, WordsId("new")} <= words_to_keep(closed)
