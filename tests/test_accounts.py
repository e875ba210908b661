import pytest

from atelier.rooms.refusals import Refused
from atelier.web.who import Services

PASSWORD = "un mot de passe assez long"


async def test_a_facilitator_signs_in_with_the_right_password_only(services: Services) -> None:
    account = await services.accounts.add("Ana@Example.org", PASSWORD)
    assert await services.accounts.sign_in("ana@example.org ", PASSWORD) == account
    assert await services.accounts.sign_in("ana@example.org", PASSWORD + "!") is None
    assert await services.accounts.sign_in("bo@example.org", PASSWORD) is None


async def test_an_account_without_password_lets_nobody_in(services: Services) -> None:
    await services.accounts.add("ana@example.org")
    assert await services.accounts.sign_in("ana@example.org", "") is None


async def test_a_one_time_link_works_once(services: Services) -> None:
    account = await services.accounts.add("ana@example.org")
    link = await services.accounts.link(account)
    assert await services.accounts.redeem(link, "", PASSWORD) == account
    with pytest.raises(Refused, match="link-spent"):
        await services.accounts.redeem(link, "", PASSWORD)


async def test_a_link_survives_a_password_that_is_too_short(services: Services) -> None:
    link = await services.accounts.link(await services.accounts.add("ana@example.org"))
    with pytest.raises(Refused, match="password-length"):
        await services.accounts.redeem(link, "", "court")
    await services.accounts.redeem(link, "", PASSWORD)


async def test_the_first_link_makes_the_first_account_and_a_newer_one_replaces_it(
    services: Services,
) -> None:
    old, new = await services.accounts.link(None), await services.accounts.link(None)
    with pytest.raises(Refused, match="link-spent"):
        await services.accounts.redeem(old, "ana@example.org", PASSWORD)
    await services.accounts.redeem(new, "ana@example.org", PASSWORD)
    assert await services.accounts.sign_in("ana@example.org", PASSWORD)


async def test_a_new_password_ends_all_sittings(services: Services) -> None:
    account = await services.accounts.add("ana@example.org", PASSWORD)
    sitting = await services.accounts.sit(account)
    assert await services.accounts.sitting(sitting) == account
    await services.accounts.redeem(await services.accounts.link(account), "", PASSWORD)
    assert await services.accounts.sitting(sitting) is None


@pytest.mark.parametrize("email", ["", "ana", "a b@c", "@", "a@" + "b" * 300])
async def test_what_is_no_address_is_refused(services: Services, email: str) -> None:
    with pytest.raises(Refused, match="email-malformed"):
        await services.accounts.add(email)
