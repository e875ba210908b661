"""Keys and sealed bytes: the master key, the keys it wraps, and what they open.

The master key lies in a file of its own, outside the databases and their backups. Every room has
a data key, every batch of the sealed inbox a key of its own; destroying one makes what it sealed
unreadable for ever.
"""

import hashlib
import hmac
import os
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .db import Database, statement

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyLost(Exception):
    """A key that was destroyed, or never made: what it sealed cannot be read."""


def master_key(path: Path, *, make: bool) -> bytes:
    """Read the master key, 32 bytes; with `make`, make it (mode 0600) when the file is missing.

    Raises `ValueError` when the file is missing or has another length.
    """
    if not path.exists():
        if not make:
            raise ValueError(f"{path}: the master key of this data is missing: put it back")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fresh, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path}: expected a key of {KEY_BYTES} bytes, found {len(key)}")
    return key


def derive(key: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, by HKDF-SHA256."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(key)


def wrapping_key(master: bytes) -> bytes:
    return derive(master, "keyring")


def mark(key: bytes, text: str) -> bytes:
    """A keyed hash of `text`, 32 bytes: recognises it without keeping it."""
    return hmac.digest(key, text.encode(), hashlib.sha256)


def token(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def seal(key: bytes, plain: bytes, context: str) -> bytes:
    """Encrypt (AES-GCM, random nonce first); `context` must be the same to open it."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def unseal(key: bytes, box: bytes, context: str) -> bytes:
    """Raises `KeyLost` when key, box or context do not belong together."""
    try:
        return AESGCM(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], context.encode())
    except InvalidTag:
        raise KeyLost(context.split("/")[0]) from None


@dataclass(frozen=True, slots=True, repr=False)
class RoomKeys:
    """What is derived from a room's data key; all of it dies with that key."""

    words: bytes
    """Seals the texts beside the log."""
    secrets: bytes
    """Marks the phones' secrets."""
    withdrawals: bytes
    """Marks notes that were taken back before they came, and seals late changes."""
    door: bytes
    """Signs the cookies that say "is in the room", and the links for projectors and readers."""
    pass_: str
    """The bearer that all phones of the room share."""

    @classmethod
    def of(cls, data_key: bytes) -> "RoomKeys":
        return cls(
            words=derive(data_key, "words"),
            secrets=derive(data_key, "secrets"),
            withdrawals=derive(data_key, "withdrawals"),
            door=derive(data_key, "door"),
            pass_=token(derive(data_key, "pass")),
        )


ANY_KEY = "SELECT name, box FROM wrapped_key LIMIT 1"


def wrapped_by(wrapping: bytes, rows: Iterable[tuple[str, bytes]]) -> bool:
    """Whether these are names and boxes of keys that `wrapping` opens."""
    try:
        for name, box in rows:
            unseal(wrapping, box, name)
    except KeyLost:
        return False
    return True


CODES = "codes"
"""The name of the key that seals the rooms' codes. It is of the installation, not of a room."""
SCRIPTS = "scripts"
"""The name of the key that seals the facilitators' own scripts, of the installation too."""
SERIES = "series"
"""The name of the key that seals their series."""
CARDS = "cards"
"""The name of the key that seals their own concept cards."""
LASTING = (CODES, SCRIPTS, CARDS, SERIES)
"""The keys that no erasure of a room destroys."""


class Keyring:
    """The wrapped keys, in a database of their own."""

    def __init__(self, db: Database, master: bytes) -> None:
        self.db = db
        self.wrapping = wrapping_key(master)
        self.codes = derive(master, CODES)

    @classmethod
    async def open(cls, db: Database, master: bytes) -> "Keyring":
        """Raises `ValueError` when this master key is not the one that wrapped these keys."""
        keyring = cls(db, master)
        await keyring.check()
        # First derived from the master key, then a key like the others: it outlives a new master.
        keyring.codes = await keyring.make(CODES, keyring.codes)
        return keyring

    def over(self, db: Database) -> "Keyring":
        """The same wrapping, for a copy of these keys in another file."""
        other = copy(self)
        other.db = db
        return other

    async def make(self, name: str, key: bytes | None = None) -> bytes:
        """Make the key `name`, durable before it is returned; the one it has if it has one."""
        while (known := await self.find(name)) is None:
            box = seal(self.wrapping, key or os.urandom(KEY_BYTES), name)
            await self.db.write(
                statement(
                    "INSERT INTO wrapped_key VALUES (:name, :box) ON CONFLICT (name) DO NOTHING",
                    name=name,
                    box=box,
                )
            )
        return known

    async def find(self, name: str) -> bytes | None:
        return (await self.find_all([name])).get(name)

    async def find_all(self, names: Iterable[str]) -> dict[str, bytes]:
        """Those of these keys that there are."""
        places = {f"n{n}": name for n, name in enumerate(names)}
        rows = await self.db.fetch(
            "SELECT name, box FROM wrapped_key"  # noqa: S608
            f" WHERE name IN ({', '.join(f':{place}' for place in places)})",
            **places,
        )
        return {name: unseal(self.wrapping, box, name) for name, box in rows}

    async def names(self, start: str) -> list[str]:
        """The keys whose names begin with `start`."""
        rows = await self.db.fetch(
            "SELECT name FROM wrapped_key WHERE substr(name, 1, :length) = :start ORDER BY name",
            length=len(start),
            start=start,
        )
        return [name for (name,) in rows]

    async def rewrap(self, master: bytes) -> int:
        """Wrap every key with another master key, all or none; how many there were."""
        wrapping = wrapping_key(master)
        async with self.db.transaction() as tx:
            rows = await tx.fetch("SELECT name, box FROM wrapped_key")
            for name, box in rows:
                fresh = seal(wrapping, unseal(self.wrapping, box, name), name)
                await tx.execute(
                    "UPDATE wrapped_key SET box = :box WHERE name = :name", name=name, box=fresh
                )
        self.wrapping = wrapping
        return len(rows)

    async def check(self) -> None:
        """Raises `ValueError` when this master key is not the one that wrapped these keys."""
        if not wrapped_by(self.wrapping, await self.db.fetch(ANY_KEY)):
            raise ValueError(
                "the master key is not the one this data was sealed with: put that one back"
            )

    async def destroy(self, *names: str) -> int:
        """Overwrite and remove these keys; nothing they sealed can be read afterwards. How many
        there were."""
        return sum(
            await self.db.write(
                *[statement("DELETE FROM wrapped_key WHERE name = :name", name=n) for n in names]
            )
        )
