"""The linkage attack: which of the people in the room wrote which note.

The hit rate of an estimator is the share of notes given to who wrote them, over all rooms, in the
direction (forwards or backwards) that serves it best.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.anonymity.adversary import ESTIMATORS, Scores, estimates
from tests.anonymity.matching import bound, guesses
from tests.anonymity.sessions import NOTES_EACH, PEOPLE, Session, sessions
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

    @property
    def bound(self) -> float:
        return bound(self.rooms, PEOPLE, NOTES_EACH)

    @property
    def caught(self) -> dict[str, float]:
        return {name: rate for name, rate in self.rates.items() if rate and rate > self.bound}


def attack(
    rooms: int, program: Sequence[str | Path] = (ATELIER,), engine: Engine = ENGINE
) -> Attack:
    return attack_on(sessions(rooms, program, engine))


def attack_on(held: Sequence[Session]) -> Attack:
    by_chance = len(held) * NOTES_EACH
    hits: defaultdict[tuple[str, str, int], int] = defaultdict(lambda: by_chance)
    for session in held:
        for (estimator, place, direction), right in hits_in(session).items():
            hits[estimator, place, direction] += right - NOTES_EACH
    notes = len(held) * PEOPLE * NOTES_EACH
    best: dict[str, float | None] = dict.fromkeys(ESTIMATORS)
    for (estimator, _, _), right in hits.items():
        best[estimator] = max(best[estimator] or 0.0, right / notes)
    return Attack(len(held), best, len(hits) // 2)


def hits_in(session: Session) -> dict[tuple[str, str, int], int]:
    wrote = {tap.note.note: tap.person for tap in session.taps}
    notes = {tap.note.note: tap.note.text for tap in session.taps}
    seen = [(tap.person, tap.seen) for tap in session.taps]
    found: dict[tuple[str, str, int], int] = {}
    for moment, left in session.left.items():
        for estimator, place, scores in estimates(session.room, notes, left):
            if len(set(scores.values())) < 2:
                continue
            for direction in (1, -1):
                directed: Scores = {note: direction * score for note, score in scores.items()}
                # Ties and notes without a trace are dealt at random, by a chance that is ours.
                guessed = guesses(directed, sorted(notes), seen, Random(session.room))
                right = sum(guessed[note] == person for note, person in wrote.items())
                found[estimator, f"{moment} {place}", direction] = right
    return found
