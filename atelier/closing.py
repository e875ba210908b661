"""Closing a room as the group decided: two minutes to come back, then what must go is gone."""

import time
from dataclasses import replace

from .inbox import Inbox
from .live import Live, LiveRoom, NoRoom
from .presence import Presence
from .rooms.board import note_words_ids
from .rooms.commands import CloseRoom, Keep, ReopenRoom
from .rooms.ids import RoomId, WordsId
from .rooms.refusals import Refused
from .rooms.state import Room

WAY_BACK_SECONDS = 120
DESERTED_SECONDS = 24 * 3600
DESERTED_KEEP: Keep = "reduced"
"""What a room left open keeps. Themes get defaults of their own with the retention rules."""


class Closing:
    def __init__(self, live: Live, inbox: Inbox, presence: Presence) -> None:
        self.live = live
        self.inbox = inbox
        self.presence = presence

    async def close(self, live: LiveRoom, keep: Keep) -> None:
        """Close at once; what is not kept is erased two minutes later."""
        await self.live.perform(live, CloseRoom(keep))
        await self.schedule(live, int(time.time()) + WAY_BACK_SECONDS)

    async def reopen(self, live: LiveRoom) -> None:
        """The way back; refused once the closing was carried out."""
        if live.entry.finished:
            raise Refused("closing-done")
        await self.live.perform(live, ReopenRoom())
        await self.schedule(live, None)

    async def schedule(self, live: LiveRoom, when: int | None) -> None:
        await self.live.store.finish_at(live.id, when)
        live.entry = replace(live.entry, finish_at=when)

    async def finish_due(self) -> None:
        """Carry out the closings whose two minutes are over. Doing it twice is harmless."""
        now = int(time.time())
        for entry in await self.live.store.rooms():
            if entry.finish_at is None or entry.finish_at > now:
                continue
            try:
                await self.finish(await self.live.open(entry.id))
            except NoRoom:  # its key was destroyed before a crash: the rest of it goes now
                await self.erase(entry.id)

    async def finish(self, live: LiveRoom) -> None:
        async with live.lock:
            if live.room.closed is None or live.entry.finish_at is None:
                return  # reopened meanwhile
            await self.inbox.forget_room(live.id)
            if live.room.closed == "nothing":
                await self.erase(live.id)
                return
            forget = words_to_forget(live.room)
            await self.live.store.finish(live.id, forget)
            live.words = {id: text for id, text in live.words.items() if id not in forget}
            live.entry = replace(live.entry, finish_at=None, finished=True)
            self.presence.forget(live.id)

    async def erase(self, id: RoomId) -> None:
        """Nothing is kept: the key first, then everything it sealed."""
        await self.live.keyring.destroy(f"room:{id}")
        await self.live.store.remove_room(id)
        self.presence.forget(id)
        self.live.forget(id)

    async def close_deserted(self) -> None:
        """A room left open for a day without a facilitator is closed."""
        deadline = time.time() - DESERTED_SECONDS
        for entry in await self.live.store.rooms():
            if not entry.finished and entry.finish_at is None and entry.attended < deadline:
                live = await self.live.open(entry.id)
                if live.room.closed is None:
                    await self.close(live, DESERTED_KEEP)


def words_to_forget(room: Room) -> frozenset[WordsId]:
    """Hidden notes always; every note when the session is reduced."""
    if room.closed == "reduced":
        return note_words_ids(room)
    return frozenset(note.words for note in room.wall.notes.values() if note.hidden)
