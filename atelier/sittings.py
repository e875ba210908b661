"""Sittings: where an account is signed in, since which day, and how lately its password was given.

A sitting is told apart by the hash of the secret in its cookie. Of the browser it knows a coarse
name, of its use the day.
"""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from .db import Database, statement
from .keys import token

SITTING_SECONDS = 14 * 24 * 3600
FRESH_SECONDS = 10 * 60
"""For so long after it was given, a password is not asked for again."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """`since` and `used` are days; empty where an older version did not write them down."""

    id: str
    device: str
    since: str
    used: str
    here: bool


class Sittings:
    def __init__(self, db: Database) -> None:
        self.db = db

    async def open(self, account: str, device: str = "") -> str:
        """Open a sitting; the secret goes into the cookie, its hash stays here."""
        secret = token(os.urandom(32))
        now = int(time.time())
        async with self.db.transaction() as tx:
            await tx.execute("DELETE FROM sitting WHERE until < :now", now=now)
            await tx.execute(
                "INSERT INTO sitting (mark, account, until, device, since, used, fresh)"
                " VALUES (:mark, :account, :until, :device, :day, :day, :fresh)",
                mark=hashed_token(secret),
                account=account,
                until=now + SITTING_SECONDS,
                device=device,
                day=today(),
                fresh=now + FRESH_SECONDS,
            )
        return secret

    async def account(self, secret: str) -> str | None:
        """Whose sitting this is; that it is used is written down once a day."""
        rows = await self.db.fetch(
            "SELECT account, used FROM sitting WHERE mark = :mark AND until > :now",
            mark=hashed_token(secret),
            now=int(time.time()),
        )
        if not rows:
            return None
        account, used = rows[0]
        if used != today():
            await self.set("used", today(), secret)
        return str(account)

    async def of(self, account: str, secret: str) -> list[Sitting]:
        """The sittings of an account, the one of `secret` first, then the latest."""
        rows = await self.db.fetch(
            "SELECT mark, device, since, used FROM sitting"
            " WHERE account = :account AND until > :now ORDER BY used DESC, since DESC, mark",
            account=account,
            now=int(time.time()),
        )
        own = hashed_token(secret)
        found = [
            Sitting(mark.hex(), device, since, used, mark == own)
            for mark, device, since, used in rows
        ]
        return sorted(found, key=lambda sitting: not sitting.here)

    async def fresh(self, secret: str) -> bool:
        """Whether the password was given within `FRESH_SECONDS`."""
        rows = await self.db.fetch(
            "SELECT 1 FROM sitting WHERE mark = :mark AND fresh > :now",
            mark=hashed_token(secret),
            now=int(time.time()),
        )
        return bool(rows)

    async def refresh(self, secret: str) -> None:
        """The password has just been given."""
        await self.set("fresh", int(time.time()) + FRESH_SECONDS, secret)

    async def set(self, column: str, value: str | int, secret: str) -> None:
        await self.db.write(
            statement(
                f"UPDATE sitting SET {column} = :value WHERE mark = :mark",  # noqa: S608 - ours
                value=value,
                mark=hashed_token(secret),
            )
        )

    # Ending

    async def leave(self, secret: str) -> None:
        await self.db.write(
            statement("DELETE FROM sitting WHERE mark = :mark", mark=hashed_token(secret))
        )

    async def end(self, account: str, id: str) -> bool:
        """End one sitting of this account; whether there was one."""
        async with self.db.transaction() as tx:
            ended = await tx.execute(
                "DELETE FROM sitting WHERE account = :account AND mark = :mark",
                account=account,
                mark=mark_named(id),
            )
        return ended == 1

    async def end_others(self, account: str, secret: str) -> None:
        await self.db.write(
            statement(
                "DELETE FROM sitting WHERE account = :account AND mark <> :mark",
                account=account,
                mark=hashed_token(secret),
            )
        )


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def mark_named(id: str) -> bytes:
    """The mark whose name a page was told; none for what is no such name."""
    try:
        return bytes.fromhex(id)
    except ValueError:
        return b""


def hashed_token(secret: str) -> bytes:
    """256 random bits need no slow hash."""
    return sha256(secret.encode()).digest()
