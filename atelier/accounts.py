"""Facilitators: their accounts, sign-in, one-time links. Plain rows, not events."""

import os
import re
import time
from uuid import uuid4

from .db import Database, Transaction, statement
from .keys import token
from .passwords import Passwords
from .rooms.refusals import Refused
from .sittings import hashed_token

LINK_SECONDS = 30 * 60

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


class Accounts:
    def __init__(self, db: Database) -> None:
        self.db = db
        self.passwords = Passwords()

    async def empty(self) -> bool:
        return not await self.db.fetch("SELECT 1 FROM account LIMIT 1")

    async def all(self) -> list[str]:
        return [id for (id,) in await self.db.fetch("SELECT id FROM account ORDER BY id")]

    async def add(self, email: str, password: str | None = None) -> str:
        """Make an account and return its id; `Refused` for a bad address or one that exists."""
        email = checked_email(email)
        if await self.find(email):
            raise Refused("account-exists")
        hashed = await self.passwords.hash(password) if password is not None else None
        async with self.db.transaction() as tx:
            return await insert(tx, email, hashed)

    async def find(self, email: str) -> str | None:
        rows = await self.db.fetch(
            "SELECT id FROM account WHERE email = :email", email=email.strip().lower()
        )
        return str(rows[0][0]) if rows else None

    async def email(self, account: str) -> str:
        [[email]] = await self.db.fetch("SELECT email FROM account WHERE id = :id", id=account)
        return str(email)

    async def remove(self, account: str) -> None:
        await self.db.write(statement("DELETE FROM account WHERE id = :id", id=account))

    # One-time links

    async def link(self, account: str | None) -> str:
        """A secret to choose a password with, valid for 30 minutes and once.

        `account` is None for the very first facilitator, who gives an address with it.
        """
        secret = token(os.urandom(32))
        async with self.db.transaction() as tx:
            if account is None:
                await tx.execute("DELETE FROM link WHERE account IS NULL")
            await tx.execute(
                "INSERT INTO link VALUES (:mark, :account, :until)",
                mark=hashed_token(secret),
                account=account,
                until=int(time.time()) + LINK_SECONDS,
            )
        return secret

    async def redeem(self, secret: str, email: str, password: str) -> str:
        """Set the password that a one-time link allows; return the account.

        `email` counts for the first facilitator only. The link is spent when all is well.
        """
        rows = await self.db.fetch(
            "SELECT account FROM link WHERE mark = :mark AND until > :now",
            mark=hashed_token(secret),
            now=int(time.time()),
        )
        if not rows:
            raise Refused("link-spent")
        hashed = await self.passwords.hash(password)
        account = rows[0][0]
        if account is None and await self.find(email):
            raise Refused("account-exists")
        async with self.db.transaction() as tx:
            # Spent first, and by one alone: of two at the same moment the second finds nothing.
            if not await tx.execute(
                "DELETE FROM link WHERE mark = :mark", mark=hashed_token(secret)
            ):
                raise Refused("link-spent")
            if account is None:
                return await insert(tx, checked_email(email), hashed)
            await tx.execute(
                "UPDATE account SET password = :hashed WHERE id = :id", hashed=hashed, id=account
            )
            await tx.execute("DELETE FROM sitting WHERE account = :id", id=account)
        return str(account)

    # Signing in

    async def sign_in(self, email: str, password: str) -> str | None:
        """The account, or None; it takes as long whether the account exists or not."""
        rows = await self.db.fetch(
            "SELECT id, password FROM account WHERE email = :email", email=email.strip().lower()
        )
        account, known = rows[0] if rows else (None, None)
        right = await self.passwords.verify(known or self.passwords.nobody, password)
        if account is None or known is None or not right:
            return None
        if self.passwords.outdated(known):
            await self.set_password(account, password)
        return str(account)

    async def knows(self, account: str, password: str) -> bool:
        return await self.sign_in(await self.email(account), password) == account

    async def set_password(self, account: str, password: str) -> None:
        hashed = await self.passwords.hash(password)
        await self.db.write(
            statement(
                "UPDATE account SET password = :hashed WHERE id = :id", hashed=hashed, id=account
            )
        )


async def insert(tx: Transaction, email: str, hashed: str | None) -> str:
    account = uuid4().hex
    await tx.execute(
        "INSERT INTO account VALUES (:id, :email, :password)",
        id=account,
        email=email,
        password=hashed,
    )
    return str(account)


def checked_email(email: str) -> str:
    email = email.strip().lower()
    if not EMAIL.fullmatch(email):
        raise Refused("email-malformed")
    return email
