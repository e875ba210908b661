"""The one place where a command becomes history: load, decide, append, evolve, publish."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol
from uuid import uuid4

from .codes import new_code
from .db import Conflict, Latest, Others
from .hub import Hub
from .keys import Keyring, RoomKeys
from .room_lock import RoomLock
from .rooms.board import Board, board_after, board_of
from .rooms.commands import Command, OpenRoom
from .rooms.decide import decide
from .rooms.events import Event, Recorded, Untimed
from .rooms.ids import NoteId, RoomId, WordsId
from .rooms.refusals import Refused
from .rooms.state import Room, replay
from .rooms.timer import Timer
from .rooms.words import Words
from .store import Change, Deadline, Entry, Link, Secret, Store

MINUTE = 60
CODE_TRIES = 20


class Render(Protocol):
    """How boards become frames; given from outside, so that nothing here knows HTML."""

    def update(self, before: Board, after: Board, start: int, seq: int, epoch: str) -> str: ...


class NoRoom(Exception):
    """There is no room with this id, or its key was destroyed."""


@dataclass(slots=True)
class LiveRoom:
    """A room held in memory with its texts, and the number of its last event."""

    entry: Entry
    keys: RoomKeys
    room: Room = field(default_factory=Room)
    words: dict[WordsId, Words] = field(default_factory=dict)
    seq: int = 0
    lock: RoomLock = field(default_factory=RoomLock)
    shown: Board | None = None
    version: int = 0
    """Of the entry as it is here, where other processes may change it."""

    @property
    def id(self) -> RoomId:
        return self.entry.id

    @property
    def board(self) -> Board:
        if self.shown is None:
            self.shown = board_of(self.room, self.words)
        return self.shown

    def become(self, room: Room, events: Sequence[Event], words: Mapping[WordsId, Words]) -> None:
        """What the room is after these events, with the words that came with them."""
        self.words.update(words)
        self.room = room
        self.seq += len(events)
        self.shown = self.shown and board_after(self.shown, events, self.room, self.words)

    def forget(self, words: Iterable[WordsId]) -> None:
        for id in words:
            self.words.pop(id, None)
        self.shown = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What a command changes beside the log, in the same transaction."""

    words: Mapping[WordsId, Words] = field(default_factory=dict)
    forget: frozenset[WordsId] = frozenset()
    secrets: Mapping[NoteId, Secret] = field(default_factory=dict)
    drop_secrets: frozenset[NoteId] = frozenset()
    deadline: Deadline | None = None


NOTHING = Beside()


