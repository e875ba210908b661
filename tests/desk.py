"""A small room to try things in, without the web."""

from collections.abc import Callable
from itertools import count
from secrets import token_hex, token_urlsafe

from atelier.arrivals import Draft
from atelier.content import bare_wall
from atelier.live import LiveRoom
from atelier.rooms.ids import NoteId, StepId
from atelier.rooms.steps import Mode
from atelier.rooms.words import Words
from atelier.web.who import Services

numbers = count(1)


async def open_wall(services: Services, mode: Mode = "reveal") -> LiveRoom:
    """A bare wall of a facilitator of its own, in its only step."""
    account = await services.accounts.add(f"f{next(numbers)}@example.org")
    command, words = bare_wall(Words("Salle"), Words("Thème"), Words("Écrivez"), mode, "fr")
    return await services.live.create(account, command, words)


def draft(text: str = "Une note", step: str | None = None, rev: int = 0) -> Draft:
    return Draft(
        NoteId(token_hex(16)), token_urlsafe(32), text, StepId(step) if step else None, rev
    )


async def fill(services: Services, live: LiveRoom, texts: int = 3) -> list[Draft]:
    """As many phones as notes, so that a reveal is allowed."""
    drafts = [draft(f"Note {number}") for number in range(texts)]
    for number, each in enumerate(drafts):
        services.presence.saw(live.id, f"phone {number}")
        await services.notes.post(live, each)
    return drafts


async def reveal(services: Services, live: LiveRoom) -> None:
    await services.notes.reveal(live, frozenset(), anyway=False)


def wall(live: LiveRoom) -> list[str]:
    """The texts that every screen shows."""
    board = live.board
    return [str(c.text) for lane in (board.unsorted, *board.clusters) for c in lane.cards]


class Watching:
    """A screen that remembers what it was told: frames as text, and with which code it ended."""

    def __init__(self) -> None:
        self.told: list[str | int] = []
        self.left: Callable[[], None] = lambda: None

    def stay(self, heard: Callable[[str], None], left: Callable[[], None]) -> None:
        self.left = left

    def put(self, frame: bytes) -> None:
        header = {126: 4, 127: 10}.get(frame[1], 2)
        self.told.append(frame[header:].decode())

    def end(self, code: int) -> None:
        self.told.append(code)

    def ping(self) -> None: ...
