"""An import: a JSON export becomes a closed room, also beside a running server."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from .accounts import Accounts
from .data import open_data
from .exports.document import from_json
from .exports.history import History, history_of
from .keys import RoomKeys
from .live import whole_minute
from .rooms.ids import RoomId
from .rooms.refusals import Refused
from .settings import Settings
from .store import Change, Entry, Store

FILE_MAX = 16 * 1024 * 1024


async def import_file(settings: Settings, path: Path, owner: str) -> RoomId:
    """The id of the new room. Raises `ValueError` or `Refused`, and then nothing was done."""
    history = read_history(path)
    async with open_data(settings) as (store, _):
        return await keep(store, await owning_account(Accounts(store.db), owner), history)


def read_history(path: Path) -> History:
    """Raises `ValueError`, which names the file, the place and what was expected."""
    if path.stat().st_size > FILE_MAX:
        raise ValueError(f"{path}: expected at most {FILE_MAX} bytes")
    try:
        document = from_json(path.read_bytes())
        if document.day > datetime.now(UTC).date() + timedelta(days=1):
            raise ValueError(f"day: expected a day that has come, found '{document.day}'")
        return history_of(document, lambda: uuid4().hex)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


async def owning_account(accounts: Accounts, email: str) -> str:
    """The account of this address; without one, the only account."""
    if email:
        found = await accounts.find(email)
        if found is None:
            raise Refused("account-unknown")
        return found
    known = await accounts.all()
    if len(known) != 1:
        raise ValueError(f"there are {len(known)} accounts: say whose room it is, --owner EMAIL")
    return known[0]


async def keep(store: Store, owner: str, history: History) -> RoomId:
    """The key, then the room with all that is in it, in one transaction."""
    id = RoomId(uuid4().hex)
    now = whole_minute(time.time())
    entry = Entry(id, owner, "", uuid4().hex, history.opened, now, None, finished=True)
    keys = RoomKeys.of(await store.keyring.make(f"room:{id}"))
    try:
        await store.add_room(entry, keys, Change(tuple(history.recorded), history.words))
    except BaseException:
        await store.keyring.destroy(f"room:{id}")
        raise
    return id
