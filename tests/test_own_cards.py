"""Own concept cards belong to one account, lie sealed, and come back from a backup."""

from pathlib import Path

import pytest

from atelier.backup import backup
from atelier.copies import check_whole
from atelier.keys import CARDS, seal
from atelier.own_cards import CARDS_MAX
from atelier.restore import restore
from atelier.rooms.ids import ConceptId
from atelier.rooms.own_cards import OwnCard
from atelier.rooms.refusals import Refused
from atelier.settings import Settings
from atelier.web.who import Services
from tests.anonymity.canaries import forms
from tests.test_backup import nobody, running

CANARY = "Les marées de septembre"
IDEA = OwnCard(ConceptId(""), CANARY, "Ce qui revient sans prévenir.")


async def somebody(services: Services, email: str = "claire@example.org") -> str:
    return await services.accounts.add(email)


async def test_an_account_has_two_hundred_cards_at_most(services: Services) -> None:
    claire = await somebody(services)
    await services.cards.add(claire, *[IDEA] * CARDS_MAX)
    with pytest.raises(Refused, match="too-many-cards"):
        await services.cards.add(claire, IDEA)


async def test_cards_are_deleted_with_their_account(services: Services) -> None:
    claire = await somebody(services)
    await services.cards.add(claire, IDEA)
    await services.accounts.remove(claire)
    assert await services.live.store.db.fetch("SELECT id FROM card") == []


async def test_no_word_of_a_card_stands_in_clear_and_a_deleted_one_leaves_nothing(
    services: Services, settings: Settings
) -> None:
    claire = await somebody(services)
    [card] = await services.cards.add(claire, IDEA)
    [[box]] = await services.live.store.db.fetch("SELECT box FROM card")
    file = settings.data / "atelier.db"
    assert box in file.read_bytes(), "or this shows little"
    for path in settings.data.glob("*.db*"):
        assert not any(form in path.read_bytes() for form in forms(CANARY)), path
    await services.cards.remove(claire, card.id)
    assert box not in file.read_bytes()


async def test_a_card_comes_back_with_a_backup_into_other_data(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "copy"
    async with running(settings) as services:
        [card] = await services.cards.add(await somebody(services), IDEA)
        await backup(settings, file, nobody)
    other = Settings(data=tmp_path / "other", key_file=settings.master_key, rate="off")
    await restore(other, file, nobody)
    async with running(other) as services:
        [account] = await services.accounts.all()
        assert [own.thing for own in await services.cards.of(account)] == [card]


async def test_a_card_that_does_not_open_is_found(services: Services) -> None:
    [card] = await services.cards.add(await somebody(services), IDEA)
    await check_whole(services.live.store, nobody)
    other = seal(b"0" * 32, b"{}", f"card/{card.id}")
    async with services.live.store.db.transaction() as tx:
        await tx.execute("UPDATE card SET box = :box", box=other)
    with pytest.raises(ValueError, match="does not open the cards"):
        await check_whole(services.live.store, nobody)
    await services.live.keyring.destroy(CARDS)
    with pytest.raises(ValueError, match=f"card {card.id}: the key of the cards is missing"):
        await check_whole(services.live.store, nobody)
