"""Erasing: the key first, every row, and what was begun is finished."""

import asyncio

import pytest

from atelier.erase import erase, is_known
from atelier.folder import DATABASES
from atelier.hub import GONE
from atelier.keys import Keyring
from atelier.live import NoRoom
from atelier.rooms.commands import Lock
from atelier.settings import Settings
from atelier.sqlite import Sqlite
from atelier.web.who import Services
from tests.desk import Watching, draft, fill, open_wall, reveal

TABLES = {
    "main": ("room", "event", "words", "secret"),
    "inbox": ("sealed", "withdrawn", "late"),
}


async def rows(services: Services) -> int:
    found = 0
    for db, tables in zip(
        (services.live.store.db, services.notes.inbox.db), TABLES.values(), strict=True
    ):
        for table in tables:
            [[count]] = await db.fetch(f"SELECT COUNT(*) FROM {table}")
            found += count
    return found


async def test_an_erasure_leaves_no_row_and_no_key_only_a_tombstone(services: Services) -> None:
    live = await open_wall(services, "waves")
    first, *_ = await fill(services, live)
    await reveal(services, live)
    await services.notes.take_back(live, first.note, first.secret, now=False)
    await services.notes.post(live, draft())
    erased = await erase(services.live.store, services.notes.inbox, live.id)
    assert await rows(services) == 0
    assert await services.live.keyring.names("") == ["codes"]
    assert erased.keys == 2 and erased.waiting == 2, "a room's and a wave's key; a note, a change"
    assert (erased.removed.events, erased.removed.secrets) == (3, 3)
    assert await services.live.store.buried(live.id)


async def test_another_room_is_not_touched(services: Services) -> None:
    other = await open_wall(services)
    await services.notes.post(other, draft())
    before = await rows(services), await services.live.keyring.names("")
    live = await open_wall(services)
    await services.notes.post(live, draft())
    await services.closing.erase_now(live)
    assert (await rows(services), await services.live.keyring.names("")) == before


async def test_the_screens_are_told_and_the_room_is_no_more(services: Services) -> None:
    live = await open_wall(services)
    screen = Watching()
    with services.hub.subscribe(live.id, screen):
        await services.closing.erase_now(live)
    assert screen.told == [GONE]
    with pytest.raises(NoRoom):
        await services.live.open(live.id)
    assert not await is_known(services.live.store, live.id)


async def test_who_waits_for_a_room_that_is_erased_leaves_nothing_behind(
    services: Services,
) -> None:
    live = await open_wall(services)
    async with live.lock:
        late = [
            asyncio.ensure_future(services.notes.post(live, draft())),
            asyncio.ensure_future(services.live.perform(live, Lock(True))),
        ]
        await asyncio.sleep(0)
        await services.closing.erase(live.id)
    for each in late:
        with pytest.raises(NoRoom):
            await each
    assert await rows(services) == 0 and await services.live.keyring.names("") == ["codes"]


async def test_an_erasure_that_was_cut_short_is_finished(services: Services) -> None:
    live, other = await open_wall(services), await open_wall(services)
    await services.live.store.bury(live.id, "2026-11-22")
    await services.closing.finish_due()
    assert await services.live.store.room(live.id) is None
    assert await services.live.keyring.find(f"room:{live.id}") is None
    assert await services.live.store.room(other.id) is not None


async def test_an_erasure_by_another_process_is_noticed(
    services: Services, settings: Settings
) -> None:
    live, other = await open_wall(services), await open_wall(services)
    await services.closing.notice_erased()
    async with Sqlite.open(settings.data / DATABASES["keyring"], "keyring") as elsewhere:
        keyring = Keyring(elsewhere, settings.master_key.read_bytes())
        await keyring.destroy(f"room:{live.id}")
    await services.notes.post(live, draft())  # in the second before it is noticed
    here, there = Watching(), Watching()
    with services.hub.subscribe(live.id, here), services.hub.subscribe(other.id, there):
        await services.closing.notice_erased()
    assert here.told == [GONE] and there.told == []
    assert await services.notes.inbox.batches() == []
    assert await services.notes.inbox.counts(live.id) == {}


async def test_an_act_in_a_room_that_another_process_erased_finds_no_room(
    services: Services,
) -> None:
    live = await open_wall(services, "direct")
    await erase(services.live.store, services.notes.inbox, live.id)
    with pytest.raises(NoRoom):
        await services.notes.post(live, draft())
    with pytest.raises(NoRoom):
        await services.live.perform(live, Lock(True))


async def test_a_change_elsewhere_is_seen_once(services: Services, settings: Settings) -> None:
    db = services.live.keyring.db
    assert not await db.changed_elsewhere()
    await services.live.keyring.make("own")
    assert not await db.changed_elsewhere(), "our own writing is no news"
    async with Sqlite.open(settings.data / DATABASES["keyring"], "keyring") as elsewhere:
        await Keyring(elsewhere, b"x" * 32).make("other")
    assert await db.changed_elsewhere()
    assert not await db.changed_elsewhere()
