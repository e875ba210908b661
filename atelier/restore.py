"""A backup put back over the data of a stopped server, without what was erased since.

The new databases are built beside the present ones and take their place when they are whole: a
crash at any moment leaves the old data or the new.
"""

import shutil
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
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
from .db import Database, look_at, read_only
from .folder import BUILDING, DATABASES, READY, alone, file_on_disk, on_disk, settle
from .inbox import Inbox
from .keys import CODES, Keyring, RoomKeys, master_key
from .live import whole_minute
from .rooms.ids import RoomId, WordsId
from .rooms.state import replay
from .rotation import present_master
from .settings import Settings
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
    """Raises `ValueError` or `OSError`, and then nothing was changed."""
    for path in (file, keys_beside(file)):
        if not path.exists():
            raise ValueError(f"{path} is missing: a backup is a file and its .keys")
        if problem := look_at(path).problem:
            raise ValueError(f"{path}: {problem}")
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
    async with AsyncExitStack() as stack:
        main, inbox, keys = [
            await stack.enter_async_context(Database.open(settings.data / file, migrations))
            for migrations, file in DATABASES.items()
        ]
        keyring = await Keyring.open(keys, await present_master(settings.master_key, keys))
        master = master_key(settings.master_key, make=False)
        return await gone_since(Store(main, keyring), Inbox(inbox, keyring)), master


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
    async with AsyncExitStack() as stack:
        main, inbox, keys = [
            await stack.enter_async_context(Database.open(folder / name, migrations))
            for migrations, name in DATABASES.items()
        ]
        before = set(await room_ids(main))
        erased = await bury_all(main, gone.tombstones)
        without_key = await drop_without_key(main, {RoomId(n[5:]) for n in held if ":" in n})
        texts = await forget(main, gone.words)
        await leave_out(main)
        await begin_anew(main)
        rooms = await room_ids(main)
        kept = {CODES, *(f"room:{room}" for room in rooms)}
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
