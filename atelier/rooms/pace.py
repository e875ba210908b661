"""When the coming steps start, if each takes the time it was given: advice, never a command.

Minutes count from the opening of the room. A step that lasts longer than it was given shifts the
rest; one that takes the time it takes says nothing of what follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .ids import StepId
from .state import Room
from .steps import Step
from .timeline import Visit


@dataclass(frozen=True, slots=True)
class Pace:
    """`starts` has a minute for each step that is still to come and whose start is known. `end` is
    when the last one ends, `shift` how many minutes later than the script said when it began
    (earlier, below zero); both None when nobody knows."""

    starts: Mapping[StepId, int]
    end: int | None
    shift: int | None


def pace_of(room: Room, visits: tuple[Visit, ...], now: int) -> Pace:
    starts: dict[StepId, int] = {}
    clock = end_of_current(room, visits, now)
    for step in to_come(room):
        if clock is not None:
            starts[step.id] = clock
        clock = after(step, clock)
    planned = planned_end(room, visits[0].start if visits else now)
    return Pace(starts, clock, None if clock is None or planned is None else clock - planned)


def end_of_current(room: Room, visits: tuple[Visit, ...], now: int) -> int | None:
    """With the break that follows; never before now."""
    step = room.current
    if step is None or not visits:
        return now
    if not step.minutes:
        return None
    last = room.steps[-1].id == step.id
    return max(visits[-1].start + step.minutes, now) + (0 if last else step.break_after)


def to_come(room: Room) -> tuple[Step, ...]:
    """The steps behind the current one that were not entered yet."""
    ids = [step.id for step in room.steps]
    place = 0 if room.step is None else ids.index(room.step) + 1
    return tuple(step for step in room.steps[place:] if step.id not in room.entered)


def planned_end(room: Room, start: int) -> int | None:
    clock: int | None = start
    for step in room.planned:
        clock = after(step, clock)
    return clock


def after(step: Step, clock: int | None) -> int | None:
    if clock is None or not step.minutes:
        return None
    return clock + step.minutes + step.break_after
