"""The database connection. Everything that differs between engines is in this file.

SQLite in rollback mode: a write-ahead log would be a record of the order of posting, and deleted
rows must be overwritten (`secure_delete`).
"""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosqlite

Conflict = aiosqlite.IntegrityError
"""A row with this key is already there."""

Unavailable = aiosqlite.OperationalError
"""The database is locked, full or read-only: nothing was written."""

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MS = 5000
PRAGMAS: dict[str, str | int] = {
    "journal_mode": "delete",
    "synchronous": 3,
    "secure_delete": 1,
    "foreign_keys": 1,
}


class Transaction:
    """Statements of one transaction."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self.connection = connection

    async def execute(self, sql: str, **values: Any) -> int:
        """Run one statement; return how many rows it changed."""
        cursor = await self.connection.execute(sql, values)
        return cursor.rowcount

    async def fetch(self, sql: str, **values: Any) -> list[Any]:
        return list(await self.connection.execute_fetchall(sql, values))


class Database:
    """One SQLite file: one connection, one user of it at a time."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self.connection = connection
        self.turn = asyncio.Lock()
        self.version: int | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, migrations: str) -> "AsyncIterator[Database]":
        """Open the file (made with mode 0600) and bring it to the newest of `migrations`."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        async with aiosqlite.connect(path, isolation_level=None) as connection:
            await connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            for name, value in PRAGMAS.items():
                await set_pragma(connection, name, value)
            db = cls(connection)
            await migrate(db, MIGRATIONS / migrations)
            yield db

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """All or nothing, on disk when the block ends."""
        async with self.turn:
            await self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self.connection)
                await self.connection.commit()
            except BaseException:
                await self.connection.rollback()
                raise

    async def fetch(self, sql: str, **values: Any) -> list[Any]:
        async with self.turn:
            return await Transaction(self.connection).fetch(sql, **values)

    async def copy_into(self, path: Path) -> None:
        """A copy of this moment in a new file, without the remains of what was deleted."""
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        await self.fetch("VACUUM INTO :path", path=str(path))

    async def changed_elsewhere(self) -> bool:
        """Whether another process has committed to this file since the last time it was asked."""
        [[version]] = await self.fetch("PRAGMA data_version")
        before, self.version = self.version, version
        return before not in (None, version)


@dataclass(frozen=True, slots=True)
class Look:
    """What a file says of itself, read without changing anything; `problem` when it cannot."""

    journal: str = ""
    deletes_overwrite: bool = False
    problem: str = ""


def look_at(path: Path) -> Look:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            [(journal,)] = connection.execute("PRAGMA journal_mode")
            connection.execute("PRAGMA secure_delete = 1").fetchall()
            [(overwrites,)] = connection.execute("PRAGMA secure_delete")
            found = "; ".join(line for (line,) in connection.execute("PRAGMA quick_check(3)"))
        except sqlite3.DatabaseError as error:
            return Look(problem=str(error))
    return Look(journal, overwrites == 1, "" if found == "ok" else found)


def read_only(path: Path, sql: str) -> list[Any]:
    """The rows of a query that changes nothing; raises `sqlite3.Error`."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


async def set_pragma(connection: aiosqlite.Connection, name: str, value: str | int) -> None:
    """Set and read back: an engine that ignores one of these would break a promise."""
    await connection.execute_fetchall(f"PRAGMA {name} = {value}")
    [[found]] = await connection.execute_fetchall(f"PRAGMA {name}")
    if found != value:
        raise RuntimeError(f"SQLite: expected PRAGMA {name} = {value!r}, found {found!r}")


async def migrate(db: Database, folder: Path) -> None:
    """Run the files that this database has not seen, in the order of their numbers."""
    async with db.transaction() as tx:
        await tx.execute(
            "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY) WITHOUT ROWID"
        )
        seen = {number for (number,) in await tx.fetch("SELECT number FROM migration")}
        for number, statements in read_migrations(folder):
            if number in seen:
                continue
            for statement in statements:
                await tx.execute(statement + " WITHOUT ROWID" * is_table(statement))
            await tx.execute("INSERT INTO migration VALUES (:number)", number=number)


def read_migrations(folder: Path) -> list[tuple[int, list[str]]]:
    return [
        (
            int(path.name.split("_")[0]),
            [s for s in path.read_text(encoding="utf-8").split(";") if s.strip()],
        )
        for path in sorted(folder.glob("*.sql"))
    ]


def is_table(statement: str) -> bool:
    """Tables keep no hidden row number: it would tell the order of arrival."""
    return statement.lstrip().upper().startswith("CREATE TABLE")
