"""A series belongs to one account, lies sealed, and comes back from a backup."""

from pathlib import Path

import pytest

from atelier.backup import backup
from atelier.copies import check_whole
from atelier.keys import SERIES, seal
from atelier.own_series import SERIES_MAX
from atelier.restore import restore
from atelier.rooms.refusals import Refused
from atelier.rooms.series import Series, session_to_come
from atelier.settings import Settings
from atelier.web.who import Services
from tests.anonymity.canaries import forms
from tests.test_backup import nobody, running

CANARY = "Les marées de septembre"
GROUP = Series("", CANARY, "La mer", "Des notes.", (session_to_come("1" * 32, CANARY, "en mai"),))


async def somebody(services: Services, email: str = "claire@example.org") -> str:
    return await services.accounts.add(email)


async def test_an_account_has_two_hundred_series_at_most(services: Services) -> None:
    claire = await somebody(services)
    await services.series.add(claire, *[GROUP] * SERIES_MAX)
    with pytest.raises(Refused, match="too-many-series"):
        await services.series.add(claire, GROUP)


async def test_series_are_deleted_with_their_account(services: Services) -> None:
    claire = await somebody(services)
    await services.series.add(claire, GROUP)
    await services.accounts.remove(claire)
    assert await services.live.store.db.fetch("SELECT id FROM series") == []


async def test_no_word_of_a_series_stands_in_clear_and_a_deleted_one_leaves_nothing(
    services: Services, settings: Settings
) -> None:
    claire = await somebody(services)
    [series] = await services.series.add(claire, GROUP)
    [[box]] = await services.live.store.db.fetch("SELECT box FROM series")
    file = settings.data / "atelier.db"
    assert box in file.read_bytes(), "or this shows little"
    for path in settings.data.glob("*.db*"):
        assert not any(form in path.read_bytes() for form in forms(CANARY)), path
    await services.series.remove(claire, series.id)
    assert box not in file.read_bytes()


async def test_a_series_comes_back_with_a_backup_into_other_data(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "copy"
    async with running(settings) as services:
        [series] = await services.series.add(await somebody(services), GROUP)
        await backup(settings, file, nobody)
    other = Settings(data=tmp_path / "other", key_file=settings.master_key, rate="off")
    await restore(other, file, nobody)
    async with running(other) as services:
        [account] = await services.accounts.all()
        assert [own.thing for own in await services.series.of(account)] == [series]


async def test_a_series_that_does_not_open_is_found(services: Services) -> None:
    [series] = await services.series.add(await somebody(services), GROUP)
    await check_whole(services.live.store, nobody)
    other = seal(b"0" * 32, b"{}", f"series/{series.id}")
    async with services.live.store.db.transaction() as tx:
        await tx.execute("UPDATE series SET box = :box", box=other)
    with pytest.raises(ValueError, match="does not open the series"):
        await check_whole(services.live.store, nobody)
    await services.live.keyring.destroy(SERIES)
    with pytest.raises(ValueError, match=f"series {series.id}: the key of the series is missing"):
        await check_whole(services.live.store, nobody)
