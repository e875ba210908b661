"""An export without the web: the same bytes as the download, also beside a running server."""

from .app import DATABASES
from .db import Database
from .exports.build import document_of
from .exports.document import Profile
from .exports.formats import FORMATS
from .keys import Keyring, RoomKeys, master_key
from .rooms.board import board_of
from .rooms.ids import RoomId
from .rooms.refusals import Refused
from .rooms.state import replay
from .rooms.timeline import timeline_of
from .settings import Settings
from .store import Store


async def export(settings: Settings, room: RoomId, profile: Profile, format: str) -> bytes:
    """Raises `Refused` when there is no such room, `ValueError` when there is no data or its key
    does not fit."""
    for file in DATABASES.values():
        if not (settings.data / file).exists():
            raise ValueError(f"{settings.data}: no rooms are kept here; set ATELIER_DATA")
    master = master_key(settings.master_key, make=False)
    async with (
        Database.open(settings.data / DATABASES["main"], "main") as main,
        Database.open(settings.data / DATABASES["keyring"], "keyring") as keyring_db,
    ):
        keyring = Keyring(keyring_db, master)
        await keyring.check()
        store = Store(main, keyring)
        entry = await store.room(room)
        data_key = await keyring.find(f"room:{room}")
        if entry is None or data_key is None:
            raise Refused("room-unknown")
        log = await store.read(room)
        words = await store.words(room, RoomKeys.of(data_key))
        while later := await store.read(room, after=len(log)):  # a server writes on
            log += later
            words = await store.words(room, RoomKeys.of(data_key))
    state = replay(recorded.event for recorded in log)
    board = board_of(state, words)
    document = document_of(board, timeline_of(log), state, words, entry.opened, profile)
    return FORMATS[format][1](document)
