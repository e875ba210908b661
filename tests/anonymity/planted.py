"""The real command line with one fault planted, to see whether the tests notice.

    python tests/anonymity/planted.py FAULT serve --port 8000

Each fault is one that a program of this sort could have; everything around it is the real server.
"""

import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from starlette.requests import HTTPConnection

from atelier import cli, db, housekeeping, inbox, log, notes
from atelier import live as moments
from atelier.db import Database, Transaction, Unavailable
from atelier.inbox import Batch, Inbox, SealedNote
from atelier.live import Beside, LiveRoom
from atelier.rooms.commands import RevealNotes
from atelier.rooms.ids import WordsId
from atelier.rooms.words import Words
from atelier.store import Secret
from atelier.web import live

FAULTS: dict[str, Callable[[], None]] = {}


def fault(plant: Callable[[], None]) -> Callable[[], None]:
    FAULTS[plant.__name__.replace("_", "-")] = plant
    return plant


def program(name: str) -> tuple[str, ...]:
    """The command line with this fault."""
    assert name in FAULTS, name
    return sys.executable, "-P", str(Path(__file__)), name


def replace(owner: object, name: str, new: object) -> None:
    """For as long as this process lives."""
    patch.object(owner, name, new).start()


# Leaks that an attack on the files must find


@fault
def row_order() -> None:
    """Tables keep their hidden row numbers, and the reveal lays texts and secrets down as the
    inbox gives them: only the event is shuffled."""
    keep_arrival()

    async def reveal_batches(self: notes.Notes, room: LiveRoom, batches: list[Batch]) -> None:
        opened = [(n, batch.step) for batch in batches for n in await self.inbox.open(batch)]
        shuffled = notes.chance.sample(opened, len(opened))
        await self.live.act(
            room,
            RevealNotes(tuple((n.note, step) for n, step in shuffled)),
            Beside(
                words={WordsId(n.note): Words(n.text) for n, _ in opened},
                secrets={n.note: Secret(n.secret, n.rev) for n, _ in opened},
            ),
        )
        for batch in batches:
            await self.inbox.destroy(batch)

    replace(notes.Notes, "reveal_batches", reveal_batches)


@fault
def timestamp() -> None:
    """A table beside the inbox says when each note came; the reveal does not empty it."""
    read, keep = db.read_migrations, Inbox.keep
    arrival = "CREATE TABLE arrival (note TEXT PRIMARY KEY, at REAL NOT NULL)"

    def with_arrival(folder: Path) -> list[tuple[int, list[str]]]:
        return [*read(folder), *([(9000, [arrival])] if folder.name == "inbox" else [])]

    async def keep_and_note_the_time(self: Inbox, batch: Batch, note: SealedNote) -> None:
        await keep(self, batch, note)
        async with self.db.transaction() as tx:
            await tx.execute(
                "INSERT OR IGNORE INTO arrival VALUES (:note, :at)", note=note.note, at=time.time()
            )

    replace(db, "read_migrations", with_arrival)
    replace(Inbox, "keep", keep_and_note_the_time)


@fault
def secure_delete_off() -> None:
    """Deleted rows stay in the file until something is written over them."""
    db.PRAGMAS["secure_delete"] = 0


@fault
def wal_kept() -> None:
    """A write-ahead log, which is a record of every commit in its order."""
    db.PRAGMAS["journal_mode"] = "wal"


@fault
def no_shuffle() -> None:
    """The reveal hangs the notes up as they came."""
    keep_arrival()
    replace(notes.chance, "shuffle", lambda _: None)


def keep_arrival() -> None:
    """The inbox gives notes back in the order of its rows, whose numbers are kept."""
    replace(db, "is_table", lambda _: False)
    fetch = Database.fetch

    async def in_row_order(self: Database, sql: str, **values: Any) -> list[Any]:
        ordered = sql.startswith("SELECT box FROM sealed WHERE batch = :b") and "mark" not in sql
        return await fetch(self, f"{sql} ORDER BY rowid" if ordered else sql, **values)

    replace(Database, "fetch", in_row_order)


LEAKS = ("row-order", "timestamp", "secure-delete-off", "wal-kept", "no-shuffle")


# Faults that are no leak of order


@fault
def unshuffled_marks() -> None:
    """No shuffle either, but the inbox as it is, whose keyed marks have an order of their own."""
    replace(notes.chance, "shuffle", lambda _: None)


@fault
def failing() -> None:
    """Some notes, pages and sockets meet a full disk or a fault, whose messages quote all they
    can."""
    keep, execute = Inbox.keep, Transaction.execute

    async def keep_or_fail(self: Inbox, batch: Batch, note: SealedNote) -> None:
        if "panne de disque" in note.text:
            raise Unavailable(f"disk full: {note.note} {note.text} {note.secret!r}")
        if "panne de code" in note.text:
            raise RuntimeError(f"{note.note}: {note.text!s}")
        if "panne de base" in note.text:
            async with self.db.transaction() as tx:
                await execute(tx, f"INSERT INTO sealed VALUES ('{note.text}')")
        await keep(self, batch, note)

    replace(Inbox, "keep", keep_or_fail)
    for name in ("language_of", "allowed"):  # for pages, for sockets
        replace(live, name, or_fail(getattr(live, name)))


@fault
def talkative() -> None:
    """It fails like that, and its log says why."""
    failing()
    say = logging.Formatter().format

    def emit(self: log.Bare, record: logging.LogRecord) -> None:
        print(say(record), file=sys.stderr)

    replace(log.Bare, "emit", emit)


def or_fail(answer: Callable[..., Any]) -> Callable[..., Any]:
    def answer_or_fail(conn: HTTPConnection, *rest: Any) -> Any:
        if "panne" in conn.url.query:
            raise RuntimeError(f"{conn.url} {conn.client} {dict(conn.headers)} {conn.cookies}")
        return answer(conn, *rest)

    return answer_or_fail


@fault
def near_misses_take_longer() -> None:
    """Secrets are compared one character after the other, in the clear."""

    def slowly(one: bytes, other: bytes) -> bool:
        for a, b in zip(one, other, strict=True):
            if a != b:
                return False
            time.sleep(0.0002)
        return True

    replace(notes, "mark", lambda _, text: text.encode())
    replace(notes, "compare_digest", slowly)
    replace(inbox, "compare_digest", slowly)


@fault
def hurried() -> None:
    """No fault at all: bands are refreshed ten times a second, so that tests wait less, and a
    minute lasts a day, so that two sessions fall into the same one."""
    replace(moments, "MINUTE", 24 * 3600)
    replace(housekeeping, "TICK_SECONDS", 0.1)
    replace(housekeeping, "BAND_SECONDS", 0.05)


if __name__ == "__main__":
    FAULTS[sys.argv.pop(1)]()
    cli.main()
