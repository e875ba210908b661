"""What happens by itself: bands are refreshed, late changes settle, closings are carried out."""

import asyncio
import time

from .closing import Closing
from .expiry import Expiry
from .log import log
from .notes import Notes
from .now import BAND_SECONDS, Announcer

TICK_SECONDS = 0.5
CLOSING_SECONDS = 5.0
MEND_SECONDS = 60.0
DESERTED_SECONDS = 600.0
EXPIRY_SECONDS = 1800.0


class Housekeeping:
    def __init__(self, notes: Notes, announcer: Announcer, closing: Closing) -> None:
        self.notes = notes
        self.announcer = announcer
        self.closing = closing
        self.expiry = Expiry(closing)
        self.last: dict[str, float] = {}

    async def run(self) -> None:
        """Tick until cancelled; a failure is logged and the next tick tries again."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            for chore in (
                self.settle,
                self.notice_erased,
                self.refresh_bands,
                self.finish,
                self.mend,
                self.close_deserted,
                self.erase_due,
            ):
                try:
                    await chore()
                except Exception as error:
                    log.error("chore-failed", chore=chore.__name__, error=type(error).__name__)

    async def settle(self) -> None:
        await self.notes.settle_due()

    async def notice_erased(self) -> None:
        await self.closing.notice_erased()

    async def refresh_bands(self) -> None:
        if self.every("bands", BAND_SECONDS):
            await self.announcer.beat()

    async def finish(self) -> None:
        if self.every("finish", CLOSING_SECONDS):
            await self.closing.finish_due()

    async def mend(self) -> None:
        if self.every("mend", MEND_SECONDS):
            await self.notes.mend()

    async def close_deserted(self) -> None:
        if self.every("deserted", DESERTED_SECONDS):
            await self.closing.close_deserted()

    async def erase_due(self) -> None:
        if self.every("expiry", EXPIRY_SECONDS):
            await self.expiry.erase_due()

    def every(self, chore: str, seconds: float) -> bool:
        now = time.monotonic()
        if chore in self.last and now - self.last[chore] < seconds:
            return False
        self.last[chore] = now
        return True
