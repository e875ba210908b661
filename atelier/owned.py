"""What facilitators made their own: sealed rows, each of one account."""

from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar
from uuid import uuid4

import msgspec

from .db import Database, statement
from .keys import Keyring, seal, unseal
from .rooms.refusals import Refused


class HasId(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=HasId)


@dataclass(frozen=True, slots=True)
class Own(Generic[T]):
    """`rev` counts its changes: who changes it says which one they saw."""

    thing: T
    rev: int


class Owned(Generic[T]):
    """Things of one kind, `T`, which is a msgspec struct. The name of their table is the name of
    their place in a seal, too."""

    table: ClassVar[str]
    key_name: ClassVar[str]
    most: ClassVar[int]
    """Of one account."""
    kind: type[T]
    not_yours: ClassVar[str]
    changed: ClassVar[str]
    too_many: ClassVar[str]

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self.db = db
        self.keyring = keyring

    @staticmethod
    def title(thing: T) -> str:
        raise NotImplementedError

    async def of(self, account: str) -> list[Own[T]]:
        """By title, as nothing says which came first."""
        rows = await self.db.fetch(
            f"SELECT id, rev, box FROM {self.table} WHERE account = :account",  # noqa: S608
            account=account,
        )
        key = await self.key() if rows else b""
        found = [Own(self.opened(key, id, box), rev) for id, rev, box in rows]
        return sorted(found, key=lambda own: (self.title(own.thing).casefold(), own.thing.id))

    async def find(self, account: str, id: str) -> Own[T]:
        """Raises `Refused` when this account has no such thing."""
        rows = await self.db.fetch(
            f"SELECT rev, box FROM {self.table} WHERE id = :id AND account = :account",  # noqa: S608
            id=id,
            account=account,
        )
        if not rows:
            raise Refused(self.not_yours)
        [(rev, box)] = rows
        return Own(self.opened(await self.key(), id, box), rev)

    async def add(self, account: str, *things: T) -> list[T]:
        """As they are now, each under an id of its own. Raises `Refused` when there are too many;
        then none was added."""
        key = await self.key()
        own = [with_id(thing, uuid4().hex) for thing in things]
        async with self.db.transaction() as tx:
            [[held]] = await tx.fetch(
                f"SELECT count(*) FROM {self.table} WHERE account = :account",  # noqa: S608
                account=account,
            )
            if held + len(own) > self.most:
                raise Refused(self.too_many)
            for thing in own:
                await tx.execute(
                    f"INSERT INTO {self.table} VALUES (:id, :account, 0, :box)",  # noqa: S608
                    id=thing.id,
                    account=account,
                    box=self.sealed(key, thing),
                )
        return own

    async def change(self, account: str, seen: int, thing: T) -> Own[T]:
        """Raises `Refused` when the thing is not the one that was `seen`, or none of theirs."""
        changed = await self.db.write(
            statement(
                f"UPDATE {self.table} SET box = :box, rev = rev + 1"  # noqa: S608
                " WHERE id = :id AND account = :account AND rev = :seen",
                id=thing.id,
                account=account,
                seen=seen,
                box=self.sealed(await self.key(), thing),
            )
        )
        if not sum(changed):
            await self.find(account, thing.id)
            raise Refused(self.changed)
        return Own(thing, seen + 1)

    async def remove(self, account: str, id: str) -> None:
        removed = await self.db.write(
            statement(
                f"DELETE FROM {self.table} WHERE id = :id AND account = :account",  # noqa: S608
                id=id,
                account=account,
            )
        )
        if not sum(removed):
            raise Refused(self.not_yours)

    async def check(self) -> None:
        """Every one of every account opens. Raises `ValueError`, which names the one that does not;
        `KeyLost` when a key does not fit."""
        rows = await self.db.fetch(f"SELECT id, box FROM {self.table} ORDER BY id")  # noqa: S608
        key = await self.keyring.find(self.key_name) if rows else b""
        for id, box in rows:
            if key is None:
                raise ValueError(f"{self.table} {id}: the key of the {self.key_name} is missing")
            self.opened(key, id, box)

    async def key(self) -> bytes:
        return await self.keyring.make(self.key_name)

    def sealed(self, key: bytes, thing: T) -> bytes:
        return seal(key, msgspec.json.encode(thing), self.place(thing.id))

    def opened(self, key: bytes, id: str, box: bytes) -> T:
        return msgspec.json.decode(unseal(key, box, self.place(id)), type=self.kind)

    def place(self, id: str) -> str:
        return f"{self.table}/{id}"


def with_id(thing: T, id: str) -> T:
    return msgspec.structs.replace(thing, id=id)  # type: ignore[type-var]
