"""The one place where a command becomes history: load, decide, append, evolve, publish."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol
from uuid import uuid4

from .codes import new_code
from .db import Conflict
from .hub import Hub
from .keys import Keyring, RoomKeys
from .rooms.board import Board, board_of
from .rooms.commands import Command, OpenRoom
from .rooms.decide import decide
from .rooms.events import Event, Recorded, Untimed
from .rooms.ids import NoteId, RoomId, WordsId
from .rooms.refusals import Refused
from .rooms.state import Room, evolve, replay
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


class RoomLock(asyncio.Lock):
    """Who waits for a room that is erased meanwhile gets `NoRoom`, not its remains."""

    def __init__(self) -> None:
        super().__init__()
        self.gone = False

    async def acquire(self) -> Literal[True]:
        await super().acquire()
        if self.gone:
            self.release()
            raise NoRoom
        return True


@dataclass(slots=True)
class LiveRoom:
    """A room held in memory with its texts, and the number of its last event."""

    entry: Entry
    keys: RoomKeys
    room: Room = field(default_factory=Room)
    words: dict[WordsId, Words] = field(default_factory=dict)
    seq: int = 0
    lock: RoomLock = field(default_factory=RoomLock)

    @property
    def id(self) -> RoomId:
        return self.entry.id

    @property
    def board(self) -> Board:
        return board_of(self.room, self.words)


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
        self.rooms[id] = live
        return live

    async def open(self, id: RoomId) -> LiveRoom:
        """The room, loaded when it was not; raises `NoRoom`."""
        if id not in self.rooms:
            async with self.loading:
                if id not in self.rooms:
                    self.rooms[id] = await self.load(id)
        return self.rooms[id]

    async def load(self, id: RoomId) -> LiveRoom:
        entry = await self.store.room(id)
        data_key = await self.keyring.find(f"room:{id}") if entry else None
        if entry is None or data_key is None:
            raise NoRoom(id)
        live = LiveRoom(entry, RoomKeys.of(data_key))
        live.words = await self.store.words(id, live.keys)
        self.follow(live, await self.store.read(id))
        return live

    async def perform(self, live: LiveRoom, command: Command, beside: Beside = NOTHING) -> None:
        """Run `command`; raise `Refused` when it breaks a rule."""
        async with live.lock:
            await self.act(live, command, beside)

    async def act(self, live: LiveRoom, command: Command, beside: Beside = NOTHING) -> None:
        """`perform` for callers that hold the room's lock."""
        try:
            await self.advance(live, command, beside)
        except Conflict:  # another process, or a cancelled request, was there first
            await self.refuse_erased(live)
            await self.catch_up(live)
            await self.advance(live, command, beside)

    async def advance(self, live: LiveRoom, command: Command, beside: Beside) -> None:
        events = decide(live.room, command)
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
        await self.store.append(live.id, live.keys, change)
        self.apply(live, events, beside)

    def apply(self, live: LiveRoom, events: Sequence[Event], beside: Beside) -> None:
        """Move memory and screens on together; nothing awaits, so nothing comes between."""
        before, start = live.board, live.seq
        live.room = replay(events, live.room)
        live.seq += len(events)
        live.words = {
            id: text
            for id, text in {**live.words, **beside.words}.items()
            if id not in beside.forget
        }
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

    async def catch_up(self, live: LiveRoom) -> None:
        before, start = live.board, live.seq
        live.words = await self.store.words(live.id, live.keys)
        self.follow(live, await self.store.read(live.id, after=live.seq))
        if live.seq > start:
            frame = self.render.update(before, live.board, start, live.seq, live.entry.epoch)
            self.hub.publish(live.id, frame)

    def follow(self, live: LiveRoom, log: Sequence[Recorded]) -> None:
        for entry in log:
            live.room = evolve(live.room, entry.event)
            live.seq = entry.seq

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
            live.lock.gone = True
        self.hub.dismiss(id)


def recorded(events: Sequence[Event], after: int, minute: int) -> tuple[Recorded, ...]:
    return tuple(
        Recorded(seq, event, None if isinstance(event, Untimed) else minute)
        for seq, event in enumerate(events, start=after + 1)
    )


def whole_minute(seconds: float) -> int:
    return int(seconds) // MINUTE * MINUTE
