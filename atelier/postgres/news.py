"""Telling other processes that something has changed in a room, and hearing it from them.

`NOTIFY` wakes up; it is not the truth. Who hears nothing looks by itself, a little later.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import asyncpg

from .journal import quiet

CHANNEL = "atelier"
SECONDS = 3.0
"""A connection that does not answer within this is closed, and made anew."""
FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


class News:
    """A connection of its own, made when it is first needed: nothing else waits for it, and it
    waits for nothing else."""

    def __init__(self, url: str, session: Mapping[str, str]) -> None:
        self.url = url
        self.session = {
            **session,
            "application_name": "atelier news",
            "synchronous_commit": "off",  # there is nothing to keep
        }
        self.connection: Any = None
        self.heard: Callable[[str], None] | None = None
        self.rooms: set[str] = set()
        self.telling: asyncio.Task[None] | None = None
        self.connecting = asyncio.Lock()

    def tell(self, room: str) -> None:
        """Whoever changes much is heard once."""
        self.rooms.add(room)
        if self.telling is None:
            self.telling = asyncio.create_task(self.tell_all())

    async def tell_all(self) -> None:
        try:
            while self.rooms:
                rooms, self.rooms = self.rooms, set()
                with suppress(*FAILURES):
                    connection = await self.connect()
                    async with asyncio.timeout(SECONDS):
                        await connection.execute(
                            "SELECT pg_notify($1, room) FROM unnest($2::text[]) AS room",
                            CHANNEL,
                            list(rooms),
                        )
        finally:
            self.telling = None

    async def told(self) -> None:
        """The end: what is being told is told, then the connection is closed."""
        if self.telling:
            await self.telling
        if self.connection is not None:
            self.connection.terminate()

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Until cancelled: call `heard` with each room that another process has changed."""
        self.heard = heard
        while True:
            try:
                connection = await self.connect()
                async with asyncio.timeout(SECONDS):
                    await connection.execute("SELECT 1")
            except FAILURES:
                if self.connection is not None:
                    self.connection.terminate()
            await asyncio.sleep(SECONDS)

    async def connect(self) -> Any:
        async with self.connecting:
            if self.connection is None or self.connection.is_closed():
                self.connection = await asyncpg.connect(
                    self.url, timeout=SECONDS, server_settings=self.session
                )
                await quiet(self.connection)
                await self.connection.add_listener(CHANNEL, self.hear)
        return self.connection

    def hear(self, connection: Any, pid: int, channel: str, room: object) -> None:
        if self.heard and pid != connection.get_server_pid():
            self.heard(str(room))
