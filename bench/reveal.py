"""How long a reveal takes from the facilitator's press to the last screen.

    .venv/bin/python -m bench.reveal [--notes 500] [--screens 300] [--times 5]

Each time in a room of its own: the screens follow, each a phone with its own cookie, the notes are
kept face down, then the reveal is asked for. The time runs from the request until the last screen
has read the whole frame; the median and the worst of all times.
"""

import argparse
import statistics
import threading
import time
from pathlib import Path

import httpx2

from bench.crowd import Crowd, Place, cookies, evenly, open_places
from bench.gauges import Figure, cpu_seconds, on_real_disk, pid_of, show
from tests.server import Facilitator, Server, serving


def fill(crowd: Crowd, place: Place, notes: int) -> None:
    crowd.most_lines = 50
    assert len(crowd.run(evenly([place], 1e9, notes / 1e9)).kept) == notes


def reveal(facilitator: Facilitator, crowd: Crowd, place: Place) -> tuple[float, float]:
    """Seconds to the last screen, and to the facilitator's answer."""
    start = max(screen.seq for screen in crowd.screens.values())
    answers: list[tuple[httpx2.Response, float]] = []

    def ask() -> None:
        answers.append((facilitator.does(place.id, "reveals"), time.monotonic()))

    asking = threading.Thread(target=ask)
    began = time.monotonic()
    asking.start()
    while any(screen.seq == start for screen in crowd.screens.values()):
        assert time.monotonic() < began + 60, "the reveal did not come"
        crowd.turn(0.05)
    seen = time.monotonic() - began
    asking.join()
    [(answer, answered)] = answers
    answer.raise_for_status()
    return seen, answered - began


def once(server: Server, notes: int, screens: int) -> tuple[float, float, float]:
    """Seconds to the last screen, to the answer, and of the server's CPU."""
    facilitator = Facilitator(server)
    [place] = open_places(facilitator, mode="reveal")
    crowd = Crowd(server)
    for cookie in cookies(server, [place.code] * screens):
        crowd.follow(place, cookie)
    fill(crowd, place, notes)
    crowd.settle()
    before = cpu_seconds(pid_of(server))
    seen, answered = reveal(facilitator, crowd, place)
    spent = cpu_seconds(pid_of(server)) - before
    crowd.close()
    return seen, answered, spent


def measure(folder: Path, notes: int = 500, screens: int = 300, times: int = 5) -> list[Figure]:
    with serving(folder / "data") as server:
        seen, answered, spent = zip(
            *(once(server, notes, screens) for _ in range(times)), strict=True
        )
    what = f"reveal of {notes} notes to {screens} screens"
    return [
        Figure(f"{what}: last screen", statistics.median(seen) * 1000, "ms", 250),
        Figure(f"{what}: last screen, worst of {times}", max(seen) * 1000, "ms"),
        Figure(f"{what}: answer to the facilitator", statistics.median(answered) * 1000, "ms"),
        Figure(f"{what}: server", statistics.median(spent) * 1000, "ms of CPU"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=500)
    parser.add_argument("--screens", type=int, default=300)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    with on_real_disk() as folder:
        show(measure(folder, asked.notes, asked.screens, asked.times))


if __name__ == "__main__":
    main()
