"""Every fault, many times: how often it was tried, and how many acknowledged notes were lost.

    .venv/bin/python -m bench.faults [--kills 100] [--lines 5]

- killed at each named point of `tests/faults/points.py`, for every time that a session passes it,
  on SQLite and on PostgreSQL;
- killed at random while four phones write (`tests/faults/test_kill.py`);
- thirty phones and four screens behind bad lines, with a kill in each of two waves
  (`tests/faults/lines.py`): each connection draws a delay, a trickle, a cut, a lost answer, a black
  hole or a stall.

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
from tests.faults.test_kill import test_no_acknowledged_note_is_lost_when_the_server_is_killed

EVERY_TIME = 10_000


def at_points(points: Iterable[str], database: Callable[[], str]) -> Counter[str]:
    tried: Counter[str] = Counter()
    for point in points:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "made").mkdir()
            made, cut = folder / "made", folder / "cut"
            for settings, told in killed_at(point, made, cut, EVERY_TIME, database):
                check(settings, told)
                tried[point] += 1
    return tried


def at_random(kills: int) -> None:
    for _ in range(kills):
        with tempfile.TemporaryDirectory() as name:
            test_no_acknowledged_note_is_lost_when_the_server_is_killed(
                Path(name), random.randrange(1, 120)
            )


def behind_bad_lines(sessions: int) -> Counter[str]:
    tried: Counter[str] = Counter()
    for _ in range(sessions):
        seed = random.randrange(2**32)
        print(f"seed {seed}", flush=True)
        with tempfile.TemporaryDirectory() as name:
            outcome = asyncio.run(session(Path(name), seed, phones=30, notes=2))
        tried.update({str(fault): count for fault, count in outcome.faults.items()})
        tried["notes kept behind them"] += outcome.notes
        tried["kills behind them"] += 2
    return tried


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--lines", type=int, default=5)
    asked = parser.parse_args()
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    points = at_points(POINTS, lambda: "")
    with running() as cluster:
        on_postgres = at_points(POSTGRES_POINTS, cluster.database)
    at_random(asked.kills)
    lines = behind_bad_lines(asked.lines)
    print("| fault | times tried | lost |")
    print("|---|---|---|")
    for point, times in points.items():
        print(f"| killed: {point} | {times} | 0 |")
    for point, times in on_postgres.items():
        print(f"| killed on PostgreSQL: {point} | {times} | 0 |")
    print(f"| killed at random under load | {asked.kills} | 0 |")
    for fault, times in sorted(lines.items()):
        print(f"| line: {fault} | {times} | 0 |")


if __name__ == "__main__":
    main()