class Live:
    def __init__(self, store: Store, keyring: Keyring, hub: Hub, render: Render) -> None:
        self.store = store
        self.keyring = keyring
        self.hub = hub
        self.render = render
        self.rooms: dict[RoomId, LiveRoom] = {}
        self.loading = asyncio.Lock()
        self.others = store.db.others

    async def create(
        self, owner: str, command: OpenRoom, words: Mapping[WordsId, Words]
    ) -> LiveRoom:
        """Open a new room, with a code that no other open room has."""
        for _ in range(CODE_TRIES):
            with suppress(Conflict):
                return await self.add(owner, new_code(), command, words)
        raise Refused("failed")

    async def add(
        self, owner: str, code: str, command: OpenRoom, words: Mapping[WordsId, Words]
    ) -> LiveRoom:
        """`create` with this code; `Conflict` when it is taken."""
        id = RoomId(uuid4().hex)
        now = whole_minute(time.time())
        entry = Entry(id, owner, code, uuid4().hex, now, now, None, finished=False)
        keys = RoomKeys.of(await self.keyring.make(f"room:{id}"))
        events = decide(Room(), command)
        change = Change(recorded(events, 0, minute=0), words)
        try:
            await self.store.add_room(entry, keys, change)
        except Conflict:
            await self.keyring.destroy(f"room:{id}")
            raise
        live = LiveRoom(entry, keys, replay(events), dict(words), len(events))
        self.share(live)
        self.rooms[id] = live
        return live

    async def open(self, id: RoomId) -> LiveRoom:
        """The room, loaded when it was not; raises `NoRoom`."""
        if id not in self.rooms:
            async with self.loading:
                if id not in self.rooms:
                    self.rooms[id] = await self.load(id)
        elif self.others:
            await self.refresh(self.rooms[id], self.others)
        return self.rooms[id]

    async def load(self, id: RoomId) -> LiveRoom:
        entry = await self.store.room(id)
        data_key = await self.keyring.find(f"room:{id}") if entry else None
        if entry is None or data_key is None:
            raise NoRoom(id)
        live = LiveRoom(entry, RoomKeys.of(data_key))
        self.share(live)
        live.words = await self.store.words(id, live.keys)
        self.follow(live, await self.store.read(id))
        return live

    async def perform(self, live: LiveRoom, command: Command, beside: Beside = NOTHING) -> None:
        """Run `command`; raise `Refused` when it breaks a rule."""
        async with live.lock:
            await self.act(live, command, beside)

    async def act(self, live: LiveRoom, command: Command, beside: Beside = NOTHING) -> None:
        """`perform` for callers that hold the room's lock."""
        await self.act_together(live, [command], beside)

    async def act_together(
        self, live: LiveRoom, commands: Sequence[Command], beside: Beside
    ) -> None:
        """Several commands in one commit and one frame: all of them, or none."""
        try:
            await self.advance(live, commands, beside)
        except Conflict:  # another process, or a cancelled request, was there first
            await self.refuse_erased(live)
            await self.catch_up(live)
            await self.advance(live, commands, beside)

    async def advance(self, live: LiveRoom, commands: Sequence[Command], beside: Beside) -> None:
        events: list[Event] = []
        room = live.room
        for command in commands:
            happened = decide(room, command)
            room = replay(happened, room)
            events += happened
        if not events:
            return
        minute = int(time.time() - live.entry.opened) // MINUTE
        change = Change(
            recorded(events, live.seq, minute),
            beside.words,
            beside.forget,
            beside.secrets,
            beside.drop_secrets,
            beside.deadline,
        )
        start = live.seq
        await self.store.append(live.id, live.keys, change)
        if live.seq == start:  # else this was read again from the log already
            self.apply(live, events, room, beside)

    def apply(self, live: LiveRoom, events: Sequence[Event], room: Room, beside: Beside) -> None:
        """Move memory and screens on together; nothing awaits, so nothing comes between."""
        before, start = live.board, live.seq
        live.become(room, events, beside.words)
        if beside.forget:
            live.forget(beside.forget)
        if beside.deadline is not None:
            deadline = beside.deadline
            live.entry = replace(live.entry, finish_at=deadline.at, until=deadline.until)
        frame = self.render.update(before, live.board, start, live.seq, live.entry.epoch)
        self.hub.publish(live.id, frame)

    async def set_timer(
        self, live: LiveRoom, change: Callable[[Timer | None, float], Timer | None]
    ) -> None:
        """The timer is of this moment, not of the room's history: it is no event.

        `change` is given the timer and the time, in Unix seconds.
        """
        async with live.lock:
            if live.room.closed:
                raise Refused("room-closed")
            timer = change(live.entry.timer, time.time())
            if timer != live.entry.timer:
                await self.store.set_timer(live.id, timer)
                live.entry = replace(live.entry, timer=timer)

    async def change_code(self, live: LiveRoom) -> None:
        """Another code, that no other open room has; the one before is nobody's."""
        async with live.lock:
            if live.room.closed:
                raise Refused("room-closed")
            for _ in range(CODE_TRIES):
                with suppress(Conflict):
                    code = new_code()
                    await self.store.set_code(live.id, code)
                    live.entry = replace(live.entry, code=code)
                    return
        raise Refused("failed")

    async def renew_link(self, live: LiveRoom, link: Link) -> None:
        """Another link for projectors or readers; those before it open nothing any more."""
        async with live.lock:
            number = await self.store.renew_link(live.id, link)
            if link == "screens":
                live.entry = replace(live.entry, screens=number)
            else:
                live.entry = replace(live.entry, readers=number)

    async def mark_rehearsal(self, live: LiveRoom) -> None:
        async with live.lock:
            await self.store.mark_rehearsal(live.id)
            live.entry = replace(live.entry, rehearsal=True)

    # Other processes

    def share(self, live: LiveRoom) -> None:
        """Where others act on it too, the room's lock is theirs as well."""
        if self.others:
            live.lock.hold = partial(self.hold, live, self.others)

    @asynccontextmanager
    async def hold(self, live: LiveRoom, others: Others, shared: bool) -> AsyncIterator[None]:
        """The room as it is now, for as long as this lasts."""
        async with others.hold(live.id, shared=shared):
            await self.refresh(live, others)
            try:
                yield
            finally:
                if not shared:
                    others.tell(live.id)

    async def refresh(self, live: LiveRoom, others: Others) -> None:
        """Take over what others did; raises `NoRoom` when the room is no more."""
        latest = (await others.latest([live.id])).get(live.id)
        if latest is None:
            self.forget(live.id)
            raise NoRoom(live.id)
        await self.reach(live, latest)

    async def reach(self, live: LiveRoom, latest: Latest) -> None:
        if latest.version != live.version:
            entry = await self.store.room(live.id)
            if entry is not None:
                live.entry, live.version = entry, latest.version
        if latest.seq > live.seq:
            await self.catch_up(live)

    async def catch_up(self, live: LiveRoom) -> None:
        start = live.seq
        log = await self.store.read(live.id, after=start)
        words = await self.store.words(live.id, live.keys, live.words)
        if live.seq != start:  # somebody else was faster
            return
        before = live.board
        live.words = words
        self.follow(live, log)
        live.shown = None
        if live.seq > start:
            frame = self.render.update(before, live.board, start, live.seq, live.entry.epoch)
            self.hub.publish(live.id, frame)

    def follow(self, live: LiveRoom, log: Sequence[Recorded]) -> None:
        live.room = replay((entry.event for entry in log), live.room)
        live.seq = log[-1].seq if log else live.seq

    async def refuse_erased(self, live: LiveRoom) -> None:
        if await self.keyring.find(f"room:{live.id}") is None:
            self.forget(live.id)
            raise NoRoom(live.id)

    async def forget_erased(self) -> list[RoomId]:
        """Forget the rooms whose key another process has destroyed; which ones."""
        async with self.loading:  # a room that is being loaded is looked at too
            kept = set(await self.keyring.names("room:"))
            erased = [id for id in self.rooms if f"room:{id}" not in kept]
            for id in erased:
                self.forget(id)
        return erased

    def forget(self, id: RoomId) -> None:
        """The room is gone: its screens are told, its memory is dropped."""
        if live := self.rooms.pop(id, None):
            live.lock.end(NoRoom)
        self.hub.dismiss(id)


def recorded(events: Sequence[Event], after: int, minute: int) -> tuple[Recorded, ...]:
    return tuple(
        Recorded(seq, event, None if isinstance(event, Untimed) else minute)
        for seq, event in enumerate(events, start=after + 1)
    )


def whole_minute(seconds: float) -> int:
    return int(seconds) // MINUTE * MINUTE
