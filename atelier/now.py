"""What has no history: bands instead of counts, whether a reveal may come, announcements."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import SystemRandom
from typing import Literal, Protocol

from .codes import spelled
from .door import Door
from .live import Live, LiveRoom, NoRoom
from .notes import Notes, for_next_reveal
from .projection import AS_THE_STEP_SAYS, Projection, Projections
from .rooms.ids import RoomId, StepId
from .rooms.state import Room
from .rooms.timer import Timer

Band = Literal["off", "start", "few", "many"]
BAND_SECONDS = 10.0
"""Bands change at most this often: a note must not be seen arriving."""
MANY = 3
"""From about so many times the threshold on, a few notes are many."""

REVEALING = ("wall", "post", "revelation")
"""The kinds of step in which a reveal is expected."""

Notice = Literal["", "reveal-soon"]

chance = SystemRandom()


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
    timer: Timer | None = None
    projection: Projection = AS_THE_STEP_SAYS
    code: str = ""
    knocking: bool = False
    """Somebody waits before the locked door."""

    @property
    def ready(self) -> bool:
        return self.notes_met and self.phones_met


class RenderNow(Protocol):
    def now(self, now: Now) -> str: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """The most that any beat saw of one step since its last reveal. It never falls, so that taking
    notes back and writing them again tells nobody how many others wrote."""

    notes: int
    phones: int
    many: int
    """From how many notes on they are many here: drawn by lot, so that crossing it does not tell
    an exact number."""

    def risen(self, notes: int, phones: int) -> "Seen":
        return Seen(max(self.notes, notes), max(self.phones, phones), self.many)


class Announcer:
    """Sends `now` frames. Only the beat looks at what waits; between two beats an act of the
    facilitator shows the room as the last one saw it, so that no arrival can be watched."""

    def __init__(self, live: Live, notes: Notes, door: Door, render: RenderNow) -> None:
        self.live = live
        self.notes = notes
        self.door = door
        self.render = render
        self.stale: set[RoomId] = set()
        self.seen: dict[RoomId, dict[StepId, Seen]] = {}
        self.shown: dict[RoomId, Now] = {}
        self.projections = Projections()
        self.changed: Callable[[RoomId], None] | None = None
        """Is told of rooms whose moment has changed here."""

    async def beat(self) -> None:
        """Look again at the rooms where something may have changed, at all of them together."""
        self.stale |= self.notes.announcements.told.keys()  # an announcement ends by itself
        self.stale |= self.door.waiting()  # and so does waiting
        rooms = [live for room in list(self.stale) if (live := await self.room(room))]
        self.stale.difference_update([live.id for live in rooms])
        reveals = [live.room.reveals for live in rooms]
        counts = await self.notes.inbox.counts(*[live.id for live in rooms])
        for live, before in zip(rooms, reveals, strict=True):
            if live.room.reveals == before:
                self.seen[live.id] = self.look(live, for_next_reveal(live, counts))
                self.refresh(live)
            else:  # what was counted is on the wall meanwhile
                self.stale.add(live.id)

    async def room(self, id: RoomId) -> LiveRoom | None:
        """As it is here: whoever follows others keeps it up to date. None when it is no more."""
        try:
            return self.live.rooms.get(id) or await self.live.open(id)
        except NoRoom:
            for known in (self.seen, self.shown):
                known.pop(id, None)
            self.stale.discard(id)
            self.projections.forget(id)
            self.door.forget(id)
            return None

    def look(self, live: LiveRoom, counts: Mapping[StepId, int]) -> dict[StepId, Seen]:
        before = self.seen.get(live.id, {})
        phones = self.notes.presence.phones
        return {
            step.id: (before.get(step.id) or Seen(0, 0, self.drawn_many())).risen(
                counts.get(step.id, 0), phones(live.id, step.id)
            )
            for step in live.room.steps
            if step.id in live.room.entered
        }

    def drawn_many(self) -> int:
        k = self.notes.threshold
        return MANY * k + chance.randrange(k)

    def refresh(self, live: LiveRoom) -> None:
        """Tell the screens, if there is anything new to tell."""
        now = self.now(live)
        if now != self.shown.get(live.id):
            self.shown[live.id] = now
            if self.changed:
                self.changed(live.id)
            self.live.hub.publish(live.id, self.render.now(now))

    def revealed(self, live: LiveRoom) -> None:
        """What waited is on the wall: the next beat looks anew."""
        self.seen.pop(live.id, None)
        self.stale.add(live.id)
        self.refresh(live)

    def now(self, live: LiveRoom) -> Now:
        if live.id not in self.seen:
            self.stale.add(live.id)
        k = self.notes.threshold
        seen = self.seen.get(live.id, {})
        open_ = [
            seen[step.id]
            for step in live.room.steps
            if step.id in seen and step.sealed and live.room.takes_notes(step)
        ]
        current = seen.get(live.room.step) if live.room.step else None
        ready = any(each.notes >= k and each.phones >= k for each in open_)
        return Now(
            language=live.room.language,
            band=band_of(open_, k, live),
            threshold=k,
            notes_met=ready or any(each.notes >= k for each in open_),
            phones_met=ready or (current is not None and current.phones >= k),
            waiting=ready or reveal_has_its_place(live.room),
            notice="reveal-soon" if self.notes.announcements.is_on(live.id) else "",
            timer=None if live.room.closed else live.entry.timer,
            projection=self.projections.of(live),
            code=spelled(live.entry.code),
            knocking=live.room.locked and self.door.heard(live.id),
        )


def reveal_has_its_place(room: Room) -> bool:
    """In a step made for it, while a step that was met still takes notes face down."""
    if room.current is None or room.closed or room.current.kind not in REVEALING:
        return False
    return any(step.sealed and room.takes_notes(step) for step in room.steps)


def band_of(open_: list[Seen], threshold: int, live: LiveRoom) -> Band:
    step = live.room.current
    if live.room.closed or step is None:
        return "off"
    if all(each.notes < threshold for each in open_):
        return "start" if step.sealed and live.room.takes_notes(step) else "off"
    return "many" if any(each.notes >= each.many for each in open_) else "few"
