"""The PostgreSQL engine: one database for several processes, on one machine or many.

What is three files with SQLite is three schemas here, in one database: `main`, `inbox`, `keyring`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg

from ..db import Latest, Statement, Unavailable, migrate, statement
from ..sqlite import Sqlite
from .copying import copy_main, take_in
from .dialect import defined, fitting, positional, torn, worn
from .errors import FAILURES, translated
from .journal import Journal, quiet
from .news import News
from .turns import IN_USE, WHOLE, number_of, present, turn_of

SCHEMAS = ("main", "inbox", "keyring")
CONNECTIONS = 10
"""Of one process, beside the one that listens."""
WAIT_SECONDS = 10
LOCK_SECONDS = 5
LATEST = (
    "SELECT id, (SELECT seq FROM event WHERE room = room.id ORDER BY seq DESC LIMIT 1),"
    " xmin::text::bigint FROM room WHERE id = ANY(:rooms)"
)
"""`xmin` is the transaction that wrote a row: it changes with every change of it."""
MOMENT = (
    "CREATE UNLOGGED TABLE IF NOT EXISTS moment (room TEXT, what TEXT, body BYTEA, node TEXT,"
    " at TIMESTAMPTZ DEFAULT clock_timestamp(), PRIMARY KEY (room, what))"
)
SAY = (
    "INSERT INTO moment SELECT room, what, body, :node"
    " FROM unnest(:rooms::text[], :whats::text[], :bodies::bytea[]) AS said (room, what, body)"
    " ORDER BY room, what"
    " ON CONFLICT (room, what) DO UPDATE"
    " SET body = excluded.body, node = excluded.node, at = clock_timestamp()"
)
HEARD = (
    "SELECT room, what, body, extract(epoch FROM clock_timestamp() - at)::float8, node"
    " FROM moment WHERE room = ANY(:rooms) AND node <> :node"
)
UNSAMPLED = (
    "SELECT format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 0', attrelid::regclass, attname)"
    " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
    " WHERE relnamespace = ANY($1::regnamespace[]) AND relkind IN ('r', 'p') AND attnum > 0"
    " AND NOT attisdropped AND coalesce(attstattarget, -1) <> 0"
    " AND atttypid <> 'bigint'::regtype"
)
"""Columns of which the planner would keep samples, also when the rows are gone. It needs none:
everything here is found by its key."""
MIGRATING = 0x61746C72
"""The advisory lock of whoever brings the schemas to the newest version."""

SESSION = {
    "application_name": "atelier",
    "search_path": ", ".join(SCHEMAS),
    "synchronous_commit": "on",  # nothing is acknowledged before it is on disk
    "jit": "off",
    "log_parameter_max_length_on_error": "0",  # values are quoted in no log
    "lock_timeout": str(LOCK_SECONDS * 1000),
    # A machine that is gone without a word gives its locks back soon.
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}


class PostgresTransaction:
    """Statements of one transaction, and the parts that they tear."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.locked: set[str] = set()
        self.torn: set[str] = set()
        self.worn: set[str] = set()

    async def execute(self, sql: str, **values: Any) -> int:
        with translated():
            parts = torn(sql, values)
            await self.lock(parts)
            changed = await run(self.connection, sql, values)
            if changed:
                self.torn.update(parts)
                self.worn.update(worn(sql))
            return changed

    async def fetch(self, sql: str, **values: Any) -> list[Any]:
        with translated():
            return await rows(self.connection, sql, values)

    async def lock(self, parts: Iterable[str]) -> None:
        """In one order, and before anything else is written: two who tear the same parts wait for
        each other once, not crosswise."""
        missing = sorted(set(parts) - self.locked)
        if missing:
            await self.connection.execute(
                f"LOCK TABLE {', '.join(missing)} IN ACCESS EXCLUSIVE MODE"
            )
            self.locked.update(missing)

    async def mend(self) -> None:
        """Write the torn parts anew: their old files go when the transaction is on disk."""
        for part in sorted(self.torn):
            # Asked anew each time: another version may have given it a column.
            asked = await self.connection.prepare(f"SELECT * FROM {part} ORDER BY 1, 2")  # noqa: S608
            left = await asked.fetch()
            await self.connection.execute(f"TRUNCATE {part}")
            if left:
                await self.connection.copy_records_to_table(
                    part, columns=[each.name for each in asked.get_attributes()], records=left
                )


