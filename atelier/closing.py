"""Closing a room as the group decided: two minutes to come back, then what must go is gone."""

import time
from contextlib import suppress
from dataclasses import replace

from .clock import Days, uptime
from .erase import Erased, erase
from .inbox import Inbox
from .live import Beside, Live, LiveRoom, NoRoom
from .notes import Notes
from .presence import Presence
from .retention import Periods, undecided
from .rooms.commands import CloseRoom, Keep, RemoveNote, ReopenRoom
from .rooms.ids import NoteId, RoomId, WordsId
from .rooms.refusals import Refused
from .rooms.restitution import excerpts, words_read
from .rooms.state import Room
from .store import Deadline, Entry

WAY_BACK_SECONDS = 120
DESERTED_SECONDS = 24 * 3600


class Closing:
    def __init__(
        self,
        live: Live,
        inbox: Inbox,
        presence: Presence,
        notes: Notes,
        days: Days,
        periods: Periods,
    ) -> None:
        self.days = days
        self.periods = periods
        self.live = live
        self.inbox = inbox
        self.presence = presence
        self.notes = notes
        self.way_back: dict[RoomId, tuple[int | None, float]] = {}
        """Of rooms closed here: when they are to be finished, and the same by a clock that nobody
        can set."""

    async def close(self, live: LiveRoom, keep: Keep) -> None:
        """Close at once; what is not kept is erased two minutes later.

        Changes that phones were promised go first.
        """
        until = self.periods.until(await self.days.today(), live.room.sensitivity, keep)
        deadline = Deadline(int(time.time()) + WAY_BACK_SECONDS, until)
        async with live.lock:
            await self.notes.settle_all(live)
            await self.live.act(live, CloseRoom(keep), Beside(deadline=deadline))
            self.way_back[live.id] = deadline.at, uptime() + WAY_BACK_SECONDS

    def may_come_back(self, entry: Entry) -> bool:
        """Two minutes are two minutes, also when the clock is put forward."""
        finish_at, until = self.way_back.get(entry.id, (None, 0.0))
        return finish_at == entry.finish_at and uptime() < until

    async def reopen(self, live: LiveRoom) -> None:
        """The way back; refused once the closing was carried out."""
        async with live.lock:
            if live.entry.finished:
                raise Refused("closing-done")
            await self.live.act(live, ReopenRoom(), Beside(deadline=Deadline(None)))

    async def finish_due(self) -> None:
        """Carry out the closings whose two minutes are over. Doing it twice is harmless."""
        now = int(time.time())
        for entry in await self.live.store.rooms():
            if entry.finish_at is None or entry.finish_at > now or self.may_come_back(entry):
                continue
            try:
                await self.finish(await self.live.open(entry.id))
            except NoRoom:  # its key was destroyed before a crash: the rest of it goes now
                await self.erase(entry.id)
        for id in await self.live.store.half_erased():
            await self.erase(id)

    async def finish(self, live: LiveRoom) -> None:
        async with live.lock:
            if live.room.closed is None or live.entry.finish_at is None:
                return  # reopened meanwhile
            if live.room.closed == "nothing":
                await self.erase(live.id)
                return
            await self.notes.settle_all(live)
            await self.inbox.forget_room(live.id)
            forget = live.words.keys() - words_to_keep(live.room)
            await self.live.store.finish(live.id, forget)
            live.forget(forget)
            live.entry = replace(live.entry, finish_at=None, finished=True)
            self.presence.forget(live.id)
            self.way_back.pop(live.id, None)

    async def remove_note(self, live: LiveRoom, note: NoteId) -> None:
        """Somebody asked for it after the closing: its words go, at every moment of the past."""
        async with live.lock:
            await self.notes.settle_all(live)
            known = live.room.wall.notes.get(note)
            words = frozenset({known.words} if known else ()) | excerpts(live.room, note)
            beside = Beside(forget=words, drop_secrets=frozenset({note}))
            await self.live.act(live, RemoveNote(note), beside)

    async def erase_now(self, live: LiveRoom) -> Erased:
        """As the facilitator asks, whatever state the room is in."""
        async with live.lock:
            return await self.erase(live.id)

    async def erase(self, id: RoomId) -> Erased:
        """Nothing is kept: the key first, then everything it sealed."""
        erased = await erase(self.live.store, self.inbox, id)
        self.presence.forget(id)
        self.live.forget(id)
        self.way_back.pop(id, None)
        return erased

    async def notice_erased(self) -> None:
        """Rooms erased by the command line: their screens are told; what phones have sent since
        goes too."""
        if await self.live.keyring.db.changed_elsewhere():
            for id in await self.live.forget_erased():
                await self.gone(id)

    async def gone(self, id: RoomId) -> None:
        """Another process has erased this room: what phones have sent since goes too."""
        self.presence.forget(id)
        await self.inbox.erase_room(id)

    async def close_deserted(self) -> None:
        """A room left open for a day without a facilitator is closed."""
        deadline = await self.days.believed() - DESERTED_SECONDS
        for entry in await self.live.store.rooms():
            if not entry.finished and entry.finish_at is None and entry.attended < deadline:
                await self.close_if_open(entry.id)

    async def close_if_open(self, id: RoomId) -> None:
        with suppress(NoRoom):  # erased meanwhile
            live = await self.live.open(id)
            if live.room.closed is None:
                await self.close(live, undecided(live.room.sensitivity))


def words_to_keep(room: Room) -> frozenset[WordsId]:
    """What the room still shows: its script, the clusters' titles, the tensions and the own cards
    as they are now, what the group read and accepted, and the notes on the wall if the group keeps
    them. All else that was ever written goes."""
    known = (*room.steps, *room.planned)
    steps = {id for step in known for id in (step.title, step.prompt, step.hint) if id}
    titles = {cluster.title for cluster in room.wall.clusters.values()}
    halves = {half for each in room.wall.tensions.values() for half in (each.both, each.and_)}
    cards = {id for each in room.wall.cards.values() if each.said for id in each.said.all}
    accepted = [each for audience, each in room.proposed.items() if audience in room.accepted]
    read = frozenset[WordsId]().union(*map(words_read, accepted))
    kept = {room.title, room.theme, *steps, *titles, *halves, *cards, *read}
    if room.closed != "all":
        return frozenset(kept) - excerpts(room)
    return frozenset(kept | {note.words for note in room.wall.notes.values() if not note.hidden})
