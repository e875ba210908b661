"""Our SQL in the words of PostgreSQL: values by position, its types, tables in parts."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

TYPES = {"BLOB": "BYTEA", "INTEGER": "BIGINT", "TEXT": 'TEXT COLLATE "C"'}
"""Texts are compared by their bytes, as SQLite does."""
SHREDDED = ("event", "late", "sealed", "secret", "withdrawn", "words", "wrapped_key")
"""Tables of which nothing that was deleted may remain. A deleted row stays in its page until
something overwrites it, so their files are written anew without it."""
WORN = {
    "account": (
        "account", "card", "cofacilitator", "invitation", "link", "script", "series", "sitting",
    ),
    "card": ("card",),
    "cofacilitator": ("cofacilitator",),
    "forgotten": ("forgotten",),
    "invitation": ("invitation",),
    "link": ("link",),
    "room": ("cofacilitator", "invitation", "room"),
    "script": ("script",),
    "series": ("series",),
    "sitting": ("sitting",),
}  # fmt: skip
"""Small tables, in which much is changed and little deleted: a deletion wears out these, as others
go with it, and they are written anew after it."""
PARTED_BY = ("batch", "room")
DIGITS = "0123456789abcdef"
"""What begins with the id of a room lies in sixteen parts, by the first digit of that id: a part
is what one deletion writes anew."""

NAME = re.compile(r"(?<!:):([a-z]\w*)")
TABLE = re.compile(r"\s*CREATE TABLE (?:IF NOT EXISTS )?(\w+) \(\s*(\w+)")
TEARING = re.compile(r"(?:DELETE FROM|UPDATE) (\w+)")
WHOSE = re.compile(rf"\b(?:{'|'.join(PARTED_BY)}) >?= :(\w+)")


@lru_cache(maxsize=1024)
def positional(sql: str) -> tuple[str, tuple[str, ...]]:
    """The statement with `$1`, `$2`… and the names that stood there."""
    names = tuple(dict.fromkeys(NAME.findall(sql)))
    places = {name: f"${n}" for n, name in enumerate(names, start=1)}
    return NAME.sub(lambda found: places[found[1]], sql), names


def fitting(value: Any) -> Any:
    """PostgreSQL has no text with a zero in it; what asks for one finds nothing."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


# Tables


def defined(statement: str) -> Iterator[str]:
    """What a statement of a migration becomes here."""
    table = TABLE.match(statement)
    name, first = table.groups() if table else ("", "")
    for ours, theirs in TYPES.items():
        statement = re.sub(rf"\b{ours}\b", theirs, statement)
    # A row that breaks a constraint would be printed into the server's log.
    statement = statement.replace(" NOT NULL", "")
    if name not in SHREDDED:
        yield statement
        return
    # A reference would be looked up again for every row that is written anew.
    statement = re.sub(r" REFERENCES room \(id\) ON DELETE CASCADE", "", statement)
    if first not in PARTED_BY:
        yield statement
        return
    yield f"{statement} PARTITION BY RANGE ({first})"
    ends = ("MINVALUE", *(f"'{digit}'" for digit in DIGITS[1:]), "MAXVALUE")
    for digit, start, end in zip(DIGITS, ends, ends[1:], strict=False):
        yield (
            f"CREATE TABLE {name}_{digit} PARTITION OF {name} FOR VALUES FROM ({start}) TO ({end})"
        )


def torn(sql: str, values: Any) -> tuple[str, ...]:
    """The parts of which this statement takes something away that must not remain."""
    tearing = TEARING.match(sql)
    if not tearing or tearing[1] not in SHREDDED:
        return ()
    table = tearing[1]
    if table == "wrapped_key":
        return (table,)
    if whose := WHOSE.search(sql):
        room = values[whose[1]]
        return (f"{table}_{part_of(room)}",) if room else ()
    return tuple(f"{table}_{digit}" for digit in DIGITS)


def worn(sql: str) -> tuple[str, ...]:
    """The small tables that this statement wears out: by deleting, or changing who somebody is."""
    tearing = TEARING.match(sql)
    if not tearing or (sql.startswith("UPDATE") and tearing[1] != "account"):
        return ()
    return WORN.get(tearing[1], ())


def part_of(room: str) -> str:
    """As the ranges of the parts sort it."""
    return max((digit for digit in DIGITS if digit <= room[:1]), default="0")
