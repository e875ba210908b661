"""An installation in this process that can lose its power: at any moment, or before or after any
of its commits."""

import asyncio
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Protocol
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from pytest import MonkeyPatch

from atelier import housekeeping, passwords
from atelier.app import create_app
from atelier.housekeeping import Housekeeping
from atelier.settings import Settings
from tests.clusters import Cluster
from tests.contract.model.state import THRESHOLD
from tests.web.inside import Inside, opened

NEVER = 1e6


class PowerCut(BaseException):
    """Everything in memory is gone. No handler of the application may catch it."""


class Database(Protocol):
    write: Callable[..., Awaitable[Any]]
    fetch: Callable[..., Awaitable[Any]]


@dataclass
class Cut:
    """The power goes at a commit: the first, the second, …; before it, or after."""

    commit: int
    after: bool


@dataclass
class Power:
    """What stands between the application and its databases."""

    on: bool = True
    cut: Cut | None = None

    def feeds(self, db: Database) -> None:
        db.write = partial(self.write, db.write)
        db.fetch = partial(self.fetch, db.fetch)

    async def write(self, write: Callable[..., Awaitable[Any]], *statements: Any) -> Any:
        self.need()
        if self.cut is None or self.cut.commit > 1:
            if self.cut:
                self.cut.commit -= 1
            return await write(*statements)
        if self.cut.after:
            await write(*statements)
        self.on = False
        raise PowerCut

    async def fetch(self, fetch: Callable[..., Awaitable[Any]], sql: str, **values: Any) -> Any:
        self.need()
        return await fetch(sql, **values)

    def need(self) -> None:
        if not self.on:
            raise PowerCut


class Clock:
    """Stands still but for a moment at each look, so that nothing happens by itself and one thing
    comes after another."""

    MOMENT = 1e-5

    def __init__(self) -> None:
        self.start = time.time()
        self.passed = 1000.0

    def time(self) -> float:
        self.passed += self.MOMENT
        return self.start + self.passed

    def monotonic(self) -> float:
        self.passed += self.MOMENT
        return self.passed

    def clock_gettime(self, clock: int) -> float:
        return self.monotonic()

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def rules(self, patch: MonkeyPatch) -> None:
        """All of the application, its housekeeping included, which waits to be asked."""
        for name, module in list(sys.modules.items()):
            if name.startswith("atelier.") and getattr(module, "time", None) is time:
                patch.setattr(module, "time", self)
        patch.setattr(housekeeping, "TICK_SECONDS", NEVER)


def hurry_passwords(patch: MonkeyPatch) -> None:
    """A start takes milliseconds then: many machines start many times."""
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    patch.setattr(passwords, "PasswordHasher", lambda **_: weak)


class Engine(Protocol):
    """Where an installation keeps its data: each one starts from the same copy."""

    def prepare(self) -> Settings:
        """Settings of the installation that the others are copies of."""

    def copy(self) -> Settings: ...

    def outlive(self, settings: Settings) -> None:
        """Processes that are gone are missed: what they said of themselves holds for a while."""

    def drop(self, settings: Settings) -> None: ...


@dataclass
class OnSqlite:
    folder: Path

    def prepare(self) -> Settings:
        return settings_of(self.folder / "first")

    def copy(self) -> Settings:
        data = Path(mkdtemp(dir=self.folder)) / "var"
        shutil.copytree(self.folder / "first", data)
        return settings_of(data)

    def outlive(self, settings: Settings) -> None:
        """There are none."""

    def drop(self, settings: Settings) -> None:
        shutil.rmtree(settings.data.parent)


@dataclass
class OnPostgres:
    folder: Path
    cluster: Cluster

    def prepare(self) -> Settings:
        self.first = self.cluster.database()
        return settings_of(self.folder / "first", DATABASE_URL=self.first)

    def copy(self) -> Settings:
        data = Path(mkdtemp(dir=self.folder)) / "var"
        shutil.copytree(self.folder / "first", data)
        name = f"c{data.parent.name.encode().hex()}"
        self.cluster.sql(f"CREATE DATABASE {name} TEMPLATE {name_in(self.first)}")
        return settings_of(data, DATABASE_URL=self.cluster.url(name))

    def outlive(self, settings: Settings) -> None:
        self.cluster.sql("DELETE FROM main.moment", name_in(settings.database_url))

    def drop(self, settings: Settings) -> None:
        shutil.rmtree(settings.data.parent)
        self.cluster.sql(f"DROP DATABASE {name_in(settings.database_url)} WITH (FORCE)")


def name_in(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def settings_of(data: Path, **others: Any) -> Settings:
    return Settings(data=data, threshold=THRESHOLD, rate="off", **others)


@dataclass
class Installation:
    """The application on some data, started and restarted."""

    settings: Settings
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    faults: list[str] = field(default_factory=list)
    """What no handler caught."""

    def __post_init__(self) -> None:
        self.runner.get_loop().set_exception_handler(self.note_fault)

    def note_fault(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not isinstance(context.get("exception"), PowerCut):
            self.faults.append(str(context))

    def start(self) -> None:
        self.power = Power()
        self.inside = Inside(create_app(self.settings), self.runner)
        self.stack: AsyncExitStack = self.inside.run(opened(self.inside.guard))
        services = self.inside.services
        databases = (services.live.store.db, services.notes.inbox.db, services.live.keyring.db)
        for db in {id(db): db for db in databases}.values():  # one, or three
            self.power.feeds(db)  # type: ignore[arg-type]
        self.chores = Housekeeping(services.notes, services.announcer, services.closing)

    def keep_house(self) -> None:
        """What happens by itself, now."""
        for chore in (
            self.chores.settle,
            self.chores.notice_erased,
            self.chores.refresh_bands,
            self.chores.finish,
            self.chores.mend,
        ):
            self.inside.run(chore())

    def stop(self) -> None:
        """Says goodbye to nobody; with the power off, nothing more reaches the disk."""
        self.runner.run(self.stack.aclose())

    def end(self) -> None:
        """Every screen has left. Nothing may go on once the application has ended."""
        self.stop()
        left = self.runner.run(tasks_left())
        self.runner.close()
        assert not left, f"tasks that nobody waits for: {left}"


async def tasks_left() -> set[str]:
    for _ in range(5):  # for those that were just cancelled
        await asyncio.sleep(0)
    return {str(task.get_coro()) for task in asyncio.all_tasks() - {asyncio.current_task()}}
