"""What has no history: bands instead of counts, whether a reveal may come, announcements."""

from dataclasses import dataclass
from typing import Literal, Protocol

from .live import Live, LiveRoom, NoRoom
from .notes import Notes
from .rooms.ids import RoomId
from .rooms.state import Room

Band = Literal["off", "start", "few", "many"]
MANY = 3
"""From so many times the threshold on, a few notes are many."""

REVEALING = ("wall", "post", "revelation")
"""The kinds of step in which a reveal is expected."""

Notice = Literal["", "reveal-soon"]


@dataclass(frozen=True, slots=True)
class Now:
    """What every screen of the room may know of this moment; never a count."""

    language: str
    band: Band
    threshold: int
    notes_met: bool
    phones_met: bool
    waiting: bool
    """Whether a reveal has its place now: it follows from the steps, not from what waits."""
    notice: Notice = ""

    @property
    def ready(self) -> bool:
        return self.notes_met and self.phones_met


class RenderNow(Protocol):
    def now(self, now: Now) -> str: ...


class Announcer:
    """Sends `now` frames; `stale` rooms are refreshed together at the next beat."""

    def __init__(self, live: Live, notes: Notes, render: RenderNow) -> None:
        self.live = live
        self.notes = notes
        self.render = render
        self.stale: set[RoomId] = set()
        self.known: dict[RoomId, Now] = {}

    async def now(self, live: LiveRoom) -> Now:
        """As of the last beat, so that a page that is loaded again and again tells no more
        than the screens do."""
        if live.id not in self.known:
            self.known[live.id] = await self.look(live)
        return self.known[live.id]

    async def refresh(self, room: RoomId, notice: Notice = "") -> None:
        self.stale.discard(room)
        try:
            live = await self.live.open(room)
        except NoRoom:
            self.known.pop(room, None)
            return
        now = await self.look(live, notice)
        if now != self.known.get(room):
            self.known[room] = now
            self.live.hub.publish(room, self.render.now(now))

    async def look(self, live: LiveRoom, notice: Notice = "") -> Now:
        counts = await self.notes.waiting(live)
        k = self.notes.threshold
        phones = {step: self.notes.presence.phones(live.id, step) for step in counts}
        ready = any(counts[step] >= k and phones[step] >= k for step in counts)
        return Now(
            language=live.room.language,
            band=band_of(max(counts.values(), default=0), k, live),
            threshold=k,
            notes_met=ready or any(count >= k for count in counts.values()),
            phones_met=ready or self.phones_met(live, k),
            waiting=ready or reveal_has_its_place(live.room),
            notice=notice,
        )

    def phones_met(self, live: LiveRoom, k: int) -> bool:
        step = live.room.step
        return step is not None and self.notes.presence.phones(live.id, step) >= k


def reveal_has_its_place(room: Room) -> bool:
    """In a step made for it, while a step that was met still takes notes face down."""
    if room.current is None or room.closed or room.current.kind not in REVEALING:
        return False
    return any(step.sealed and room.takes_notes(step) for step in room.steps)


def band_of(count: int, threshold: int, live: LiveRoom) -> Band:
    step = live.room.current
    if live.room.closed or step is None:
        return "off"
    if count < threshold:
        return "start" if step.sealed and live.room.takes_notes(step) else "off"
    return "many" if count >= MANY * threshold else "few"
