"""Nobody who watched the room and holds all that is left of it learns who wrote what.

The size is small here; `bench.anonymity` does the same in sixty rooms. The bound leaves the real
build one false alarm in thousands of runs, all estimators together.
"""

from itertools import permutations
from random import Random
from secrets import token_hex

import pytest

from tests.anonymity.adversary import estimates
from tests.anonymity.linkage import attack
from tests.anonymity.matching import best_matching, bound, guesses
from tests.anonymity.planted import LEAKS, program
from tests.anonymity.sessions import Left

ROOMS = 6


def test_no_estimator_tells_who_wrote_a_note() -> None:
    found = attack(ROOMS)

    assert found.caught == {}, f"above {found.bound:.3f}"
    looked = {name for name, rate in found.rates.items() if rate is not None}
    assert {"row order", "page offset", "backup", "list positions", "frame order"} <= looked


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_caught(leak: str) -> None:
    found = attack(ROOMS - 1, program(leak))

    assert found.caught, f"{found.rates}, none above {found.bound:.3f}"


@pytest.mark.parametrize("estimator", ["log lines", "file times", "backup", "journals"])
def test_what_no_planted_leak_shows_would_be_seen_too(estimator: str) -> None:
    wrote = {token_hex(16): f"note {number}" for number in range(24)}
    lines = b"\n".join(note.encode() for note in wrote)
    name = {"log lines": "server.log", "backup": "backup/copy", "journals": "var/x.db-journal"}
    left = Left()
    if estimator == "file times":
        for number, note in enumerate(wrote):
            left.files[f"var/{note}"], left.written[f"var/{note}"] = b"", 1.0 + number
    else:
        left.files[name[estimator]], left.written[name[estimator]] = lines, 1.0

    found = [scores for kind, _, scores in estimates("0" * 32, wrote, left) if kind == estimator]
    assert any(sorted(scores, key=lambda note: scores[note]) == [*wrote] for scores in found)


def test_in_sixty_rooms_the_bound_is_chance_and_four_points() -> None:
    assert bound(60, 12, 2) == pytest.approx(1 / 12 + 0.04)
    assert bound(2, 12, 2) > bound(6, 12, 2) > bound(60, 12, 2)


def test_the_matching_is_the_cheapest() -> None:
    chance = Random(5)
    for size in (1, 2, 3, 4, 5, 6):
        cost = [[chance.random() for _ in range(size)] for _ in range(size)]
        cheapest = min(
            sum(cost[row][column] for row, column in enumerate(order))
            for order in permutations(range(size))
        )
        found = best_matching(cost)
        assert sum(cost[row][column] for row, column in enumerate(found)) == pytest.approx(cheapest)


def test_who_knows_the_order_knows_who_wrote_what_and_who_does_not_guesses() -> None:
    notes = [f"{number:02}" for number in range(24)]
    taps = [(number % 12, 7.5 * number) for number in range(24)]
    right = {note: person for note, (person, _) in zip(notes, taps, strict=True)}
    known = guesses({note: int(note) for note in notes}, notes, taps, Random(1))
    blind = [guesses({}, notes, taps, Random(seed)) for seed in range(300)]

    assert known == right
    hits = sum(guess[note] == right[note] for guess in blind for note in notes)
    assert hits / (300 * 24) == pytest.approx(1 / 12, abs=0.02)
