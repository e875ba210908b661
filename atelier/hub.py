"""Fan-out inside one process: everyone in a room is sent the same frame."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from .rooms.ids import RoomId

Signal = Literal["behind", "gone", "barred"]
"""`behind`: the backlog grew too long, send everything. `gone`: the room is no more. `barred`: this
screen may not follow it any more."""

Frames = asyncio.Queue[str | Signal]

BACKLOG = 64


class Hub:
    def __init__(self) -> None:
        self.screens: defaultdict[RoomId, set[Frames]] = defaultdict(set)

    @contextmanager
    def subscribe(self, room: RoomId) -> Iterator[Frames]:
        frames: Frames = asyncio.Queue(BACKLOG)
        self.screens[room].add(frames)
        try:
            yield frames
        finally:
            self.screens[room].discard(frames)
            if not self.screens[room]:
                del self.screens[room]

    def publish(self, room: RoomId, frame: str) -> None:
        """Hand `frame` to every screen without waiting: one slow phone delays nobody."""
        for frames in self.screens.get(room, ()):
            if frames.full():
                refill(frames, "behind")
            else:
                frames.put_nowait(frame)

    def dismiss(self, room: RoomId) -> None:
        """Tell every screen of the room that the room is no more."""
        for frames in self.screens.get(room, ()):
            refill(frames, "gone")

    def everyone(self, frame: str) -> None:
        for room in list(self.screens):
            self.publish(room, frame)

    async def flushed(self, seconds: float) -> None:
        """Wait until the screens have taken their frames, at most `seconds`."""
        deadline = asyncio.get_running_loop().time() + seconds
        while any(not f.empty() for room in self.screens.values() for f in room):
            if asyncio.get_running_loop().time() > deadline:
                return
            await asyncio.sleep(0.01)


def refill(frames: Frames, signal: Signal) -> None:
    while not frames.empty():
        frames.get_nowait()
    frames.put_nowait(signal)
