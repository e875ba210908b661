"""What a phone may do with its own notes, and the reveal that opens them.

A note passes here without a person: room, step, id, secret, text. Every function takes the
room's lock, so that no note slips between the opening of a batch and its destruction.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from random import SystemRandom
from typing import Literal
from uuid import uuid4

from .db import Unavailable
from .inbox import Batch, Inbox, LateChange, SealedNote, same_secret
from .keys import mark
from .live import Beside, Live, LiveRoom, NoRoom
from .log import log, where
from .presence import Presence
from .rooms.commands import PostNote, RevealNotes, RewordNote, TakeBackNote
from .rooms.decide import open_step, steps_to_reveal
from .rooms.ids import NoteId, RoomId, StepId, WordsId
from .rooms.refusals import Refused
from .rooms.state import Note
from .rooms.steps import Step
from .rooms.words import Words, note_words
from .store import Secret

LATE_SECONDS = (20, 60)
"""A change to a note on the wall waits this long, unless the facilitator acts first."""
ANNOUNCED_SECONDS = 10
"""A reveal below the threshold comes this long after every phone was told."""
ANNOUNCEMENT_WAITS = 30
"""So long a phone that comes back late may put it off; after that no Wi-Fi holds up the group."""
ANNOUNCEMENT_LASTS = 120
"""After that it is forgotten: whoever took the phone up since was not told."""

NOTES_ROOM = 5000
"""Notes that one room takes, face down, on the wall or taken back: three hundred people, sixteen
each. It bounds what a member who writes nonsense can fill."""

chance = SystemRandom()

Kept = Literal["kept", "known"]


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """A note as it comes from a phone; `step` is None for the current one."""

    note: NoteId
    secret: str
    text: str
    step: StepId | None = None
    rev: int = 0


@dataclass(frozen=True, slots=True)
class Announcement:
    """When every phone was told of a reveal below the threshold, and of which steps."""

    at: float
    named: frozenset[StepId]

    @property
    def age(self) -> float:
        return time.monotonic() - self.at

    def wait(self, latest: float) -> float:
        """Seconds until every phone was told for long enough, the one that came back at `latest`
        included."""
        last_told = min(max(self.at, latest), self.at + ANNOUNCEMENT_WAITS - ANNOUNCED_SECONDS)
        return max(0.0, last_told + ANNOUNCED_SECONDS - time.monotonic())


class Notes:
    def __init__(
        self,
        live: Live,
        inbox: Inbox,
        presence: Presence,
        threshold: int,
        most: float = NOTES_ROOM,
    ) -> None:
        self.live = live
        self.inbox = inbox
        self.presence = presence
        self.threshold = threshold
        self.most = most
        self.face_down: dict[RoomId, int] = {}
        self.due: dict[RoomId, float] = {}
        self.announced: dict[RoomId, Announcement] = {}

    # Writing

    async def post(self, live: LiveRoom, draft: Draft) -> Kept:
        """Keep a note; it is on disk when this returns. Raises `Refused`."""
        secret = mark(live.keys.secrets, draft.secret)
        async with live.lock:
            if draft.note in live.room.wall.notes:
                return await self.post_again(live, draft, secret)
            await self.refuse_withdrawn(live, draft.note)
            waiting = await self.inbox.find(live.id, draft.note)
            if waiting:
                batch, known = waiting
                same_secret(known.secret, secret)
                if draft.rev <= known.rev:
                    return "known"
                step = open_step(live.room, batch.step)
                await self.keep(live, step, draft, secret)
                return "known"
            step = open_step(live.room, draft.step)
            if await self.is_full(live):
                raise Refused("room-full")
            if step.sealed:
                await self.keep(live, step, draft, secret)
                self.face_down[live.id] += 1
            else:
                await self.put_up(live, step, draft, secret)
            return "kept"

    async def post_again(self, live: LiveRoom, draft: Draft, secret: bytes) -> Kept:
        """A note that is on the wall: a retry is known, a newer text waits for its moment."""
        known = await self.live.store.secret(live.id, draft.note)
        same_secret(known.mark if known else b"", secret)
        assert known is not None
        pending = await self.inbox.late(live.keys, live.id, draft.note)
        if pending and pending.text is None:
            raise Refused("note-taken-back")
        if draft.rev <= max(known.rev, pending.rev if pending else 0):
            return "known"
        if live.room.closed:
            raise Refused("room-closed")
        step = live.room.find_step(live.room.wall.notes[draft.note].step)
        assert step is not None
        text = note_words(draft.text, step.limit)
        await self.defer(live, LateChange(draft.note, draft.rev, str(text)))
        return "known"

    async def refuse_withdrawn(self, live: LiveRoom, note: NoteId) -> None:
        if note in live.room.taken_back:
            raise Refused("note-taken-back")
        if await self.inbox.is_withdrawn(live.keys, live.id, note):
            raise Refused("note-taken-back")

    async def is_full(self, live: LiveRoom) -> bool:
        """Counts what was ever written, taken back or not: all of it stays in memory or on disk.

        Up to a fifth less than the most there can be, by a lot that each room keeps for itself:
        whoever filled it would else learn how many notes the others had written."""
        if live.id not in self.face_down:
            self.face_down[live.id] = await self.inbox.size(live.id)
        seen = len(live.room.wall.notes) + len(live.room.taken_back)
        lot = int.from_bytes(mark(live.keys.withdrawals, "full")[:4]) / 2**32
        return seen + self.face_down[live.id] >= self.most * (1 - lot / 5)

    async def keep(self, live: LiveRoom, step: Step, draft: Draft, secret: bytes) -> None:
        text = note_words(draft.text, step.limit)
        batch = Batch(live.id, step.id, live.room.reveals.get(step.id, 0))
        await self.inbox.keep(batch, SealedNote(draft.note, secret, draft.rev, str(text)))

    async def put_up(self, live: LiveRoom, step: Step, draft: Draft, secret: bytes) -> None:
        text = note_words(draft.text, step.limit)
        await self.live.act(
            live,
            PostNote(draft.note, step.id),
            Beside(
                words={WordsId(draft.note): text},
                secrets={draft.note: Secret(secret, draft.rev)},
            ),
        )

    # Taking back

    async def take_back(
        self, live: LiveRoom, note: NoteId, secret: str, *, now: bool
    ) -> Literal["gone", "leaving"]:
        """Take a note back: at once while it waits, within a minute from the wall."""
        offered = mark(live.keys.secrets, secret)
        async with live.lock:
            if note in live.room.taken_back:
                return "gone"
            if note not in live.room.wall.notes:
                await self.take_out(live, note, offered)
                return "gone"
            known = await self.live.store.secret(live.id, note)
            if known is None or not compare_digest(known.mark, offered):
                raise Refused("secret-wrong")
            if now:
                await self.settle_one(live, LateChange(note))
                return "gone"
            await self.defer(live, LateChange(note))
            return "leaving"

    async def take_out(self, live: LiveRoom, note: NoteId, offered: bytes) -> None:
        waiting = await self.inbox.find(live.id, note)
        if waiting and not compare_digest(waiting[1].secret, offered):
            raise Refused("secret-wrong")
        if not waiting:
            if live.room.closed or await self.is_full(live):
                return  # a note that comes later is refused anyway
            if not await self.inbox.is_withdrawn(live.keys, live.id, note):
                self.face_down[live.id] += 1
        await self.inbox.withdraw(live.keys, live.id, note)

    # Late changes

    async def defer(self, live: LiveRoom, change: LateChange) -> None:
        await self.inbox.defer(live.keys, live.id, change)
        self.due.setdefault(live.id, time.monotonic() + chance.uniform(*LATE_SECONDS))

    async def settle_due(self) -> None:
        """Settle the rooms whose time has come; one that is gone meanwhile is forgotten."""
        now = time.monotonic()
        for room in [room for room, due in self.due.items() if due <= now]:
            try:
                await self.settle(await self.live.open(room))
            except NoRoom:
                del self.due[room]

    async def settle(self, live: LiveRoom) -> None:
        """Apply the late changes of a room, if it has any."""
        if live.id in self.due:
            async with live.lock:
                await self.settle_all(live)

    async def settle_all(self, live: LiveRoom) -> None:
        """All late changes together, in no order, for callers that hold the room's lock."""
        changes = await self.inbox.deferred(live.keys, live.id)
        chance.shuffle(changes)
        for change in changes:
            await self.settle_one(live, change)
        self.due.pop(live.id, None)

    async def settle_one(self, live: LiveRoom, change: LateChange) -> None:
        note = live.room.wall.notes.get(change.note)
        if note and change.text is None:
            await self.live.act(
                live,
                TakeBackNote(note.id),
                Beside(forget=frozenset({note.words}), drop_secrets=frozenset({note.id})),
            )
        elif note and change.text is not None:
            await self.reword(live, note, change.text, change.rev)
        await self.inbox.settled(live.keys, live.id, change.note)

    async def reword(self, live: LiveRoom, note: Note, text: str, rev: int) -> None:
        known = await self.live.store.secret(live.id, note.id)
        assert known is not None
        fresh = WordsId(uuid4().hex)
        await self.live.act(
            live,
            RewordNote(note.id, fresh),
            Beside(
                words={fresh: Words(text)},
                forget=frozenset({note.words}),
                secrets={note.id: Secret(known.mark, rev)},
            ),
        )

    # The reveal

    async def reveal(self, live: LiveRoom, named: frozenset[StepId], *, anyway: bool) -> None:
        """Open every waiting batch that may be opened, shuffled, in one event.

        Raises `Refused`: nothing waits, too few notes or phones, or `anyway` not announced yet.
        """
        async with live.lock:
            counts = await self.waiting(live)
            phones = {step: self.presence.phones(live.id, step) for step in counts}
            steps = steps_to_reveal(
                live.room,
                counts,
                phones,
                threshold=self.threshold,
                named=named,
                anyway=anyway and self.was_announced(live, named),
            )
            batches = [Batch(live.id, step, live.room.reveals.get(step, 0)) for step in steps]
            await self.reveal_batches(live, batches)
            self.announced.pop(live.id, None)

    async def reveal_batches(self, live: LiveRoom, batches: list[Batch]) -> None:
        opened = [(n, batch.step) for batch in batches for n in await self.inbox.open(batch)]
        chance.shuffle(opened)  # all steps together: their order must not tell them apart
        await self.live.act(
            live,
            RevealNotes(tuple((n.note, step) for n, step in opened)),
            Beside(
                words={WordsId(n.note): Words(n.text) for n, _ in opened},
                secrets={n.note: Secret(n.secret, n.rev) for n, _ in opened},
            ),
        )
        self.face_down.pop(live.id, None)
        try:
            for batch in batches:
                await self.inbox.destroy(batch)
        except Unavailable as error:  # the notes are on the wall; housekeeping sweeps later
            log.error("batch-not-destroyed", error=type(error).__name__, where=where(error))

    async def waiting(self, live: LiveRoom) -> Mapping[StepId, int]:
        """How many notes wait per step for the next reveal."""
        return {
            batch.step: count
            for batch, count in (await self.inbox.counts(live.id)).items()
            if batch.reveal == live.room.reveals.get(batch.step, 0)
        }

    def was_announced(self, live: LiveRoom, named: frozenset[StepId]) -> bool:
        told = self.announced.get(live.id)
        if told is None or told.named != named:
            return False
        return not self.wait(live, told) and told.age <= ANNOUNCEMENT_LASTS

    def is_announced(self, live: LiveRoom) -> bool:
        told = self.announced.get(live.id)
        if told and told.age > ANNOUNCEMENT_LASTS:
            del self.announced[live.id]
        return live.id in self.announced

    def announce(self, live: LiveRoom, named: frozenset[StepId]) -> float:
        """Every phone is told that a reveal below the threshold is coming; seconds to wait."""
        told = self.announced.get(live.id)
        if told is None or told.named != named or told.age > ANNOUNCEMENT_LASTS:
            told = self.announced[live.id] = Announcement(time.monotonic(), named)
        return self.wait(live, told)

    def wait(self, live: LiveRoom, told: Announcement) -> float:
        return told.wait(self.presence.latest(live.id))

    # After a crash

    async def mend(self) -> None:
        """Destroy batches whose reveal was committed before a crash, and take up the late
        changes that were acknowledged."""
        await self.sweep()
        for room in await self.inbox.rooms_with_late_changes():
            self.due[room] = time.monotonic() + chance.uniform(*LATE_SECONDS)

    async def sweep(self) -> None:
        """Destroy batches that outlived their reveal or their room."""
        for batch in await self.inbox.batches():
            if await self.is_left_over(batch):
                await self.inbox.destroy(batch)

    async def is_left_over(self, batch: Batch) -> bool:
        """Whether the reveal of the batch, or the closing of its room, was committed."""
        try:
            live = await self.live.open(batch.room)
        except NoRoom:
            return True
        revealed = batch.reveal < live.room.reveals.get(batch.step, 0)
        return revealed or live.entry.finished
