"""A reveal below the threshold is announced on every phone before it comes.

In memory only: whoever facilitates announces it again after a restart.
"""

import time
from dataclasses import dataclass

from .presence import Presence
from .rooms.ids import RoomId, StepId

ANNOUNCED_SECONDS = 10
"""A reveal below the threshold comes this long after every phone was told."""
ANNOUNCEMENT_WAITS = 30
"""So long a phone that comes back late may put it off; after that no Wi-Fi holds up the group."""
ANNOUNCEMENT_LASTS = 120
"""After that it is forgotten: whoever took the phone up since was not told."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """When every phone was told of a reveal below the threshold, and of which steps."""

    at: float
    named: frozenset[StepId]

    @property
    def age(self) -> float:
        return time.monotonic() - self.at

    def wait(self, latest: float) -> float:
        """Seconds until every phone was told for long enough, the one that came back at `latest`
        included."""
        last_told = min(max(self.at, latest), self.at + ANNOUNCEMENT_WAITS - ANNOUNCED_SECONDS)
        return max(0.0, last_told + ANNOUNCED_SECONDS - time.monotonic())


class Announcements:
    """The last one of each room."""

    def __init__(self, presence: Presence) -> None:
        self.presence = presence
        self.told: dict[RoomId, Announcement] = {}

    def announce(self, room: RoomId, named: frozenset[StepId]) -> float:
        """Every phone is told that a reveal below the threshold is coming; seconds to wait."""
        told = self.told.get(room)
        if told is None or told.named != named or told.age > ANNOUNCEMENT_LASTS:
            told = self.told[room] = Announcement(time.monotonic(), named)
        return self.wait(room, told)

    def heard(self, room: RoomId, named: frozenset[StepId]) -> bool:
        """Whether it may come: for these steps, and every phone was told for long enough."""
        told = self.told.get(room)
        if told is None or told.named != named:
            return False
        return not self.wait(room, told) and told.age <= ANNOUNCEMENT_LASTS

    def is_on(self, room: RoomId) -> bool:
        told = self.told.get(room)
        if told and told.age > ANNOUNCEMENT_LASTS:
            del self.told[room]
        return room in self.told

    def forget(self, room: RoomId) -> None:
        self.told.pop(room, None)

    def wait(self, room: RoomId, told: Announcement) -> float:
        return told.wait(self.presence.latest(room))
