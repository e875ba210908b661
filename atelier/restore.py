"""A backup put back over the data of a stopped server, without what was erased since.

The new databases are built beside the present ones and take their place when they are whole: a
crash at any moment leaves the old data or the new.
"""

import shutil
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

from .copies import (
    Told,
    bury_all,
    check_whole,
    forgotten,
    keys_beside,
    lay_keys,
    leave_out,
    room_ids,
    tombstones,
)
from .data import Databases, files_of, open_keyring
from .db import Database
from .folder import BUILDING, DATABASES, READY, alone, discard, file_on_disk, on_disk, settle
from .inbox import Inbox
from .keys import CODES, LASTING, Keyring, RoomKeys, master_key
from .live import whole_minute
from .postgres import Postgres
from .rooms.ids import RoomId, WordsId
from .rooms.state import replay
from .settings import Settings
from .sqlite import look_at, read_only
from .store import Store


@dataclass(slots=True)
class Gone:
    """What the present data knows to be erased; and which rooms it has."""

    tombstones: dict[RoomId, str] = field(default_factory=dict)
    words: set[tuple[RoomId, WordsId]] = field(default_factory=set)
    withdrawn: list[tuple[RoomId, bytes]] = field(default_factory=list)
    rooms: set[RoomId] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Restored:
    rooms: int
    erased: int
    """Rooms of the backup that were erased since."""
    without_key: int
    texts: int
    """Texts of the backup that were erased since, in rooms that are back."""
    given_up: int
    """Rooms of the present data that are not in the backup."""


async def restore(settings: Settings, file: Path, told: Told) -> Restored:
    """Raises `ValueError`, `Unavailable` or `OSError`, and then nothing was changed."""
    for path in (file, keys_beside(file)):
        if not path.exists():
            raise ValueError(f"{path} is missing: a backup is a file and its .keys")
        if problem := look_at(path).problem:
            raise ValueError(f"{path}: {problem}")
    if settings.database_url:
        return await restore_database(settings, file, told)
    return await restore_files(settings, file, told)


async def restore_files(settings: Settings, file: Path, told: Told) -> Restored:
    data = settings.data
    with alone(data):
        settle(data)
        gone, master = await present(settings)
        building = data / BUILDING
        building.mkdir(mode=0o700)
        try:
            restored = await build(building, file, master, gone, told)
        except BaseException:
            shutil.rmtree(building)
            raise
        building.rename(data / READY)
        on_disk(data)
        settle(data)
    return restored


async def restore_database(settings: Settings, file: Path, told: Told) -> Restored:
    """As with files, which are then copied over what the database holds, in one transaction."""
    async with Postgres.open(settings.database_url) as db, db.alone():
        found = Databases(db, db, db)
        gone = Gone() if await found.is_new() else await gone_from(settings, found)
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        building = Path(mkdtemp(prefix=f"{BUILDING}-", dir=settings.data))
        try:
            master = master_key(settings.master_key, make=False)
            restored = await build(building, file, master, gone, told)
            async with files_of(building) as files:
                await db.take_in(files._asdict(), replace=True)
        finally:
            discard(building)
    return restored


# What is there


async def present(settings: Settings) -> tuple[Gone, bytes]:
    """What the present data says, and its master key."""
    for name in DATABASES.values():
        path = settings.data / name
        if path.exists() and (problem := look_at(path).problem):
            raise ValueError(
                f"{path}: {problem}: what was erased cannot be read from it; move it away to"
                " restore without"
            )
    if not (settings.data / DATABASES["main"]).exists():
        return Gone(), master_key(settings.master_key, make=False)
    async with files_of(settings.data) as found:
        gone = await gone_from(settings, found)
    return gone, master_key(settings.master_key, make=False)


async def gone_from(settings: Settings, found: Databases[Any]) -> Gone:
    keyring = await open_keyring(settings, found.keyring)
    return await gone_since(Store(found.main, keyring), Inbox(found.inbox, keyring))


async def gone_since(store: Store, inbox: Inbox) -> Gone:
    today = datetime.now(UTC).date().isoformat()
    gone = Gone(await tombstones(store.db), await forgotten(store.db))
    gone.withdrawn = await inbox.withdrawals()
    for room in await room_ids(store.db):
        key = await store.keyring.find(f"room:{room}")
        if key is None:
            continue
        gone.rooms.add(room)
        state = replay(recorded.event for recorded in await store.read(room))
        if state.closed == "nothing":  # its two minutes are running
            gone.tombstones[room] = today
        late = {change.note for change in await inbox.deferred(RoomKeys.of(key), room)}
        gone.words |= {
            (room, note.words)
            for note in state.wall.notes.values()
            if note.hidden or note.id in late or state.closed == "reduced"
        }
    return gone


# What takes its place


async def build(folder: Path, file: Path, master: bytes, gone: Gone, told: Told) -> Restored:
    """The three databases, whole and on disk, in `folder`."""
    held = dict(read_only(keys_beside(file), "SELECT name, box FROM wrapped_key"))
    if CODES not in held:
        raise ValueError(f"{keys_beside(file)}: these are not the keys of a backup")
    (folder / DATABASES["main"]).touch(mode=0o600)
    shutil.copyfile(file, folder / DATABASES["main"])
    async with files_of(folder) as (main, inbox, keys):
        before = set(await room_ids(main))
        erased = await bury_all(main, gone.tombstones)
        readable = {RoomId(name[5:]) for name in held if name.startswith("room:")}
        without_key = await drop_without_key(main, readable)
        texts = await forget(main, gone.words)
        await leave_out(main)
        await begin_anew(main)
        rooms = await room_ids(main)
        kept = {*LASTING, *(f"room:{room}" for room in rooms)}
        await lay_keys(keys, {name: box for name, box in held.items() if name in kept})
        keyring = await Keyring.open(keys, master)
        await Inbox(inbox, keyring).keep_away([pair for pair in gone.withdrawn if pair[0] in rooms])
        await check_whole(Store(main, keyring), told)
    for name in DATABASES.values():
        file_on_disk(folder / name)
    on_disk(folder)
    return Restored(len(rooms), erased, without_key, texts, len(gone.rooms - before))


async def drop_without_key(main: Database, held: set[RoomId]) -> int:
    """Rooms that nothing can read any more: they were erased before these keys were saved."""
    lost = [room for room in await room_ids(main) if room not in held]
    async with main.transaction() as tx:
        for room in lost:
            await tx.execute("DELETE FROM room WHERE id = :room", room=room)
    return len(lost)


async def forget(main: Database, words: set[tuple[RoomId, WordsId]]) -> int:
    async with main.transaction() as tx:
        for room, id in words:
            await tx.execute(
                "INSERT INTO forgotten VALUES (:room, :id) ON CONFLICT (room, words) DO NOTHING",
                room=room,
                id=id,
            )
        return await tx.execute("DELETE FROM words WHERE (room, id) IN (SELECT * FROM forgotten)")


async def begin_anew(main: Database) -> None:
    """Screens that still show these rooms take the whole board; nobody's absence is counted."""
    now = whole_minute(time.time())
    async with main.transaction() as tx:
        for (room,) in await tx.fetch("SELECT id FROM room"):
            await tx.execute(
                "UPDATE room SET epoch = :epoch, attended = :now WHERE id = :room",
                epoch=uuid4().hex,
                now=now,
                room=room,
            )
