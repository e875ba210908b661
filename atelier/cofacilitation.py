"""Who facilitates a room beside its owner, and the one-time invitations that lead there."""

import os
import time
from dataclasses import dataclass

from .db import Database, statement
from .keys import token
from .rooms.ids import RoomId
from .rooms.refusals import Refused
from .sittings import hashed_token, mark_named, today

INVITATION_SECONDS = 48 * 3600
PENDING_MAX = 20
"""Invitations of one room that wait to be used."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """One that waits to be used; `day` is when it was made."""

    id: str
    day: str


@dataclass(frozen=True, slots=True)
class Cofacilitator:
    account: str
    email: str


class Cofacilitation:
    def __init__(self, db: Database) -> None:
        self.db = db

    async def includes(self, room: RoomId, account: str) -> bool:
        rows = await self.db.fetch(
            "SELECT 1 FROM cofacilitator WHERE room = :room AND account = :account",
            room=room,
            account=account,
        )
        return bool(rows)

    async def of_room(self, room: RoomId) -> list[Cofacilitator]:
        rows = await self.db.fetch(
            "SELECT account.id, email FROM cofacilitator JOIN account ON account.id = account"
            " WHERE room = :room ORDER BY email",
            room=room,
        )
        return [Cofacilitator(*row) for row in rows]

    async def rooms(self, account: str) -> list[RoomId]:
        """The rooms that this account facilitates beside their owner."""
        rows = await self.db.fetch(
            "SELECT room FROM cofacilitator WHERE account = :account", account=account
        )
        return [RoomId(room) for (room,) in rows]

    async def remove(self, room: RoomId, account: str) -> None:
        await self.db.write(
            statement(
                "DELETE FROM cofacilitator WHERE room = :room AND account = :account",
                room=room,
                account=account,
            )
        )

    # Invitations

    async def invite(self, room: RoomId) -> str:
        """A secret that makes one account a co-facilitator, once, within two days."""
        secret = token(os.urandom(32))
        now = int(time.time())
        async with self.db.transaction() as tx:
            await tx.execute("DELETE FROM invitation WHERE until < :now", now=now)
            [[pending]] = await tx.fetch(
                "SELECT count(*) FROM invitation WHERE room = :room", room=room
            )
            if pending >= PENDING_MAX:
                raise Refused("too-many-invitations")
            await tx.execute(
                "INSERT INTO invitation VALUES (:mark, :room, :day, :until)",
                mark=hashed_token(secret),
                room=room,
                day=today(),
                until=now + INVITATION_SECONDS,
            )
        return secret

    async def pending(self, room: RoomId) -> list[Invitation]:
        rows = await self.db.fetch(
            "SELECT mark, day FROM invitation WHERE room = :room AND until > :now"
            " ORDER BY day, mark",
            room=room,
            now=int(time.time()),
        )
        return [Invitation(mark.hex(), day) for mark, day in rows]

    async def withdraw(self, room: RoomId, id: str) -> None:
        await self.db.write(
            statement(
                "DELETE FROM invitation WHERE room = :room AND mark = :mark",
                room=room,
                mark=mark_named(id),
            )
        )

    async def invited_to(self, secret: str) -> RoomId:
        """The room that this invitation is for; `Refused` when it is spent, withdrawn or old."""
        rows = await self.db.fetch(
            "SELECT room FROM invitation WHERE mark = :mark AND until > :now",
            mark=hashed_token(secret),
            now=int(time.time()),
        )
        if not rows:
            raise Refused("invitation-spent")
        return RoomId(rows[0][0])

    async def accept(self, secret: str, account: str) -> RoomId:
        """Spend the invitation; two who use it at the same moment are not both let in."""
        room = await self.invited_to(secret)
        async with self.db.transaction() as tx:
            if not await tx.execute(
                "DELETE FROM invitation WHERE mark = :mark", mark=hashed_token(secret)
            ):
                raise Refused("invitation-spent")
            await tx.execute(
                "INSERT INTO cofacilitator VALUES (:room, :account)"
                " ON CONFLICT (room, account) DO NOTHING",
                room=room,
                account=account,
            )
        return room
