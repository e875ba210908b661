"""The imagined group: it comes, writes as people do, and leaves with the room."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from atelier.content import opening, scripts
from atelier.content.rehearsal import lines, lines_for
from atelier.live import LiveRoom
from atelier.rehearsal import GROUP, GROUPS
from atelier.rooms.commands import CloseRoom, GoToStep
from atelier.rooms.refusals import Refused
from atelier.rooms.words import note_words
from atelier.web.who import Services
from tests.desk import open_wall, reveal, wall

MONEY = "rapport-a-l-argent"
QUICK = 0.2


@pytest.fixture
async def room(services: Services) -> AsyncIterator[LiveRoom]:
    account = await services.accounts.add("claire@example.org")
    command, words = opening(scripts()[MONEY], "fr")
    services.rehearsals.seconds = QUICK
    yield await services.live.create(account, command, words)
    await services.rehearsals.stop()


async def until(what: Callable[[], object], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not what():  # noqa: ASYNC110 - it looks from outside
            await asyncio.sleep(0.02)


async def enter(services: Services, room: LiveRoom, step: str) -> None:
    while room.room.step != step:
        await services.live.perform(room, GoToStep(None))
    services.presence.step_opened(room.id, room.room.steps[0].id)


async def test_a_dozen_arrive_and_write_so_that_the_wall_can_be_revealed(
    services: Services, room: LiveRoom
) -> None:
    services.rehearsals.start(room, MONEY)
    await enter(services, room, "3-post")
    expected = lines_for(MONEY, "3-post", "fr")
    assert len(expected) > services.settings.threshold

    await asyncio.sleep(1.0)
    assert await services.notes.waiting(room) == {"3-post": len(expected)}
    assert wall(room) == [], "face down like anybody's"
    assert services.presence.phones(room.id, room.room.steps[0].id) == GROUP
    await reveal(services, room)
    assert sorted(wall(room)) == sorted(expected)


async def test_each_step_is_written_on_once(services: Services, room: LiveRoom) -> None:
    services.rehearsals.start(room, MONEY)
    await enter(services, room, "4-post")
    await asyncio.sleep(1.0)
    [(step, count)] = (await services.notes.waiting(room)).items()
    assert (step, count) == ("4-post", len(lines_for(MONEY, "4-post", "fr")))


async def test_the_group_leaves_when_the_room_is_closed(services: Services, room: LiveRoom) -> None:
    services.rehearsals.start(room, MONEY)
    await until(lambda: services.presence.rooms[room.id].sockets)
    await services.live.perform(room, CloseRoom("all"))
    await until(lambda: not services.rehearsals.groups, 12)
    assert not services.presence.rooms[room.id].sockets


async def test_the_group_leaves_when_the_room_is_erased(services: Services, room: LiveRoom) -> None:
    services.rehearsals.start(room, MONEY)
    await services.closing.erase(room.id)
    await until(lambda: not services.rehearsals.groups, 12)


async def test_a_room_that_is_erased_makes_place_at_once(
    services: Services, room: LiveRoom
) -> None:
    for _ in range(GROUPS):
        services.rehearsals.start(room, MONEY)
    with pytest.raises(Refused, match="too-many-rehearsals"):
        async with services.rehearsals.another(room.entry.owner):
            pass
    async with services.rehearsals.another("somebody else"):
        pass
    await services.closing.erase(room.id)
    async with services.rehearsals.another(room.entry.owner):
        pass


async def test_a_bare_wall_is_written_on_too(services: Services) -> None:
    room = await open_wall(services, "direct")
    services.rehearsals.seconds = QUICK
    services.rehearsals.start(room, "")
    await until(lambda: len(wall(room)) == len(lines_for("", "wall", "fr")))
    await services.rehearsals.stop()


def test_every_writing_step_of_every_script_has_lines_that_fit_in_both_languages() -> None:
    writing = {
        script.id: {
            f"{number}-{step.kind}": step
            for number, step in enumerate(script.steps, start=1)
            if step.writing != "none"
        }
        for script in scripts().values()
        if not script.bare  # it is written on like any bare wall
    }
    assert {script: set(steps) for script, steps in lines().items() if script != "wall"} == {
        script: set(steps) for script, steps in writing.items()
    }
    for script, steps in writing.items():
        for id, step in steps.items():
            for language in ("fr", "en"):
                found = lines_for(script, id, language)
                assert len(found) >= 10
                assert [note_words(line, step.limit) for line in found] == found
