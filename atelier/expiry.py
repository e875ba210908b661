"""What was kept goes on its day: notes first, then the whole room.

Nothing here remembers what was done: what is due is looked for anew each time, so that doing it
twice, or after a crash, does no harm.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import date

from .closing import Closing
from .live import Beside, LiveRoom, NoRoom
from .rooms.commands import ExpireNotes
from .rooms.restitution import excerpts
from .store import Deadline, Entry, Until


class Expiry:
    def __init__(self, closing: Closing) -> None:
        self.closing = closing
        self.live = closing.live

    async def erase_due(self) -> None:
        today = await self.closing.days.today()
        for entry in await self.live.store.rooms():
            if entry.finished:
                with suppress(NoRoom):  # erased meanwhile
                    await self.look_at(entry, today)

    async def look_at(self, entry: Entry, today: date) -> None:
        if entry.until is None:
            await self.date_room(await self.live.open(entry.id), today)
        elif entry.until.room <= today:
            await self.closing.erase_now(await self.live.open(entry.id))
        elif entry.until.notes <= today:
            await self.expire_notes(await self.live.open(entry.id))

    async def date_room(self, live: LiveRoom, today: date) -> None:
        """A room that was closed by an older version, or imported: its time begins today."""
        async with live.lock:
            keep = live.room.closed or "all"
            until = self.closing.periods.until(today, live.room.sensitivity, keep)
            await self.live.store.keep_until(live.id, until)
            live.entry = replace(live.entry, until=until)

    async def expire_notes(self, live: LiveRoom) -> None:
        async with live.lock:
            until = live.entry.until
            assert until
            notes = frozenset(note.words for note in live.room.wall.notes.values())
            done = Deadline(None, Until(until.room, until.room))
            gone = notes | excerpts(live.room)
            await self.live.act(live, ExpireNotes(), Beside(forget=gone, deadline=done))
