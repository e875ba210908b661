import asyncio
import time

import pytest
from argon2 import PasswordHasher

from atelier.cofacilitation import INVITATION_SECONDS, PENDING_MAX
from atelier.passwords import AT_ONCE, WAITING, Busy
from atelier.rooms.refusals import Refused
from atelier.sittings import FRESH_SECONDS
from atelier.web.who import Services
from tests.desk import open_wall

PASSWORD = "un mot de passe assez long"


async def test_a_facilitator_signs_in_with_the_right_password_only(services: Services) -> None:
    account = await services.accounts.add("Ana@Example.org", PASSWORD)
    assert await services.accounts.sign_in("ana@example.org ", PASSWORD) == account
    assert await services.accounts.sign_in("ana@example.org", PASSWORD + "!") is None
    assert await services.accounts.sign_in("bo@example.org", PASSWORD) is None


async def test_a_password_with_more_behind_it_is_another(services: Services) -> None:
    longest = "x" * 256
    await services.accounts.add("ana@example.org", longest)
    assert await services.accounts.sign_in("ana@example.org", longest)
    assert await services.accounts.sign_in("ana@example.org", longest + "y") is None


async def test_an_account_without_password_lets_nobody_in(services: Services) -> None:
    await services.accounts.add("ana@example.org")
    assert await services.accounts.sign_in("ana@example.org", "") is None


async def test_a_one_time_link_works_once(services: Services) -> None:
    account = await services.accounts.add("ana@example.org")
    link = await services.accounts.link(account)
    assert await services.accounts.redeem(link, "", PASSWORD) == account
    with pytest.raises(Refused, match="link-spent"):
        await services.accounts.redeem(link, "", PASSWORD)


async def test_a_one_time_link_works_once_also_for_many_at_the_same_moment(
    services: Services,
) -> None:
    known = await services.accounts.link(await services.accounts.add("ana@example.org"))
    first = await services.accounts.link(None)
    for secret in (known, first):
        tries = [
            services.accounts.redeem(secret, f"b{number}@example.org", f"{PASSWORD} {number}")
            for number in range(4)
        ]
        done = await asyncio.gather(*tries, return_exceptions=True)
        assert len([each for each in done if isinstance(each, str)]) == 1, done
    assert len(await services.accounts.all()) == 2


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
    sitting = await services.sittings.open(account)
    assert await services.sittings.account(sitting) == account
    await services.accounts.redeem(await services.accounts.link(account), "", PASSWORD)
    assert await services.sittings.account(sitting) is None


@pytest.mark.parametrize("email", ["", "ana", "a b@c", "@", "a@" + "b" * 300])
async def test_what_is_no_address_is_refused(services: Services, email: str) -> None:
    with pytest.raises(Refused, match="email-malformed"):
        await services.accounts.add(email)


async def test_passwords_are_argon2id_with_the_parameters_that_are_written_down(
    services: Services,
) -> None:
    hashed = await services.accounts.passwords.hash(PASSWORD)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not services.accounts.passwords.outdated(hashed)


async def test_a_hash_of_other_parameters_is_made_anew_when_its_owner_signs_in(
    services: Services,
) -> None:
    account = await services.accounts.add("ana@example.org", PASSWORD)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    async with services.accounts.db.transaction() as tx:
        await tx.execute("UPDATE account SET password = :weak", weak=weak)
    assert await services.accounts.sign_in("ana@example.org", PASSWORD + "!") is None
    assert await known(services) == weak
    assert await services.accounts.sign_in("ana@example.org", PASSWORD) == account
    assert "m=65536,t=3,p=4" in await known(services)


async def known(services: Services) -> str:
    [[password]] = await services.accounts.db.fetch("SELECT password FROM account")
    return str(password)


async def test_the_queue_of_passwords_has_an_end_and_empties_again(services: Services) -> None:
    passwords = services.accounts.passwords
    hashed = await passwords.hash(PASSWORD)
    many = [passwords.verify(hashed, PASSWORD) for _ in range(AT_ONCE + WAITING + 5)]
    answers = await asyncio.gather(*many, return_exceptions=True)
    assert sum(answer is True for answer in answers) == AT_ONCE + WAITING
    assert sum(isinstance(answer, Busy) for answer in answers) == 5
    assert await passwords.verify(hashed, PASSWORD)


async def test_a_password_is_fresh_for_ten_minutes(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await services.accounts.add("ana@example.org", PASSWORD)
    sitting = await services.sittings.open(account)
    now = time.time()
    assert await services.sittings.fresh(sitting)
    monkeypatch.setattr("time.time", lambda: now + FRESH_SECONDS + 1)
    assert not await services.sittings.fresh(sitting)
    assert await services.sittings.account(sitting) == account
    await services.sittings.refresh(sitting)
    assert await services.sittings.fresh(sitting)


async def test_one_ends_only_sittings_of_ones_own(services: Services) -> None:
    ana = await services.accounts.add("ana@example.org", PASSWORD)
    bo = await services.accounts.add("bo@example.org", PASSWORD)
    first, second = [await services.sittings.open(ana, "Firefox/Linux") for _ in range(2)]
    here, other = await services.sittings.of(ana, first)
    assert (here.here, other.here, here.device) == (True, False, "Firefox/Linux")
    assert not await services.sittings.end(bo, other.id)
    assert await services.sittings.account(second) == ana
    assert await services.sittings.end(ana, other.id)
    assert await services.sittings.account(second) is None
    assert await services.sittings.account(first) == ana


async def test_an_invitation_lets_one_account_in_once_and_for_two_days(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = await open_wall(services)
    ana, bo = [await services.accounts.add(f"{name}@example.org") for name in ("ana", "bo")]
    team = services.cofacilitation
    first, second = await team.invite(live.id), await team.invite(live.id)
    asked = [team.accept(first, ana), team.accept(first, bo)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(map(str, answers)) == sorted([live.id, "invitation-spent"])
    assert len(await team.of_room(live.id)) == 1
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + INVITATION_SECONDS + 1)
    with pytest.raises(Refused, match="invitation-spent"):
        await team.accept(second, bo)


async def test_an_erased_room_keeps_neither_invitations_nor_cofacilitators(
    services: Services,
) -> None:
    live = await open_wall(services)
    team = services.cofacilitation
    await team.accept(await team.invite(live.id), await services.accounts.add("a@example.org"))
    await team.invite(live.id)
    await services.closing.erase_now(live)
    for table in ("cofacilitator", "invitation"):
        assert await team.db.fetch(f"SELECT 1 FROM {table}") == []


async def test_at_most_twenty_invitations_wait(services: Services) -> None:
    live = await open_wall(services)
    for _ in range(PENDING_MAX):
        await services.cofacilitation.invite(live.id)
    with pytest.raises(Refused, match="too-many-invitations"):
        await services.cofacilitation.invite(live.id)
