"""PostgreSQL: whether it answers, keeps what it acknowledges, lets go of what was deleted, and is
sealed with this master key."""

import time
from collections.abc import AsyncIterator
from typing import Any

import asyncpg

from ..keys import ANY_KEY, master_key
from ..postgres.journal import KEEPING, quiet
from ..settings import Settings
from .finding import Finding
from .keys import CLOCK, NEWEST, believed, opened, sane

WAIT_SECONDS = 5
OLDEST = 15
DURABLE = ("fsync", "full_page_writes")
AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


async def check_database(settings: Settings) -> list[Finding]:
    try:
        connection = await asyncpg.connect(
            settings.database_url,
            timeout=WAIT_SECONDS,
            command_timeout=WAIT_SECONDS,
            server_settings={"search_path": "main, inbox, keyring"},
        )
    except (*AWAY, ValueError) as error:
        return [
            Finding(
                "error",
                f"database: PostgreSQL does not answer ({type(error).__name__})",
                "start it, or correct DATABASE_URL",
            )
        ]
    try:
        await quiet(connection)  # as the server is: what is left then, it cannot help
        async with connection.transaction(readonly=True):
            return [finding async for finding in look(connection, settings)]
    except AWAY as error:
        return [
            Finding("error", f"database: it cannot be read ({type(error).__name__})",
                    "give this user the schemas main, inbox and keyring")
        ]  # fmt: skip
    finally:
        await connection.close()


async def look(connection: Any, settings: Settings) -> AsyncIterator[Finding]:
    yield check_version(connection.get_server_version().major)
    for name in (*DURABLE, "server_encoding"):
        yield check_setting(name, await connection.fetchval("SELECT current_setting($1)", name))
    yield check_keeping([name for (name,) in await connection.fetch(KEEPING)])
    if await connection.fetchval("SELECT to_regclass('keyring.wrapped_key')") is None:
        yield Finding("ok", "database: no tables yet, the first `atelier serve` makes them")
        return
    if rows := [tuple(row) for row in await connection.fetch(ANY_KEY)]:
        yield check_keyring(settings, rows)
    yield sane(await connection.fetchval(NEWEST) or 0, time.time())
    yield believed([tuple(row) for row in await connection.fetch(CLOCK)])


def check_keyring(settings: Settings, rows: list[Any]) -> Finding:
    try:
        return opened(master_key(settings.master_key, make=False), rows, "the database")
    except (ValueError, OSError) as error:
        return Finding("error", f"master key: {error}", "no room can be read without it")


def check_version(major: int) -> Finding:
    found = f"database: PostgreSQL {major}"
    if major < OLDEST:
        return Finding("error", found, f"expected {OLDEST} or newer")
    return Finding("ok", found)


def check_setting(name: str, value: str) -> Finding:
    found = f"database: {name} is {value}"
    if name in DURABLE and value != "on":
        return Finding("error", found, "set it on: a power cut would lose what was acknowledged")
    if name == "server_encoding" and value != "UTF8":
        return Finding("error", found, "expected UTF8: make a new database")
    return Finding("ok", found)


def check_keeping(kept: list[str]) -> Finding:
    if kept:
        return Finding(
            "warning",
            f"database: it keeps what was deleted ({', '.join(kept)})",
            "phones say so; docs/how-to/self-host.md, “Several processes”, says what to set",
        )
    return Finding("ok", "database: what was deleted leaves it within seconds")
