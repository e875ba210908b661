"""What an installation keeps, opened by the command line beside a server that may be running."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from .db import Database
from .folder import DATABASES, in_use
from .inbox import Inbox
from .keys import Keyring
from .rotation import present_master
from .settings import Settings
from .store import Store


@asynccontextmanager
async def open_data(settings: Settings) -> AsyncIterator[tuple[Store, Inbox]]:
    """Raises `ValueError` when there is no data or its key does not fit."""
    if not settings.data.is_dir():
        raise ValueError(f"{settings.data}: no rooms are kept here; set ATELIER_DATA")
    async with AsyncExitStack() as stack:
        stack.enter_context(in_use(settings.data))
        for file in DATABASES.values():
            if not (settings.data / file).exists():
                raise ValueError(f"{settings.data}: no rooms are kept here; set ATELIER_DATA")
        main, inbox, keys = [
            await stack.enter_async_context(Database.open(settings.data / file, migrations))
            for migrations, file in DATABASES.items()
        ]
        keyring = await Keyring.open(keys, await present_master(settings.master_key, keys))
        yield Store(main, keyring), Inbox(inbox, keyring)
