"""How many phones are there, counted in memory and never linked to a note."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from .rooms.ids import RoomId, StepId


@dataclass(slots=True)
class Attendance:
    """When each phone was last seen, how many sockets it holds and since when, when each step
    opened."""

    seen: dict[str, float] = field(default_factory=dict)
    sockets: dict[str, int] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)
    opened: dict[StepId, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the other processes say of a room: a sketch of the phones of each step, and when the
    last of those connected now came."""

    sketches: Mapping[StepId, int] = field(default_factory=dict)
    latest: float = 0.0


NOBODY = Elsewhere()
SKETCH_BITS = 8192


class Presence:
    def __init__(self) -> None:
        self.rooms: defaultdict[RoomId, Attendance] = defaultdict(Attendance)
        self.elsewhere: dict[RoomId, Elsewhere] = {}

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
        return max(self.since(room), self.elsewhere.get(room, NOBODY).latest)

    def since(self, room: RoomId) -> float:
        """`latest`, of the phones of this process."""
        return max(self.rooms[room].since.values(), default=0.0)

    def step_opened(self, room: RoomId, step: StepId) -> None:
        self.rooms[room].opened.setdefault(step, time.monotonic())

    def phones(self, room: RoomId, step: StepId) -> int:
        """Distinct phones connected now or seen since the step opened (since the start of this
        process, when it opened before that)."""
        here = self.here(room, step)
        others = self.elsewhere.get(room, NOBODY).sketches.get(step, 0)
        return len(here) if not others else (sketch(here, step) | others).bit_count()

    def here(self, room: RoomId, step: StepId) -> set[str]:
        """Those of this process."""
        there = self.rooms[room]
        since = there.opened.get(step, 0.0)
        return {p for p, at in there.seen.items() if at >= since} | there.sockets.keys()

    def forget(self, room: RoomId) -> None:
        self.rooms.pop(room, None)
        self.elsewhere.pop(room, None)


def sketch(phones: Iterable[str], step: StepId) -> int:
    """One bit for each phone, by a hash that nobody can turn back: sketches of several processes
    together count each phone once, and never more phones than there are."""
    bits = 0
    for position in positions(phones, step):
        bits |= 1 << position
    return bits


def positions(phones: Iterable[str], step: StepId) -> tuple[int, ...]:
    """The bits of a sketch, in their order."""
    hashed = (blake2b(f"{step}/{phone}".encode(), digest_size=4).digest() for phone in phones)
    return tuple(sorted({int.from_bytes(each) % SKETCH_BITS for each in hashed}))
