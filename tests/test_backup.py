"""A backup holds what it says and no more; a restore brings back what was not erased since."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from stat import S_IMODE

import pytest

from atelier.app import build
from atelier.backup import backup
from atelier.copies import HELD, LEFT_OUT, boxes, check_whole, keys_beside
from atelier.db import Database
from atelier.folder import DATABASES
from atelier.hub import Hub
from atelier.inbox import LateChange
from atelier.keys import KeyLost, RoomKeys, unseal, wrapping_key
from atelier.live import Beside, LiveRoom, NoRoom
from atelier.restore import Restored, restore
from atelier.rooms.commands import FormCluster, HideNote
from atelier.rooms.ids import ClusterId, NoteId, RoomId, WordsId
from atelier.rooms.refusals import Refused
from atelier.rooms.words import Words
from atelier.settings import Settings
from atelier.web.throttle import Throttle
from atelier.web.who import Services
from tests.anonymity.canaries import forms
from tests.desk import draft, fill, open_wall, reveal, wall

TITLE = WordsId("title")


def nobody(done: int, of: int) -> None:
    pass


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Services]:
    async with AsyncExitStack() as stack:
        yield await build(settings, Throttle(on=False), Hub(), stack)


async def lively(services: Services) -> LiveRoom:
    """A wall with four notes and a cluster, and a note that waits face down."""
    live = await open_wall(services, "waves")
    await fill(services, live, 4)
    await reveal(services, live)
    await services.live.perform(
        live, FormCluster(ClusterId("c" * 32), TITLE, ()), Beside({TITLE: Words("Grappe")})
    )
    await services.notes.post(live, draft("face cachée"))
    return live


def rows(path: Path, table: str) -> int:
    [(count,)] = sqlite3.connect(path).execute(f"SELECT COUNT(*) FROM {table}")
    return int(count)


async def test_a_backup_is_two_files_for_their_owner_alone(
    services: Services, settings: Settings, tmp_path: Path
) -> None:
    await lively(services)
    file = tmp_path / "copy"
    saved = await backup(settings, file, nobody)
    assert saved.rooms == 1 and saved.size > 0
    for path in (file, keys_beside(file)):
        assert S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.glob("*copy*")) == ["copy", "copy.keys"]
    assert not list(tmp_path.glob(".atelier-*")), "no remains of its making"


async def test_a_backup_overwrites_nothing(
    services: Services, settings: Settings, tmp_path: Path
) -> None:
    for name in ("copy", "other.keys"):
        (tmp_path / name).write_text("there already")
    for name in ("copy", "other"):
        with pytest.raises(ValueError, match="is there already"):
            await backup(settings, tmp_path / name, nobody)
    assert (tmp_path / "copy").read_text() == "there already"


async def test_a_backup_has_no_inbox_no_sitting_no_link_and_no_mark_of_a_phone(
    services: Services, settings: Settings, tmp_path: Path
) -> None:
    live = await lively(services)
    await services.sittings.open(live.entry.owner)
    await services.accounts.link(live.entry.owner)
    await services.cofacilitation.invite(live.id)
    file = tmp_path / "copy"
    await backup(settings, file, nobody)
    names = sqlite3.connect(keys_beside(file)).execute("SELECT name FROM wrapped_key ORDER BY 1")
    assert [name for (name,) in names] == ["codes", f"room:{live.id}"]
    for table in LEFT_OUT:
        assert rows(settings.data / "atelier.db", table) or table == "clock", "or this shows little"
        assert rows(file, table) == 0, table
    assert rows(file, "words") and rows(file, "event")


async def test_every_table_is_said_to_be_in_a_backup_or_not(services: Services) -> None:
    tables = await services.live.store.db.fetch("SELECT name FROM sqlite_master WHERE type='table'")
    assert {name for (name,) in tables} == {*HELD, *LEFT_OUT}


async def test_what_was_deleted_before_leaves_no_remains_in_a_backup(
    services: Services, settings: Settings, tmp_path: Path
) -> None:
    live = await open_wall(services)
    await services.sittings.open(live.entry.owner)
    [[mark]] = await services.live.store.db.fetch("SELECT mark FROM sitting")
    file = tmp_path / "copy"
    await backup(settings, file, nobody)
    assert mark in (settings.data / "atelier.db").read_bytes()
    assert mark not in file.read_bytes() + keys_beside(file).read_bytes()


async def test_no_text_stands_in_clear_in_any_file(
    services: Services, settings: Settings, tmp_path: Path
) -> None:
    live = await lively(services)
    await services.notes.take_back(live, (d := draft()).note, d.secret, now=False)
    await backup(settings, tmp_path / "copy", nobody)
    email = await services.accounts.email(live.entry.owner)
    written = b"".join(path.read_bytes() for path in tmp_path.glob("*") if path.is_file())
    for text in (*live.words.values(), "face cachée", live.entry.code):
        assert not any(form in written for form in forms(str(text))), text
    assert email.encode() in written, "the only one, or this search finds nothing"


async def test_a_room_that_comes_or_goes_during_a_backup_does_no_harm(
    services: Services, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays, goes = await lively(services), await open_wall(services)

    async def boxes_later(db: Database, rooms: list[RoomId]) -> dict[str, bytes]:
        await services.closing.erase_now(goes)
        await open_wall(services)
        return await boxes(db, rooms)

    monkeypatch.setattr("atelier.backup.boxes", boxes_later)
    saved = await backup(settings, tmp_path / "copy", nobody)
    assert saved.rooms == 1
    names = sqlite3.connect(tmp_path / "copy.keys").execute("SELECT name FROM wrapped_key")
    assert {name for (name,) in names} == {"codes", f"room:{stays.id}"}


async def test_a_backup_that_is_not_whole_is_not_made(
    services: Services, settings: Settings, tmp_path: Path
) -> None:
    live = await lively(services)
    async with services.live.store.db.transaction() as tx:
        await tx.execute("DELETE FROM event WHERE room = :id AND seq = 2", id=live.id)
    with pytest.raises(ValueError, match=f"room {live.id}: event 2 is missing"):
        await backup(settings, tmp_path / "copy", nobody)
    assert not (tmp_path / "copy").exists() and not (tmp_path / "copy.keys").exists()


async def test_words_that_do_not_open_are_found(services: Services) -> None:
    live = await lively(services)
    await check_whole(services.live.store, nobody)
    async with services.live.store.db.transaction() as tx:
        await tx.execute("UPDATE words SET box = CAST(x'00' || box AS BLOB)")
    with pytest.raises(ValueError, match=f"room {live.id}"):
        await check_whole(services.live.store, nobody)


# Restoring

Then = Callable[[Services, LiveRoom], Awaitable[object]]


async def saved_then(settings: Settings, file: Path, then: Then | None = None) -> LiveRoom:
    """A lively room in a backup, and what happened after it; the server is stopped."""
    async with running(settings) as services:
        live = await lively(services)
        await backup(settings, file, nobody)
        if then:
            await then(services, live)
    return live


async def again(settings: Settings, live: LiveRoom) -> list[str]:
    async with running(settings) as services:
        return wall(await services.live.open(live.id))


async def test_a_restored_room_is_whole_under_a_new_epoch(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "copy"
    live = await saved_then(settings, file, lambda s, r: s.live.perform(r, HideNote(first(r))))
    assert await restore(settings, file, nobody) == Restored(1, 0, 0, 1, 0)
    async with running(settings) as services:
        back = await services.live.open(live.id)
        assert back.entry.epoch != live.entry.epoch
        assert back.entry.code == live.entry.code
        assert await services.live.store.find_code(live.entry.code) == live.id
        assert [lane.title for lane in back.board.clusters] == ["Grappe"]
        assert await services.notes.inbox.counts(live.id) == {}
        await services.notes.post(back, draft("encore"))
    assert sorted(p.name for p in settings.data.iterdir() if p.is_dir()) == ["keys"]


def first(live: LiveRoom) -> NoteId:
    return next(iter(live.room.wall.notes))


async def test_a_backup_opens_in_an_empty_folder_with_its_master_key(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "copy"
    live = await saved_then(settings, file)
    elsewhere = Settings(data=tmp_path / "new", threshold=3)
    with pytest.raises(ValueError, match="is missing: put it back"):
        await restore(elsewhere, file, nobody)
    elsewhere.master_key.parent.mkdir(parents=True)
    shutil.copy(settings.master_key, elsewhere.master_key)
    assert (await restore(elsewhere, file, nobody)).rooms == 1
    assert len(await again(elsewhere, live)) == 4


async def closes(services: Services, live: LiveRoom) -> None:
    await services.closing.close(live, "reduced")


async def closes_for_good(services: Services, live: LiveRoom) -> None:
    await services.closing.close(live, "reduced")
    async with services.live.store.db.transaction() as tx:
        await tx.execute("UPDATE room SET finish_at = 1")
    await services.closing.finish_due()


async def removes(services: Services, live: LiveRoom) -> None:
    await services.closing.close(live, "all")
    for note in list(live.room.wall.notes)[:2]:
        await services.closing.remove_note(live, note)


async def hides(services: Services, live: LiveRoom) -> None:
    await services.live.perform(live, HideNote(first(live)))


async def takes_back_late(services: Services, live: LiveRoom) -> None:
    """Promised, and not yet done."""
    await services.notes.defer(live, LateChange(first(live)))


async def erases(services: Services, live: LiveRoom) -> None:
    await services.closing.erase_now(live)


async def decides_to_keep_nothing(services: Services, live: LiveRoom) -> None:
    await services.closing.close(live, "nothing")


@pytest.mark.parametrize(
    ("then", "left"),
    [(closes, 0), (closes_for_good, 0), (removes, 2), (hides, 3), (takes_back_late, 3)],
)
async def test_a_note_that_was_erased_since_does_not_come_back(
    settings: Settings, tmp_path: Path, then: Then, left: int
) -> None:
    live = await saved_then(settings, tmp_path / "copy", then)
    assert (await restore(settings, tmp_path / "copy", nobody)).texts == 4 - left
    assert len(await again(settings, live)) == left


@pytest.mark.parametrize("then", [erases, decides_to_keep_nothing])
async def test_a_room_that_was_erased_since_does_not_come_back(
    settings: Settings, tmp_path: Path, then: Then
) -> None:
    live = await saved_then(settings, tmp_path / "copy", then)
    assert await restore(settings, tmp_path / "copy", nobody) == Restored(0, 1, 0, 0, 0)
    with pytest.raises(NoRoom):
        await again(settings, live)
    names = sqlite3.connect(settings.data / "keyring.db").execute("SELECT name FROM wrapped_key")
    assert list(names) == [("codes",)]
    assert rows(settings.data / "atelier.db", "tombstone") == 1, "and not by the next one either"


async def test_a_take_back_of_a_waiting_note_still_keeps_it_away(
    settings: Settings, tmp_path: Path
) -> None:
    late = draft("retirée")

    async def takes_back(services: Services, live: LiveRoom) -> None:
        await services.notes.take_back(live, late.note, late.secret, now=False)

    live = await saved_then(settings, tmp_path / "copy", takes_back)
    await restore(settings, tmp_path / "copy", nobody)
    async with running(settings) as services:
        with pytest.raises(Refused, match="note-taken-back"):
            await services.notes.post(await services.live.open(live.id), late)


async def test_rooms_that_are_not_in_the_backup_are_counted(
    settings: Settings, tmp_path: Path
) -> None:
    async def opens(services: Services, live: LiveRoom) -> None:
        await open_wall(services)

    await saved_then(settings, tmp_path / "copy", opens)
    assert (await restore(settings, tmp_path / "copy", nobody)).given_up == 1


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda file: keys_beside(file).unlink(), "is missing"),
        (lambda file: file.unlink(), "is missing"),
        (lambda file: file.write_bytes(b"x" * 5000), "not a database"),
        (lambda file: keys_beside(file).write_bytes(b"x" * 5000), "not a database"),
        (lambda file: shutil.copy(file.parent / "other", keys_beside(file)), "not the one"),
    ],
)
async def test_what_cannot_be_restored_is_said_and_changes_nothing(
    settings: Settings, tmp_path: Path, spoil: Callable[[Path], object], message: str
) -> None:
    file = tmp_path / "copy"
    live = await saved_then(settings, file)
    other = Settings(data=tmp_path / "other data", threshold=3)
    async with running(other) as services:
        await open_wall(services)
        await backup(other, tmp_path / "more", nobody)
    shutil.copy(keys_beside(tmp_path / "more"), tmp_path / "other")
    before = {name: (settings.data / name).read_bytes() for name in DATABASES.values()}
    spoil(file)
    with pytest.raises(ValueError, match=message):
        await restore(settings, file, nobody)
    assert before == {name: (settings.data / name).read_bytes() for name in DATABASES.values()}
    assert len(await again(settings, live)) == 4


async def test_nothing_is_restored_beside_a_server(services: Services, settings: Settings) -> None:
    await backup(settings, settings.data / "copy", nobody)
    with pytest.raises(ValueError, match="uses this data: stop it"):
        await restore(settings, settings.data / "copy", nobody)


# The proof of an erasure


async def test_with_every_file_and_every_old_backup_an_erased_room_cannot_be_read(
    settings: Settings, tmp_path: Path
) -> None:
    before, after = tmp_path / "before", tmp_path / "after"

    async def erased_and_saved(services: Services, live: LiveRoom) -> None:
        await erases(services, live)
        await backup(settings, after, nobody)

    live = await saved_then(settings, before, erased_and_saved)
    master = settings.master_key.read_bytes()
    data = settings.data
    hands = [data / name for name in DATABASES.values()] + [before, after, keys_beside(after)]
    assert words_read(master, [*hands, keys_beside(before)], live.id), "the stated limit, and proof"
    assert words_read(master, hands, live.id) == []
    shutil.move(keys_beside(after), keys_beside(before))
    (data / "atelier.db").unlink()  # even without the tombstone
    assert (await restore(settings, before, nobody)).without_key == 1
    with pytest.raises(NoRoom):
        await again(settings, live)


def words_read(master: bytes, files: list[Path], room: str) -> list[bytes]:
    """What somebody reads who tries every key that any file holds on every box of every file."""
    keys: list[bytes] = []
    boxes: list[tuple[str, str, bytes]] = []
    for path in files:
        connection = sqlite3.connect(path)
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "wrapped_key" in tables:
            for name, box in connection.execute("SELECT name, box FROM wrapped_key"):
                keys.append(RoomKeys.of(unseal(wrapping_key(master), box, name)).words)
        if "words" in tables:
            boxes += connection.execute("SELECT room, id, box FROM words WHERE room = ?", [room])
    assert boxes, "the old backup still has them, sealed"
    return [text for key in keys for owner, id, box in boxes
            if (text := opened(key, box, f"{owner}/{id}"))]  # fmt: skip


def opened(key: bytes, box: bytes, context: str) -> bytes | None:
    try:
        return unseal(key, box, context)
    except KeyLost:
        return None
