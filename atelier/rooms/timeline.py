"""The log as the facilitators' acts, by minute: what a replay and an export show of time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .events import (
    ClusterFormed,
    NotesRevealed,
    Recorded,
    RoomClosed,
    StepEntered,
)
from .ids import StepId, WordsId
from .state import Room, replay

ActName = Literal["step", "reveal", "cluster", "close"]


@dataclass(frozen=True, slots=True)
class Act:
    """One act of facilitation; `what` is the text it is about, if any."""

    minute: int
    name: ActName
    what: WordsId | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """`run` gives the minutes that each step really took, over all its visits."""

    acts: tuple[Act, ...]
    run: dict[StepId, int]


def timeline_of(log: Iterable[Recorded]) -> Timeline:
    log = list(log)
    room = replay(recorded.event for recorded in log)
    acts = [act for recorded in log if (act := act_of(room, recorded))]
    return Timeline(tuple(acts), minutes_run(log))


def act_of(room: Room, recorded: Recorded) -> Act | None:
    minute = recorded.minute
    if minute is None:
        return None
    match recorded.event:
        case StepEntered(step_id):
            step = room.find_step(step_id)
            return Act(minute, "step", step.title if step else None)
        case NotesRevealed():
            return Act(minute, "reveal")
        case ClusterFormed(cluster_id):
            cluster = room.wall.clusters.get(
                cluster_id
            )  # as it is called in the end, if it is still there
            return Act(minute, "cluster", cluster.title) if cluster else None
        case RoomClosed():
            return Act(minute, "close")
        case _:
            return None


def minutes_run(log: list[Recorded]) -> dict[StepId, int]:
    run: dict[StepId, int] = {}
    entered: tuple[StepId, int] | None = None
    for recorded in log:
        if recorded.minute is None or not isinstance(recorded.event, StepEntered | RoomClosed):
            continue
        if entered:
            step, since = entered
            run[step] = run.get(step, 0) + recorded.minute - since
        entered = (
            (recorded.event.step, recorded.minute)
            if isinstance(recorded.event, StepEntered)
            else None
        )
    return run
