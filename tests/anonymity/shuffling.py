"""The order in which a reveal hangs notes up, drawn many times from the code that does it."""

import math
from collections import Counter
from itertools import permutations
from types import SimpleNamespace
from typing import Any, cast

from atelier.inbox import Batch, SealedNote
from atelier.live import LiveRoom
from atelier.notes import Notes
from atelier.rooms.commands import RevealNotes
from atelier.rooms.ids import NoteId, RoomId, StepId

NOTES = [NoteId(str(number) * 32) for number in range(6)]
ORDERS = list(permutations(NOTES))


class Stage:
    """What stands around a reveal: an inbox that always holds the same six notes in the same
    order, and a room that remembers the command."""

    orders: list[tuple[NoteId, ...]]

    def __init__(self) -> None:
        self.orders = []

    async def open(self, _: Batch) -> list[SealedNote]:
        return [SealedNote(note, b"", 0, "") for note in NOTES]

    async def destroy(self, _: Batch) -> None:
        pass

    async def act(self, _: LiveRoom, command: RevealNotes, __: object) -> None:
        self.orders.append(tuple(note for note, _ in command.notes))


async def reveals(number: int) -> list[tuple[NoteId, ...]]:
    stage = cast(Any, Stage())
    notes = Notes(stage, stage, cast(Any, None), threshold=3)
    room = cast(LiveRoom, SimpleNamespace(id=RoomId("0" * 32)))
    batch = Batch(room.id, StepId("wall"), 0)
    for _ in range(number):
        await notes.reveal_batches(room, [batch])
    return cast(list[tuple[NoteId, ...]], stage.orders)


def evenness(orders: list[tuple[NoteId, ...]]) -> float:
    """How often chance is at least as uneven as this: the p of a chi-squared test."""
    expected = len(orders) / len(ORDERS)
    seen = Counter(orders)
    squared = sum((seen[order] - expected) ** 2 / expected for order in ORDERS)
    return chi_squared_tail(squared, len(ORDERS) - 1)


def chi_squared_tail(squared: float, freedom: int) -> float:
    """By Wilson and Hilferty's cube root, good to three digits from thirty degrees on."""
    spread = 2 / (9 * freedom)
    z = ((squared / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(spread)
    return math.erfc(z / math.sqrt(2)) / 2
