"""What the databases could hold beside the columns that were reviewed (`tests/schema.txt`)."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from atelier.web.who import Services
from tests.desk import fill, open_wall, reveal

STORED = {"TEXT": {"text"}, "BLOB": {"blob"}, "INTEGER": {"integer"}}
"""SQLite lets any value into any column: what each declared type may really hold."""

OF_NOTES = ("sealed", "withdrawn", "late", "secret", "words", "wrapped_key")


@pytest.fixture
async def databases(services: Services, tmp_path: Path) -> list[Path]:
    """After a session, so that there is something in them."""
    live = await open_wall(services)
    drafts = await fill(services, live)
    await reveal(services, live)
    await services.notes.take_back(live, drafts[0].note, drafts[0].secret, now=False)
    waves = await open_wall(services, "waves")
    await fill(services, waves)
    return sorted(tmp_path.glob("**/*.db*"))


def read(path: Path, sql: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def tables(path: Path) -> list[str]:
    return [name for (name,) in read(path, "SELECT name FROM sqlite_master WHERE type = 'table'")]


async def test_there_are_three_files_and_no_journal_holds_anything(databases: list[Path]) -> None:
    held = [path for path in databases if path.stat().st_size]
    assert [path.name for path in held] == ["atelier.db", "inbox.db", "keyring.db"]
    assert {path.name for path in databases if path not in held} <= {
        f"{path.name}-journal" for path in held
    }


async def test_notes_have_no_index_but_their_keys_and_nothing_writes_by_itself(
    databases: list[Path],
) -> None:
    """An index, a view or a trigger could keep an order or a copy that no table shows."""
    for path in databases:
        others = "SELECT type, name, tbl_name FROM sqlite_master WHERE type <> 'table'"
        for kind, name, table in read(path, others):
            assert kind == "index", name
            assert name.startswith("sqlite_autoindex_") or table not in OF_NOTES, name


async def test_no_column_is_hidden_or_filled_by_itself(databases: list[Path]) -> None:
    constant = re.compile(r"-?\d+|'.*'|NULL")
    for path in databases:
        for table in tables(path):
            for _, name, _, _, default, _, hidden in read(path, f"PRAGMA table_xinfo({table})"):
                assert not hidden, f"{table}.{name}"
                assert default is None or constant.fullmatch(default), f"{table}.{name} {default}"


async def test_every_value_is_of_the_type_that_was_declared(databases: list[Path]) -> None:
    """No time hides in a column of texts, no text in a column of numbers."""
    for table, column, declared, found in (each for path in databases for each in values(path)):
        assert found <= STORED[declared] | {"null"}, f"{table}.{column}"


def values(path: Path) -> Iterator[tuple[str, str, str, set[str]]]:
    for table in tables(path):
        for _, name, declared, *_ in read(path, f"PRAGMA table_xinfo({table})"):
            found = read(path, f"SELECT DISTINCT typeof({name}) FROM {table}")
            yield table, name, declared, {kind for (kind,) in found}


async def test_nothing_that_has_to_do_with_a_note_holds_a_number_but_its_revision(
    databases: list[Path],
) -> None:
    numbers = {
        f"{table}.{column}"
        for path in databases
        for table, column, declared, _ in values(path)
        if declared != "TEXT" and declared != "BLOB"
        if table in OF_NOTES
    }
    assert numbers <= {"secret.rev"}
