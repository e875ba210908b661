"""Turns: whoever has a room, or the whole database, has an advisory lock and the connection that
holds it. Everything that is asked within the turn goes over that connection, so that nothing can be
written once the lock is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import asyncpg

from .errors import FAILURES

IN_USE = 0x61746C75
"""The advisory lock that every connection shares, and that some commands want alone."""
WHOLE = ""
"""In the place of a room: all of it."""


@dataclass(eq=False, slots=True)
class Turn:
    """One task at a time speaks over its connection."""

    room: str
    connection: Any
    speaking: asyncio.Lock = field(default_factory=asyncio.Lock)
    over: bool = False


held: ContextVar[Turn | None] = ContextVar("held", default=None)


def present() -> Turn | None:
    """The turn that this task has."""
    turn = held.get()
    return turn if turn and not turn.over else None


@asynccontextmanager
async def turn_of(room: str, connection: Any, unlock: str, number: int) -> AsyncIterator[None]:
    """The turn of this task, over a connection that has the lock; it is given back at the end."""
    turn = Turn(room, connection)
    before = held.set(turn)
    try:
        yield
    finally:
        held.reset(before)
        turn.over = True
        await give_back(turn, unlock, number)


async def give_back(turn: Turn, unlock: str, number: int) -> None:
    """A connection that cannot say that the lock is free is closed: so it is."""
    try:
        async with turn.speaking:
            if await turn.connection.fetchval(f"SELECT {unlock}($1)", number) is True:
                return
    except (asyncpg.PostgresError, *FAILURES):
        pass
    with suppress(asyncpg.InterfaceError):  # it is closed already
        turn.connection.terminate()


def number_of(room: str) -> int:
    """The advisory lock of a room."""
    return int.from_bytes(blake2b(room.encode(), digest_size=8).digest(), signed=True)