class Postgres:
    """A `Database` that other processes share."""

    def __init__(self, pool: Any, news: News) -> None:
        self.pool = pool
        self.news = news
        self.journal = Journal(pool)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> "AsyncIterator[Postgres]":
        """Raises `Unavailable` when it does not answer."""
        with translated():
            pool = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=CONNECTIONS,
                timeout=WAIT_SECONDS,
                command_timeout=WAIT_SECONDS,
                server_settings=SESSION,
                init=begin,
                reset=keep_as_it_is,
            )
        try:
            db = cls(pool, News(url, SESSION))
            await db.migrate_all()
            await db.journal.check()
            yield db
            await db.news.told()
            await db.journal.forgotten()
        finally:
            try:
                await asyncio.wait_for(pool.close(), WAIT_SECONDS)
            except TimeoutError:
                pool.terminate()

    async def migrate_all(self) -> None:
        """By whoever comes first; the others wait."""
        async with self.connection() as connection:
            with translated():
                await connection.execute("SET lock_timeout = '120s'")
                await connection.execute("SELECT pg_advisory_lock($1)", MIGRATING)
                for schema in SCHEMAS:
                    await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            try:
                for schema in SCHEMAS:
                    await connection.execute(f"SET search_path = {schema}")
                    await migrate(OverOne(connection, self.journal), schema)
                await connection.execute(f"SET search_path = {SCHEMAS[0]}")
                await connection.execute(MOMENT)
                if unsampled := await connection.fetch(UNSAMPLED, list(SCHEMAS)):
                    await connection.execute("; ".join(each for (each,) in unsampled))
            finally:
                with translated():
                    await connection.execute("RESET search_path; RESET lock_timeout")
                    await connection.execute("SELECT pg_advisory_unlock($1)", MIGRATING)

    async def fetch(self, sql: str, **values: Any) -> list[Any]:
        async with self.connection() as connection:
            with translated():
                return await rows(connection, sql, values)

    async def write(self, *statements: Statement) -> list[int]:
        async with self.connection() as connection:
            return await OverOne(connection, self.journal).write(*statements)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        async with (
            self.connection() as connection,
            OverOne(connection, self.journal).transaction() as tx,
        ):
            yield tx

    async def copy_into(self, path: Path) -> None:
        async with self.connection() as connection:
            with translated():
                await copy_main(connection, path)

    async def take_in(self, files: Mapping[str, Sqlite], *, replace: bool) -> int:
        """All that these files hold, by schema, in the place of what is here or, without `replace`,
        of nothing; how many rows. Raises `ValueError`, and then nothing was changed. For who has
        it alone."""
        async with self.connection() as connection:
            with translated():
                async with connection.transaction():
                    rows = await take_in(connection, files, replace=replace)
        self.journal.forget_soon()
        return rows

    async def changed_elsewhere(self) -> bool:
        return False

    # Others

    @property
    def others(self) -> "Postgres":
        return self

    async def latest(self, rooms: Collection[str]) -> dict[str, Latest]:
        found = await self.fetch(LATEST, rooms=list(rooms))
        return {room: Latest(seq or 0, version) for room, seq, version in found}

    def tell(self, room: str) -> None:
        self.news.tell(room)

    async def listen(self, heard: Callable[[str], None]) -> None:
        watching = asyncio.create_task(self.journal.watch())
        try:
            await self.news.listen(heard)
        finally:
            watching.cancel()

    def remembers(self) -> bool:
        return self.journal.remembers

    async def say(self, node: str, words: Collection[tuple[str, str, bytes]]) -> None:
        rooms, whats, bodies = zip(*words, strict=True)
        await self.write(
            statement(SAY, node=node, rooms=list(rooms), whats=list(whats), bodies=list(bodies))
        )

    async def heard(self, node: str, rooms: Collection[str]) -> list[Any]:
        return await self.fetch(HEARD, node=node, rooms=list(rooms))

    # Turns

    @asynccontextmanager
    async def hold(self, room: str, *, shared: bool = False) -> AsyncIterator[None]:
        """Have a room alone, among all processes, or with others who only share it."""
        turn = present()
        if turn and turn.room == room:
            yield
            return
        how, number = "_shared" if shared else "", number_of(room)
        async with self.acquired() as connection:
            with translated():
                await connection.execute(f"SELECT pg_advisory_lock{how}($1)", number)
            async with turn_of(room, connection, f"pg_advisory_unlock{how}", number):
                yield

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Have all of it, without any other process. Raises `ValueError` when it is in use."""
        async with self.acquired() as connection:
            with translated():
                if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", IN_USE):
                    raise ValueError(
                        "the database: a server or another command uses it: stop it first"
                    )
            async with turn_of(WHOLE, connection, "pg_advisory_unlock", IN_USE):
                yield

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """That of the turn which this task has, or any."""
        if turn := present():
            async with turn.speaking:
                yield turn.connection
        else:
            async with self.acquired() as connection:
                yield connection

    @asynccontextmanager
    async def acquired(self) -> AsyncIterator[Any]:
        with translated():
            connection = await self.pool.acquire(timeout=WAIT_SECONDS)
        try:
            yield connection
        finally:
            # What was done over a dead connection holds: the pool lets go of it.
            with suppress(asyncpg.PostgresError, *FAILURES):
                await asyncio.shield(self.pool.release(connection))


class OverOne:
    """What there is to do over one connection."""

    def __init__(self, connection: Any, journal: Journal) -> None:
        self.connection = connection
        self.journal = journal

    def defined(self, statement: str) -> Iterable[str]:
        return defined(statement)

    async def write(self, *statements: Statement) -> list[int]:
        parts = {part for each in statements for part in torn(*each)}
        if len(statements) == 1 and not parts:
            with translated():
                changed = await run(self.connection, *statements[0])
            if changed and (tables := worn(statements[0].sql)):
                self.journal.forget_soon(tables)
            return [changed]
        async with self.transaction() as tx:
            with translated():
                await tx.lock(parts)
            return [await tx.execute(sql, **values) for sql, values in statements]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        with translated():
            begun = self.connection.transaction()
            await begun.start()
        try:
            tx = PostgresTransaction(self.connection)
            yield tx
            with translated():
                await tx.mend()
        except BaseException:
            with translated():
                if not self.connection.is_closed():
                    await begun.rollback()
            raise
        with translated():
            await begun.commit()
        if tx.torn or tx.worn:
            self.journal.forget_soon(tx.worn)


async def run(connection: Any, sql: str, values: Mapping[str, Any]) -> int:
    """How many rows it changed."""
    text, names = positional(sql)
    status: str = await connection.execute(text, *[fitting(values[name]) for name in names])
    last = status.rpartition(" ")[2]
    return int(last) if last.isdigit() else 0


async def rows(connection: Any, sql: str, values: Mapping[str, Any]) -> list[Any]:
    text, names = positional(sql)
    found = await connection.fetch(text, *[fitting(values[name]) for name in names])
    return [tuple(row) for row in found]


async def begin(connection: Any) -> None:
    """What holds for as long as the connection lasts."""
    await quiet(connection)
    if not await connection.fetchval("SELECT pg_try_advisory_lock_shared($1)", IN_USE):
        raise Unavailable("PostgreSQL: a command has this database alone: wait until it is done")


async def keep_as_it_is(connection: Any) -> None:
    """Nothing of a session changes with its use, so there is nothing to reset."""
