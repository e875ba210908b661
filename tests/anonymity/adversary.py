"""Somebody who watched the room and now holds everything: files, copies, journals, log, exports,
frames, and the master key. Each estimator gives notes a place in an order; what order that is,
forwards or backwards, is tried afterwards.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from atelier.keys import KeyLost, derive, mark, unseal, wrapping_key
from tests.anonymity.sessions import Left
from tests.anonymity.stores import HEAP, WAL, WAL_PAGE, Rows

Scores = dict[str, float]
"""A note's id, and its place."""
Estimates = Iterator[tuple[str, str, Scores]]
"""Which estimator, what it looked at, and what it found."""

SQLITE = b"SQLite format 3\x00"
PAGE = 4096
USABLE_LOCAL, LEAST_LOCAL = (PAGE - 12) * 64 // 255 - 23, (PAGE - 12) * 32 // 255 - 23
KEY_BOX = 12 + 32 + 16
"""Nonce, key and tag of a wrapped key."""
NOTE_BOX = 12 + 2560 + 16
GAPS = (0, 1, len("', $2 = '"))
"""Between a key's name and its box: in a row of SQLite, of PostgreSQL, in a log of statements."""

ESTIMATORS = (
    "row order", "columns", "page offset", "free pages", "sealed rows", "journals", "backup",
    "file times", "log lines", "list positions", "frame order", "id order",
)  # fmt: skip


def estimates(room: str, notes: dict[str, str], left: Left) -> Estimates:
    """Everything that can be read out of what is left; `notes` are ids and texts on the wall."""
    yield "id order", "id", {note: int(note, 16) for note in notes}
    yield from by_file_times(notes, left)
    traces = {
        note: [note.encode(), bytes.fromhex(note), text.encode()] for note, text in notes.items()
    }
    for name, data in left.files.items():
        yield from by_place(name, data, traces)
        if data.startswith(SQLITE):
            yield from by_rows(name, left, traces)
    marks = marks_of(room, notes, left)
    for table, rows in left.rows.items():
        yield from by_table("row order", table, rows, traces)
        yield from by_table("row order", f"{table} mark", rows, marks)
    yield from by_what_was_sealed(room, marks, left)


def by_file_times(notes: dict[str, str], left: Left) -> Estimates:
    """Files that hold a note, or are named after it, by when they were written last."""
    scores: Scores = {}
    for note in notes:
        named = [at for name, at in left.written.items() if note in name]
        holding = [at for name, at in left.written.items() if note.encode() in left.files[name]]
        if named or holding:
            scores[note] = max(named or holding)
    yield "file times", "mtime", scores


def by_place(name: str, data: bytes, traces: dict[str, list[bytes]]) -> Estimates:
    """Where a note's id, text or mark stands in a file: first, last, and by pages whose cells
    were laid down from the end."""
    for kind in range(max(len(forms) for forms in traces.values())):
        found = {
            note: places(data, forms[kind]) for note, forms in traces.items() if kind < len(forms)
        }
        found = {note: at for note, at in found.items() if at}
        for estimator, at in split(name, data, found):
            yield estimator, f"{name} {kind} first", {n: float(p[0]) for n, p in at.items()}
            yield estimator, f"{name} {kind} last", {n: float(p[-1]) for n, p in at.items()}
            yield (
                estimator,
                f"{name} {kind} in pages",
                {n: from_the_end(p[0], page_of(name)) for n, p in at.items()},
            )


def page_of(name: str) -> int:
    return WAL_PAGE if name.startswith(HEAP) else PAGE


def from_the_end(place: int, page: int) -> float:
    return float(place // page * page + page - place % page)


def places(data: bytes, form: bytes) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(form), data)]


