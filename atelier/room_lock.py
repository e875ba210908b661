"""Whose turn it is in a room."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

Hold = Callable[[bool], AbstractAsyncContextManager[None]]
"""Have the room among all processes; True to share it with others who share."""


class RoomLock:
    """Who acts on a room has it alone; phones that lay notes face down share it. First come, first
    served; where other processes act on rooms, what they do is waited for after that.

    Who waits for a room that goes meanwhile is told so, and gets none of its remains.
    """

    def __init__(self, hold: Hold | None = None) -> None:
        self.hold = hold
        self.held: AbstractAsyncContextManager[None] | None = None
        self.turn = asyncio.Lock()
        self.sharing = 0
        self.unshared = asyncio.Event()
        self.unshared.set()
        self.ended: type[Exception] | None = None

    async def __aenter__(self) -> None:
        await self.turn.acquire()
        try:
            await self.unshared.wait()
            self.refuse_ended()
            if self.hold:
                held = self.hold(False)
                await held.__aenter__()
                self.held = held
        except BaseException:
            self.turn.release()
            raise

    async def __aexit__(self, *error: Any) -> None:
        try:
            if self.held:
                held, self.held = self.held, None
                await held.__aexit__(*error)
        finally:
            self.turn.release()

    @asynccontextmanager
    async def shared(self) -> AsyncIterator[None]:
        async with self.turn:
            self.refuse_ended()
            self.sharing += 1
            self.unshared.clear()
        try:
            if self.hold:
                async with self.hold(True):
                    yield
            else:
                yield
        finally:
            self.sharing -= 1
            if not self.sharing:
                self.unshared.set()

    def end(self, error: type[Exception]) -> None:
        """Nobody has it any more: whoever waits, or comes later, gets this error."""
        self.ended = error

    def refuse_ended(self) -> None:
        if self.ended:
            raise self.ended
