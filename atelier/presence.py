"""How many phones are there, counted in memory and never linked to a note."""

import time
from collections import defaultdict
from dataclasses import dataclass, field

from .rooms.ids import RoomId, StepId


@dataclass(slots=True)
class Attendance:
    """When each phone was last seen, how many sockets it holds and since when, when each step
    opened."""

    seen: dict[str, float] = field(default_factory=dict)
    sockets: dict[str, int] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)
    opened: dict[StepId, float] = field(default_factory=dict)


class Presence:
    def __init__(self) -> None:
        self.rooms: defaultdict[RoomId, Attendance] = defaultdict(Attendance)

    def saw(self, room: RoomId, phone: str) -> None:
        """`phone` is the random part of a participant's cookie."""
        self.rooms[room].seen[phone] = time.monotonic()

    def joined(self, room: RoomId, phone: str) -> None:
        self.saw(room, phone)
        sockets = self.rooms[room].sockets
        sockets[phone] = sockets.get(phone, 0) + 1
        if sockets[phone] == 1:
            self.rooms[room].since[phone] = time.monotonic()

    def left(self, room: RoomId, phone: str) -> None:
        self.saw(room, phone)
        sockets = self.rooms[room].sockets
        left = sockets.pop(phone, 0) - 1  # the room may have been forgotten meanwhile
        if left > 0:
            sockets[phone] = left
        else:
            self.rooms[room].since.pop(phone, None)

    def latest(self, room: RoomId) -> float:
        """When the last of the phones that are connected now came, or came back."""
        return max(self.rooms[room].since.values(), default=0.0)

    def step_opened(self, room: RoomId, step: StepId) -> None:
        self.rooms[room].opened.setdefault(step, time.monotonic())

    def phones(self, room: RoomId, step: StepId) -> int:
        """Distinct phones connected now or seen since the step opened (since the start of this
        process, when it opened before that)."""
        there = self.rooms[room]
        since = there.opened.get(step, 0.0)
        return len({p for p, at in there.seen.items() if at >= since} | there.sockets.keys())

    def forget(self, room: RoomId) -> None:
        self.rooms.pop(room, None)
