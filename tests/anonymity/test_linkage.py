"""Nobody who watched the room and holds all that is left of it learns who wrote what, or who chose
what.

The size is small here; `bench.anonymity` does the same in sixty rooms. The bound leaves the real
build one false alarm in thousands of runs, all estimators together.
"""

from itertools import permutations
from random import Random
from secrets import token_bytes, token_hex

import pytest

from atelier.keys import derive, mark, seal, wrapping_key
from tests.anonymity.adversary import estimates
from tests.anonymity.linkage import Attacks, attack
from tests.anonymity.matching import best_matching, bound, guesses
from tests.anonymity.planted import (
    LEAKS,
    LEAKS_OF_BALLOTS,
    LEAKS_OF_BALLOTS_OF_POSTGRESQL,
    LEAKS_OF_POSTGRESQL,
    program,
)
from tests.anonymity.sessions import Left
from tests.anonymity.stores import ENGINE, WAL

ROOMS = 6


@pytest.fixture(scope="module")
def found() -> Attacks:
    return attack(ROOMS)


def test_no_estimator_tells_who_wrote_a_note(found: Attacks) -> None:
    assert found.notes.caught == {}, f"above {found.notes.bound:.3f}"
    looked = {name for name, rate in found.notes.rates.items() if rate is not None}
    assert {"row order", "page offset", "backup", "list positions", "frame order"} <= looked


def test_no_estimator_tells_who_cast_a_ballot(found: Attacks) -> None:
    """While the choice is open, and after it."""
    assert found.ballots.caught == {}, f"above {found.ballots.bound:.3f}"
    looked = {name for name, rate in found.ballots.rates.items() if rate is not None}
    assert "sealed rows" in looked or (ENGINE == "postgresql" and "row order" in looked)


OF_NOTES, OF_BALLOTS = (
    (LEAKS, LEAKS_OF_BALLOTS)
    if ENGINE == "sqlite"
    else (LEAKS_OF_POSTGRESQL, LEAKS_OF_BALLOTS_OF_POSTGRESQL)
)


@pytest.mark.parametrize("leak", dict.fromkeys((*OF_NOTES, *OF_BALLOTS)))
def test_a_planted_leak_is_caught(leak: str) -> None:
    """Of notes, of ballots, or of both."""
    found = attack(ROOMS - 1, program(leak))

    for leaks, each in ((OF_NOTES, found.notes), (OF_BALLOTS, found.ballots)):
        assert leak not in leaks or each.caught, f"{each.rates}, none above {each.bound:.3f}"


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

    assert in_order(estimator, "0" * 32, wrote, left)


@pytest.mark.parametrize(
    ("estimator", "name"),
    [
        ("page offset", "postgresql/base/5/16400"),
        ("journals", WAL),
        ("log lines", "postgresql.log"),
    ],
)
def test_an_order_in_what_postgresql_leaves_would_be_seen(estimator: str, name: str) -> None:
    """As ids, and as the marks of a batch whose key is still there."""
    master, key, room = bytes(32), token_bytes(32), "0" * 32
    wrote = {token_hex(16): f"note {number}" for number in range(24)}
    batch = f"inbox:{room}/wall/0"
    ids = b"\n".join(note.encode() for note in wrote)
    marks = b"\n".join(mark(derive(key, "mark"), note) for note in wrote)
    for gap in (b"\x7b", b"', $2 = '"):
        box = batch.encode() + gap + seal(wrapping_key(master), key, batch)
        for data in (ids, marks + box):
            left = Left(files={name: data, "var/keys/master.key": master}, written={name: 1.0})
            assert in_order(estimator, room, wrote, left)


@pytest.mark.parametrize("estimator", ["row order", "columns"])
def test_an_order_in_what_the_engine_shows_would_be_seen(estimator: str) -> None:
    wrote = {token_hex(16): f"note {number}" for number in range(24)}
    rows = [(number, 700 + number, note) for number, note in enumerate(wrote)]
    assert in_order(estimator, "0" * 32, wrote, Left(rows={"main.secret_0": rows}))


def in_order(estimator: str, room: str, wrote: dict[str, str], left: Left) -> bool:
    found = [scores for kind, _, scores in estimates(room, wrote, left) if kind == estimator]
    return any(sorted(scores, key=lambda note: scores[note]) == [*wrote] for scores in found)


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
