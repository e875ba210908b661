"""Choosing together: what each phone chose lies sealed, and only totals ever come out.

A choice goes where notes go: a batch of the sealed inbox, under an id and a secret made on the
phone, in a row of the same size. Its batch is that of no step: it bears the id of the choice.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .db import Unavailable
from .inbox import Batch, Inbox, SealedNote, same_secret
from .keys import mark
from .live import Live, LiveRoom
from .log import log, where
from .notes import Notes
from .presence import Presence
from .rooms.choosing import chosen_by, known_choice
from .rooms.commands import DropChoice, TellChoice
from .rooms.ids import ChoiceId, ClusterId, NoteId, StepId
from .rooms.refusals import Refused


@dataclass(frozen=True, slots=True, repr=False)
class Ballot:
    """What one phone chooses. `rev` 0, 1, 2…: an older one never takes the place of a newer."""

    choice: ChoiceId
    id: NoteId
    secret: str
    clusters: tuple[ClusterId, ...]
    rev: int = 0


class Choosing:
    def __init__(self, live: Live, inbox: Inbox, presence: Presence, notes: Notes, k: int) -> None:
        self.live = live
        self.inbox = inbox
        self.presence = presence
        self.notes = notes
        self.k = k

    async def choose(self, live: LiveRoom, ballot: Ballot) -> None:
        """Keep what a phone chose; it is on disk when this returns. Raises `Refused`.

        A choice is open for minutes, and whoever has the files then has the keys: its batch is
        written anew with each ballot, so that nothing in them tells which came when.
        """
        async with live.lock:
            await self.keep(live, ballot)

    async def keep(self, live: LiveRoom, ballot: Ballot) -> None:
        clusters = chosen_by(live.room, ballot.choice, ballot.clusters)
        batch = batch_of(live, ballot.choice)
        secret = mark(live.keys.secrets, ballot.secret)
        sealed = SealedNote(ballot.id, secret, ballot.rev, " ".join(clusters))
        found = await self.inbox.look(live.keys, live.id, [batch], ballot.id)
        if found.waiting:
            same_secret(found.waiting.note.secret, secret)
            if ballot.rev <= found.waiting.note.rev:
                return
        elif await self.notes.is_full(live):
            raise Refused("room-full")
        await self.inbox.keep_anew(batch, sealed)
        if not found.waiting:
            self.notes.count(live.id)

    async def tell(self, live: LiveRoom, choice: ChoiceId) -> None:
        """Only totals leave this function. Raises `Refused` below the threshold: of phones that
        chose, and of phones that are there."""
        async with live.lock:
            known = known_choice(live.room, choice)
            batch = batch_of(live, choice)
            ballots = [each for each in await self.inbox.open(batch) if each.text]
            there = self.presence.phones(live.id, live.room.step) if live.room.step else 0
            if min(len(ballots), there) < self.k:
                raise Refused("too-few-choices")
            totals = counted(known.clusters, (each.text for each in ballots))
            await self.live.act(live, TellChoice(choice, totals))
            await self.destroy(live, batch)

    async def drop(self, live: LiveRoom, choice: ChoiceId) -> None:
        async with live.lock:
            await self.live.act(live, DropChoice(choice))
            await self.destroy(live, batch_of(live, choice))

    async def destroy(self, live: LiveRoom, batch: Batch) -> None:
        self.notes.face_down.pop(live.id, None)
        try:
            await self.inbox.destroy(batch)
        except Unavailable as error:  # it is told, or dropped; housekeeping mends it
            log.error("batch-not-destroyed", error=type(error).__name__, where=where(error))


def batch_of(live: LiveRoom, choice: ChoiceId) -> Batch:
    return Batch(live.id, StepId(choice), 0)


def counted(
    clusters: Sequence[ClusterId], ballots: Iterable[str]
) -> tuple[tuple[ClusterId, int], ...]:
    """In the order of the wall, not by how often: which ballots came first is nobody's business."""
    times = Counter(each for ballot in ballots for each in ballot.split())
    return tuple((cluster, times[cluster]) for cluster in clusters if times[cluster])
