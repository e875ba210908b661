"""The queue of the SQLite engine: who waits together is written together, and harms nobody."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from atelier import sqlite
from atelier.db import Conflict, Statement, Unavailable, statement
from atelier.sqlite import Sqlite


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Sqlite]:
    async with Sqlite.open(tmp_path / "a.db", "keyring") as db:
        yield db


def add(name: str) -> Statement:
    return statement("INSERT INTO wrapped_key VALUES (:name, x'00')", name=name)


async def names(db: Sqlite) -> list[str]:
    return [name for (name,) in await db.fetch("SELECT name FROM wrapped_key ORDER BY name")]


async def commits(db: Sqlite) -> int:
    """How often this connection has changed the file: its change counter, in the header."""
    path = next(row[2] for row in await db.fetch("PRAGMA database_list"))
    return int.from_bytes(Path(path).read_bytes()[24:28])


async def test_who_waits_together_shares_one_commit(db: Sqlite) -> None:
    before = await commits(db)
    await asyncio.gather(*(db.write(add(f"{n:02}")) for n in range(50)))
    assert len(await names(db)) == 50
    assert await commits(db) - before <= 2


async def test_what_one_does_wrong_takes_nobody_else_along(db: Sqlite) -> None:
    await db.write(add("taken"))
    outcomes = await asyncio.gather(
        db.write(add("a")),
        db.write(add("b"), add("taken")),
        db.write(Statement("INSERT INTO nowhere VALUES (1)", {})),
        db.write(add("c")),
        return_exceptions=True,
    )
    assert [type(each) for each in outcomes] == [list, Conflict, Unavailable, list]
    assert await names(db) == ["a", "c", "taken"], "b is all or nothing"


async def test_a_read_sees_what_was_written_before_it(db: Sqlite) -> None:
    _, seen = await asyncio.gather(db.write(add("a")), names(db))
    assert seen == ["a"]


async def test_nobody_is_told_what_is_not_on_disk(
    db: Sqlite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit fails: who read after the writer in the same group is told what is on disk."""

    def full(connection: object, group: list[sqlite.Work]) -> list[sqlite.Outcome]:
        return run_group(Failing(connection), group)  # type: ignore[arg-type]

    run_group = sqlite.run_group
    monkeypatch.setattr(sqlite, "run_group", full)
    outcomes = await asyncio.gather(db.write(add("a")), names(db), return_exceptions=True)
    assert [type(outcomes[0]), outcomes[1]] == [Unavailable, []]


class Failing:
    """A connection whose commits find the disk full."""

    def __init__(self, connection: object) -> None:
        self.connection = connection

    def __getattr__(self, name: str) -> object:
        return getattr(self.connection, name)

    def commit(self) -> None:
        raise sqlite3.OperationalError("database or disk is full")


async def test_reading_goes_on_while_another_process_writes(
    db: Sqlite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await db.write(add("a"))
    await db.fetch("PRAGMA busy_timeout = 50")
    async with Sqlite.open(tmp_path / "a.db", "keyring") as other, other.transaction():
        seen, written = await asyncio.gather(names(db), db.write(add("b")), return_exceptions=True)
    assert seen == ["a"]
    assert isinstance(written, Unavailable)
    await db.write(add("b"))
    assert await names(db) == ["a", "b"], "as soon as it may"


async def test_who_goes_away_holds_nobody_up(db: Sqlite) -> None:
    leaving = asyncio.create_task(db.write(add("a")))
    await asyncio.sleep(0)
    leaving.cancel()
    await db.write(add("b"))
    assert await names(db) == ["a", "b"]


async def test_what_the_engine_does_not_know_is_told_to_who_asked_alone(db: Sqlite) -> None:
    """A number that fits in no column is no error of SQLite, and came with others."""
    too_large = statement("INSERT INTO wrapped_key VALUES ('n', :n)", n=2**80)
    outcomes = await asyncio.gather(
        db.write(add("a")), db.write(too_large), db.write(add("b")), return_exceptions=True
    )
    assert [type(each) for each in outcomes] == [list, OverflowError, list]
    with pytest.raises(OverflowError):
        await db.write(too_large)
    await db.write(add("c"))
    assert await names(db) == ["a", "b", "c"]


async def test_a_statement_that_is_wrong_takes_nobody_else_along(db: Sqlite) -> None:
    wrong = Statement("INSERT INTO nowhere VALUES (1)", {})
    outcomes = await asyncio.gather(
        db.write(add("a")), db.write(wrong), db.write(add("b")), return_exceptions=True
    )
    assert [type(each) for each in outcomes] == [list, Unavailable, list]


async def test_who_asks_a_closed_database_is_told_so(tmp_path: Path) -> None:
    async with Sqlite.open(tmp_path / "b.db", "keyring") as closed:
        pass
    async with asyncio.timeout(2):
        with pytest.raises(ValueError, match=r"closed|active"):
            await names(closed)
