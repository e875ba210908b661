"""A session that is killed at a named point between a note's coming and the screens' being told,
and what must be true after it.

The session runs in a process of its own, on real files; what it has answered and shown it says
through a pipe, as phones and screens would know it. The points are put around the product's
functions from outside: there is nothing of them in the product.
"""

import asyncio
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from atelier import sqlite
from atelier.arrivals import Draft
from atelier.db import Statement
from atelier.hub import Hub
from atelier.inbox import Inbox
from atelier.keys import Keyring
from atelier.live import LiveRoom
from atelier.notes import Notes
from atelier.postgres.engine import OverOne, PostgresTransaction
from atelier.rooms.ids import RoomId
from atelier.settings import Settings
from atelier.store import Store
from atelier.web.render import Frames
from atelier.web.who import Services
from tests.desk import Watching, draft, open_wall, wall
from tests.test_backup import running

KILLED = 9
SEQ = re.compile(r'"seq": (\d+)')

When = Literal["before", "after"]
POINTS: dict[str, tuple[Any, str, When]] = {
    "a note has come": (Notes, "post", "before"),
    "it is to be sealed": (Inbox, "keep_first", "before"),
    "its key is to be made": (Keyring, "make", "before"),
    "it is kept, nobody was told": (Inbox, "keep_first", "after"),
    "it is to be written to the log": (Store, "append", "before"),
    "it is in the log, not in memory": (Store, "append", "after"),
    "screens are to be told": (Hub, "publish", "before"),
    "screens were told": (Hub, "publish", "after"),
    "a batch is open": (Inbox, "open", "after"),
    "a revealed batch is to be destroyed": (Inbox, "destroy", "before"),
    "its rows are gone, its key is not": (Keyring, "destroy", "before"),
    "its key is gone": (Keyring, "destroy", "after"),
    "a late change is to be written": (Inbox, "defer", "before"),
    "a late change is written": (Inbox, "defer", "after"),
    "a late change is applied, and still waits": (Inbox, "settled", "before"),
    "a take-back is written": (Inbox, "withdraw", "after"),
    "a closing is to be carried out": (Store, "finish", "before"),
    "a closing is carried out": (Store, "finish", "after"),
    "a commit is to begin": (sqlite, "run_group", "before"),
    "all is written, not committed": (sqlite, "run_group", "before"),
    "it is committed, nobody knows": (sqlite, "run_group", "after"),
}
IN_THE_COMMIT = "all is written, not committed"
POSTGRES_POINTS: dict[str, tuple[Any, str, When]] = {
    **{point: place for point, place in POINTS.items() if place[0] is not sqlite},
    "a write to PostgreSQL is to begin": (OverOne, "write", "before"),
    "all is written to PostgreSQL, not committed": (PostgresTransaction, "mend", "after"),
    "PostgreSQL has committed, nobody knows": (OverOne, "write", "after"),
}


@dataclass
class Told:
    """What the session had said when it died."""

    kept: dict[str, str] = field(default_factory=dict)
    """Texts by note, as acknowledged."""
    gone: set[str] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    """Notes that somebody sent or took back without an answer: both outcomes are right."""
    shown: dict[str, int] = field(default_factory=dict)
    """The last number that a screen of each room was told."""
    rooms: list[str] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    whole: bool = False


def killed_at(
    point: str, made: Path, folder: Path, most: int, database: Callable[[], str] = lambda: ""
) -> Iterator[tuple[Settings, Told]]:
    """The data as each kill left it, for the first `most` times that the point is passed. Each
    time on a `database` of its own, where there is one."""
    for passing in range(most):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)
        settings = Settings(data=folder, threshold=3, rate="off", database_url=database())
        told = run_and_die(point, passing, settings)
        if told.whole:
            return
        yield settings, told


def run_and_die(point: str, passing: int, settings: Settings) -> Told:
    reader, writer = os.pipe()
    if child := os.fork():
        os.close(writer)
        with os.fdopen(reader) as said:
            told = listened(said)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code in (0, KILLED), f"exit code {code} at {point}"
        told.whole = code == 0
        return told
    os.close(reader)
    try:
        plant(point, passing)
        asyncio.run(session(settings, lambda *said: say(writer, said)))
    except BaseException:
        os._exit(1)
    os._exit(0)


def say(writer: int, said: tuple[object, ...]) -> None:
    os.write(writer, json.dumps(said).encode() + b"\n")


def plant(point: str, passing: int) -> None:
    owner, name, when = (POINTS | POSTGRES_POINTS)[point]
    real = getattr(owner, name)
    left = passing

    def reached() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os._exit(KILLED)

    if point == IN_THE_COMMIT:

        def cut_short(connection: Any, group: Any) -> Any:
            return real(Committing(connection, reached), group)

        setattr(owner, name, cut_short)
    elif asyncio.iscoroutinefunction(real):

        async def planted(*args: Any, **named: Any) -> Any:
            if when == "before":
                reached()
            result = await real(*args, **named)
            if when == "after":
                reached()
            return result

        setattr(owner, name, planted)
    else:

        def planted_too(*args: Any, **named: Any) -> Any:
            if when == "before":
                reached()
            result = real(*args, **named)
            if when == "after":
                reached()
            return result

        setattr(owner, name, planted_too)


class Committing:
    """A connection that says when it is about to commit."""

    def __init__(self, connection: object, reached: Callable[[], None]) -> None:
        self.connection = connection
        self.reached = reached

    def __getattr__(self, name: str) -> object:
        return getattr(self.connection, name)

    def commit(self) -> None:
        self.reached()
        self.connection.commit()  # type: ignore[attr-defined]


