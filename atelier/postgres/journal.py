"""What PostgreSQL keeps for itself of what its tables have forgotten: the write-ahead log, and the
values that its server log may quote.

Whoever has the write-ahead log and the master key can read what was deleted, and in which order it
came. So the log is made to let go of it: a new segment is begun, and a checkpoint removes those
before it. Only an operator can see to it that it does: `kept` says what stands in the way.

Small tables are written anew here first, where rows were deleted in them.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import asyncpg

from ..db import Unavailable
from ..log import log
from . import errors
from .dialect import WORN

APART_SECONDS = 2.0
"""Between the end of one checkpoint and the next that is asked for."""
TRIES_AT_THE_END = 5
"""Of a process that ends: of a command, which nobody wants to wait for."""
CHECKPOINT_SECONDS = 600.0
WATCH_SECONDS = 60.0
FAILURES = (asyncpg.PostgresError, *errors.FAILURES, Unavailable)

QUIET = (
    "SELECT set_config(name, value, false) FROM (VALUES"
    " ('log_parameter_max_length', '0'), ('log_error_verbosity', 'terse')"
    ") AS quiet (name, value) WHERE has_parameter_privilege(name, 'SET')"
)
"""No value is quoted in the server log, of a statement or of a row that breaks a constraint."""
STILL_SEEN = "SELECT age(relfrozenxid) > age($1::text::xid) FROM pg_class WHERE oid = $2::regclass"
"""Whether a table that was just written anew may still hold rows that were deleted before the
transaction `$1`: those that a reader from before may see are left in, and its `relfrozenxid` is the
oldest transaction that any reader may see."""
UNSAID = "DELETE FROM moment WHERE NOT EXISTS (SELECT FROM room WHERE room.id = moment.room)"
"""What was of a moment in a room that is no more."""
KEEPING = """
SELECT name FROM (VALUES
    ('archive_mode', current_setting('archive_mode') <> 'off'),
    ('wal_recycle', current_setting('wal_recycle') <> 'off'),
    ('wal_keep_size', current_setting('wal_keep_size') <> '0'),
    ('replication', EXISTS (SELECT FROM pg_replication_slots)
        OR EXISTS (SELECT FROM pg_stat_replication)),
    ('pg_checkpoint', NOT pg_has_role('pg_checkpoint', 'USAGE')),
    ('pg_switch_wal', NOT has_function_privilege('pg_switch_wal()', 'EXECUTE')),
    ('log_parameter_max_length', current_setting('log_parameter_max_length') <> '0' AND (
        current_setting('log_statement') IN ('mod', 'all')
        OR current_setting('log_min_duration_statement') <> '-1'
        OR current_setting('log_min_duration_sample') <> '-1'
        OR current_setting('log_transaction_sample_rate') <> '0')),
    ('auto_explain', coalesce(current_setting('auto_explain.log_min_duration', true), '-1')
        NOT IN ('', '-1')),
    ('pgaudit', coalesce(current_setting('pgaudit.log_parameter', true), 'off')
        NOT IN ('', 'off'))
) AS keeping (name, keeps) WHERE keeps
"""


async def quiet(connection: Any) -> None:
    """As far as this user may say so; `log_parameter_max_length` of `KEEPING` is what is left."""
    await connection.execute(QUIET)


class Journal:
    def __init__(self, pool: Any) -> None:
        self.pool = pool
        self.kept: tuple[str, ...] = ("unknown",)
        """Why what was deleted may still be there: settings, rights that are missing. Nothing
        when it goes within seconds."""
        self.late = False
        """It was tried and failed; it is tried again."""
        self.torn = False
        self.worn: set[str] = set()
        self.seen: set[str] = set()
        """Tables that held what was deleted when they were last written anew, for a reader from
        before."""
        self.forgetting: asyncio.Task[None] | None = None
        self.ending = asyncio.Event()

    @property
    def remembers(self) -> bool:
        return self.late or bool(self.kept)

    async def check(self) -> None:
        """Settings may change while we run. What cannot be asked is not known."""
        found: tuple[str, ...] = ("unknown",)
        with suppress(*FAILURES):
            found = tuple(name for (name,) in await self.pool.fetch(KEEPING))
        if found != self.kept:
            self.kept = found
            if found:
                log.warning("database-keeps-what-was-deleted", error=" ".join(found))

    async def watch(self) -> None:
        """Until cancelled. Whoever ran here before may have been cut short."""
        self.forget_soon(WORN)
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if self.forgetting is None:
                await self.check()

    def forget_soon(self, worn: Iterable[str] = ()) -> None:
        """However much was deleted meanwhile, it goes with one checkpoint."""
        self.torn = True
        self.worn.update(worn)
        if self.forgetting is None:
            self.forgetting = asyncio.create_task(self.forget_all())

    async def forget_all(self) -> None:
        """Tried again until it is done, or this process ends."""
        tries = TRIES_AT_THE_END
        try:
            while self.torn and tries:
                self.torn = False
                await self.forget()
                if self.torn and self.ending.is_set():
                    tries -= 1
                    await asyncio.sleep(APART_SECONDS)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.ending.wait(), APART_SECONDS)
        finally:
            self.forgetting = None

    async def forget(self) -> None:
        """What is written ahead before the checkpoint lies in segments that it removes."""
        try:
            async with self.pool.acquire() as connection:
                seen = await self.write_anew(connection) if self.worn else set()
                if not {"pg_checkpoint", "pg_switch_wal"} & set(self.kept):
                    await connection.execute("SELECT pg_switch_wal()")
                    await connection.execute("CHECKPOINT", timeout=CHECKPOINT_SECONDS)
        except FAILURES as error:
            self.is_late(type(error).__name__)
            return
        self.torn = self.torn or bool(seen)
        self.worn |= seen
        if seen & self.seen:  # most readers are soon gone; this one stays
            self.is_late("reader")
        else:
            self.late = False
        self.seen = seen
        await self.check()

    def is_late(self, error: str) -> None:
        if not self.late:
            log.warning("database-keeps-what-was-deleted", error=error)
        self.torn = self.late = True

    async def write_anew(self, connection: Any) -> set[str]:
        """The tables that still hold what was deleted, as somebody reads as of before. Tried again
        later where somebody has them for long: others would wait behind us."""
        await connection.execute("SET lock_timeout = '1s'")
        try:
            if "room" in self.worn:
                await connection.execute(UNSAID)
                self.worn.add("moment")
            now = await connection.fetchval("SELECT pg_current_xact_id()::xid::text")
            return {table for table in sorted(self.worn) if await self.held(connection, table, now)}
        finally:
            await connection.execute("RESET lock_timeout")

    async def held(self, connection: Any, table: str, now: str) -> bool:
        self.worn.discard(table)  # before: more may be deleted meanwhile
        try:
            await connection.execute(f"VACUUM FULL {table}")
            return bool(await connection.fetchval(STILL_SEEN, now, table))
        except FAILURES:
            self.worn.add(table)
            raise

    async def forgotten(self) -> None:
        """The end: nothing waits to be forgotten any more."""
        self.ending.set()
        if self.forgetting:
            await self.forgetting
