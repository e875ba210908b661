"""Every fault, many times: how often it was tried, and how many acknowledged notes were lost.

    .venv/bin/python -m bench.faults [--kills 100] [--lines 5]

- killed at each named point of `tests/faults/points.py`, for every time that a session passes it;
- killed at random while four phones write (`tests/faults/test_kill.py`);
- thirty phones and four screens behind bad lines, with a kill in each of two waves
  (`tests/faults/lines.py`): each connection draws a delay, a trickle, a cut, a lost answer, a black
  hole or a stall.

All of it on SQLite, then on PostgreSQL.

After each of them the oracle: kept = revealed = every screen = export, as sets; numbers without
gaps; behind bad lines also the server's descriptors, back to what they were. It stops at the first
thing that is not so. The faults of the system (full disk, held database, descriptors, clock,
SIGTERM) are tests only, `tests/faults/test_system.py`.
"""

import argparse
import asyncio
import random
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.clusters import running
from tests.faults.lines import session
from tests.faults.points import POINTS, POSTGRES_POINTS, check, killed_at
from tests.faults.test_kill import killed_under_load

EVERY_TIME = 10_000

Database = Callable[[], str]
"""The address of a new database on PostgreSQL, or nothing: then it is SQLite."""


def tried(points: Iterable[str], database: Database, kills: int, lines: int) -> Counter[str]:
    """How often each fault was tried."""
    found = at_points(points, database)
    at_random(kills, database)
    found["killed at random under load"] = kills
    return found + behind_bad_lines(lines, database)


def at_points(points: Iterable[str], database: Database) -> Counter[str]:
    tried: Counter[str] = Counter()
    for point in points:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "made").mkdir()
            made, cut = folder / "made", folder / "cut"
            for settings, told in killed_at(point, made, cut, EVERY_TIME, database):
                check(settings, told)
                tried[f"killed: {point}"] += 1
    return tried


def at_random(kills: int, database: Database) -> None:
    for _ in range(kills):
        with tempfile.TemporaryDirectory() as name:
            killed_under_load(Path(name), random.randrange(1, 120), **variables(database))


def behind_bad_lines(sessions: int, database: Database) -> Counter[str]:
    tried: Counter[str] = Counter()
    for _ in range(sessions):
        seed = random.randrange(2**32)
        print(f"seed {seed}", flush=True)
        with tempfile.TemporaryDirectory() as name:
            outcome = asyncio.run(
                session(Path(name), seed, phones=30, notes=2, **variables(database))
            )
        tried.update({f"line: {fault}": count for fault, count in sorted(outcome.faults.items())})
        tried["line: notes kept behind them"] += outcome.notes
        tried["line: kills behind them"] += 2
    return tried


def variables(database: Database) -> dict[str, str]:
    url = database()
    return {"DATABASE_URL": url} if url else {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--lines", type=int, default=5)
    asked = parser.parse_args()
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    on_sqlite = tried(POINTS, lambda: "", asked.kills, asked.lines)
    with running() as cluster:
        on_postgres = tried(POSTGRES_POINTS, cluster.database, asked.kills, asked.lines)
    print("| fault | times tried | lost |")
    print("|---|---|---|")
    for engine, faults in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        for fault, times in faults.items():
            print(f"| {engine}, {fault} | {times} | 0 |")


if __name__ == "__main__":
    main()
