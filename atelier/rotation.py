"""A new master key: every wrapped key is wrapped anew, and the old master key is overwritten.

The next key lies beside the present one until it has taken its place. Whichever of the two opens
the keyring is the master key: a crash at any point leaves one that does.
"""

import os
from pathlib import Path

from .db import Database
from .folder import DATABASES, alone, on_disk, write_private
from .keys import ANY_KEY, KEY_BYTES, Keyring, master_key, wrapped_by, wrapping_key
from .postgres import Postgres
from .settings import Settings
from .sqlite import Sqlite


async def rotate(settings: Settings) -> int:
    """How many keys were wrapped anew. Raises `ValueError` while the data is in use."""
    if settings.database_url:
        async with Postgres.open(settings.database_url) as db, db.alone():
            return await rotate_in(db, settings.master_key)
    keyring = settings.data / DATABASES["keyring"]
    if not keyring.exists():
        raise ValueError(f"{settings.data}: no rooms are kept here; set ATELIER_DATA")
    with alone(settings.data):
        async with Sqlite.open(keyring, "keyring") as file:
            return await rotate_in(file, settings.master_key)


async def rotate_in(db: Database, path: Path) -> int:
    present = await Keyring.open(db, await present_master(path, db))
    fresh = os.urandom(KEY_BYTES)
    write_private(next_to(path), fresh)
    on_disk(path.parent)
    wrapped = await present.rewrap(fresh)
    take_over(path, fresh)
    return wrapped


async def present_master(path: Path, db: Database) -> bytes:
    """The master key of this keyring; a rotation that was cut short is ended, or forgotten.

    Raises `ValueError` when the key is missing or has another length.
    """
    following = next_to(path)
    if not following.exists():
        return master_key(path, make=False)
    rows = await db.fetch(ANY_KEY)
    fresh = following.read_bytes()
    if len(fresh) == KEY_BYTES and wrapped_by(wrapping_key(fresh), rows):
        take_over(path, fresh)
    elif wrapped_by(wrapping_key(master_key(path, make=False)), rows):
        following.unlink()
    return master_key(path, make=False)


def take_over(path: Path, fresh: bytes) -> None:
    """In place, so that the old key is overwritten; the next one goes when that is on disk."""
    write_over(path, fresh)
    next_to(path).unlink(missing_ok=True)
    on_disk(path.parent)


def write_over(path: Path, fresh: bytes) -> None:
    with path.open("r+b") as file:
        file.write(fresh)
        file.flush()
        os.fsync(file.fileno())


def next_to(path: Path) -> Path:
    return path.with_name(f"{path.name}.next")
