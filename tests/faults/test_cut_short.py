"""A new master key or a restore that is killed at any point leaves the old data or the new."""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from atelier.backup import backup
from atelier.folder import BUILDING, READY
from atelier.live import LiveRoom
from atelier.restore import restore
from atelier.rotation import next_to, rotate
from atelier.settings import Settings
from atelier.sqlite import SqliteTransaction as Transaction
from tests.desk import open_wall, wall
from tests.test_backup import lively, nobody, running

STEPS = ("os.remove", "os.rename", "os.rmdir", "os.mkdir")
"""Between these no file comes, goes or takes the place of another."""
WRITTEN = ("master.key", "master.key.next")
KILLED = 9

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

Work = Callable[[Settings], Coroutine[Any, Any, object]]


@pytest.fixture
async def made(settings: Settings, tmp_path: Path) -> LiveRoom:
    """A room in the data and in a backup, and another one in the data alone."""
    (tmp_path / "var").mkdir()
    async with running(at(tmp_path / "var")) as services:
        live = await lively(services)
        await backup(at(tmp_path / "var"), tmp_path / "copy", nobody)
        await open_wall(services)
    return live


def at(data: Path) -> Settings:
    return Settings(data=data, threshold=3, rate="off")


def killed_everywhere(
    folder: Path, work: Work, *, in_transactions: bool = False
) -> Iterator[Settings]:
    """The data as each kill left it, from the first step of the work to its last."""
    for step in range(1000):
        shutil.rmtree(folder / "cut", ignore_errors=True)
        shutil.copytree(folder / "var", folder / "cut")
        settings = at(folder / "cut")
        code = child(partial(done, work, settings), step, in_transactions)
        if code == 0:
            assert step > 5, "or nothing was cut"
            return
        assert code == KILLED
        yield settings


def done(work: Work, settings: Settings) -> None:
    asyncio.run(work(settings))


def child(work: Callable[[], object], step: int, in_transactions: bool) -> int:
    """The exit code of a process that does this work and is killed before its step number `step`,
    with all that it has not written."""
    if pid := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    left = step

    def count(event: str, arguments: tuple[object, ...] = ()) -> None:
        nonlocal left
        if event in STEPS or (event == "open" and str(arguments[0]).endswith(WRITTEN)):
            left -= 1
            if left < 0:
                os._exit(KILLED)

    execute = Transaction.execute

    async def counted(self: Transaction, sql: str, **values: Any) -> int:
        count("os.rename")
        return await execute(self, sql, **values)

    if in_transactions:
        Transaction.execute = counted  # type: ignore[method-assign]
    sys.addaudithook(count)
    try:
        work()
    except BaseException:
        os._exit(1)
    os._exit(0)


async def test_a_rotation_that_is_killed_leaves_a_master_key_that_opens_everything(
    made: LiveRoom, tmp_path: Path
) -> None:
    old = at(tmp_path / "var").master_key.read_bytes()
    keys: set[bytes] = set()
    for settings in killed_everywhere(tmp_path, rotate, in_transactions=True):
        async with running(settings) as services:
            live = await services.live.open(made.id)
            assert len(wall(live)) == 4
            assert await services.live.store.find_code(made.entry.code) == made.id
        assert not next_to(settings.master_key).exists()
        keys.add(settings.master_key.read_bytes())
    assert old in keys and len(keys) > 1, "kills before and after the keys were wrapped anew"


async def test_a_restore_that_is_killed_leaves_the_old_data_or_the_new(
    made: LiveRoom, tmp_path: Path
) -> None:
    async def work(settings: Settings) -> None:
        await restore(settings, tmp_path / "copy", nobody)

    found = set()
    for settings in killed_everywhere(tmp_path, work):
        async with running(settings) as services:
            live = await services.live.open(made.id)
            assert len(wall(live)) == 4
            old = live.entry.epoch == made.entry.epoch
            assert len(await services.live.store.rooms()) == (2 if old else 1)
            assert (await services.notes.inbox.counts(made.id) != {}) is old
            found.add(old)
        assert not (settings.data / READY).exists()
        assert not (settings.data / BUILDING).exists()
    assert found == {True, False}
