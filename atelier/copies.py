"""A copy of the data: what it may hold, what it must be without, and whether it is whole."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from .db import Database
from .keys import LASTING, KeyLost, RoomKeys
from .own_cards import OwnCards
from .own_scripts import OwnScripts
from .own_series import OwnSeries
from .rooms.ids import RoomId, WordsId
from .store import Store

HELD = (
    "account", "card", "cofacilitator", "event", "forgotten", "migration", "room", "script",
    "series", "tombstone", "words",
)  # fmt: skip
LEFT_OUT = ("clock", "invitation", "link", "secret", "sitting")
"""What lets somebody in, and what ties a phone to its notes, is of the running server alone."""

Told = Callable[[int, int], None]
"""Is told how many rooms of how many were looked at."""

Tombstones = Mapping[RoomId, str]


def keys_beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.keys")


async def leave_out(db: Database) -> None:
    """Take away everything that a copy must not hold; deleted rows are overwritten."""
    tables = await db.fetch("SELECT name FROM sqlite_master WHERE type = 'table'")
    async with db.transaction() as tx:
        for (table,) in tables:
            if table not in HELD:
                await tx.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of our schema
        await tx.execute("UPDATE room SET timer_total = NULL, timer_left = NULL, timer_ends = NULL")


async def tombstones(db: Database) -> dict[RoomId, str]:
    return {RoomId(room): day for room, day in await db.fetch("SELECT room, day FROM tombstone")}


async def bury_all(db: Database, buried: Tombstones) -> int:
    """Write these tombstones down, and take away every room that has one; how many had."""
    async with db.transaction() as tx:
        for room, day in buried.items():
            await tx.execute(
                "INSERT INTO tombstone VALUES (:room, :day) ON CONFLICT (room) DO NOTHING",
                room=room,
                day=day,
            )
        await tx.execute("DELETE FROM forgotten WHERE room IN (SELECT room FROM tombstone)")
        return await tx.execute("DELETE FROM room WHERE id IN (SELECT room FROM tombstone)")


async def forgotten(db: Database) -> set[tuple[RoomId, WordsId]]:
    return {
        (RoomId(room), WordsId(words))
        for room, words in await db.fetch("SELECT room, words FROM forgotten")
    }


async def room_ids(db: Database) -> list[RoomId]:
    return [RoomId(id) for (id,) in await db.fetch("SELECT id FROM room ORDER BY id")]


async def boxes(db: Database, rooms: Iterable[RoomId]) -> dict[str, bytes]:
    """The wrapped keys of these rooms, and the lasting ones; none of the sealed inbox."""
    wanted = {*LASTING, *(f"room:{room}" for room in rooms)}
    rows = await db.fetch("SELECT name, box FROM wrapped_key")
    return {name: box for name, box in rows if name in wanted}


async def lay_keys(db: Database, found: Mapping[str, bytes]) -> None:
    async with db.transaction() as tx:
        for name, box in found.items():
            await tx.execute("INSERT INTO wrapped_key VALUES (:name, :box)", name=name, box=box)


async def check_whole(store: Store, told: Told) -> None:
    """Every page of both files, the whole log of every room, and every word opened with its key;
    the scripts, cards and series of every account too.

    Raises `ValueError`, which names what is wrong.
    """
    for db in (store.db, store.keyring.db):
        [(found,), *_] = await db.fetch("PRAGMA integrity_check")
        if found != "ok":
            raise ValueError(f"damaged: {found}")
    for kind in (OwnScripts, OwnCards, OwnSeries):
        owned = kind(store.db, store.keyring)
        try:
            await owned.check()
        except KeyLost as lost:
            raise ValueError(f"{lost}: its key does not open the {owned.key_name}") from None
    rooms = await room_ids(store.db)
    for number, room in enumerate(rooms, start=1):
        try:
            await check_room(store, room)
        except KeyLost:
            raise ValueError(f"room {room}: its key does not open all of it") from None
        except ValueError as error:
            raise ValueError(f"room {room}: {error}") from None
        told(number, len(rooms))


async def check_room(store: Store, room: RoomId) -> None:
    key = await store.keyring.find(f"room:{room}")
    if key is None:
        raise ValueError("its key is missing")
    await store.room(room)  # opens its code
    await store.words(room, RoomKeys.of(key))
    for expected, recorded in enumerate(await store.read(room), start=1):
        if recorded.seq != expected:
            raise ValueError(f"event {expected} is missing")
