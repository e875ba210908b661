"""The sealed inbox: notes wait here face down, each batch under a key of its own.

This is the only place that knows anything about arrival, so nothing here outlives the reveal: a
row is a keyed mark and one padded ciphertext, and the batch's key is destroyed with its rows.
A batch is what one reveal will open: room, step, and how many reveals the step has had.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hmac import compare_digest

import msgspec

from .db import Conflict, Database, Statement, statement
from .keys import Keyring, RoomKeys, derive, mark, seal, unseal
from .rooms.ids import NoteId, RoomId, StepId
from .rooms.refusals import Refused

PADDED = 2560
"""Bytes of every sealed note: 500 code points of four bytes, ids and secret fit in."""


KEY_NAME = "inbox:"
OF_ROOM = "batch >= :room || '/' AND batch < :room || '0'"
"""All batches of a room: their names begin with its id and `/`, before which comes no `0`."""
OPENING = "SELECT box FROM sealed WHERE batch = :b ORDER BY mark"
AT_ONCE = 100
"""Rooms that one query counts."""
WITHDRAWN = "SELECT NULL, NULL FROM withdrawn WHERE room = :room AND mark = :mark"


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


@dataclass(frozen=True, slots=True, repr=False)
class BatchKeys:
    """What is derived from a batch's key."""

    mark: bytes
    box: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """A note where it waits: its mark in a batch, what it says, and the sealed form of that."""

    batch: Batch
    mark: bytes
    note: SealedNote
    box: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a note: whether it was taken back, and where it waits."""

    withdrawn: bool
    waiting: Waiting | None = None


class Inbox:
    def __init__(self, db: Database, keyring: Keyring) -> None:
        self.db = db
        self.keyring = keyring
        self.known: dict[Batch, BatchKeys] = {}
        self.withdrawn: dict[RoomId, set[bytes]] = {}

    async def keep(self, batch: Batch, note: SealedNote) -> None:
        """Seal the note and write it; it is on disk when this returns. `Conflict` when the same
        note has just come."""
        keys = await self.make(batch)
        await self.db.write(
            statement(
                "INSERT INTO sealed VALUES (:batch, :mark, :box)",
                batch=batch.name,
                mark=mark(keys.mark, note.note),
                box=seal(keys.box, padded(note), batch.name),
            )
        )

    async def keep_anew(self, batch: Batch, notes: Iterable[SealedNote]) -> None:
        """Seal notes, in the place of what they said before, and write their whole batch anew, by
        the marks: then neither pages nor rows tell which came last, to who has the keys as well.
        For who has the room alone; it takes as long as the batch is."""
        keys = await self.make(batch)
        rows = await self.db.fetch("SELECT mark, box FROM sealed WHERE batch = :b", b=batch.name)
        boxes = {bytes(known): bytes(box) for known, box in rows}
        for note in notes:
            boxes[mark(keys.mark, note.note)] = seal(keys.box, padded(note), batch.name)
        await self.db.write(
            statement("DELETE FROM sealed WHERE batch = :batch", batch=batch.name),
            *[
                statement(
                    "INSERT INTO sealed VALUES (:batch, :mark, :box)",
                    batch=batch.name,
                    mark=known,
                    box=boxes[known],
                )
                for known in sorted(boxes)
            ],
        )

    async def rewrite(self, waiting: Waiting, note: SealedNote) -> None:
        """Put a newer text in the place of the one that was found. `Conflict` when that is not
        there any more."""
        batch = waiting.batch
        [changed] = await self.db.write(
            statement(
                "UPDATE sealed SET box = :box WHERE batch = :batch AND mark = :mark"
                " AND box = :before",
                batch=batch.name,
                mark=waiting.mark,
                box=seal((await self.make(batch)).box, padded(note), batch.name),
                before=waiting.box,
            )
        )
        if not changed:
            raise Conflict("sealed")

    async def keep_first(
        self, keys: RoomKeys, batch: Batch, batches: Collection[Batch], note: SealedNote
    ) -> bool:
        """`keep`, unless anything is known of the note, in any of these batches: then False.

        To look first would take as long as to write: each waits for the disk.
        """
        own = await self.make(batch)
        known, values = self.somewhere(await self.keys(batches), note.note)
        [kept] = await self.db.write(
            Statement(
                f"INSERT INTO sealed SELECT :batch, :own, :box WHERE NOT EXISTS ({WITHDRAWN})"
                f" AND NOT EXISTS ({known}) ON CONFLICT (batch, mark) DO NOTHING",
                {
                    "batch": batch.name,
                    "own": mark(own.mark, note.note),
                    "box": seal(own.box, padded(note), batch.name),
                    "room": batch.room,
                    "mark": mark(keys.withdrawals, note.note),
                    **values,
                },
            )
        )
        return kept == 1

    async def make(self, batch: Batch) -> BatchKeys:
        known = self.known.get(batch)
        return known or self.remember(batch, await self.keyring.make(batch.key_name))

    def remember(self, batch: Batch, key: bytes) -> BatchKeys:
        keys = self.known[batch] = BatchKeys(derive(key, "mark"), derive(key, "box"))
        return keys

    async def keys(self, batches: Collection[Batch]) -> dict[Batch, BatchKeys]:
        """Those of these batches that have a key."""
        if missing := {each.key_name: each for each in batches if each not in self.known}:
            for name, key in (await self.keyring.find_all(missing)).items():
                self.remember(missing[name], key)
        return {batch: self.known[batch] for batch in batches if batch in self.known}

    async def look(
        self, keys: RoomKeys, room: RoomId, batches: Collection[Batch], note: NoteId
    ) -> Found:
        """What is known here of a note, which may lie in one of these batches."""
        known = await self.keys(batches)
        waiting, values = self.somewhere(known, note)
        withdrawn = mark(keys.withdrawals, note)
        if not known and self.db.others is None:
            return Found(withdrawn in await self.withdrawn_marks(room))
        rows = dict(
            await self.db.fetch(
                f"{WITHDRAWN} UNION ALL {waiting}", room=room, mark=withdrawn, **values
            )
        )
        taken_back = rows.pop(None, False) is None
        for name, box in rows.items():
            batch = Batch.parse(name)
            sealed = opened(known[batch], box, batch)
            return Found(taken_back, Waiting(batch, mark(known[batch].mark, note), sealed, box))
        return Found(taken_back)

    async def withdrawn_marks(self, room: RoomId) -> set[bytes]:
        """Kept in memory, where nobody else writes them: a note for the wall then waits for one
        disk, not for two."""
        if room not in self.withdrawn:
            rows = await self.db.fetch("SELECT mark FROM withdrawn WHERE room = :room", room=room)
            self.withdrawn.setdefault(room, {mark for (mark,) in rows})
        return self.withdrawn[room]

    def somewhere(
        self, known: Mapping[Batch, BatchKeys], note: NoteId
    ) -> tuple[str, dict[str, str | bytes]]:
        """A query for a note that may wait in any of these batches, and its values."""
        places: list[str] = []
        values: dict[str, str | bytes] = {}
        for n, (batch, keys) in enumerate(known.items()):
            places.append(f"batch = :b{n} AND mark = :m{n}")
            values |= {f"b{n}": batch.name, f"m{n}": mark(keys.mark, note)}
        where = " OR ".join(places) or "1 = 0"
        return f"SELECT batch, box FROM sealed WHERE {where}", values  # noqa: S608

    async def withdraw(
        self, keys: RoomKeys, room: RoomId, note: NoteId, waiting: Waiting | None
    ) -> None:
        """Take a note out if it waits, and leave a mark so that a late retry stays away."""
        removal = statement(
            "DELETE FROM sealed WHERE batch = :batch AND mark = :mark",
            batch=waiting and waiting.batch.name,
            mark=waiting and waiting.mark,
        )
        withdrawn = mark(keys.withdrawals, note)
        if self.db.others is None:  # in memory first: whoever is cut off wanted it so
            (await self.withdrawn_marks(room)).add(withdrawn)
        await self.db.write(
            removal,
            statement(
                "INSERT INTO withdrawn VALUES (:room, :mark) ON CONFLICT (room, mark) DO NOTHING",
                room=room,
                mark=withdrawn,
            ),
        )

    async def counts(self, *rooms: RoomId) -> dict[Batch, int]:
        """How many notes each batch of these rooms holds; those that hold none are missing."""
        found: dict[Batch, int] = {}
        for start in range(0, len(rooms), AT_ONCE):
            some = {f"r{n}": room for n, room in enumerate(rooms[start : start + AT_ONCE])}
            where = " OR ".join(OF_ROOM.replace(":room", f":{place}") for place in some)
            rows = await self.db.fetch(
                f"SELECT batch, COUNT(*) FROM sealed WHERE {where} GROUP BY batch",  # noqa: S608
                **some,
            )
            found |= {Batch.parse(name): count for name, count in rows}
        return found

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
        """The notes of a batch, by their marks: in no order that may be shown, the caller shuffles;
        nor in that of a heap, which is the order of arrival."""
        keys = await self.keys([batch])
        if not keys:
            return []
        rows = await self.db.fetch(OPENING, b=batch.name)
        return [opened(keys[batch], box, batch) for (box,) in rows]

    async def destroy(self, batch: Batch) -> None:
        """Rows first, then the key: a crash in between leaves nothing that can be read twice."""
        await self.db.write(statement("DELETE FROM sealed WHERE batch = :batch", batch=batch.name))
        await self.keyring.destroy(batch.key_name)
        self.known.pop(batch, None)

    # Late changes: to notes that are on the wall already

    async def defer(self, keys: RoomKeys, room: RoomId, change: LateChange) -> None:
        await self.db.write(
            statement(
                "INSERT INTO late VALUES (:room, :mark, :box)"
                " ON CONFLICT (room, mark) DO UPDATE SET box = excluded.box",
                room=room,
                mark=mark(keys.withdrawals, change.note),
                box=seal(derive(keys.withdrawals, "late"), pad(msgspec.json.encode(change)), room),
            )
        )

    async def late(self, keys: RoomKeys, room: RoomId, note: NoteId) -> LateChange | None:
        """The change that waits for this note."""
        return next((c for c in await self.deferred(keys, room) if c.note == note), None)

    async def deferred(self, keys: RoomKeys, room: RoomId) -> list[LateChange]:
        rows = await self.db.fetch("SELECT box FROM late WHERE room = :room", room=room)
        key = derive(keys.withdrawals, "late")
        return [msgspec.json.decode(unseal(key, box, room), type=LateChange) for (box,) in rows]

    async def settled(self, keys: RoomKeys, room: RoomId, note: NoteId) -> None:
        await self.db.write(
            statement(
                "DELETE FROM late WHERE room = :room AND mark = :mark",
                room=room,
                mark=mark(keys.withdrawals, note),
            )
        )

    async def rooms_with_late_changes(self) -> set[RoomId]:
        return {RoomId(room) for (room,) in await self.db.fetch("SELECT room FROM late")}

    async def withdrawals(self) -> list[tuple[RoomId, bytes]]:
        """The marks of all notes that were taken back before they came, with their rooms."""
        rows = await self.db.fetch("SELECT room, mark FROM withdrawn")
        return [(RoomId(room), mark) for room, mark in rows]

    async def keep_away(self, withdrawals: Iterable[tuple[RoomId, bytes]]) -> None:
        await self.db.write(
            *[
                statement("INSERT INTO withdrawn VALUES (:room, :mark)", room=room, mark=withdrawn)
                for room, withdrawn in withdrawals
            ]
        )

    async def forget_room(self, room: RoomId) -> None:
        """All that a room left here, with the keys: its session is over."""
        for batch in await self.batches(room):
            await self.destroy(batch)
        self.withdrawn.pop(room, None)
        await self.db.write(
            statement("DELETE FROM withdrawn WHERE room = :room", room=room),
            statement("DELETE FROM late WHERE room = :room", room=room),
        )

    async def erase_room(self, room: RoomId) -> int:
        """Every key of the room here, then every row; how many rows there were."""
        self.known = {batch: keys for batch, keys in self.known.items() if batch.room != room}
        self.withdrawn.pop(room, None)
        await self.keyring.destroy(*await self.key_names(room))
        return sum(
            await self.db.write(
                statement(f"DELETE FROM sealed WHERE {OF_ROOM}", room=room),  # noqa: S608
                statement("DELETE FROM withdrawn WHERE room = :room", room=room),
                statement("DELETE FROM late WHERE room = :room", room=room),
            )
        )


def same_secret(known: bytes, offered: bytes) -> None:
    """Refuse a note id that belongs to another phone, in constant time."""
    if not compare_digest(known, offered):
        raise Refused("note-id-taken")


def padded(note: SealedNote) -> bytes:
    return pad(msgspec.json.encode(note))


def pad(plain: bytes) -> bytes:
    return plain.ljust(PADDED)  # spaces after the value: JSON reads them as nothing


def opened(keys: BatchKeys, box: bytes, batch: Batch) -> SealedNote:
    return msgspec.json.decode(unseal(keys.box, box, batch.name), type=SealedNote)
