"""Choosing together: what each phone chose lies sealed, and only totals ever come out.

A choice goes where notes go: a batch of the sealed inbox, under an id and a secret made on the
phone, in a row of the same size. Its batch is that of no step: it bears the id of the choice.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .arrivals import Arrival, Arrivals
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
    """What one phone chooses, under an id like that of a note. `rev` 0, 1, 2…: an older one never
    takes the place of a newer."""

    choice: ChoiceId
    note: NoteId
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
        self.arrivals = Arrivals(self.keep_all)

    async def choose(self, live: LiveRoom, ballot: Ballot) -> None:
        """Keep what a phone chose; it is on disk when this returns. Raises `Refused`."""
        await self.arrivals.join(live, ballot)

    async def keep_all(self, live: LiveRoom, arrivals: list[Arrival[Ballot]]) -> None:
        """Ballots of which no two are the same.

        A choice is open for minutes, and whoever has the files then has the keys: its batch is
        written anew each time, so that nothing in them tells which came when.
        """
        fresh: list[tuple[Arrival[Ballot], SealedNote]] = []
        for arrival in arrivals:
            with arrival.told_of_failure():
                if note := await self.sealed(live, arrival.draft):
                    fresh.append((arrival, note))
                else:
                    arrival.settle("known")
        if not fresh:
            return
        batch = batch_of(live, fresh[0][0].draft.choice)  # one choice at a time is open
        try:
            await self.inbox.keep_anew(batch, [note for _, note in fresh])
        except Unavailable as error:
            self.notes.face_down.pop(live.id, None)
            for arrival, _ in fresh:
                arrival.fail(error)
        for arrival, _ in fresh:
            arrival.settle("kept")

    async def sealed(self, live: LiveRoom, ballot: Ballot) -> SealedNote | None:
        """As the inbox keeps it; None when it holds this one already, or a newer one."""
        clusters = chosen_by(live.room, ballot.choice, ballot.clusters)
        batch = batch_of(live, ballot.choice)
        secret = mark(live.keys.secrets, ballot.secret)
        found = await self.inbox.look(live.keys, live.id, [batch], ballot.note)
        if found.waiting:
            same_secret(found.waiting.note.secret, secret)
            if ballot.rev <= found.waiting.note.rev:
                return None
        elif await self.notes.is_full(live):
            raise Refused("room-full")
        else:
            self.notes.count(live.id)
        return SealedNote(ballot.note, secret, ballot.rev, " ".join(clusters))

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
