"""The sealed inbox: notes wait here face down, each batch under a key of its own.

This is the only place that knows anything about arrival, so nothing here outlives the reveal: a
row is a keyed mark and one padded ciphertext, and the batch's key is destroyed with its rows.
A batch is what one reveal will open: room, step, and how many reveals the step has had.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hmac import compare_digest

import msgspec

from .db import Database
from .keys import Keyring, RoomKeys, derive, mark, seal, unseal
from .rooms.ids import NoteId, RoomId, StepId
from .rooms.refusals import Refused

PADDED = 2560
"""Bytes of every sealed note: 500 code points of four bytes, ids and secret fit in."""


KEY_NAME = "inbox:"


@dataclass(frozen=True, slots=True)
class Batch:
    room: RoomId
    step: StepId
    reveal: int
    """How many reveals the step has had before this one."""

    @property
    def name(self) -> str:
        return f"{self.room}/{self.step}/{self.reveal}"

    @classmethod
    def parse(cls, name: str) -> "Batch":
        room, step, reveal = name.split("/")
        return cls(RoomId(room), StepId(step), int(reveal))

    @property
    def key_name(self) -> str:
        return KEY_NAME + self.name


class SealedNote(msgspec.Struct, frozen=True):
    """What a phone sent: the note, the keyed hash of its secret, its revision and its text."""

    note: NoteId
    secret: bytes
    rev: int
    text: str

    def __repr__(self) -> str:
        return "<note>"


class LateChange(msgspec.Struct, frozen=True):
    """A change to a note on the wall that waits for its moment; no text means take back."""

    note: NoteId
    rev: int = 0
    text: str | None = None

    def __repr__(self) -> str:
        return "<change>"


class Inbox:
    def __init__(self, db: Database, keyring: Keyring) -> None:
        self.db = db
        self.keyring = keyring

    async def keep(self, batch: Batch, note: SealedNote) -> None:
        """Seal the note and write it; it is on disk when this returns."""
        key = await self.keyring.make(batch.key_name)
        async with self.db.transaction() as tx:
            await tx.execute(
                "INSERT INTO sealed VALUES (:batch, :mark, :box)"
                " ON CONFLICT (batch, mark) DO UPDATE SET box = excluded.box",
                batch=batch.name,
                mark=mark(derive(key, "mark"), note.note),
                box=seal(derive(key, "box"), padded(note), batch.name),
            )

    async def find(self, room: RoomId, note: NoteId) -> tuple[Batch, SealedNote] | None:
        """The waiting note with this id, in whichever batch of the room it lies."""
        for batch in await self.batches(room):
            key = await self.keyring.find(batch.key_name)
            if key is None:
                continue
            rows = await self.db.fetch(
                "SELECT box FROM sealed WHERE batch = :batch AND mark = :mark",
                batch=batch.name,
                mark=mark(derive(key, "mark"), note),
            )
            if rows:
                return batch, opened(key, rows[0][0], batch)
        return None

    async def withdraw(self, keys: RoomKeys, room: RoomId, note: NoteId) -> None:
        """Take a waiting note out, and leave a mark so that a late retry stays away."""
        found = await self.find(room, note)
        async with self.db.transaction() as tx:
            if found:
                batch, _ = found
                key = await self.keyring.make(batch.key_name)
                await tx.execute(
                    "DELETE FROM sealed WHERE batch = :batch AND mark = :mark",
                    batch=batch.name,
                    mark=mark(derive(key, "mark"), note),
                )
            await tx.execute(
                "INSERT INTO withdrawn VALUES (:room, :mark) ON CONFLICT (room, mark) DO NOTHING",
                room=room,
                mark=mark(keys.withdrawals, note),
            )

    async def is_withdrawn(self, keys: RoomKeys, room: RoomId, note: NoteId) -> bool:
        return bool(
            await self.db.fetch(
                "SELECT 1 FROM withdrawn WHERE room = :room AND mark = :mark",
                room=room,
                mark=mark(keys.withdrawals, note),
            )
        )

    async def counts(self, room: RoomId) -> dict[Batch, int]:
        rows = await self.db.fetch(
            "SELECT batch, COUNT(*) FROM sealed WHERE batch LIKE :room || '/%' GROUP BY batch",
            room=room,
        )
        return {Batch.parse(name): count for name, count in rows}

    async def size(self, room: RoomId) -> int:
        """How many notes and marks of notes taken back lie here for a room."""
        [(marks,)] = await self.db.fetch(
            "SELECT COUNT(*) FROM withdrawn WHERE room = :room", room=room
        )
        return int(marks) + sum((await self.counts(room)).values())

    async def batches(self, room: RoomId | None = None) -> list[Batch]:
        """The batches that have a key, of one room or of all: also those that have no notes."""
        names = await self.key_names(room)
        return [Batch.parse(name.removeprefix(KEY_NAME)) for name in names]

    async def key_names(self, room: RoomId | None = None) -> list[str]:
        return await self.keyring.names(f"{KEY_NAME}{room}/" if room else KEY_NAME)

    async def open(self, batch: Batch) -> list[SealedNote]:
        """The notes of a batch, in no order that may be shown: the caller shuffles."""
        key = await self.keyring.find(batch.key_name)
        if key is None:
            return []
        rows = await self.db.fetch("SELECT box FROM sealed WHERE batch = :b", b=batch.name)
        return [opened(key, box, batch) for (box,) in rows]

    async def destroy(self, batch: Batch) -> None:
        """Rows first, then the key: a crash in between leaves nothing that can be read twice."""
        async with self.db.transaction() as tx:
            await tx.execute("DELETE FROM sealed WHERE batch = :batch", batch=batch.name)
        await self.keyring.destroy(batch.key_name)

    # Late changes: to notes that are on the wall already

    async def defer(self, keys: RoomKeys, room: RoomId, change: LateChange) -> None:
        async with self.db.transaction() as tx:
            await tx.execute(
                "INSERT INTO late VALUES (:room, :mark, :box)"
                " ON CONFLICT (room, mark) DO UPDATE SET box = excluded.box",
                room=room,
                mark=mark(keys.withdrawals, change.note),
                box=seal(derive(keys.withdrawals, "late"), pad(msgspec.json.encode(change)), room),
            )

    async def late(self, keys: RoomKeys, room: RoomId, note: NoteId) -> LateChange | None:
        """The change that waits for this note."""
        return next((c for c in await self.deferred(keys, room) if c.note == note), None)

    async def deferred(self, keys: RoomKeys, room: RoomId) -> list[LateChange]:
        rows = await self.db.fetch("SELECT box FROM late WHERE room = :room", room=room)
        key = derive(keys.withdrawals, "late")
        return [msgspec.json.decode(unseal(key, box, room), type=LateChange) for (box,) in rows]

    async def settled(self, keys: RoomKeys, room: RoomId, note: NoteId) -> None:
        async with self.db.transaction() as tx:
            await tx.execute(
                "DELETE FROM late WHERE room = :room AND mark = :mark",
                room=room,
                mark=mark(keys.withdrawals, note),
            )

    async def rooms_with_late_changes(self) -> set[RoomId]:
        return {RoomId(room) for (room,) in await self.db.fetch("SELECT room FROM late")}

    async def withdrawals(self) -> list[tuple[RoomId, bytes]]:
        """The marks of all notes that were taken back before they came, with their rooms."""
        rows = await self.db.fetch("SELECT room, mark FROM withdrawn")
        return [(RoomId(room), mark) for room, mark in rows]

    async def keep_away(self, withdrawals: Iterable[tuple[RoomId, bytes]]) -> None:
        async with self.db.transaction() as tx:
            for room, withdrawn in withdrawals:
                await tx.execute(
                    "INSERT INTO withdrawn VALUES (:room, :mark)", room=room, mark=withdrawn
                )

    async def forget_room(self, room: RoomId) -> None:
        """All that a room left here, with the keys: its session is over."""
        for batch in await self.batches(room):
            await self.destroy(batch)
        async with self.db.transaction() as tx:
            await tx.execute("DELETE FROM withdrawn WHERE room = :room", room=room)
            await tx.execute("DELETE FROM late WHERE room = :room", room=room)

    async def erase_room(self, room: RoomId) -> int:
        """Every key of the room here, then every row; how many rows there were."""
        await self.keyring.destroy(*await self.key_names(room))
        async with self.db.transaction() as tx:
            return sum(
                [
                    await tx.execute("DELETE FROM sealed WHERE batch LIKE :r || '/%'", r=room),
                    await tx.execute("DELETE FROM withdrawn WHERE room = :room", room=room),
                    await tx.execute("DELETE FROM late WHERE room = :room", room=room),
                ]
            )


def same_secret(known: bytes, offered: bytes) -> None:
    """Refuse a note id that belongs to another phone, in constant time."""
    if not compare_digest(known, offered):
        raise Refused("note-id-taken")


def padded(note: SealedNote) -> bytes:
    return pad(msgspec.json.encode(note))


def pad(plain: bytes) -> bytes:
    return plain.ljust(PADDED)  # spaces after the value: JSON reads them as nothing


def opened(key: bytes, box: bytes, batch: Batch) -> SealedNote:
    return msgspec.json.decode(unseal(derive(key, "box"), box, batch.name), type=SealedNote)
