"""An installation that lies in SQLite files, copied into an empty PostgreSQL database: the whole of
it, read back and compared, or nothing.

The master key stays in its file; the keys that it wraps are copied as they are, byte by byte.
"""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from .copies import Told, check_whole, room_ids
from .data import Databases, files_of, open_keyring
from .folder import DATABASES, MOVED, alone, on_disk, settle, write_private
from .inbox import Inbox
from .postgres import Postgres
from .settings import Settings
from .sqlite import Sqlite
from .store import Store


@dataclass(frozen=True, slots=True)
class Moved:
    rooms: int
    rows: int


async def move(settings: Settings, told: Told) -> Moved:
    """Copy the files below `settings.data` into `settings.database_url`, and leave a mark that
    keeps a server from going on with them.

    Raises `ValueError`, `KeyLost`, `Unavailable` or `OSError`, and then nothing was changed.
    """
    data = settings.data
    if not settings.database_url:
        raise ValueError("DATABASE_URL: expected the new database, postgresql://…")
    if not all((data / file).exists() for file in DATABASES.values()):
        raise ValueError(f"{data}: no rooms are kept here; set ATELIER_DATA")
    with alone(data):
        settle(data)
        async with AsyncExitStack() as stack:
            found = await stack.enter_async_context(files_of(data))
            rooms = await check(settings, found, told)
            target = await stack.enter_async_context(Postgres.open(settings.database_url))
            await stack.enter_async_context(target.alone())
            rows = await target.take_in(found._asdict(), replace=False)
        write_private(data / MOVED, b"")
        on_disk(data)
    return Moved(rooms, rows)


async def check(settings: Settings, found: Databases[Sqlite], told: Told) -> int:
    """Whether every event, word and waiting note can be read; how many rooms there are."""
    keyring = await open_keyring(settings, found.keyring)
    store, inbox = Store(found.main, keyring), Inbox(found.inbox, keyring)
    await check_whole(store, told)
    for batch in await inbox.batches():
        await inbox.open(batch)
    return len(await room_ids(store.db))
