"""The scripts that facilitators made their own: sealed rows, each of one account."""

from dataclasses import dataclass
from uuid import uuid4

import msgspec

from .db import Database, statement
from .keys import SCRIPTS, Keyring, seal, unseal
from .rooms.refusals import Refused
from .rooms.scripts import Script

SCRIPTS_MAX = 200
"""Own scripts of one account."""


@dataclass(frozen=True, slots=True)
class Own:
    """`rev` counts its changes: who changes it says which one they saw."""

    script: Script
    rev: int


class OwnScripts:
    def __init__(self, db: Database, keyring: Keyring) -> None:
        self.db = db
        self.keyring = keyring

    async def of(self, account: str) -> list[Own]:
        """By title, as nothing says which came first."""
        rows = await self.db.fetch(
            "SELECT id, rev, box FROM script WHERE account = :account", account=account
        )
        key = await self.key() if rows else b""
        found = [Own(opened(key, id, box), rev) for id, rev, box in rows]
        return sorted(found, key=lambda own: (own.script.title_fr.casefold(), own.script.id))

    async def find(self, account: str, id: str) -> Own:
        """Raises `Refused` when this account has no such script."""
        rows = await self.db.fetch(
            "SELECT rev, box FROM script WHERE id = :id AND account = :account",
            id=id,
            account=account,
        )
        if not rows:
            raise Refused("script-not-yours")
        [(rev, box)] = rows
        return Own(opened(await self.key(), id, box), rev)

    async def add(self, account: str, *scripts: Script) -> list[Script]:
        """As they are now, each under an id of its own. Raises `Refused` when there are too many;
        then none was added."""
        key = await self.key()
        own = [msgspec.structs.replace(script, id=uuid4().hex) for script in scripts]
        async with self.db.transaction() as tx:
            [[held]] = await tx.fetch(
                "SELECT count(*) FROM script WHERE account = :account", account=account
            )
            if held + len(own) > SCRIPTS_MAX:
                raise Refused("too-many-scripts")
            for script in own:
                await tx.execute(
                    "INSERT INTO script VALUES (:id, :account, 0, :box)",
                    id=script.id,
                    account=account,
                    box=sealed(key, script),
                )
        return own

    async def change(self, account: str, seen: int, script: Script) -> Own:
        """Raises `Refused` when the script is not the one that was `seen`, or none of theirs."""
        changed = await self.db.write(
            statement(
                "UPDATE script SET box = :box, rev = rev + 1"
                " WHERE id = :id AND account = :account AND rev = :seen",
                id=script.id,
                account=account,
                seen=seen,
                box=sealed(await self.key(), script),
            )
        )
        if not sum(changed):
            await self.find(account, script.id)
            raise Refused("script-changed")
        return Own(script, seen + 1)

    async def remove(self, account: str, id: str) -> None:
        removed = await self.db.write(
            statement(
                "DELETE FROM script WHERE id = :id AND account = :account", id=id, account=account
            )
        )
        if not sum(removed):
            raise Refused("script-not-yours")

    async def key(self) -> bytes:
        return await self.keyring.make(SCRIPTS)


def sealed(key: bytes, script: Script) -> bytes:
    return seal(key, msgspec.json.encode(script), place(script.id))


def opened(key: bytes, id: str, box: bytes) -> Script:
    return msgspec.json.decode(unseal(key, box, place(id)), type=Script)


def place(id: str) -> str:
    return f"script/{id}"


async def check_scripts(db: Database, keyring: Keyring) -> None:
    """Every script of every account opens. Raises `ValueError`, which names the one that does not;
    `KeyLost` when a key does not fit."""
    rows = await db.fetch("SELECT id, box FROM script ORDER BY id")
    key = await keyring.find(SCRIPTS) if rows else b""
    for id, box in rows:
        if key is None:
            raise ValueError(f"script {id}: the key of the scripts is missing")
        opened(key, id, box)
