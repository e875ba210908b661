"""What the databases and the keys promise."""

import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from atelier.db import MIGRATIONS, Conflict, read_migrations
from atelier.keys import KeyLost, Keyring, master_key, seal, unseal
from atelier.rooms.commands import Lock
from atelier.rooms.events import Recorded, VeilDrawn
from atelier.rooms.ids import RoomId
from atelier.sqlite import Sqlite
from atelier.store import Change
from atelier.web.who import Services
from tests.desk import draft, open_wall

SCHEMA = Path(__file__).parent / "schema.txt"


ADDS = re.compile(
    r"\s*(CREATE TABLE \w+ \(|ALTER TABLE \w+ ADD COLUMN \w+ [A-Z]+( NOT NULL DEFAULT|$))"
)


def test_a_migration_only_adds_so_that_the_version_before_goes_on_beside_it() -> None:
    """What it finds in the tables then: `nodes/test_versions.py`."""
    for folder in MIGRATIONS.iterdir():
        for number, statements in read_migrations(folder):
            for each in statements:
                assert ADDS.match(each.rstrip()), f"{folder.name} {number}: {each}"


async def test_the_schema_is_the_one_that_was_reviewed(services: Services) -> None:
    """A column for an author, an address or a time cannot come in unseen."""
    found = []
    databases = (services.live.store.db, services.notes.inbox.db, services.live.keyring.db)
    for name, db in zip(("main", "inbox", "keyring"), databases, strict=True):
        tables = await db.fetch("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        for (table,) in tables:
            for row in await db.fetch(f"PRAGMA table_info({table})"):
                found.append(f"{name}.{table}.{row[1]} {row[2]}")
    assert "\n".join(found) + "\n" == SCHEMA.read_text()


async def test_no_table_keeps_a_hidden_row_number(services: Services) -> None:
    for db in (services.live.store.db, services.notes.inbox.db, services.live.keyring.db):
        for (sql,) in await db.fetch("SELECT sql FROM sqlite_master WHERE type = 'table'"):
            assert sql.endswith("WITHOUT ROWID"), sql


async def test_deleted_rows_are_overwritten_and_nothing_is_logged_ahead(
    services: Services,
) -> None:
    db = services.notes.inbox.db
    assert await db.fetch("PRAGMA secure_delete") == [(1,)]
    assert await db.fetch("PRAGMA journal_mode") == [("truncate",)]
    assert await db.fetch("PRAGMA synchronous") == [(3,)]


async def test_files_are_for_their_owner_only(services: Services, tmp_path: Path) -> None:
    await open_wall(services)
    for path in [*tmp_path.glob("*.db"), tmp_path / "keys" / "master.key"]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


async def test_events_are_appended_once(services: Services) -> None:
    live = await open_wall(services)
    veil = Change((Recorded(live.seq + 1, VeilDrawn(True), 0),))
    await services.live.store.append(live.id, live.keys, veil)
    with pytest.raises(Conflict):
        await services.live.store.append(live.id, live.keys, veil)


async def test_a_room_behind_the_log_catches_up_and_acts(services: Services) -> None:
    live = await open_wall(services)
    veil = Change((Recorded(live.seq + 1, VeilDrawn(True), 0),))
    await services.live.store.append(live.id, live.keys, veil)
    await services.live.perform(live, Lock(True))
    assert live.room.veiled and live.room.locked and live.seq == 4


async def test_two_open_rooms_never_share_a_code(services: Services) -> None:
    live = await open_wall(services)
    other = await open_wall(services)
    twin = replace(other.entry, id=RoomId("0" * 32), code=live.entry.code)
    with pytest.raises(Conflict):
        await services.live.store.add_room(twin, other.keys, Change(()))


async def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    async with Sqlite.open(tmp_path / "a.db", "keyring") as db:
        with pytest.raises(ZeroDivisionError):
            async with db.transaction() as tx:
                await tx.execute("INSERT INTO wrapped_key VALUES ('a', x'00')")
                raise ZeroDivisionError
        assert await db.fetch("SELECT * FROM wrapped_key") == []


def test_what_is_sealed_opens_with_its_key_and_context_only() -> None:
    box = seal(b"k" * 32, b"words", "room/1")
    assert unseal(b"k" * 32, box, "room/1") == b"words"
    for key, context in ((b"x" * 32, "room/1"), (b"k" * 32, "room/2")):
        with pytest.raises(KeyLost):
            unseal(key, box, context)


def test_a_master_key_of_another_length_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(b"short")
    with pytest.raises(ValueError, match="expected a key of 32 bytes, found 5"):
        master_key(path, make=True)


def test_a_missing_master_key_is_never_replaced_behind_sealed_data(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="missing: put it back"):
        master_key(tmp_path / "master.key", make=False)


async def test_another_master_key_is_refused(services: Services) -> None:
    await open_wall(services)
    stranger = Keyring(services.live.keyring.db, b"x" * 32)
    with pytest.raises(ValueError, match="put that one back"):
        await stranger.check()


async def test_no_row_of_the_log_of_a_phone_has_a_minute(services: Services) -> None:
    live = await open_wall(services, "direct")
    await services.notes.post(live, draft())
    rows = await services.live.store.db.fetch("SELECT name, minute FROM event ORDER BY seq")
    assert rows == [("RoomOpened", 0), ("StepEntered", 0), ("NotePosted", None)]
