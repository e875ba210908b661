"""Notes that go face down come together; who acts on the room has it alone."""

import asyncio
from secrets import token_hex

import pytest

from atelier.arrivals import Draft
from atelier.db import Unavailable
from atelier.live import NoRoom
from atelier.room_lock import RoomLock
from atelier.rooms.ids import NoteId
from atelier.web.who import Services
from tests.desk import Watching, draft, open_wall, wall


async def test_notes_that_come_at_once_share_their_commits(services: Services) -> None:
    live = await open_wall(services)
    await services.notes.post(live, draft())
    db, groups = services.notes.inbox.db, 0
    path = next(row[2] for row in await db.fetch("PRAGMA database_list"))

    def changes() -> int:
        with open(path, "rb") as file:
            return int.from_bytes(file.read(28)[24:])

    before = changes()
    await asyncio.gather(*(services.notes.post(live, draft()) for _ in range(40)))
    groups = changes() - before
    assert groups < 10, "or each note waited for the one before"
    assert sum((await services.notes.inbox.counts(live.id)).values()) == 41


async def test_the_same_note_at_once_is_kept_once(services: Services) -> None:
    live = await open_wall(services)
    note = Draft(NoteId(token_hex(16)), "s" * 43, "une fois")
    answers = await asyncio.gather(*(services.notes.post(live, note) for _ in range(5)))
    assert sorted(answers) == ["kept", "known", "known", "known", "known"]


async def test_who_acts_alone_waits_for_those_who_share_and_is_served_in_turn() -> None:
    lock = RoomLock()
    said: list[str] = []

    async def share(name: str) -> None:
        async with lock.shared():
            said.append(name)
            await asyncio.sleep(0.01)
            said.append(name + " ends")

    async def act() -> None:
        async with lock:
            said.append("alone")
            await asyncio.sleep(0)
            said.append("alone ends")

    await asyncio.gather(share("a"), share("b"), act(), share("c"))
    assert said == ["a", "b", "a ends", "b ends", "alone", "alone ends", "c", "c ends"]


async def test_who_waits_for_a_room_that_goes_gets_no_room() -> None:
    lock = RoomLock()
    async with lock:
        waiting = [asyncio.ensure_future(each) for each in (enter(lock), enter(lock.shared()))]
        await asyncio.sleep(0)
        lock.end(NoRoom)
    for each in await asyncio.gather(*waiting, return_exceptions=True):
        assert isinstance(each, NoRoom)


async def test_who_stops_waiting_blocks_nobody() -> None:
    lock = RoomLock()
    async with lock.shared():
        impatient = asyncio.ensure_future(enter(lock))
        await asyncio.sleep(0)
        impatient.cancel()
    async with asyncio.timeout(1):
        await enter(lock)
        with pytest.raises(asyncio.CancelledError):
            await impatient


async def enter(turn: object) -> None:
    async with turn:  # type: ignore[attr-defined]
        pass


async def test_notes_of_a_direct_step_that_come_at_once_share_commit_and_frame(
    services: Services,
) -> None:
    live = await open_wall(services, "direct")
    screen = Watching()
    before = live.seq
    with services.hub.subscribe(live.id, screen):
        async with live.lock:
            posts = [asyncio.create_task(services.notes.post(live, draft())) for _ in range(20)]
            await asyncio.sleep(0)
        assert await asyncio.gather(*posts) == ["kept"] * 20
    assert live.seq == before + 20 and len(wall(live)) == 20
    assert len(screen.told) == 1


async def test_of_notes_that_come_at_once_each_has_its_own_answer(services: Services) -> None:
    live = await open_wall(services, "direct")
    one = draft()
    stranger = Draft(one.note, "t" * 43, "autre")
    empty = draft(" ")
    async with live.lock:
        posts = [
            asyncio.create_task(services.notes.post(live, each))
            for each in (one, one, stranger, empty, draft())
        ]
        await asyncio.sleep(0)
    said = await asyncio.gather(*posts, return_exceptions=True)
    assert said[:2] == ["kept", "known"] and said[4] == "kept"
    assert [str(each) for each in said[2:4]] == ["note-id-taken", "note-empty"]
    assert len(wall(live)) == 2


async def test_a_disk_that_fails_is_told_to_all_who_came_at_once(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = await open_wall(services, "direct")

    async def full(*_: object) -> None:
        raise Unavailable("full")

    monkeypatch.setattr(services.live.store, "append", full)
    posts = (services.notes.post(live, draft()) for _ in range(3))
    said = await asyncio.gather(*posts, return_exceptions=True)
    assert [type(each) for each in said] == [Unavailable] * 3
    monkeypatch.undo()
    assert await services.notes.post(live, draft()) == "kept"
    assert len(wall(live)) == 1
