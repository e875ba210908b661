"""What an installation keeps, and who uses it: the server, and the command line beside it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from .db import Database
from .folder import DATABASES, in_use
from .inbox import Inbox
from .keys import Keyring
from .postgres import Postgres
from .rotation import present_master
from .settings import Settings
from .sqlite import Sqlite
from .store import Store

Engine = TypeVar("Engine", bound=Database, covariant=True)


class Databases(NamedTuple, Generic[Engine]):
    """Three files with SQLite; three schemas of one database with PostgreSQL."""

    main: Engine
    inbox: Engine
    keyring: Engine

    async def is_new(self) -> bool:
        """Whether nothing was ever sealed here."""
        return not await self.keyring.fetch("SELECT name FROM wrapped_key LIMIT 1")


@asynccontextmanager
async def databases(settings: Settings) -> AsyncIterator[Databases[Any]]:
    """Those of the installation, made when they are not there."""
    async with AsyncExitStack() as stack:
        if settings.database_url:
            db = await stack.enter_async_context(Postgres.open(settings.database_url))
            yield Databases(db, db, db)
            return
        stack.enter_context(in_use(settings.data))
        yield await stack.enter_async_context(files_of(settings.data))


@asynccontextmanager
async def files_of(folder: Path) -> AsyncIterator[Databases[Sqlite]]:
    """The three files of a folder that the caller holds."""
    async with AsyncExitStack() as stack:
        main, inbox, keyring = [
            await stack.enter_async_context(Sqlite.open(folder / file, migrations))
            for migrations, file in DATABASES.items()
        ]
        yield Databases(main, inbox, keyring)


@asynccontextmanager
async def accounts_database(settings: Settings) -> AsyncIterator[Database]:
    """That of the accounts alone: it may be made before the keys are."""
    if settings.database_url:
        async with Postgres.open(settings.database_url) as db:
            yield db
    else:
        with in_use(settings.data):
            async with Sqlite.open(settings.data / DATABASES["main"], "main") as db:
                yield db


async def open_keyring(settings: Settings, keys: Database) -> Keyring:
    """Raises `ValueError` when the master key is missing, or another one."""
    return await Keyring.open(keys, await present_master(settings.master_key, keys))


@asynccontextmanager
async def open_data(settings: Settings) -> AsyncIterator[tuple[Store, Inbox]]:
    """Raises `ValueError` when there is no data or its key does not fit."""
    if not settings.database_url and not all(
        (settings.data / file).exists() for file in DATABASES.values()
    ):
        raise ValueError(f"{settings.data}: no rooms are kept here; set ATELIER_DATA")
    async with databases(settings) as found:
        keyring = await open_keyring(settings, found.keyring)
        yield Store(found.main, keyring), Inbox(found.inbox, keyring)
