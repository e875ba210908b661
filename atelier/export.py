"""An export without the web: the same bytes as the download, also beside a running server."""

from .data import open_data
from .exports.build import document_of
from .exports.document import Profile
from .exports.formats import FORMATS
from .keys import RoomKeys
from .rooms.board import board_of
from .rooms.ids import RoomId
from .rooms.refusals import Refused
from .rooms.state import replay
from .rooms.timeline import timeline_of
from .settings import Settings


async def export(settings: Settings, room: RoomId, profile: Profile, format: str) -> bytes:
    """Raises `Refused` when there is no such room, `ValueError` when there is no data or its key
    does not fit."""
    async with open_data(settings) as (store, _):
        entry = await store.room(room)
        data_key = await store.keyring.find(f"room:{room}")
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
