"""What an operator has to know: each check finds something, and says what to mend.

Nothing is changed; it may run beside a server, and without one.
"""

import asyncio
import shutil
import time
from collections.abc import Iterator

from ..folder import DATABASES
from ..settings import Settings
from .database import check_database
from .finding import Finding
from .folder import (
    check_backups,
    check_databases,
    check_folder,
    check_restore,
    check_space,
    check_writing,
)
from .keys import check_clock, check_master_key, check_retention_clock, check_rotation
from .origin import check_origin


async def examine(settings: Settings) -> list[Finding]:
    found = await asyncio.to_thread(lambda: list(checks(settings)))
    if settings.database_url:
        found += await check_database(settings)
    return found


def checks(settings: Settings) -> Iterator[Finding]:
    if not settings.data.exists():
        yield Finding(
            "warning",
            f"data: {settings.data} is not there yet",
            "the first `atelier serve` makes it; if there was data, set ATELIER_DATA",
        )
    else:
        yield from check_folder(settings.data)
        yield check_writing(settings.data)
        yield check_space(settings.data, shutil.disk_usage(settings.data).free)
        yield check_restore(settings.data)
        yield check_backups(settings.data)
    yield from check_master_key(settings)
    yield check_rotation(settings)
    if not settings.database_url:
        yield from check_files(settings)
    yield check_rate(settings)
    yield from check_origin(settings)


def check_files(settings: Settings) -> Iterator[Finding]:
    main = settings.data / DATABASES["main"]
    if settings.data.exists():
        yield from check_databases(settings.data)
    yield check_clock(main, time.time())
    yield check_retention_clock(main)


def check_rate(settings: Settings) -> Finding:
    if settings.rate == "off":
        return Finding(
            "warning", "limits: ATELIER_RATE is off", "only to measure: codes can be guessed fast"
        )
    return Finding("ok", "limits: on")
