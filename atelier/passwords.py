"""Passwords: argon2id, a few at a time, and a queue with an end."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from .keys import token
from .rooms.refusals import Refused

PASSWORD_MIN = 12
PASSWORD_MAX = 256
AT_ONCE = 2
"""Passwords hashed at the same time: each takes 64 MiB."""
WAITING = 16
"""Who may wait for their turn, about a second in all; the next ones are asked to come back."""
BUSY_SECONDS = 5


class Busy(Exception):
    """Too many passwords are being looked at: come back in `BUSY_SECONDS`."""


class Passwords:
    def __init__(self) -> None:
        # The second choice of RFC 9106, for little memory.
        self.hasher = PasswordHasher(
            time_cost=3,
            memory_cost=64 * 1024,
            parallelism=4,
            hash_len=32,
            salt_len=16,
            type=Type.ID,
        )
        self.hashing = asyncio.Semaphore(AT_ONCE)
        self.here = 0
        self.nobody = self.hasher.hash(token(os.urandom(16)))
        """What is looked at when there is no account, so that it takes as long."""

    async def hash(self, password: str) -> str:
        if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
            raise Refused("password-length")
        with self.queued():
            async with self.hashing:
                return str(await asyncio.to_thread(self.hasher.hash, password))

    async def verify(self, known: str, password: str) -> bool:
        if len(password) > PASSWORD_MAX:
            return False
        with self.queued():
            async with self.hashing:
                try:
                    await asyncio.to_thread(self.hasher.verify, known, password)
                    return True
                except VerifyMismatchError:
                    return False

    def outdated(self, known: str) -> bool:
        """Whether `known` was made with other parameters than those of today."""
        return self.hasher.check_needs_rehash(known)

    @contextmanager
    def queued(self) -> Iterator[None]:
        if self.here >= AT_ONCE + WAITING:
            raise Busy
        self.here += 1
        try:
            yield
        finally:
            self.here -= 1
