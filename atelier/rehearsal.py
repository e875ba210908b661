"""An imagined group, for a demonstration or to rehearse a session: it arrives, writes, waits,
loses the network and comes back. It goes through the same doors as people do, less the web."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from random import SystemRandom
from secrets import token_hex, token_urlsafe

from .arrivals import Draft
from .content.rehearsal import lines_for
from .db import Unavailable
from .live import Live, LiveRoom, NoRoom
from .notes import Notes
from .now import Announcer
from .presence import Presence
from .rooms.ids import NoteId, StepId
from .rooms.refusals import Refused

GROUP = 12
GROUPS = 3
"""Of one account at once: one is for rehearsing, and each takes some of the machine."""
WRITING_SECONDS = 40.0
"""Within this time of the opening of a step, everybody who writes has written."""
LOOK_SECONDS = 0.5
AWAY_SECONDS = (2.0, 6.0)
STEADY_SECONDS = 240.0
"""How long a phone keeps the network, on average."""
LONGEST_SECONDS = 3 * 3600

chance = SystemRandom()


class Rehearsals:
    """The imagined groups of this process; they leave with it."""

    def __init__(
        self,
        live: Live,
        notes: Notes,
        presence: Presence,
        announcer: Announcer,
        seconds: float = WRITING_SECONDS,
    ) -> None:
        self.live = live
        self.notes = notes
        self.presence = presence
        self.announcer = announcer
        self.seconds = seconds
        self.groups: dict[asyncio.Task[None], LiveRoom] = {}
        self.opening = asyncio.Lock()

    @asynccontextmanager
    async def another(self, owner: str) -> AsyncIterator[None]:
        """Open one more room to rehearse in, in turn, so that the count holds; or `Refused`."""
        async with self.opening:
            mine = (room for room in self.groups.values() if room.entry.owner == owner)
            if sum(map(self.goes_on, mine)) >= GROUPS:
                raise Refused("too-many-rehearsals")
            yield

    def start(self, room: LiveRoom, script: str) -> None:
        """Send a group into `room`, which follows `script` (empty: a bare wall)."""
        group = asyncio.create_task(self.attend(room, script, self.seconds))
        self.groups[group] = room
        group.add_done_callback(self.groups.pop)

    async def stop(self) -> None:
        for group in self.groups:
            group.cancel()
        await asyncio.gather(*self.groups, return_exceptions=True)

    async def attend(self, room: LiveRoom, script: str, seconds: float) -> None:
        """Until the room is closed or gone, three hours at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_SECONDS), asyncio.TaskGroup() as at_once:
                for _ in range(GROUP):
                    at_once.create_task(self.take_part(room, seconds))
                at_once.create_task(self.write(room, script, seconds, at_once))

    def goes_on(self, room: LiveRoom) -> bool:
        return room.room.closed is None and self.live.rooms.get(room.id) is room

    async def take_part(self, room: LiveRoom, seconds: float) -> None:
        """One phone: there, now and then away for a moment."""
        phone = token_hex(8)
        await asyncio.sleep(chance.uniform(0, seconds / 4))
        while self.goes_on(room):
            with self.connected(room, phone):
                await self.stay(room, chance.expovariate(1 / STEADY_SECONDS))
            await asyncio.sleep(chance.uniform(*AWAY_SECONDS))

    async def stay(self, room: LiveRoom, seconds: float) -> None:
        for _ in range(int(seconds / LOOK_SECONDS)):
            if not self.goes_on(room):
                return
            await asyncio.sleep(LOOK_SECONDS)

    @contextmanager
    def connected(self, room: LiveRoom, phone: str) -> Iterator[None]:
        self.presence.joined(room.id, phone)
        self.announcer.stale.add(room.id)
        try:
            yield
        finally:
            self.presence.left(room.id, phone)
            self.announcer.stale.add(room.id)

    async def write(
        self, room: LiveRoom, script: str, seconds: float, at_once: asyncio.TaskGroup
    ) -> None:
        """Each step that takes notes is written on once, by whoever has something to say."""
        written: set[StepId] = set()
        while self.goes_on(room):
            step = room.room.current
            if step and step.id not in written and room.room.takes_notes(step):
                written.add(step.id)
                for line in shuffled(lines_for(script, step.id, room.room.language)):
                    at_once.create_task(self.add_note(room, step.id, line, seconds))
            await asyncio.sleep(LOOK_SECONDS)

    async def add_note(self, room: LiveRoom, step: StepId, line: str, seconds: float) -> None:
        await asyncio.sleep(chance.uniform(seconds / 10, seconds))
        if not self.goes_on(room):
            return
        # Revealed or erased while somebody was still writing, or the disk is full.
        with suppress(Refused, Unavailable, NoRoom):
            draft = Draft(NoteId(token_hex(16)), token_urlsafe(32), line, step)
            await self.notes.post(room, draft)
            self.announcer.stale.add(room.id)


def shuffled(lines: Sequence[str]) -> list[str]:
    return chance.sample(lines, len(lines))
