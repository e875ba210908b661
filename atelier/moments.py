"""What processes tell each other of this moment, beside what they write down: who is there, what
was announced, who knocks, what is projected.

The last word counts, and a word on who is there only for a while. Times travel as ages, so that no
two machines need the same clock. Nothing of this outlives the session: its table is never synced
to disk, and empty after a crash.
"""

import time
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec

from .announcement import Announcement
from .db import Others
from .live import LiveRoom
from .now import Announcer
from .presence import Elsewhere, positions
from .projection import Projection
from .rooms.ids import RoomId, StepId

LEASE_SECONDS = 15.0
RENEWED_SECONDS = 5.0
PHONES = "phones/"
GONE = b""


class Phones(msgspec.Struct, frozen=True):
    """Where the phones of each step are in a sketch, and how long ago the last one came."""

    steps: dict[str, tuple[int, ...]]
    came: float | None


class Announced(msgspec.Struct, frozen=True):
    age: float
    named: tuple[str, ...]


class Asked(msgspec.Struct, frozen=True):
    step: str | None
    reveals: dict[str, int]
    scene: Any
    page: int
    target: str = ""


class Word(NamedTuple):
    """What was said last of something in a room, how long ago, and by whom."""

    room: str
    what: str
    body: bytes
    age: float
    said_by: str


class Moments:
    def __init__(self, others: Others, announcer: Announcer) -> None:
        self.others = others
        self.node = uuid4().hex
        self.announcer = announcer
        self.notes = announcer.notes
        self.door = announcer.door
        self.projections = announcer.projections
        self.presence = announcer.notes.presence
        self.known: dict[tuple[RoomId, str], object] = {}
        self.renewed: dict[RoomId, tuple[object, float]] = {}
        self.nodes: dict[RoomId, dict[str, tuple[Phones, float]]] = {}

    # What is said here

    async def say(self, rooms: Iterable[LiveRoom]) -> list[RoomId]:
        """Say what has changed here since the last time; in which rooms."""
        words = [word for live in rooms for word in self.changes(live)]
        if words:
            await self.others.say(self.node, [(live, what, body) for live, what, body in words])
        return list(dict.fromkeys(room for room, _, _ in words))

    def changes(self, live: LiveRoom) -> Iterable[tuple[RoomId, str, bytes]]:
        now = time.monotonic()
        for what, holder in self.holders().items():
            value = holder.get(live.id)
            if self.known.get((live.id, what)) != value:
                self.known[live.id, what] = value
                yield live.id, what, GONE if value is None else self.encoded(what, value, now)
        phones = self.phones(live)
        said, at = self.renewed.get(live.id, (None, 0.0))
        if phones != said or (phones[0] and now - at > RENEWED_SECONDS):
            self.renewed[live.id] = phones, now
            came = now - phones[1] if phones[1] else None
            body = Phones({step: where for step, where in phones[0] if where}, came)
            yield live.id, PHONES + self.node, msgspec.json.encode(body)

    def holders(self) -> dict[str, dict[RoomId, Any]]:
        """Who holds what here, by room."""
        return {
            "knocked": self.door.knocked,
            "admitting": self.door.admitting,
            "announced": self.notes.announcements.told,
            "asked": self.projections.asked,
        }

    def encoded(self, what: str, value: Any, now: float) -> bytes:
        if what == "announced":
            return msgspec.json.encode(Announced(now - value.at, tuple(sorted(value.named))))
        if what == "asked":
            (step, reveals), asked = value
            return msgspec.json.encode(
                Asked(step, dict(reveals), asked.scene, asked.page, asked.target)
            )
        return msgspec.json.encode(now - value)

    def phones(self, live: LiveRoom) -> tuple[tuple[tuple[str, tuple[int, ...]], ...], float]:
        here = self.presence.here
        steps = tuple(
            (step, positions(here(live.id, step), step)) for step in sorted(live.room.entered)
        )
        return steps, self.presence.since(live.id)

    # What others say

    async def hear(self, rooms: Collection[LiveRoom]) -> None:
        known = {live.id: live for live in rooms}
        heard = [Word(*row) for row in await self.others.heard(self.node, list(known))]
        now = time.monotonic()
        for word in heard:
            live = known[RoomId(word.room)]
            if word.what.startswith(PHONES):
                phones = msgspec.json.decode(word.body, type=Phones)
                self.nodes.setdefault(live.id, {})[word.said_by] = phones, now - word.age
            else:
                self.adopt(live, word, now)
        for room, nodes in self.nodes.items():
            self.presence.elsewhere[room] = elsewhere(nodes, now)

    def adopt(self, live: LiveRoom, word: Word, now: float) -> None:
        """Take over the last word on something, unless it was taken over already."""
        said = (word.said_by, word.body)
        if self.known.get((live.id, f"{word.what}/heard")) == said:
            return
        self.known[live.id, f"{word.what}/heard"] = said
        at = now - word.age
        holder = self.holders()[word.what]
        if word.body == GONE:
            holder.pop(live.id, None)
        else:
            holder[live.id] = decoded(word, at)
        self.known[live.id, word.what] = holder.get(live.id)

    def forget(self, room: RoomId) -> None:
        self.nodes.pop(room, None)
        self.renewed.pop(room, None)
        for key in [key for key in self.known if key[0] == room]:
            del self.known[key]


def decoded(word: Word, at: float) -> object:
    """`at` is when it was said, on our own clock."""
    if word.what == "announced":
        told = msgspec.json.decode(word.body, type=Announced)
        return Announcement(at - told.age, frozenset(StepId(step) for step in told.named))
    if word.what == "asked":
        asked = msgspec.json.decode(word.body, type=Asked)
        return (asked.step, asked.reveals), Projection(asked.scene, asked.page, asked.target)
    age = msgspec.json.decode(word.body, type=float)
    return at - age


def elsewhere(nodes: dict[str, tuple[Phones, float]], now: float) -> Elsewhere:
    """Together, of those who have spoken within the lease."""
    sketches: dict[StepId, int] = {}
    latest = 0.0
    for phones, at in nodes.values():
        if now - at > LEASE_SECONDS:
            continue
        for step, where in phones.steps.items():
            for bit in where:
                sketches[StepId(step)] = sketches.get(StepId(step), 0) | 1 << bit
        if phones.came is not None:
            latest = max(latest, at - phones.came)
    return Elsewhere(sketches, latest)
