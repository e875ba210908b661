"""How many notes a second are kept, on disk before they are acknowledged, against one commit per
note.

    .venv/bin/python -m bench.keeping [--notes 2000] [--writers 50] [--rounds 3]

Four ways take turns within each round, each with fifty writers that wait for one note before they
write the next, each on files of its own:

- `one commit per note`: aiosqlite with the settings of this program (rollback journal,
  synchronous=EXTRA, secure_delete), a transaction for each row of the size of a sealed note;
- `Notes.post`, in this process, into the sealed inbox of one room, then of twenty rooms;
- over HTTP, one room: the server as people start it.

The ratio is to the first of them in the same round; the median of the rounds.
"""

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Any

import aiosqlite

from atelier.app import build
from atelier.arrivals import Draft
from atelier.content import bare_wall
from atelier.hub import Hub
from atelier.inbox import PADDED
from atelier.live import LiveRoom
from atelier.rooms.ids import NoteId
from atelier.rooms.words import Words
from atelier.settings import Settings
from atelier.sqlite import PRAGMAS
from atelier.web.throttle import Throttle
from atelier.web.who import Services
from atelier.wire import new_event_loop
from bench.crowd import TEXT, Crowd, evenly, open_places
from bench.gauges import Figure, disk_of, fsync_ms, on_real_disk, show
from tests.server import Facilitator, serving

SEALED_BYTES = PADDED + 28
"""A row of the inbox: the padded note with nonce and tag."""


async def write_all(notes: int, writers: int, write: Callable[[], Awaitable[object]]) -> float:
    """Notes per second of writers that each wait for the note before."""
    left = iter(range(notes))

    async def writer() -> None:
        for _ in left:
            await write()

    began = time.perf_counter()
    await asyncio.gather(*(writer() for _ in range(writers)))
    return notes / (time.perf_counter() - began)


async def one_commit_each(folder: Path, notes: int, writers: int) -> float:
    turn = asyncio.Lock()
    async with aiosqlite.connect(folder / "plain.db", isolation_level=None) as db:
        for name, value in PRAGMAS.items():
            await db.execute_fetchall(f"PRAGMA {name} = {value}")
        await db.execute(
            "CREATE TABLE sealed (batch TEXT, mark BLOB, box BLOB, PRIMARY KEY (batch, mark))"
            " WITHOUT ROWID"
        )

        async def write() -> None:
            async with turn:
                await db.execute("BEGIN IMMEDIATE")
                row = (f"{'0' * 32}/wall/0", os.urandom(32), os.urandom(SEALED_BYTES))
                await db.execute("INSERT INTO sealed VALUES (?, ?, ?)", row)
                await db.commit()

        return await write_all(notes, writers, write)


async def posted(folder: Path, notes: int, writers: int, rooms: int) -> float:
    settings = Settings(data=folder, rate="off")
    async with AsyncExitStack() as stack:
        services = await build(settings, Throttle(on=False), Hub(), stack)
        account = await services.accounts.add("a@example.org")
        lives = [await open_wall(services, account) for _ in range(rooms)]
        numbers = iter(range(notes))

        async def write() -> None:
            note = NoteId(token_hex(16))
            live = lives[next(numbers) % rooms]
            await services.notes.post(live, Draft(note, token_urlsafe(32), TEXT))

        return await write_all(notes, writers, write)


async def open_wall(services: Services, account: str) -> LiveRoom:
    wall = bare_wall(Words("Essai"), Words(), Words("Une chose"), "reveal", "fr")
    return await services.live.create(account, *wall)


def over_http(folder: Path, notes: int, writers: int) -> float:
    with serving(folder) as server:
        [place] = open_places(Facilitator(server), mode="reveal")
        crowd = Crowd(server)
        crowd.most_lines = writers
        outcome = crowd.run(evenly([place], 1e9, notes / 1e9))
        crowd.close()
    assert len(outcome.kept) == notes, "a note was refused"
    first = min(posting.due for posting in outcome.postings)
    return notes / (max(posting.answered for posting in outcome.postings) - first)


def on_its_loop(work: Coroutine[Any, Any, float]) -> float:
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)


ONE_EACH = "one commit per note"
HTTP = "over HTTP, one room"


def ways(notes: int, writers: int) -> dict[str, Callable[[Path], float]]:
    return {
        ONE_EACH: lambda folder: on_its_loop(one_commit_each(folder, notes, writers)),
        "Notes.post, one room": lambda folder: on_its_loop(posted(folder, notes, writers, 1)),
        "Notes.post, 20 rooms": lambda folder: on_its_loop(posted(folder, notes, writers, 20)),
        HTTP: lambda folder: over_http(folder / "data", notes, writers),
    }


def measure(notes: int = 2000, writers: int = 50, rounds: int = 3) -> list[Figure]:
    rates: dict[str, list[float]] = {name: [] for name in ways(notes, writers)}
    syncs = []
    for _ in range(rounds):
        for name, way in ways(notes, writers).items():
            with on_real_disk() as folder:
                rates[name].append(way(folder))
                syncs.append(fsync_ms(folder))
                disk = disk_of(folder)
    figures = [
        Figure(f"{name}, {writers} writers", statistics.median(rate), "notes/s")
        for name, rate in rates.items()
    ]
    for name, rate in rates.items():
        if name != ONE_EACH:
            limit = None if name == HTTP else 8
            ratio = statistics.median(
                ours / plain for ours, plain in zip(rate, rates[ONE_EACH], strict=True)
            )
            figures.append(Figure(f"{name} ÷ {ONE_EACH}", ratio, "×", limit, least=True))
    return [*figures, Figure(f"one write with fsync, {disk}", statistics.median(syncs), "ms")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=2000)
    parser.add_argument("--writers", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    show(measure(asked.notes, asked.writers, asked.rounds))


if __name__ == "__main__":
    main()
