"""A new master key: everything opens with it, and nothing with the old one."""

from pathlib import Path
from stat import S_IMODE

import pytest

from atelier.folder import DATABASES
from atelier.keys import Keyring
from atelier.rotation import next_to, rotate
from atelier.settings import Settings
from atelier.sqlite import Sqlite
from atelier.web.who import Services
from tests.desk import wall
from tests.test_backup import lively, running


async def test_a_new_master_key_opens_rooms_waiting_notes_and_codes(settings: Settings) -> None:
    async with running(settings) as services:
        live = await lively(services)
    old = settings.master_key.read_bytes()
    assert await rotate(settings) == 3, "codes, a room, a wave"
    assert settings.master_key.read_bytes() != old
    assert S_IMODE(settings.master_key.stat().st_mode) == 0o600
    assert not next_to(settings.master_key).exists()
    async with running(settings) as services:
        again = await services.live.open(live.id)
        assert len(wall(again)) == 4 and again.keys == live.keys
        assert await services.live.store.find_code(live.entry.code) == live.id
        assert sum((await services.notes.inbox.counts(live.id)).values()) == 1


async def test_the_old_master_key_opens_nothing_any_more(settings: Settings) -> None:
    async with running(settings) as services:
        await lively(services)
    old = settings.master_key.read_bytes()
    await rotate(settings)
    async with Sqlite.open(settings.data / DATABASES["keyring"], "keyring") as db:
        with pytest.raises(ValueError, match="not the one"):
            await Keyring.open(db, old)


async def test_a_rotation_beside_a_server_is_refused_and_changes_nothing(
    services: Services, settings: Settings
) -> None:
    old = settings.master_key.read_bytes()
    with pytest.raises(ValueError, match="uses this data: stop it"):
        await rotate(settings)
    assert settings.master_key.read_bytes() == old


async def test_where_there_is_no_data_there_is_nothing_to_rotate(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no rooms are kept here"):
        await rotate(Settings(data=tmp_path / "none"))
    assert not (tmp_path / "none").exists()


async def test_a_next_key_that_opens_nothing_is_forgotten(settings: Settings) -> None:
    async with running(settings) as services:
        live = await lively(services)
    next_to(settings.master_key).write_bytes(b"x" * 32)
    async with running(settings) as services:
        assert len(wall(await services.live.open(live.id))) == 4
    assert not next_to(settings.master_key).exists()


async def test_data_from_before_keep_their_codes(settings: Settings) -> None:
    """Codes were sealed with a key derived from the master key, and had none of their own."""
    async with running(settings) as services:
        live = await lively(services)
        await services.live.keyring.destroy("codes")
    async with running(settings) as services:
        assert await services.live.store.find_code(live.entry.code) == live.id
