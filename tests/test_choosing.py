"""What phones choose lies sealed like notes, and only totals are ever anywhere else."""

import asyncio
from secrets import token_hex, token_urlsafe

import pytest

from atelier.choosing import Ballot, batch_of
from atelier.db import Unavailable
from atelier.live import LiveRoom
from atelier.rooms.codec import encode
from atelier.rooms.commands import FormCluster, OpenChoice
from atelier.rooms.ids import ChoiceId, ClusterId, NoteId, WordsId
from atelier.rooms.refusals import Refused
from atelier.settings import Settings
from atelier.web.who import Services
from tests.anonymity.canaries import forms
from tests.desk import draft, open_wall

CHOICE = ChoiceId("c" * 32)
A, B, C = ClusterId("a" * 32), ClusterId("b" * 32), ClusterId("d" * 32)


async def asked(services: Services, monkeypatch: pytest.MonkeyPatch) -> LiveRoom:
    """A room with three clusters, in which a choice is open and phones enough are present."""
    live = await open_wall(services)
    for cluster in (A, B, C):
        await services.live.perform(live, FormCluster(cluster, WordsId(cluster), ()))
    await services.live.perform(live, OpenChoice(CHOICE, 2))
    monkeypatch.setattr(services.presence, "phones", lambda *where: 50)
    return live


def ballot(*clusters: ClusterId) -> Ballot:
    return Ballot(CHOICE, NoteId(token_hex(16)), token_urlsafe(32), clusters)


async def sealed(services: Services) -> list[bytes]:
    rows = await services.notes.inbox.db.fetch("SELECT box FROM sealed")
    return [bytes(box) for (box,) in rows]


async def test_a_ballot_looks_like_a_note_where_it_lies(
    services: Services, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = await asked(services, monkeypatch)
    one, two = ballot(A), ballot(B, C)
    for each in (one, two):
        await services.choosing.choose(live, each)
    await services.notes.post(live, draft())
    assert len({len(box) for box in await sealed(services)}) == 1
    for path in settings.data.glob("*.db*"):
        content = path.read_bytes()
        for secret in (one.note, one.secret, two.note, two.secret):
            assert not any(form in content for form in forms(secret)), path
    assert not any(form in (settings.data / "inbox.db").read_bytes() for form in forms(A))


async def test_only_totals_outlive_the_telling(
    services: Services, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = await asked(services, monkeypatch)
    for chosen in ((A,), (A, C), (C,), (A,), (C,)):
        await services.choosing.choose(live, ballot(*chosen))
    boxes = await sealed(services)
    await services.choosing.tell(live, CHOICE)
    [*_, last] = await services.live.store.read(live.id)
    assert encode(last.event) == (
        "ChoiceTold",
        f'{{"choice":"{CHOICE}","totals":[["{A}",3],["{C}",3]]}}'.encode(),
    )
    assert await sealed(services) == []
    file = (settings.data / "inbox.db").read_bytes()
    assert boxes and not any(box[:200] in file for box in boxes)
    keyring = services.live.keyring
    assert await keyring.find(batch_of(live, CHOICE).key_name) is None


async def test_a_telling_that_could_not_destroy_is_mended(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = await asked(services, monkeypatch)
    for _ in range(services.choosing.k):
        await services.choosing.choose(live, ballot(A))

    async def fails(batch: object) -> None:
        raise Unavailable("disk")

    with monkeypatch.context() as broken:
        broken.setattr(services.choosing.inbox, "destroy", fails)
        await services.choosing.tell(live, CHOICE)
    assert len(await sealed(services)) == services.choosing.k
    await services.notes.mend()
    assert await sealed(services) == []


async def test_an_open_choice_is_not_mended_away(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = await asked(services, monkeypatch)
    await services.choosing.choose(live, ballot(A))
    await services.notes.mend()
    assert len(await sealed(services)) == 1


async def test_what_is_given_up_is_destroyed_unread(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = await asked(services, monkeypatch)
    for _ in range(services.choosing.k):
        await services.choosing.choose(live, ballot(A))
    await services.choosing.drop(live, CHOICE)
    assert await sealed(services) == [] and live.room.wall.chosen is None
    with pytest.raises(Refused, match="choice-closed"):
        await services.choosing.choose(live, ballot(A))


async def test_a_choice_has_no_minute_and_moves_no_number(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = await asked(services, monkeypatch)
    before = (live.seq, live.board, services.announcer.now(live))
    await services.choosing.choose(live, ballot(A))
    assert (live.seq, live.board, services.announcer.now(live)) == before


async def test_ballots_that_come_together_are_all_kept_and_each_gets_its_own_answer(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = await asked(services, monkeypatch)
    ballots = [ballot(A) for _ in range(20)]
    refused_, repeated = ballot(A, B, C), ballots[0]
    answers = await asyncio.gather(
        *[services.choosing.choose(live, each) for each in (*ballots, refused_, repeated)],
        return_exceptions=True,
    )
    assert [each for each in answers if each] == [answers[20]]
    assert isinstance(answers[20], Refused)
    assert len(await sealed(services)) == 20
    await services.choosing.tell(live, CHOICE)
    assert live.room.wall.chosen and dict(live.room.wall.chosen.totals) == {A: 20}


async def test_ballots_that_could_not_be_written_are_refused_and_come_again(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = await asked(services, monkeypatch)
    ballots = [ballot(A) for _ in range(5)]

    async def fails(batch: object, notes: object) -> None:
        raise Unavailable("disk")

    with monkeypatch.context() as broken:
        broken.setattr(services.choosing.inbox, "keep_anew", fails)
        choosing = [services.choosing.choose(live, each) for each in ballots]
        answers = await asyncio.gather(*choosing, return_exceptions=True)
    assert all(isinstance(each, Unavailable) for each in answers)
    for each in ballots:
        await services.choosing.choose(live, each)
    assert len(await sealed(services)) == 5
