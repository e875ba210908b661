"""Erasing a room: its keys first, then every row it has in any file.

That it is erased is written down before anything is: an erasure that a crash cuts short is
finished after it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from .inbox import Inbox
from .rooms.ids import RoomId
from .store import Removed, Store


@dataclass(frozen=True, slots=True)
class Erased:
    """What was destroyed, in numbers: never a word."""

    keys: int
    waiting: int
    """Rows of the sealed inbox."""
    removed: Removed


async def erase(store: Store, inbox: Inbox, room: RoomId) -> Erased:
    """Doing it again is harmless, and finishes what was begun."""
    await store.bury(room, datetime.now(UTC).date().isoformat())
    batches = await inbox.key_names(room)
    keys = await store.keyring.destroy(f"room:{room}", *batches)
    return Erased(keys, await inbox.erase_room(room), await store.remove_room(room))


async def is_known(store: Store, room: RoomId) -> bool:
    """Whether there is anything of this room left to erase."""
    key = await store.keyring.names(f"room:{room}")
    return bool(key) or await store.room(room) is not None
