"""Fan-out inside one process: every screen of a room is written the same bytes.

A frame is encoded once, and handed to each connection without waiting: what a slow screen does not
read piles up in its own buffer, which has an end.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from .rooms.ids import RoomId

GONE = 4404
"""How a screen is told that its room is no more."""


class Screen(Protocol):
    """One connection."""

    def put(self, frame: bytes) -> None:
        """Write a frame; a screen that is too far behind is cut off instead, and comes back."""

    def end(self, code: int) -> None:
        """Close it, saying why."""


class Hub:
    def __init__(self) -> None:
        self.screens: defaultdict[RoomId, set[Screen]] = defaultdict(set)

    @contextmanager
    def subscribe(self, room: RoomId, screen: Screen) -> Iterator[None]:
        self.screens[room].add(screen)
        try:
            yield
        finally:
            self.screens[room].discard(screen)
            if not self.screens[room]:
                del self.screens[room]

    def publish(self, room: RoomId, frame: str) -> None:
        data = framed(frame)
        for screen in self.screens.get(room, ()):
            screen.put(data)

    def dismiss(self, room: RoomId) -> None:
        """Tell every screen of the room that the room is no more."""
        for screen in self.screens.get(room, ()):
            screen.end(GONE)

    def everyone(self, frame: str) -> None:
        for room in list(self.screens):
            self.publish(room, frame)


def framed(text: str) -> bytes:
    """A whole WebSocket text frame of a server (RFC 6455, section 5.2): final, not masked."""
    body = text.encode()
    size = len(body)
    if size < 126:
        return bytes((0x81, size)) + body
    if size < 1 << 16:
        return bytes((0x81, 126)) + size.to_bytes(2) + body
    return bytes((0x81, 127)) + size.to_bytes(8) + body
