"""Keeping up with what other processes do in the rooms that somebody follows here.

A poll every second is the truth; being woken up only makes it sooner.
"""

import asyncio
import time
from contextlib import suppress

from .closing import Closing
from .db import Others
from .live import LiveRoom, NoRoom
from .log import log
from .moments import Moments
from .now import BAND_SECONDS, Announcer
from .rooms.ids import RoomId, StepId

POLL_SECONDS = 1.0


class Following:
    def __init__(self, others: Others, announcer: Announcer, closing: Closing) -> None:
        self.announcer = announcer
        self.live = announcer.live
        self.presence = announcer.notes.presence
        self.closing = closing
        self.others = others
        self.moments = Moments(others, announcer)
        self.woken = asyncio.Event()
        self.named: set[RoomId] = set()
        self.reveals: dict[RoomId, dict[StepId, int]] = {}
        self.entered: dict[RoomId, frozenset[StepId]] = {}
        self.looked = 0.0
        self.beaten = 0.0

    async def run(self) -> None:
        """Until cancelled; a failure is logged, and the next look tries again."""
        listening = asyncio.create_task(self.others.listen(self.hear))
        self.announcer.changed = self.hear
        try:
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.woken.wait(), POLL_SECONDS)
                try:
                    await self.look()
                except Exception as error:
                    log.error("following-failed", error=type(error).__name__)
                    await asyncio.sleep(POLL_SECONDS)
        finally:
            listening.cancel()

    def hear(self, room: str) -> None:
        self.named.add(RoomId(room))
        self.woken.set()

    async def look(self) -> None:
        self.woken.clear()
        now = time.monotonic()
        named, self.named = self.named, set()
        if now - self.looked >= POLL_SECONDS:
            self.looked = now
            await self.look_at(self.followed())
        else:
            await self.look_at([live for live in self.followed() if live.id in named])
        if now - self.beaten >= BAND_SECONDS:  # what others keep shows in our bands too
            self.beaten = now
            self.announcer.stale |= {live.id for live in self.followed()}
            self.announcer.notes.face_down.clear()

    def followed(self) -> list[LiveRoom]:
        """The rooms that have a screen or a phone here."""
        there = self.live.hub.screens.keys() | self.presence.rooms.keys()
        return [live for id, live in list(self.live.rooms.items()) if id in there]

    async def look_at(self, rooms: list[LiveRoom]) -> None:
        if not rooms:
            return
        latest = await self.others.latest([live.id for live in rooms])
        for live in rooms:
            if live.id in latest:
                await self.live.reach(live, latest[live.id])
            else:
                await self.drop(live)
        left = [live for live in rooms if live.id in latest]
        for live in left:
            self.notice_steps(live)
        for room in await self.moments.say(left):
            self.others.tell(room)
        await self.moments.hear(left)
        for live in left:
            self.show(live)

    def notice_steps(self, live: LiveRoom) -> None:
        """Phones count from the opening of a step, whoever opened it."""
        entered = live.room.entered
        for step in entered - self.entered.get(live.id, entered):
            self.presence.step_opened(live.id, step)
        self.entered[live.id] = entered

    def show(self, live: LiveRoom) -> None:
        reveals = dict(live.room.reveals)
        if self.reveals.get(live.id, reveals) != reveals:
            self.announcer.revealed(live)
        else:
            self.announcer.refresh(live)
        self.reveals[live.id] = reveals

    async def drop(self, live: LiveRoom) -> None:
        """Another process has erased it."""
        with suppress(NoRoom):
            await self.live.refresh(live, self.others)
        self.moments.forget(live.id)
        self.reveals.pop(live.id, None)
        self.entered.pop(live.id, None)
        await self.closing.gone(live.id)
