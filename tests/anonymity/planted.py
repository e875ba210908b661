"""The real command line with one fault planted, to see whether the tests notice.

    python tests/anonymity/planted.py FAULT serve --port 8000

Each fault is one that a program of this sort could have; everything around it is the real server.
"""

import logging
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any
from unittest.mock import patch

from starlette.requests import HTTPConnection

from atelier import cli, db, housekeeping, inbox, log, notes, sqlite
from atelier import live as moments
from atelier.db import Statement, Unavailable
from atelier.inbox import Batch, Inbox, SealedNote
from atelier.keys import RoomKeys
from atelier.live import Beside, LiveRoom
from atelier.postgres import Postgres, engine, journal
from atelier.rooms.commands import RevealNotes
from atelier.rooms.ids import WordsId
from atelier.rooms.words import Words
from atelier.sqlite import Sqlite
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
    beside("CREATE TABLE arrival (note TEXT PRIMARY KEY, at DOUBLE PRECISION)", time.time)


@fault
def sequence() -> None:
    """Notes are numbered as they come, in a table beside the inbox."""
    arrival = "note TEXT PRIMARY KEY, at BIGINT GENERATED ALWAYS AS IDENTITY"
    beside(f"CREATE TABLE arrival ({arrival})", None)


def beside(arrival: str, now: Callable[[], float] | None) -> None:
    read, keep, keep_anew = db.read_migrations, Inbox.keep_first, Inbox.keep_anew

    def with_arrival(folder: Path) -> list[tuple[int, list[str]]]:
        return [*read(folder), *([(9000, [arrival])] if folder.name == "inbox" else [])]

    async def note_the_time(self: Inbox, note: SealedNote) -> None:
        async with self.db.transaction() as tx:
            columns, given = ("note, at", ":note, :at") if now else ("note", ":note")
            at = {"at": now()} if now else {}
            await tx.execute(
                f"INSERT INTO arrival ({columns}) VALUES ({given}) ON CONFLICT (note) DO NOTHING",
                note=note.note,
                **at,
            )

    async def keep_and_note_the_time(
        self: Inbox, keys: RoomKeys, batch: Batch, batches: Collection[Batch], note: SealedNote
    ) -> bool:
        kept = await keep(self, keys, batch, batches, note)
        await note_the_time(self, note)
        return kept

    async def keep_anew_and_note_the_time(
        self: Inbox, batch: Batch, notes: list[SealedNote]
    ) -> None:
        await keep_anew(self, batch, notes)
        for note in notes:
            await note_the_time(self, note)

    replace(db, "read_migrations", with_arrival)
    replace(Inbox, "keep_first", keep_and_note_the_time)
    replace(Inbox, "keep_anew", keep_anew_and_note_the_time)


@fault
def secure_delete_off() -> None:
    """Deleted rows stay in the file until something is written over them."""
    sqlite.PRAGMAS["secure_delete"] = 0


@fault
def wal_kept() -> None:
    """A write-ahead log, which is a record of every commit in its order."""
    sqlite.PRAGMAS["journal_mode"] = "wal"


@fault
def no_shuffle() -> None:
    """The reveal hangs the notes up as they came."""
    keep_arrival()
    replace(notes.chance, "shuffle", lambda _: None)


def keep_arrival() -> None:
    """The inbox gives notes back in the order of its rows, whose numbers are kept."""
    replace(Sqlite, "table_options", "")
    fetch = Sqlite.fetch

    async def in_row_order(self: Sqlite, sql: str, **values: Any) -> list[Any]:
        return await fetch(self, by_place(sql, "rowid"), **values)

    replace(Sqlite, "fetch", in_row_order)
    fetch_there = Postgres.fetch

    async def in_heap_order(self: Postgres, sql: str, **values: Any) -> list[Any]:
        return await fetch_there(self, by_place(sql, "ctid"), **values)

    replace(Postgres, "fetch", in_heap_order)


def by_place(sql: str, place: str) -> str:
    return sql.replace("ORDER BY mark", f"ORDER BY {place}") if sql == inbox.OPENING else sql


@fault
def as_they_come() -> None:
    """A ballot is laid beside those that came before it."""

    async def keep_each(self: Inbox, batch: Batch, notes: list[SealedNote]) -> None:
        for note in notes:
            await self.keep(batch, note)

    replace(Inbox, "keep_anew", keep_each)


@fault
def rows_left_behind() -> None:
    """PostgreSQL: what was deleted waits in its page for a vacuum."""

    async def leave(self: object) -> None:
        pass

    replace(engine.PostgresTransaction, "mend", leave)


@fault
def journal_kept() -> None:
    """PostgreSQL: the write-ahead log goes when it goes."""

    async def keep(self: object) -> None:
        pass

    replace(journal.Journal, "forget", keep)


@fault
def values_logged() -> None:
    """PostgreSQL: statements are logged with what they write."""
    replace(journal, "QUIET", "SELECT 1")


LEAKS = ("row-order", "timestamp", "secure-delete-off", "wal-kept", "no-shuffle")
LEAKS_OF_POSTGRESQL = (
    "row-order", "timestamp", "sequence", "rows-left-behind", "journal-kept", "values-logged",
    "no-shuffle",
)  # fmt: skip
LEAKS_OF_BALLOTS = ("as-they-come", "timestamp", "wal-kept")
LEAKS_OF_BALLOTS_OF_POSTGRESQL = ("as-they-come", "timestamp", "sequence", "journal-kept")
"""Who chose what comes to light: while the choice is open, or afterwards too."""


# Faults that are no leak of order


@fault
def unshuffled_marks() -> None:
    """No shuffle either, but the inbox as it is, whose keyed marks have an order of their own."""
    replace(notes.chance, "shuffle", lambda _: None)


@fault
def failing() -> None:
    """Some notes, pages and sockets meet a full disk or a fault, whose messages quote all they
    can."""
    keep = Inbox.keep_first

    async def keep_or_fail(
        self: Inbox, keys: RoomKeys, batch: Batch, batches: Collection[Batch], note: SealedNote
    ) -> bool:
        if "panne de disque" in note.text:
            raise Unavailable(f"disk full: {note.note} {note.text} {note.secret!r}")
        if "panne de code" in note.text:
            raise RuntimeError(f"{note.note}: {note.text!s}")
        if "panne de base" in note.text:
            await self.db.write(broken(note.text, there=self.db.others is not None))
        return await keep(self, keys, batch, batches, note)

    replace(Inbox, "keep_first", keep_or_fail)
    for name in ("language_of", "allowed"):  # for pages, for sockets
        replace(live, name, or_fail(getattr(live, name)))


def broken(text: str, *, there: bool) -> Statement:
    """What SQLite would print with its message, and PostgreSQL with the row that fails."""
    if there:
        return Statement("INSERT INTO sealed VALUES (:text)", {"text": text})
    return Statement(f"INSERT INTO sealed VALUES ('{text}')", {})


@fault
def quoted() -> None:
    """It fails like that, and PostgreSQL's log quotes the values."""
    failing()
    values_logged()


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


@fault
def forgetful() -> None:
    """No fault either: PostgreSQL forgets sooner, so that tests wait less, as in every build of
    this file."""


if __name__ == "__main__":
    journal.APART_SECONDS = 0.1
    FAULTS[sys.argv.pop(1)]()
    cli.main()
