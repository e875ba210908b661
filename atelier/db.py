"""What the rest of atelier asks of a database; `sqlite.py` is one. Everything that differs between
engines is in theirs."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

MIGRATIONS = Path(__file__).parent / "migrations"
SEEN = "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY)"


class Conflict(Exception):
    """A row with this key is already there."""


class Unavailable(Exception):
    """The database is locked, full, read-only or away: nothing was written."""


class Statement(NamedTuple):
    """SQL with its values by `:name`."""

    sql: str
    values: Mapping[str, Any]


def statement(sql: str, **values: Any) -> Statement:
    return Statement(sql, values)


class Latest(NamedTuple):
    """Where a room has got to: the number of its last event, and another number whenever its row
    in the directory has changed."""

    seq: int
    version: int


class Transaction(Protocol):
    """Statements of one transaction."""

    async def execute(self, sql: str, **values: Any) -> int:
        """Run one statement; return how many rows it changed."""

    async def fetch(self, sql: str, **values: Any) -> list[Any]: ...


class Database(Protocol):
    @property
    def others(self) -> "Others | None":
        """None where no other process acts on the same rooms."""

    async def fetch(self, sql: str, **values: Any) -> list[Any]:
        """The rows of a query; nothing in them may be lost any more."""

    async def write(self, *statements: Statement) -> list[int]:
        """All or nothing, on disk when this returns; how many rows each statement changed."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """All or nothing, on disk when the block ends. For statements that follow from others."""

    async def copy_into(self, path: Path) -> None:
        """A copy of this moment in a new file, without the remains of what was deleted."""

    async def changed_elsewhere(self) -> bool:
        """Whether another process has written here since the last time it was asked."""


class Others(Protocol):
    """What there is to ask of a database that other processes share, about them."""

    def hold(self, room: str, *, shared: bool = False) -> AbstractAsyncContextManager[None]:
        """Have a room alone among all processes that act on it, or share it with others who
        share; what is asked within is refused once that is lost."""

    async def latest(self, rooms: Collection[str]) -> dict[str, Latest]:
        """Where these rooms are now; those that are no more are missing."""

    def tell(self, room: str) -> None:
        """Wake up the other processes: something has changed in this room. No more than that: who
        is not woken looks by itself."""

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Until cancelled: call `heard` with each room that another process tells of."""

    def remembers(self) -> bool:
        """Whether what was deleted, and the order in which it came, may still be read with the
        keys in what the database keeps for itself."""

    async def say(self, node: str, words: Collection[tuple[str, str, bytes]]) -> None:
        """Leave the last word of this process on something in a room: room, what, body."""

    async def heard(self, node: str, rooms: Collection[str]) -> list[Any]:
        """The last words of other processes on these rooms: room, what, body, age, by whom."""


class Defining(Protocol):
    """A database that is to be given its tables."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]: ...

    def defined(self, statement: str) -> Iterable[str]:
        """What a statement of a migration becomes in the words of this engine."""


async def migrate(db: Defining, name: str) -> None:
    """Run the files of `migrations/{name}` that this database has not seen, in the order of
    their numbers. One that this version does not know is of a newer one, and no obstacle: a
    migration only adds."""
    async with db.transaction() as tx:
        for each in db.defined(SEEN):
            await tx.execute(each)
        seen = {number for (number,) in await tx.fetch("SELECT number FROM migration")}
        for number, statements in read_migrations(MIGRATIONS / name):
            if number in seen:
                continue
            for each in statements:
                for one in db.defined(each):
                    await tx.execute(one)
            await tx.execute("INSERT INTO migration VALUES (:number)", number=number)


def read_migrations(folder: Path) -> list[tuple[int, list[str]]]:
    return [
        (
            int(path.name.split("_")[0]),
            [s for s in path.read_text(encoding="utf-8").split(";") if s.strip()],
        )
        for path in sorted(folder.glob("*.sql"))
    ]
