"""The data folder as a whole: who uses it, and files that take the place of others.

A server and the commands beside it hold one lock together; what replaces keys or databases under
their feet wants it alone.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DATABASES = {"main": "atelier.db", "inbox": "inbox.db", "keyring": "keyring.db"}
LOCK = "use.lock"
BUILDING = "restoring"
"""Databases that are not whole yet, or never became so."""
READY = "restored"
"""A folder of databases that are complete and take the place of those that are there."""
MOVED = "moved"
"""A file that says that the databases here were copied into another, which goes on without them."""
OVERWRITTEN_AT_ONCE = 1024 * 1024


@contextmanager
def in_use(data: Path) -> Iterator[None]:
    """Hold the folder, made when it is not there, with others. Raises `ValueError` while somebody
    has it alone. What a cut short restore left is put into place first."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    still_here(data)
    if (data / READY).exists() or (data / BUILDING).exists():
        with alone(data):
            settle(data)
    with locked(data, fcntl.LOCK_SH):
        yield


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Hold the folder without any other. Raises `ValueError` when it is in use."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    still_here(data)
    with locked(data, fcntl.LOCK_EX):
        yield


def still_here(data: Path) -> None:
    """Raises `ValueError` for data that were moved: notes that are kept in the old files now would
    be lost to the new database."""
    if (data / MOVED).exists():
        raise ValueError(
            f"{data}: these data were moved to PostgreSQL: set DATABASE_URL; to go on with the old"
            f" files instead, remove {data / MOVED}"
        )


@contextmanager
def locked(data: Path, how: int) -> Iterator[None]:
    lock = os.open(data / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ValueError(f"{data}: a server or another command uses this data: stop it") from None
    finally:
        os.close(lock)


def settle(data: Path) -> None:
    """Move what is ready over what is there, which is overwritten first. Doing it again after a
    crash goes on where it ended."""
    shutil.rmtree(data / BUILDING, ignore_errors=True)
    ready = data / READY
    if not ready.exists():
        return
    for path in sorted(ready.iterdir()):
        there = data / path.name
        # A journal of the old file would be played into the new one.
        there.with_name(f"{there.name}-journal").unlink(missing_ok=True)
        overwrite(there)
        path.replace(there)
    on_disk(data)
    ready.rmdir()
    on_disk(data)


def overwrite(path: Path) -> None:
    """Zeros in the place of what a file holds: its blocks are free to be read when it is gone."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        left = path.stat().st_size
        while left > 0:
            left -= file.write(bytes(min(left, OVERWRITTEN_AT_ONCE)))
        file.flush()
        os.fsync(file.fileno())


def discard(folder: Path) -> None:
    """A folder of databases, with nothing left of them to be read."""
    for path in folder.iterdir():
        overwrite(path)
    shutil.rmtree(folder)


def write_private(path: Path, data: bytes) -> None:
    """A file for its owner alone, on disk when this returns."""
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(target, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def file_on_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def on_disk(folder: Path) -> None:
    """Which names a folder holds is on disk when this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