# The session


async def session(settings: Settings, say: Callable[..., None]) -> None:
    """Notes face down and revealed, edited, taken back; notes of a direct step; a closing."""
    async with running(settings) as services:
        await services.notes.mend()
        waves = await opened(services, "waves", say)
        notes = [draft(f"Note {number}") for number in range(4)]
        for number, note in enumerate(notes):
            services.presence.saw(waves.id, f"phone {number}")
            await posts(services, waves, note, say)
        await takes_back(services, waves, notes[3], say)
        await services.notes.reveal(waves, frozenset(), anyway=False)
        await edits(services, waves, notes[0], say)
        await takes_back(services, waves, notes[1], say)
        await posts(services, waves, draft("Deuxième vague"), say)
        services.notes.due[waves.id] = 0.0
        await services.notes.settle_due()
        direct = await opened(services, "direct", say)
        for number in range(2):
            await posts(services, direct, draft(f"Au mur {number}"), say)
        await services.closing.close(direct, "all")
        say("closed", direct.id)
        await services.live.store.db.write(
            Statement("UPDATE room SET finish_at = 1 WHERE id = :id", {"id": direct.id})
        )
        await services.closing.finish_due()


async def opened(services: Services, mode: Literal["waves", "direct"], say: Any) -> LiveRoom:
    live = await open_wall(services, mode)
    say("room", live.id)
    screen = Saying(lambda seq: say("shown", live.id, seq))
    services.hub.screens[live.id][screen] = None
    return live


class Saying(Watching):
    """A screen that says which number it was told."""

    def __init__(self, say: Callable[[int], None]) -> None:
        super().__init__()
        self.say = say

    def put(self, frame: bytes) -> None:
        super().put(frame)
        if numbered := SEQ.search(str(self.told[-1])):
            self.say(int(numbered[1]))


async def posts(services: Services, live: LiveRoom, note: Draft, say: Any) -> None:
    say("begun", note.note)
    await services.notes.post(live, note)
    say("kept", note.note, note.text)


async def edits(services: Services, live: LiveRoom, note: Draft, say: Any) -> None:
    say("begun", note.note)
    await services.notes.post(live, Draft(note.note, note.secret, "Autrement dit", None, 1))
    say("kept", note.note, "Autrement dit")


async def takes_back(services: Services, live: LiveRoom, note: Draft, say: Any) -> None:
    say("begun", note.note)
    await services.notes.take_back(live, note.note, note.secret, now=False)
    say("gone", note.note)


def listened(said: Any) -> Told:
    told = Told()
    for line in said:
        match json.loads(line):
            case ["room", room]:
                told.rooms.append(room)
            case ["begun", note]:
                told.begun.add(note)
            case ["kept", note, text]:
                told.begun.discard(note)
                told.kept[note] = text
            case ["gone", note]:
                told.begun.discard(note)
                told.kept.pop(note, None)
                told.gone.add(note)
            case ["shown", room, seq]:
                told.shown[room] = seq
            case ["closed", room]:
                told.closed.add(room)
    return told


# The oracle


def check(settings: Settings, told: Told) -> None:
    asyncio.run(checked(settings, told))


async def checked(settings: Settings, told: Told) -> None:
    async with running(settings) as services:
        await services.notes.mend()
        await services.closing.finish_due()
        rooms = [await services.live.open(RoomId(room)) for room in told.rooms]
        for live in rooms:
            await settle(services, live)
        on_walls = {note: text for live in rooms for note, text in texts(live).items()}
        surely = {note: text for note, text in told.kept.items() if note not in told.begun}
        assert surely.items() <= on_walls.items(), "kept, and lost or as it was before"
        assert on_walls.keys() - surely.keys() <= told.begun, "there without having been sent"
        assert not told.gone & on_walls.keys(), "taken back, and there"
        for live in rooms:
            log = await services.live.store.read(live.id)
            assert [each.seq for each in log] == list(range(1, live.seq + 1)), "a gap"
            assert told.shown.get(live.id, 0) <= live.seq, "shown, and not on disk"
            assert len(wall(live)) == len(texts(live)), "there twice"
            assert Frames().whole(live.board, live.seq, live.entry.epoch)
            if live.id in told.closed:
                assert live.room.closed == "all"
        await nothing_left_over(services)


async def settle(services: Services, live: LiveRoom) -> None:
    """All that waits goes where it belongs: late changes, and notes face down."""
    async with live.lock:
        if not live.entry.finished:
            await services.notes.settle_all(live)
    if live.room.closed is None and any((await services.notes.waiting(live)).values()):
        for number in range(3):
            services.presence.saw(live.id, f"phone {number}")
        batches = list(await services.notes.inbox.counts(live.id))
        async with live.lock:
            await services.notes.reveal_batches(live, batches)


def texts(live: LiveRoom) -> dict[str, str]:
    return {
        note.id: str(live.words[note.words])
        for note in live.room.wall.notes.values()
        if note.words in live.words
    }


async def nothing_left_over(services: Services) -> None:
    """No row of a batch without its key, no batch whose reveal is over."""
    await services.notes.mend()
    inbox = services.notes.inbox
    rows = {name for (name,) in await inbox.db.fetch("SELECT DISTINCT batch FROM sealed")}
    assert rows <= {batch.name for batch in await inbox.batches()}
