"""A backup beside a running server: one file with the data, another with the rooms' wrapped keys.

Neither the sealed inbox nor the master key is in any of them.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from .copies import (
    Told,
    boxes,
    bury_all,
    check_whole,
    keys_beside,
    lay_keys,
    leave_out,
    room_ids,
    tombstones,
)
from .data import open_data
from .folder import file_on_disk, on_disk
from .keys import Keyring
from .settings import Settings
from .sqlite import Sqlite
from .store import Store


@dataclass(frozen=True, slots=True)
class Saved:
    rooms: int
    size: int
    """Bytes of both files."""


async def backup(settings: Settings, file: Path, told: Told) -> Saved:
    """Write FILE and FILE.keys, for their owner alone, when both were read back and are whole.

    Raises `ValueError` or `OSError`, and then neither is there.
    """
    keys = keys_beside(file)
    for path in (file, keys):
        if path.exists():
            raise ValueError(f"{path} is there already: a backup overwrites nothing")
    with tempfile.TemporaryDirectory(prefix=".atelier-", dir=file.parent) as name:
        folder = Path(name)
        async with open_data(settings) as (store, _):
            await copy_into(folder, store)
        rooms = await verify(folder, store.keyring, told)
        size = sum((folder / name).stat().st_size for name in ("data", "keys"))
        (folder / "keys").rename(keys)
        (folder / "data").rename(file)
        on_disk(file.parent)
    return Saved(rooms, size)


async def copy_into(folder: Path, store: Store) -> None:
    """The data as of one moment, and the keys as of a later one: a room that was opened between
    them leaves its key behind, one that was erased has its tombstone already."""
    await store.db.copy_into(folder / "raw")
    async with Sqlite.open(folder / "raw", "main") as raw:
        held = await boxes(store.keyring.db, await room_ids(raw))
        await bury_all(raw, await tombstones(store.db))
        await leave_out(raw)
        await raw.copy_into(folder / "data")  # once more: what was taken out leaves no hole
        kept = {f"room:{room}" for room in await room_ids(raw)}
    async with Sqlite.open(folder / "keys", "keyring") as keys:
        await lay_keys(keys, {n: box for n, box in held.items() if n in kept or ":" not in n})


async def verify(folder: Path, keyring: Keyring, told: Told) -> int:
    """Read both files back; how many rooms they hold."""
    async with (
        Sqlite.open(folder / "data", "main") as data,
        Sqlite.open(folder / "keys", "keyring") as keys,
    ):
        await check_whole(Store(data, keyring.over(keys)), told)
        rooms = len(await room_ids(data))
    for name in ("data", "keys"):
        file_on_disk(folder / name)
    return rooms
