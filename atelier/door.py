"""The door of a locked room: whether somebody waits before it, and until when it lets people in.

In memory only, and never who: latecomers come in together, so that none of them stands out.
"""

import time

from .rooms.ids import RoomId

KNOCK_SECONDS = 5
"""Who waits knocks again after this long."""
HEARD_SECONDS = 4 * KNOCK_SECONDS
"""A knock is forgotten after this long: who waited has left."""
ADMITTING_SECONDS = 30
"""Long enough for every page that waits to knock once more, on a bad line too."""


class Door:
    def __init__(self) -> None:
        self.knocked: dict[RoomId, float] = {}
        self.admitting: dict[RoomId, float] = {}

    def knock(self, room: RoomId) -> None:
        self.knocked[room] = time.monotonic()

    def heard(self, room: RoomId) -> bool:
        """Whether somebody waits."""
        return time.monotonic() - self.knocked.get(room, -HEARD_SECONDS) < HEARD_SECONDS

    def waiting(self) -> set[RoomId]:
        """The rooms where somebody waited when this was last asked."""
        rooms = set(self.knocked)
        self.knocked = {room: at for room, at in self.knocked.items() if self.heard(room)}
        return rooms

    def admit(self, room: RoomId) -> None:
        """Let in whoever knocks within the next half minute."""
        self.admitting[room] = time.monotonic() + ADMITTING_SECONDS
        self.knocked.pop(room, None)

    def admits(self, room: RoomId) -> bool:
        return time.monotonic() < self.admitting.get(room, 0.0)

    def shut(self, room: RoomId) -> None:
        """Locked again: who comes now waits for the next time."""
        self.admitting.pop(room, None)

    def forget(self, room: RoomId) -> None:
        self.knocked.pop(room, None)
        self.shut(room)
