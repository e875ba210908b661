"""Who wrote what, as well as it can be guessed; and how well chance alone would guess."""

import math
from collections.abc import Sequence
from random import Random

FALSE_ALARM = 1e-6
"""How often chance alone may pass the bound, for one estimator in one direction."""
POINTS = 0.04
"""What the specification allows above chance."""


def best_matching(cost: Sequence[Sequence[float]]) -> list[int]:
    """For each row the column that it gets when all together cost least (Hungarian method).

    Rows come in one after the other; each takes the shortest way to a free column, along which
    the rows before it move on. `price` keeps every way's cost from being negative.
    """
    size = len(cost)
    row_price, price = [0.0] * (size + 1), [0.0] * (size + 1)
    row_of = [0] * (size + 1)  # of a column, both from 1; column 0 is where a row starts
    for row in range(1, size + 1):
        row_of[0] = row
        column, least, came_from = 0, [math.inf] * (size + 1), [0] * (size + 1)
        reached: set[int] = set()
        while row_of[column]:
            reached.add(column)
            here, step, following = row_of[column], math.inf, 0
            for other in range(1, size + 1):
                if other in reached:
                    continue
                way = cost[here - 1][other - 1] - row_price[here] - price[other]
                if way < least[other]:
                    least[other], came_from[other] = way, column
                if least[other] < step:
                    step, following = least[other], other
            for other in range(size + 1):
                if other in reached:
                    row_price[row_of[other]] += step
                    price[other] -= step
                else:
                    least[other] -= step
            column = following
        while column:
            row_of[column] = row_of[came_from[column]]
            column = came_from[column]
    found = [0] * size
    for column in range(1, size + 1):
        found[row_of[column] - 1] = column - 1
    return found


def guesses(
    scores: dict[str, float],
    notes: Sequence[str],
    taps: Sequence[tuple[int, float]],
    chance: Random,
) -> dict[str, int]:
    """For each note a person, when notes were written in the order of their scores.

    `taps` are persons and the times at which they were seen to tap, one for each note. A note's
    score stands for the time of the tap of the same rank; equal scores share their times' middle;
    a note without a score costs the same everywhere.
    """
    notes, taps = chance.sample(notes, len(notes)), chance.sample(taps, len(taps))
    times = times_of(scores, sorted(time for _, time in taps), len(notes))
    cost = [
        [abs(times[note] - time) if note in times else 0.0 for _, time in taps] for note in notes
    ]
    return {note: taps[tap][0] for note, tap in zip(notes, best_matching(cost), strict=True)}


def times_of(scores: dict[str, float], times: Sequence[float], notes: int) -> dict[str, float]:
    ranked = sorted(scores, key=lambda note: scores[note])
    spread = (notes - 1) / max(1, len(ranked) - 1)  # few scores stand for the whole time
    by_rank = {note: times[round(rank * spread)] for rank, note in enumerate(ranked)}
    shared: dict[float, list[float]] = {}
    for note in ranked:
        shared.setdefault(scores[note], []).append(by_rank[note])
    return {note: sum(s := shared[scores[note]]) / len(s) for note in ranked}


def bound(rooms: int, people: int, notes_each: int) -> float:
    """The hit rate that an estimator must stay below: chance and four points, or more where few
    rooms leave more to chance. The hits of random guesses spread a little less than Poisson's."""
    expected = rooms * notes_each
    hits, passed, term = 0, 1.0, math.exp(-expected)
    while passed >= FALSE_ALARM:
        passed -= term
        hits += 1
        term *= expected / hits
    return max(1 / people + POINTS, hits / (rooms * people * notes_each))
