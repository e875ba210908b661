"""What the projectors of a room are asked to show: of this moment, never of its history."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from .live import LiveRoom
from .rooms.ids import RoomId
from .rooms.state import Room
from .rooms.steps import Kind

Scene = Literal[
    "auto", "lobby", "prompt", "wall", "synthesis", "tension", "card", "reading", "choice"
]
SCENES: tuple[Scene, ...] = get_args(Scene)
ONE_OF_MANY: tuple[Scene, ...] = ("tension", "card", "reading")
"""What is shown alone, out of several."""


@dataclass(frozen=True, slots=True)
class Projection:
    """`auto` is what the step says. `page` counts turns from 1 and may leave the wall at either
    end: only a projector knows how many pages it needs, so each goes round its own. `target` is the
    tension or the concept that is shown alone, or what is read together."""

    scene: Scene = "auto"
    page: int = 1
    target: str = ""


AS_THE_STEP_SAYS = Projection()

ON_THE_PHONE_ALONE: tuple[Kind, ...] = ("carnet", "trajectoire")

Moment = tuple[object, object]
"""A step and its reveals. What was asked for in another moment holds no longer."""


class Projections:
    """In memory alone: after a restart the projectors show what the step says."""

    def __init__(self) -> None:
        self.asked: dict[RoomId, tuple[Moment, Projection]] = {}

    def of(self, live: LiveRoom) -> Projection:
        moment, projection = self.asked.get(live.id, (None, None))
        return projection if projection and moment == moment_of(live) else said_by_step(live.room)

    def change(self, live: LiveRoom, change: Callable[[Projection], Projection]) -> None:
        self.asked[live.id] = moment_of(live), change(self.of(live))

    def forget(self, room: RoomId) -> None:
        self.asked.pop(room, None)


def said_by_step(room: Room) -> Projection:
    """What the script wants to be seen when this step opens: a wall only where there is one, a
    prompt only until notes are revealed. Where everybody writes for themselves, the prompt and not
    the wall of the others, unless the script says otherwise."""
    step = room.current
    if step is None or step.id in room.reveals:
        return AS_THE_STEP_SAYS
    hung = bool(room.wall.notes or room.wall.clusters)
    if (step.projector == "wall" and not hung) or (step.kind == "revelation" and hung):
        return AS_THE_STEP_SAYS
    if step.projector == "auto" and step.kind in ON_THE_PHONE_ALONE and step.mode == "none":
        return Projection("prompt")
    return Projection(step.projector)


def moment_of(live: LiveRoom) -> Moment:
    return live.room.step, live.room.reveals
