"""Fan-out inside one process: every screen of a room is written the same bytes.

A frame is encoded once, and handed to each connection without waiting: what a slow screen does not
read piles up in its own buffer, which has an end.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from .rooms.ids import RoomId

GONE = 4404
"""How a screen is told that its room is no more."""
ROUND_SECONDS = 25
"""Every screen is asked once a round whether it is there: a proxy that hears nothing for 30 to 60
seconds hangs up, and whoever is silent for a whole round is gone."""


class Screen(Protocol):
    """One connection."""

    def put(self, frame: bytes) -> None:
        """Write a frame; a screen that is too far behind is cut off instead, and comes back."""

    def end(self, code: int) -> None:
        """Close it, saying why."""

    def ping(self) -> None:
        """Ask whether it is there; if nothing came from it since the last time, cut it off."""


class Hub:
    def __init__(self) -> None:
        self.screens: defaultdict[RoomId, dict[Screen, None]] = defaultdict(dict)
        self.parting: bytes | None = None

    @contextmanager
    def subscribe(self, room: RoomId, screen: Screen) -> Iterator[None]:
        self.screens[room][screen] = None
        if self.parting:
            screen.put(self.parting)
        try:
            yield
        finally:
            del self.screens[room][screen]
            if not self.screens[room]:
                del self.screens[room]

    def publish(self, room: RoomId, frame: str) -> None:
        data = framed(frame)
        for screen in self.screens.get(room, ()):
            screen.put(data)

    def dismiss(self, room: RoomId) -> None:
        """Tell every screen of the room that the room is no more."""
        for screen in list(self.screens.get(room, ())):
            screen.end(GONE)

    async def keep_asking(self) -> None:
        """Ping room after room, a part of them each second, until cancelled: a timer for each
        screen would cost memory, and all that came together would be asked together."""
        while True:
            for turn in range(ROUND_SECONDS):
                await asyncio.sleep(1)
                self.ping(turn)

    def ping(self, turn: int) -> None:
        for room in [room for room in self.screens if hash(room) % ROUND_SECONDS == turn]:
            for screen in list(self.screens[room]):
                screen.ping()

    def part(self, frame: str) -> None:
        """The last that every screen is told; also those that come while the others leave."""
        self.parting = framed(frame)
        for room in list(self.screens):
            self.publish(room, frame)

    @property
    def crowd(self) -> int:
        return sum(len(screens) for screens in self.screens.values())


def framed(text: str) -> bytes:
    """A whole WebSocket text frame of a server (RFC 6455, section 5.2): final, not masked."""
    body = text.encode()
    size = len(body)
    if size < 126:
        return bytes((0x81, size)) + body
    if size < 1 << 16:
        return bytes((0x81, 126)) + size.to_bytes(2) + body
    return bytes((0x81, 127)) + size.to_bytes(8) + body


def unframed(frame: bytes) -> bytes:
    """The text of a frame that `framed` made, for screens that have no socket."""
    return frame[{126: 4, 127: 10}.get(frame[1], 2) :]
