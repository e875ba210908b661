"""What an installation keeps, opened by the command line beside a server that may be running."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from .app import DATABASES
from .db import Database
from .inbox import Inbox
from .keys import Keyring, master_key
from .settings import Settings
from .store import Store


@asynccontextmanager
async def open_data(settings: Settings) -> AsyncIterator[tuple[Store, Inbox]]:
    """Raises `ValueError` when there is no data or its key does not fit."""
    for file in DATABASES.values():
        if not (settings.data / file).exists():
            raise ValueError(f"{settings.data}: no rooms are kept here; set ATELIER_DATA")
    master = master_key(settings.master_key, make=False)
    async with AsyncExitStack() as stack:
        main, inbox, keys = [
            await stack.enter_async_context(Database.open(settings.data / file, migrations))
            for migrations, file in DATABASES.items()
        ]
        keyring = Keyring(keys, master)
        await keyring.check()
        yield Store(main, keyring), Inbox(inbox, keyring)
