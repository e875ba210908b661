"""The data folder: who can read it, whether its databases are sound, how much fits in."""

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ..folder import BUILDING, DATABASES, READY
from ..sqlite import look_at
from .finding import Finding, check_mode

MIB = 1024 * 1024
LITTLE_SPACE, TOO_LITTLE_SPACE = 1024 * MIB, 100 * MIB
OLD_SQLITE = (3, 37, 0)


def check_folder(data: Path) -> Iterator[Finding]:
    yield check_mode("data folder", data, 0o700)
    for name in DATABASES.values():
        if (data / name).exists():
            yield check_mode("database", data / name, 0o600)


def check_databases(data: Path) -> Iterator[Finding]:
    version = sqlite3.sqlite_version_info
    if version < OLD_SQLITE:
        yield Finding(
            "error", f"SQLite {sqlite3.sqlite_version}", "expected 3.37 or newer: update Python"
        )
    else:
        yield Finding("ok", f"SQLite {sqlite3.sqlite_version}")
    there = [data / name for name in DATABASES.values() if (data / name).exists()]
    if not there:
        yield Finding("ok", f"databases: none in {data} yet, the first `atelier serve` makes them")
        return
    yield from (check_database(path) for path in there)
    missing = [name for name in DATABASES.values() if not (data / name).exists()]
    if missing and len(there) > 1:  # accounts alone can be there before the first start
        yield Finding("error", f"databases: {', '.join(missing)} is missing", "put it back")


def check_database(path: Path) -> Finding:
    found = look_at(path)
    if found.problem:
        return Finding("error", f"database: {path}: {found.problem}", "put a sound copy back")
    if found.journal != "delete":
        return Finding(
            "error",
            f"database: {path} has the journal mode {found.journal!r}",
            "a log of the order of posting: stop what set it, then start `atelier serve` once",
        )
    if not found.deletes_overwrite:
        return Finding(
            "error",
            f"database: {path}: this SQLite does not overwrite what is deleted",
            "use a Python whose SQLite knows secure_delete",
        )
    return Finding("ok", f"database: {path} is sound, rollback journal, deletions overwrite")


def check_writing(data: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=data) as file:
            file.write(b"atelier")
    except OSError as error:
        return Finding(
            "error", f"disk: cannot write to {data}: {error.strerror}", "free it, or its rights"
        )
    return Finding("ok", f"disk: {data} can be written to")


def check_space(data: Path, free: int) -> Finding:
    found = f"disk: {free // MIB} MiB free at {data}"
    if free < TOO_LITTLE_SPACE:
        return Finding("error", found, "notes will soon be refused: make room")
    if free < LITTLE_SPACE:
        return Finding("warning", found, "make room before the next session")
    return Finding("ok", found)


def check_restore(data: Path) -> Finding:
    if (data / READY).exists() or (data / BUILDING).exists():
        return Finding(
            "warning",
            "restore: one is running, or was cut short",
            "the next `atelier serve` ends it: with the new data, or with the old",
        )
    return Finding("ok", "restore: none was cut short")


def check_backups(data: Path) -> Finding:
    found = sorted(path.name for path in data.glob("*.keys"))
    if found:
        return Finding(
            "warning",
            f"backups: {', '.join(found)} in {data}",
            "keep the keys of a backup elsewhere, and not as long",
        )
    return Finding("ok", f"backups: no keys of one lie in {data}")
