"""Whole tables, from this engine into a file and back."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ..sqlite import Sqlite

FIRST = ("account", "room")
"""Other tables refer to these."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one of our files, and that of the same name here."""

    schema: str
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


async def tables_of(schema: str, file: Sqlite) -> list[Table]:
    """Those that others refer to first."""
    found = await file.fetch(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migration' ORDER BY name"
    )
    names = sorted((name for (name,) in found), key=lambda name: name not in FIRST)
    return [await table_of(schema, name, file) for name in names]


async def table_of(schema: str, name: str, file: Sqlite) -> Table:
    columns = await file.fetch(
        "SELECT name, pk FROM pragma_table_info(:table) ORDER BY cid", table=name
    )
    key = sorted((pk, column) for column, pk in columns if pk)
    return Table(schema, name, tuple(c for c, _ in columns), tuple(column for _, column in key))


# Into a file


async def copy_main(connection: Any, path: Path) -> None:
    """The data as of one moment, in a new SQLite file: of each table what this version knows."""
    async with Sqlite.open(path, "main") as copy:
        tables = await tables_of("main", copy)
        found = await read_all(connection, tables)
        async with copy.transaction() as tx:
            for table, rows in zip(tables, found, strict=True):
                places = ", ".join(f":{column}" for column in table.columns)
                for row in rows:
                    await tx.execute(f"INSERT INTO {table.name} VALUES ({places})", **dict(row))  # noqa: S608


async def read_all(connection: Any, tables: list[Table]) -> list[list[Any]]:
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        # What is written anew while we read would look empty to us.
        await connection.execute(f"LOCK TABLE {', '.join(map(str, tables))} IN ACCESS SHARE MODE")
        return [
            await connection.fetch(f"SELECT {', '.join(table.columns)} FROM {table}")  # noqa: S608
            for table in tables
        ]


# Back


AT_ONCE = 2000
"""Rows that are read together."""
PATIENCE_SECONDS = 3600


@dataclass(slots=True)
class Seen:
    """Rows, one after the other: how many, and a digest of all of them."""

    rows: int = 0
    digest: Any = field(default_factory=blake2b)

    def see(self, row: tuple[Any, ...]) -> None:
        self.rows += 1
        self.digest.update(repr(row).encode())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Seen) and (self.rows, self.digest.digest()) == (
            other.rows,
            other.digest.digest(),
        )


async def take_in(connection: Any, files: Mapping[str, Sqlite], *, replace: bool) -> int:
    """Fill the schemas with what the files of the same names hold, in the caller's transaction; how
    many rows. Each table is read back and compared.

    Raises `ValueError` when there is something already, unless it is to be replaced, when the files
    are of a later version, and when what is read back differs.
    """
    tables = [table for schema, file in files.items() for table in await tables_of(schema, file)]
    await refuse_newer(connection, tables)
    names = ", ".join(map(str, tables))
    await connection.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
    if replace:
        await connection.execute(f"TRUNCATE {names}")  # the old files go, with all that was in them
    for table in tables:
        if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})"):  # noqa: S608
            raise ValueError(f"the database is not empty ({table}): expected a new one")
    return sum([await take_table(connection, table, files[table.schema]) for table in tables])


async def refuse_newer(connection: Any, tables: list[Table]) -> None:
    """Files that hold what this version has no place for were written by a later one."""
    rows = await connection.fetch(
        "SELECT table_schema, table_name, column_name FROM information_schema.columns"
    )
    known = {tuple(row) for row in rows}
    for table in tables:
        for column in table.columns:
            if (table.schema, table.name, column) not in known:
                raise ValueError(
                    f"{table}: this version does not know {column!r}: the files were written by a"
                    " later one; move them with that version"
                )


async def take_table(connection: Any, table: Table, file: Sqlite) -> int:
    given, found = Seen(), Seen()
    await connection.copy_records_to_table(
        table.name,
        schema_name=table.schema,
        columns=table.columns,
        records=rows_of(table, file, given),
        timeout=PATIENCE_SECONDS,
    )
    async for row in connection.cursor(
        f"SELECT {', '.join(table.columns)} FROM {table} ORDER BY {', '.join(table.key)}",  # noqa: S608
        prefetch=AT_ONCE,
    ):
        found.see(tuple(row))
    if given != found:
        raise ValueError(f"{table}: what was read back is not what was written; nothing was kept")
    return given.rows


async def rows_of(table: Table, file: Sqlite, seen: Seen) -> AsyncIterator[tuple[Any, ...]]:
    """By the primary key, as they lie in the file: their order here tells no more than there."""
    key = ", ".join(table.key)
    places = ", ".join(f":after_{column}" for column in table.key)
    start, after = "", dict[str, Any]()
    while True:
        rows = await file.fetch(
            f"SELECT {', '.join(table.columns)} FROM {table.name} {start}"  # noqa: S608
            f" ORDER BY {key} LIMIT {AT_ONCE}",
            **after,
        )
        for row in rows:
            seen.see(row)
            yield row
        if len(rows) < AT_ONCE:
            return
        last = dict(zip(table.columns, rows[-1], strict=True))
        start = f"WHERE ({key}) > ({places})"
        after = {f"after_{column}": last[column] for column in table.key}
