"""The SQLite engine: one file, one connection, one user of it at a time.

In rollback mode: a write-ahead log would be a record of the order of posting, and deleted rows
must be overwritten (`secure_delete`).

Whoever waits while a commit goes to disk goes into the next one, all together: with many at once
the disk is asked once for all, and nobody waits for a clock. Nobody is answered before that commit,
not even who only reads: what is not on disk yet is not true.
"""

import asyncio
import os
import sqlite3
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Sequence,
)
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiosqlite

from .db import Conflict, Statement, Unavailable, migrate

BUSY_MS = 5000
PRAGMAS: dict[str, str | int] = {
    "journal_mode": "truncate",
    "synchronous": 3,
    "secure_delete": 1,
    "foreign_keys": 1,
}

OnThread = Callable[..., Awaitable[Any]]


@dataclass(slots=True)
class Work:
    """What somebody waits for: statements that are one whole, or one query."""

    statements: Sequence[Statement]
    reads: bool
    answer: "asyncio.Future[list[Any]]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def run(self, connection: sqlite3.Connection) -> list[Any]:
        """The rows that were read, or how many rows each statement changed."""
        if self.reads:
            [statement] = self.statements
            return connection.execute(*statement).fetchall()
        return [connection.execute(*statement).rowcount for statement in self.statements]


Outcome = list[Any] | Exception
Run = Callable[[Work, sqlite3.Connection], Outcome]


class SqliteTransaction:
    """Statements of one transaction."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self.connection = connection

    async def execute(self, sql: str, **values: Any) -> int:
        with translated():
            cursor = await self.connection.execute(sql, values)
            return cursor.rowcount

    async def fetch(self, sql: str, **values: Any) -> list[Any]:
        with translated():
            return list(await self.connection.execute_fetchall(sql, values))


class Sqlite:
    """A `Database` in one file."""

    others = None
    """A server has its rooms alone; the command line beside it only erases them."""
    table_options = " WITHOUT ROWID"
    """Tables keep no hidden row number: it would tell the order of arrival."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self.connection = connection
        self.on_thread: OnThread = connection._execute
        self.turn = asyncio.Lock()
        self.waiting: list[Work] = []
        self.draining: asyncio.Task[None] | None = None
        self.version: int | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, migrations: str) -> "AsyncIterator[Sqlite]":
        """Open the file (made with mode 0600) and bring it to the newest of `migrations`."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        async with aiosqlite.connect(path, isolation_level=None) as connection:
            with translated():
                await connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
                for name, value in PRAGMAS.items():
                    await set_pragma(connection, name, value)
            db = cls(connection)
            await migrate(db, migrations)
            yield db

    async def fetch(self, sql: str, **values: Any) -> list[Any]:
        return await self.done(Work([Statement(sql, values)], reads=True))

    async def write(self, *statements: Statement) -> list[int]:
        return await self.done(Work(statements, reads=False))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteTransaction]:
        async with self.turn:
            with translated():
                await self.connection.execute("BEGIN IMMEDIATE")
                try:
                    yield SqliteTransaction(self.connection)
                    await self.connection.commit()
                except BaseException:
                    await self.connection.rollback()
                    raise

    async def copy_into(self, path: Path) -> None:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        async with self.turn:  # within a transaction it could not
            with translated():
                await self.connection.execute("VACUUM INTO :path", {"path": str(path)})

    async def changed_elsewhere(self) -> bool:
        [[version]] = await self.fetch("PRAGMA data_version")
        before, self.version = self.version, version
        return before not in (None, version)

    def defined(self, statement: str) -> Iterable[str]:
        is_table = statement.lstrip().upper().startswith("CREATE TABLE")
        return [statement + self.table_options * is_table]

    # The queue

    async def done(self, work: Work) -> list[Any]:
        self.waiting.append(work)
        if self.draining is None:
            self.draining = asyncio.create_task(self.drain())
        return await work.answer

    async def drain(self) -> None:
        """Group after group, until nobody waits."""
        try:
            while self.waiting:
                async with self.turn:
                    await asyncio.sleep(0)  # who comes in this turn of the loop comes along
                    group, self.waiting = self.waiting, []
                    await self.run(group)
        finally:
            self.draining = None

    async def run(self, group: list[Work]) -> None:
        """In the connection's thread, in one go: a hop for each statement costs more than it."""
        try:
            outcomes = await self.on_thread(run_group, self.connection._conn, group)
        except Exception as error:  # the connection was closed meanwhile
            outcomes = [error] * len(group)
        for work, outcome in zip(group, outcomes, strict=True):
            settle(work.answer, outcome)


def settle(answer: "asyncio.Future[list[Any]]", outcome: Outcome) -> None:
    if answer.done():  # nobody waits any more
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)


def run_group(connection: sqlite3.Connection, group: Sequence[Work]) -> list[Outcome]:
    """What each work comes to; those that succeed are on disk."""
    writes = sum(not work.reads for work in group)
    if not writes:
        return [outcome_of(work.run, connection) for work in group]
    try:
        return together(connection, group, Work.run)
    except Exception as error:  # whatever one did wrong, all of them get an answer
        if writes > 1 and not is_of_the_disk(error):
            with suppress(sqlite3.Error):
                return together(connection, group, alone)
        return without_writing(connection, group, error)


def is_of_the_disk(error: Exception) -> bool:
    """Full, locked, broken: nobody's fault, and each one's trouble."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR


def together(connection: sqlite3.Connection, group: Sequence[Work], run: Run) -> list[Outcome]:
    """All in one transaction; raises what went wrong when it came to nothing."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        outcomes = [run(work, connection) for work in group]
        connection.commit()
        return outcomes
    finally:
        if connection.in_transaction:
            connection.rollback()


def without_writing(
    connection: sqlite3.Connection, group: Sequence[Work], error: Exception
) -> list[Outcome]:
    return [
        outcome_of(work.run, connection) if work.reads else translation(error) for work in group
    ]


def alone(work: Work, connection: sqlite3.Connection) -> Outcome:
    """What it does wrong takes nobody else along.

    Raises `sqlite3.Error` when the whole transaction is lost: the disk is full, or broken.
    """
    connection.execute("SAVEPOINT work")
    outcome = outcome_of(work.run, connection)
    if isinstance(outcome, Exception):
        connection.execute("ROLLBACK TO work")
    connection.execute("RELEASE work")
    return outcome


def outcome_of(
    run: Callable[[sqlite3.Connection], list[Any]], connection: sqlite3.Connection
) -> Outcome:
    try:
        return run(connection)
    except Exception as error:  # it is told to who asked, and to nobody else
        return translation(error)


def translation(error: Exception) -> Exception:
    match error:
        case sqlite3.IntegrityError():
            return Conflict(str(error))
        case sqlite3.OperationalError():
            return Unavailable(str(error))
        case _:
            return error


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise translation(error) from error


async def set_pragma(connection: aiosqlite.Connection, name: str, value: str | int) -> None:
    """Set and read back: an engine that ignores one of these would break a promise."""
    await connection.execute_fetchall(f"PRAGMA {name} = {value}")
    [[found]] = await connection.execute_fetchall(f"PRAGMA {name}")
    if found != value:
        raise RuntimeError(f"SQLite: expected PRAGMA {name} = {value!r}, found {found!r}")


# Files that nobody opens to write


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
