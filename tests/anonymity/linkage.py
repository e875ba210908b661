"""The linkage attack: which of the people in the room wrote which note, and who cast which ballot.

The hit rate of an estimator is the share of notes given to who wrote them, over all rooms, in the
direction (forwards or backwards) that serves it best.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.anonymity.adversary import ESTIMATORS, Scores, estimates
from tests.anonymity.matching import bound, guesses
from tests.anonymity.sessions import (
    BALLOTS_EACH,
    NOTES_EACH,
    PEOPLE,
    Session,
    Tap,
    sessions,
)
from tests.anonymity.stores import ENGINE, Engine
from tests.contract.people import ATELIER


@dataclass
class Attack:
    rooms: int
    rates: dict[str, float | None]
    """By estimator; None where it found nothing about any note. In rooms where it found nothing it
    guesses, and is counted with what chance gives."""
    tried: int
    """How many places were looked at, each in both directions."""
    each: int = NOTES_EACH
    """How many of what is looked for come from one person."""

    @property
    def bound(self) -> float:
        return bound(self.rooms, PEOPLE, self.each)

    @property
    def caught(self) -> dict[str, float]:
        return {name: rate for name, rate in self.rates.items() if rate and rate > self.bound}


class Attacks(NamedTuple):
    """On the same rooms: who wrote which note, and who cast which ballot."""

    notes: Attack
    ballots: Attack


def attack(
    rooms: int, program: Sequence[str | Path] = (ATELIER,), engine: Engine = ENGINE
) -> Attacks:
    held = sessions(rooms, program, engine)
    return Attacks(attack_on(held), attack_on_ballots(held))


def attack_on(held: Sequence[Session]) -> Attack:
    moments = ("revealed", "evening", "morning")
    return summed([hits_in(each, each.taps, moments) for each in held], NOTES_EACH)


def attack_on_ballots(held: Sequence[Session]) -> Attack:
    """The adversary is given the id and the secret of each: who cast it is what is looked for."""
    moments = ("open", "evening", "morning")
    return summed([hits_in(each, each.ballots, moments) for each in held], BALLOTS_EACH)


Hits = dict[tuple[str, str, int], int]
"""How often an estimator was right in one room, by where it looked and in which direction."""


def summed(found: Sequence[Hits], each: int) -> Attack:
    """In a room where it found nothing an estimator guesses, and is counted with what chance
    gives."""
    hits: defaultdict[tuple[str, str, int], int] = defaultdict(lambda: len(found) * each)
    for in_room in found:
        for place, right in in_room.items():
            hits[place] += right - each
    best: dict[str, float | None] = dict.fromkeys(ESTIMATORS)
    for (estimator, _, _), right in hits.items():
        rate = right / (len(found) * PEOPLE * each)
        best[estimator] = max(best[estimator] or 0.0, rate)
    return Attack(len(found), best, len(hits) // 2, each)


def hits_in(session: Session, taps: Sequence[Tap], moments: Sequence[str]) -> Hits:
    wrote = {tap.note.note: tap.person for tap in taps}
    notes = {tap.note.note: tap.note.text for tap in taps}
    seen = [(tap.person, tap.seen) for tap in taps]
    found: Hits = {}
    for moment in (each for each in moments if each in session.left):
        for estimator, where, scores in estimates(session.room, notes, session.left[moment]):
            if len(set(scores.values())) < 2:
                continue
            place = f"{moment} {kind_of_place(where)}"
            while (estimator, place, 1) in found:
                place += "'"
            for direction in (1, -1):
                directed: Scores = {note: direction * score for note, score in scores.items()}
                # Ties and notes without a trace are dealt at random, by a chance that is ours.
                guessed = guesses(directed, sorted(notes), seen, Random(session.room))
                right = sum(guessed[note] == person for note, person in wrote.items())
                found[estimator, place, direction] = right
    return found


def kind_of_place(where: str) -> str:
    """The same in every room: not which part of a table that room lies in, nor its file."""
    return re.sub(r"(?<=_)[0-9a-f](?= |$)|(?<=/)\d+(?= |$)", "…", where)
