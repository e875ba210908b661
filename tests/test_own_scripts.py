"""Own scripts belong to one account, lie sealed, and come back from a backup."""

from pathlib import Path

import msgspec
import pytest

from atelier.backup import backup
from atelier.content import scripts
from atelier.copies import check_whole
from atelier.keys import SCRIPTS, seal
from atelier.own_scripts import SCRIPTS_MAX
from atelier.restore import restore
from atelier.rooms.refusals import Refused
from atelier.rooms.scripts import Script
from atelier.settings import Settings
from atelier.web.who import Services
from tests.anonymity.canaries import forms
from tests.test_backup import nobody, running

CANARY = "Les marées de septembre"


def shipped() -> Script:
    return msgspec.structs.replace(scripts()["conditions"], title_fr=CANARY)


async def somebody(services: Services, email: str = "claire@example.org") -> str:
    return await services.accounts.add(email)


async def test_a_script_is_of_one_account_alone(services: Services) -> None:
    claire, other = await somebody(services), await somebody(services, "ailleurs@example.org")
    own = services.scripts
    [script] = await own.add(claire, shipped())
    assert [each.thing for each in await own.of(claire)] == [script]
    assert await own.of(other) == []
    for attempt in (
        own.find(other, script.id),
        own.change(other, 0, script),
        own.remove(other, script.id),
    ):
        with pytest.raises(Refused, match="script-not-yours"):
            await attempt
    assert (await own.find(claire, script.id)).thing == script


async def test_a_change_is_made_on_what_was_seen(services: Services) -> None:
    claire = await somebody(services)
    [script] = await services.scripts.add(claire, shipped())
    renamed = msgspec.structs.replace(script, title_fr="Autrement")
    assert (await services.scripts.change(claire, 0, renamed)).rev == 1
    with pytest.raises(Refused, match="script-changed"):
        await services.scripts.change(claire, 0, script)
    assert (await services.scripts.find(claire, script.id)).thing.title_fr == "Autrement"


async def test_an_account_has_two_hundred_scripts_at_most(services: Services) -> None:
    claire = await somebody(services)
    await services.scripts.add(claire, *[shipped()] * (SCRIPTS_MAX - 1))
    with pytest.raises(Refused, match="too-many-scripts"):
        await services.scripts.add(claire, shipped(), shipped())
    assert len(await services.scripts.of(claire)) == SCRIPTS_MAX - 1


async def test_scripts_are_deleted_with_their_account(services: Services) -> None:
    claire = await somebody(services)
    await services.scripts.add(claire, shipped())
    await services.accounts.remove(claire)
    assert await services.live.store.db.fetch("SELECT id FROM script") == []


async def test_no_word_of_a_script_stands_in_clear_and_a_deleted_one_leaves_nothing(
    services: Services, settings: Settings
) -> None:
    claire = await somebody(services)
    [script] = await services.scripts.add(claire, shipped())
    [[box]] = await services.live.store.db.fetch("SELECT box FROM script")
    box = box[:200]  # on one page
    file = settings.data / "atelier.db"
    assert box in file.read_bytes(), "or this shows little"
    for path in settings.data.glob("*.db*"):
        assert not any(form in path.read_bytes() for form in forms(CANARY)), path
    await services.scripts.remove(claire, script.id)
    assert box not in file.read_bytes()


# Backups


@pytest.fixture
async def kept(settings: Settings, tmp_path: Path) -> tuple[Script, Path]:
    file = tmp_path / "copy"
    async with running(settings) as services:
        [script] = await services.scripts.add(await somebody(services), shipped())
        await backup(settings, file, nobody)
    return script, file


async def test_a_script_comes_back_with_a_backup_into_other_data(
    kept: tuple[Script, Path], settings: Settings, tmp_path: Path
) -> None:
    script, file = kept
    other = Settings(data=tmp_path / "other", key_file=settings.master_key, rate="off")
    await restore(other, file, nobody)
    async with running(other) as services:
        [account] = await services.accounts.all()
        assert [own.thing for own in await services.scripts.of(account)] == [script]


async def test_a_script_that_does_not_open_is_found(services: Services) -> None:
    claire = await somebody(services)
    [script] = await services.scripts.add(claire, shipped())
    await check_whole(services.live.store, nobody)
    db = services.live.store.db
    other = seal(b"0" * 32, b"{}", f"script/{script.id}")
    async with db.transaction() as tx:
        await tx.execute("UPDATE script SET box = :box", box=other)
    with pytest.raises(ValueError, match="does not open the scripts"):
        await check_whole(services.live.store, nobody)
    await services.live.keyring.destroy(SCRIPTS)
    with pytest.raises(ValueError, match=f"script {script.id}: the key of the scripts is missing"):
        await check_whole(services.live.store, nobody)