def split(
    name: str, data: bytes, found: dict[str, list[int]]
) -> Iterator[tuple[str, dict[str, list[int]]]]:
    """Which estimator looks at this file; a database has places in use and free ones."""
    if not found:
        return
    if name.startswith(HEAP) and name != WAL:
        yield "page offset", found
        return
    if not data.startswith(SQLITE):
        yield kind_of(name), found
        return
    if name.startswith("backup/"):
        yield "backup", found
        return
    free = Pages(data).turns
    for estimator, wanted in (("page offset", False), ("free pages", True)):
        part = {
            note: chosen
            for note, at in found.items()
            if (chosen := [p for p in at if (p // PAGE + 1 in free) is wanted])
        }
        if part:
            yield estimator, part


def kind_of(name: str) -> str:
    for start, kind in (("export/", "list positions"), ("frames/", "frame order"),
                        ("backup/", "backup")):  # fmt: skip
        if name.startswith(start):
            return kind
    return "log lines" if name.endswith(".log") else "journals"


def by_rows(name: str, left: Left, traces: dict[str, list[bytes]]) -> Estimates:
    """Tables as SQLite reads them: the order of rows, hidden row numbers, and every column beside
    the one that tells the note."""
    estimator = "backup" if name.startswith("backup/") else "row order"
    with opened(name, left) as db:
        if db is None:
            return
        for table, rows in tables(db):
            yield from by_table(estimator, f"{name} {table}", rows, traces)


def by_table(estimator: str, name: str, rows: Rows, traces: dict[str, list[bytes]]) -> Estimates:
    order: Scores = {}
    columns: defaultdict[int, Scores] = defaultdict(dict)
    for place, row in enumerate(rows):
        note = told(row, traces)
        if note is None:
            continue
        order[note] = place
        for column, value in enumerate(row):
            if (score := number(value)) is not None:
                columns[column][note] = score
    yield estimator, name, order
    for column, scores in columns.items():
        yield "columns", f"{name} {column}", scores


@dataclass
class opened:
    """A database among what is left, with its journals beside it."""

    name: str
    left: Left

    def __enter__(self) -> sqlite3.Connection | None:
        self.folder = TemporaryDirectory()
        for name, data in self.left.files.items():
            if name.startswith(self.name):
                path = Path(self.folder.name) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        self.db = sqlite3.connect(Path(self.folder.name) / self.name)
        return self.db

    def __exit__(self, *_: object) -> None:
        self.db.close()
        self.folder.cleanup()


def tables(db: sqlite3.Connection) -> Iterator[tuple[str, Rows]]:
    for table, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
        hidden = "" if "WITHOUT ROWID" in (sql or "").upper() else "rowid, "
        order = " ORDER BY rowid" if hidden else ""
        yield table, list(db.execute(f'SELECT {hidden}* FROM "{table}"{order}'))


def told(row: tuple[Any, ...], traces: dict[str, list[bytes]]) -> str | None:
    """The one note that a row is about."""
    values = [v.encode() if isinstance(v, str) else v for v in row if isinstance(v, str | bytes)]
    found = [note for note, forms in traces.items() if any(v in forms for v in values)]
    return found[0] if len(found) == 1 else None


def number(value: object) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, bytes | str):
        data = value if isinstance(value, bytes) else value.encode()
        return float(int.from_bytes(data[:8].ljust(8, b"\0"), "big"))
    return None


# What waits in the sealed inbox, or was deleted and is still there


def marks_of(room: str, notes: dict[str, str], left: Left) -> dict[str, list[bytes]]:
    """The marks that the sealed inbox had for these notes, when the key of a batch is still
    found anywhere: in the keyring, its journals, its free space."""
    master = left.files.get("var/keys/master.key", b"")
    names = re.compile(rb"inbox:" + room.encode() + rb"/[^/\x00]{1,64}/\d+?(?=.{60})", re.DOTALL)
    keys: set[bytes] = set()
    for data in left.files.values():
        for match in names.finditer(data):
            for end in range(match.end(), match.end() + 3):  # the number may have more digits
                for gap in GAPS:
                    with suppress(KeyLost, UnicodeDecodeError):
                        name, box = data[match.start() : end].decode(), end + gap
                        keys.add(unseal(wrapping_key(master), data[box : box + KEY_BOX], name))
    found = sorted(keys)
    return {note: [mark(derive(key, "mark"), note) for key in found] for note in notes if found}


def by_what_was_sealed(room: str, marks: dict[str, list[bytes]], left: Left) -> Estimates:
    """Rows of the sealed inbox that wait, or were only marked as free. Such a row is longer than a
    page lets it be: the rest lies in a page of its own, taken from the free list as it was
    before."""
    for name, data in left.files.items():
        if marks and "inbox.db" not in name:
            yield from by_place(name, data, marks)
        if not marks or "inbox.db" not in name:
            continue
        estimator = "sealed rows" if data.startswith(SQLITE) else "journals"
        turns = Pages(left.before.get("var/inbox.db", bytes(PAGE))).turns
        first: Scores = {}
        turn: Scores = {}
        for note, forms in marks.items():
            for at in sorted(at for form in forms for at in places(data, form)):
                first.setdefault(note, at)
                if (page := overflow_page(data, at, room)) is not None:
                    turn.setdefault(note, turns.get(page, len(turns) + page))
        yield estimator, f"{name} mark", first
        yield estimator, f"{name} turn", turn


def overflow_page(data: bytes, at: int, room: str) -> int | None:
    batch = data.rfind(room.encode(), max(0, at - 120), at)
    if batch < 0:
        return None
    name = at - batch
    payload = 1 + (1 if 13 + 2 * name < 128 else 2) + 1 + 2 + name + 32 + NOTE_BOX
    local = LEAST_LOCAL + (payload - LEAST_LOCAL) % (PAGE - 4)
    if local > USABLE_LOCAL:
        local = LEAST_LOCAL
    pointer = at + 32 + local - (payload - NOTE_BOX)
    page = int.from_bytes(data[pointer : pointer + 4], "big")
    return page if 0 < page < 1_000_000 else None


class Pages:
    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def turns(self) -> dict[int, int]:
        """The pages on the free list, and which of them is taken when: of each trunk the first
        leaf, then the others from the last, then the trunk itself."""
        turns: dict[int, int] = {}
        trunk = self.word(32)
        while trunk and trunk not in turns:
            start = (trunk - 1) * PAGE
            leaves = [
                self.word(start + 8 + 4 * n) for n in range(min(self.word(start + 4), PAGE // 4))
            ]
            for page in (*leaves[:1], *leaves[:0:-1], trunk):
                turns.setdefault(page, len(turns))
            trunk = self.word(start)
        return turns

    def word(self, at: int) -> int:
        return int.from_bytes(self.data[at : at + 4], "big")
