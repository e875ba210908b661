"""What the projectors of a room are asked to show: of this moment, never of its history."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .live import LiveRoom
from .rooms.ids import RoomId

Scene = Literal["auto", "lobby", "prompt", "wall", "synthesis"]
SCENES: tuple[Scene, ...] = ("auto", "lobby", "prompt", "wall", "synthesis")


@dataclass(frozen=True, slots=True)
class Projection:
    """`auto` is what the step says. `page` counts turns from 1 and may leave the wall at either
    end: only a projector knows how many pages it needs, so each goes round its own."""

    scene: Scene = "auto"
    page: int = 1


AS_THE_STEP_SAYS = Projection()

Moment = tuple[object, object]
"""A step and its reveals. What was asked for in another moment holds no longer."""


class Projections:
    """In memory alone: after a restart the projectors show what the step says."""

    def __init__(self) -> None:
        self.asked: dict[RoomId, tuple[Moment, Projection]] = {}

    def of(self, live: LiveRoom) -> Projection:
        moment, projection = self.asked.get(live.id, (None, AS_THE_STEP_SAYS))
        return projection if moment == moment_of(live) else AS_THE_STEP_SAYS

    def change(self, live: LiveRoom, change: Callable[[Projection], Projection]) -> None:
        self.asked[live.id] = moment_of(live), change(self.of(live))

    def forget(self, room: RoomId) -> None:
        self.asked.pop(room, None)


def moment_of(live: LiveRoom) -> Moment:
    return live.room.step, live.room.reveals
