"""Which day it is, for what must be erased on a day: a clock that jumps is not believed at once.

A battery that ran out, a wrong year typed in: what is erased by mistake does not come back. So a
jump is believed when the clock has held it for a day; until then time goes on from before it.
"""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime

from .db import Database, statement

DAY = 24 * 3600
JUMP = DAY
"""More than this between two looks, beside what really passed, is a jump."""
ABSENCE = 60 * DAY
"""More than this between two starts could be a jump."""
HELD = DAY
RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds: the time that is believed, the time in doubt when there is one, and for how long
    the doubt has been held."""

    seen: int
    doubted: int | None = None
    held: int = 0


def looked(clock: Clock, wall: int, passed: int | None) -> Clock:
    """What is believed when the clock on the wall says `wall`, and `passed` seconds have really
    gone by; None at a start, where nobody knows."""
    believed = clock.seen + (passed or 0)
    if -JUMP <= wall - believed <= (ABSENCE if passed is None else JUMP):
        return Clock(wall)
    held = held_for(clock, wall, passed)
    if held >= HELD:
        return Clock(wall)
    return Clock(believed, wall, held)


def held_for(clock: Clock, wall: int, passed: int | None) -> int:
    """For how long the same doubt has been held; 0 when it is another one."""
    if clock.doubted is None:
        return 0
    since = wall - clock.doubted
    if passed is None:
        return clock.held + since if since >= 0 else 0
    return clock.held + passed if abs(since - passed) <= JUMP else 0


class Days:
    """The clock of the retention rules, kept over restarts."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.looked_at: float | None = None

    async def today(self) -> date:
        """The day that is believed, in UTC; looks at the clock."""
        return datetime.fromtimestamp(await self.believed(), UTC).date()

    async def believed(self) -> int:
        """The time that is believed, in Unix seconds; looks at the clock."""
        wall, now = int(time.time()), uptime()
        passed = None if self.looked_at is None else round(now - self.looked_at)
        clock = looked(await self.known() or Clock(wall), wall, passed)
        self.looked_at = now
        await self.keep(clock)
        return clock.seen

    async def known(self) -> Clock | None:
        rows = await self.db.fetch("SELECT seen, doubted, held FROM clock")
        return Clock(*rows[0]) if rows else None

    async def keep(self, clock: Clock) -> None:
        await self.db.write(
            statement(
                "INSERT INTO clock VALUES (:name, :seen, :doubted, :held) ON CONFLICT (name)"
                " DO UPDATE SET seen = :seen, doubted = :doubted, held = :held",
                name=RETENTION,
                seen=clock.seen,
                doubted=clock.doubted,
                held=clock.held,
            )
        )


def uptime() -> float:
    """Seconds that nobody can set; where the system knows, those asleep too."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)
