"""Notes and ballots that wait for their room, and what their phones will be told.

Who has the room next takes along all who wait for it: notes that go onto the wall share a commit,
and a frame; ballots that come together are written together.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, TypeVar

from .db import Unavailable
from .live import LiveRoom
from .rooms.ids import NoteId, RoomId, StepId
from .rooms.refusals import Refused

Kept = Literal["kept", "known"]


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """A note as it comes from a phone; `step` is None for the current one."""

    note: NoteId
    secret: str
    text: str
    step: StepId | None = None
    rev: int = 0


class Sent(Protocol):
    """What comes from a phone, under an id of its own."""

    @property
    def note(self) -> NoteId: ...


S = TypeVar("S", bound=Sent)


@dataclass(eq=False, slots=True, repr=False)
class Arrival(Generic[S]):
    """A note that waits for the room, and what its phone will be told."""

    draft: S
    answer: "asyncio.Future[Kept]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def settle(self, kept: Kept) -> None:
        if not self.answer.done():  # else nobody waits any more
            self.answer.set_result(kept)

    def fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)

    @contextmanager
    def told_of_failure(self) -> Iterator[None]:
        try:
            yield
        except (Refused, Unavailable) as error:
            self.fail(error)


Take = Callable[[LiveRoom, list[Arrival[S]]], Awaitable[None]]
"""Take notes of which no two are the same, for who has the room."""


class Arrivals(Generic[S]):
    def __init__(self, take: Take[S]) -> None:
        self.take = take
        self.lines: defaultdict[RoomId, list[Arrival[S]]] = defaultdict(list)

    async def join(self, live: LiveRoom, draft: S) -> Kept:
        """Wait for the room, or for somebody who takes this note along; raises what it is told."""
        mine = Arrival(draft)
        line = self.lines[live.id]
        line.append(mine)
        try:
            async with live.lock:
                if not mine.answer.done():
                    del self.lines[live.id]
                    await self.take_all(live, line)
        except BaseException:
            mine.answer.cancel()
            raise
        return await mine.answer

    async def take_all(self, live: LiveRoom, line: list[Arrival[S]]) -> None:
        """Everybody in it gets an answer, whatever happens."""
        try:
            waiting = [arrival for arrival in line if not arrival.answer.done()]
            while waiting:
                first = {arrival.draft.note: arrival for arrival in reversed(waiting)}
                waiting = [each for each in waiting if each is not first[each.draft.note]]
                await self.take(live, list(first.values()))
        finally:
            for arrival in line:
                arrival.fail(Unavailable("cut short"))
