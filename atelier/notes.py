"""What a phone may do with its own notes, and the reveal that opens them.

A note passes here without a person: room, step, id, secret, text. Every function takes the
room's lock, so that no note slips between the opening of a batch and its destruction.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hmac import compare_digest
from random import SystemRandom
from typing import Literal
from uuid import uuid4

from .announcement import Announcements
from .arrivals import Arrival, Arrivals, Draft, Kept
from .db import Conflict, Unavailable
from .inbox import Batch, Found, Inbox, LateChange, SealedNote, Waiting, same_secret
from .keys import mark
from .live import Beside, Live, LiveRoom, NoRoom
from .log import log, where
from .presence import Presence
from .rooms.commands import PostNote, RevealNotes, RewordNote, TakeBackNote
from .rooms.decide import open_step, steps_to_reveal
from .rooms.ids import ChoiceId, NoteId, RoomId, StepId, WordsId
from .rooms.refusals import Refused
from .rooms.restitution import excerpts
from .rooms.state import Note, Room
from .rooms.steps import Step
from .rooms.words import Words, note_words
from .store import Secret

LATE_SECONDS = (20, 60)
"""A change to a note on the wall waits this long, unless the facilitator acts first."""

NOTES_ROOM = 5000
"""Notes that one room takes, face down, on the wall or taken back: three hundred people, sixteen
each. It bounds what a member who writes nonsense can fill."""

chance = SystemRandom()


@dataclass(frozen=True, slots=True, repr=False)
class Hanging:
    """A note that is to be hung on the wall."""

    command: PostNote
    text: Words
    secret: Secret


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
        self.coming: set[NoteId] = set()
        self.arrivals = Arrivals(self.take_each)
        self.face_down: dict[RoomId, int] = {}
        self.due: dict[RoomId, float] = {}
        self.announcements = Announcements(presence)

    # Writing

    async def post(self, live: LiveRoom, draft: Draft) -> Kept:
        """Keep a note; it is on disk when this returns. Raises `Refused`.

        Notes that go face down come together, so that one commit keeps many; two requests for
        the same note never do.
        """
        if draft.note not in self.coming and lies_face_down(live.room, draft):
            with self.comes(draft.note):
                async with live.lock.shared():
                    while lies_face_down(live.room, draft):  # still, after the wait
                        if await self.keep_first(live, draft):
                            return "kept"
                        with suppress(Conflict):  # it has just come to another process too
                            taken = await self.take(live, draft, await self.look(live, draft.note))
                            assert not isinstance(taken, Hanging)
                            return taken
        return await self.arrivals.join(live, draft)

    async def keep_first(self, live: LiveRoom, draft: Draft) -> bool:
        """The usual case in one go: a note that nothing is known of. False when it is another
        case, whatever it is."""
        room = live.room
        step = room.current if draft.step is None else room.find_step(draft.step)
        if step is None or not room.takes_notes(step) or draft.note in room.taken_back:
            return False
        if await self.is_full(live):
            return False
        with suppress(Refused):
            note = sealed_note(live, step, draft)
            batches = waiting_batches(live)
            if await self.inbox.keep_first(live.keys, next_batch(live, step.id), batches, note):
                self.count(live.id)
                return True
        return False

    @contextmanager
    def comes(self, note: NoteId) -> Iterator[None]:
        self.coming.add(note)
        try:
            yield
        finally:
            self.coming.discard(note)

    async def take_each(self, live: LiveRoom, arrivals: list[Arrival[Draft]]) -> None:
        """Notes of which no two are the same."""
        looks = [self.look(live, arrival.draft.note) for arrival in arrivals]
        hang: list[tuple[Arrival[Draft], Hanging]] = []
        founds = [await looks[0]] if len(looks) == 1 else await asyncio.gather(*looks)
        for arrival, found in zip(arrivals, founds, strict=True):
            with arrival.told_of_failure():
                taken = await self.take(live, arrival.draft, found)
                if isinstance(taken, Hanging):
                    hang.append((arrival, taken))
                else:
                    arrival.settle(taken)
        if not hang:
            return
        try:
            await self.put_up(live, [hanging for _, hanging in hang])
        except (Refused, Unavailable) as error:
            for arrival, _ in hang:
                arrival.fail(error)
        for arrival, _ in hang:
            arrival.settle("kept")

    async def look(self, live: LiveRoom, note: NoteId) -> Found:
        return await self.inbox.look(live.keys, live.id, waiting_batches(live), note)

    async def take(self, live: LiveRoom, draft: Draft, found: Found) -> Kept | Hanging:
        """Keep a note, or say what is to be hung on the wall."""
        secret = mark(live.keys.secrets, draft.secret)
        if draft.note in live.room.wall.notes:
            return await self.post_again(live, draft, secret)
        if found.withdrawn or draft.note in live.room.taken_back:
            raise Refused("note-taken-back")
        if found.waiting:
            return await self.keep_again(live, found.waiting, draft)
        step = open_step(live.room, draft.step)
        if await self.is_full(live):
            raise Refused("room-full")
        if not step.sealed:
            text = note_words(draft.text, step.limit)
            return Hanging(PostNote(draft.note, step.id), text, Secret(secret, draft.rev))
        await self.keep(live, step, draft)
        self.count(live.id)
        return "kept"

    async def keep_again(self, live: LiveRoom, waiting: Waiting, draft: Draft) -> Kept:
        """A note that waits: a retry is known, a newer text takes the place of the older."""
        same_secret(waiting.note.secret, mark(live.keys.secrets, draft.secret))
        if draft.rev > waiting.note.rev:
            step = open_step(live.room, waiting.batch.step)
            await self.inbox.rewrite(waiting, sealed_note(live, step, draft))
        return "known"

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

    async def is_full(self, live: LiveRoom) -> bool:
        """Counts what was ever written, taken back or not: all of it stays in memory or on disk.

        Up to a fifth less than the most there can be, by a lot that each room keeps for itself:
        whoever filled it would else learn how many notes the others had written."""
        if live.id not in self.face_down:
            self.face_down[live.id] = await self.inbox.size(live.id)
        seen = len(live.room.wall.notes) + len(live.room.taken_back)
        lot = int.from_bytes(mark(live.keys.withdrawals, "full")[:4]) / 2**32
        return seen + self.face_down[live.id] >= self.most * (1 - lot / 5)

    def count(self, room: RoomId) -> None:
        """One more; where the number was forgotten meanwhile, it is asked for again."""
        if room in self.face_down:
            self.face_down[room] += 1

    async def keep(self, live: LiveRoom, step: Step, draft: Draft) -> None:
        await self.inbox.keep(next_batch(live, step.id), sealed_note(live, step, draft))

    async def put_up(self, live: LiveRoom, notes: list[Hanging]) -> None:
        await self.live.act_together(
            live,
            [each.command for each in notes],
            Beside(
                words={WordsId(each.command.note): each.text for each in notes},
                secrets={each.command.note: each.secret for each in notes},
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
        found = await self.look(live, note)
        waiting = found.waiting
        if waiting and not compare_digest(waiting.note.secret, offered):
            raise Refused("secret-wrong")
        if not waiting:
            if live.entry.finished or await self.is_full(live):
                return  # a note that comes later is refused anyway
            if not found.withdrawn:
                self.count(live.id)
        await self.inbox.withdraw(live.keys, live.id, note, waiting)

    # Late changes

    async def defer(self, live: LiveRoom, change: LateChange) -> None:
        await self.inbox.defer(live.keys, live.id, change)
        self.due_later(live.id)

    def due_later(self, room: RoomId) -> None:
        self.due.setdefault(room, time.monotonic() + chance.uniform(*LATE_SECONDS))

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
                Beside(
                    forget=excerpts(live.room, note.id) | {note.words},
                    drop_secrets=frozenset({note.id}),
                ),
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
                forget=excerpts(live.room, note.id) | {note.words},
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
                anyway=anyway and self.announcements.heard(live.id, named),
            )
            batches = [next_batch(live, step) for step in steps]
            await self.reveal_batches(live, batches)
            self.announcements.forget(live.id)

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
        except Unavailable as error:  # the notes are on the wall; housekeeping mends it
            log.error("batch-not-destroyed", error=type(error).__name__, where=where(error))

    async def waiting(self, live: LiveRoom) -> Mapping[StepId, int]:
        """How many notes wait per step for the next reveal."""
        return for_next_reveal(live, await self.inbox.counts(live.id))

    # What somebody else has left

    async def mend(self) -> None:
        """Destroy batches that outlived their reveal or their room, and take up late changes that
        were acknowledged: by a process that is no more, or that comes before us."""
        for batch in await self.inbox.batches():
            if await self.is_left_over(batch):
                await self.inbox.destroy(batch)
        for room in await self.inbox.rooms_with_late_changes():
            self.due_later(room)

    async def is_left_over(self, batch: Batch) -> bool:
        """Whether the reveal of the batch, or the closing of its room, was committed."""
        try:
            live = await self.live.open(batch.room)
        except NoRoom:
            return True
        revealed = batch.reveal < live.room.reveals.get(batch.step, 0)
        over = (
            ChoiceId(batch.step) in live.room.choices_over
        )  # its batch bears the id of the choice
        return revealed or over or live.entry.finished


def lies_face_down(room: Room, draft: Draft) -> bool:
    """Whether the note would wait in the inbox, if it is taken."""
    step = room.current if draft.step is None else room.find_step(draft.step)
    return step is not None and step.sealed and draft.note not in room.wall.notes


def sealed_note(live: LiveRoom, step: Step, draft: Draft) -> SealedNote:
    """Raises `Refused` when its text may not be taken."""
    secret = mark(live.keys.secrets, draft.secret)
    return SealedNote(draft.note, secret, draft.rev, str(note_words(draft.text, step.limit)))


def next_batch(live: LiveRoom, step: StepId) -> Batch:
    """What the next reveal of the step will open."""
    return Batch(live.id, step, live.room.reveals.get(step, 0))


def for_next_reveal(live: LiveRoom, counts: Mapping[Batch, int]) -> dict[StepId, int]:
    """Those of these counts that the next reveal of a step will open."""
    batches = {step.id: next_batch(live, step.id) for step in live.room.steps}
    return {step: counts[batch] for step, batch in batches.items() if batch in counts}


def waiting_batches(live: LiveRoom) -> list[Batch]:
    """All in which a note may wait."""
    return [
        next_batch(live, step.id)
        for step in live.room.steps
        if step.sealed and step.id in live.room.entered
    ]
