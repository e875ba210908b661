"""How long a note takes from its phone to the last screen of the room, on disk in between.

    .venv/bin/python -m bench.latency [--seconds 5] [--rounds 3]

Two scenes take turns: ten notes a second in one direct room with 300 screens, and 200 notes a
second over twenty direct rooms with twenty screens each. A note's time runs from the moment when it
was due (the phones do not wait for each other) to the moment when the last screen of its room has
read it. One write with fsync, measured in the same rounds, is taken off: it is the disk's.
"""

import argparse
import statistics
from dataclasses import dataclass, field
from pathlib import Path

from bench.crowd import Crowd, Outcome, cookies, evenly, open_places
from bench.gauges import (
    Figure,
    cpu_seconds,
    disk_of,
    fsync_ms,
    on_real_disk,
    pid_of,
    quantile,
    show,
)
from tests.server import Facilitator, serving


@dataclass
class Scene:
    rooms: int
    screens: int
    per_second: float
    limit_ms: float
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    lost: int = 0

    @property
    def name(self) -> str:
        where = "one room" if self.rooms == 1 else f"each of {self.rooms} rooms"
        return f"{self.per_second:g} notes/s, {self.screens} screens in {where}"

    def play(self, folder: Path, seconds: float) -> None:
        with serving(folder) as server:
            places = open_places(Facilitator(server), self.rooms)
            crowd = Crowd(server)
            codes = [place.code for place in places for _ in range(self.screens)]
            for number, cookie in enumerate(cookies(server, codes)):
                crowd.follow(places[number // self.screens], cookie)
            crowd.settle()
            crowd.run(evenly(places, self.per_second, 1))
            before = cpu_seconds(pid_of(server))
            outcome = crowd.run(evenly(places, self.per_second, seconds))
            self.cpu.append((cpu_seconds(pid_of(server)) - before) / seconds * 100)
            self.note(outcome)
            crowd.close()

    def note(self, outcome: Outcome) -> None:
        times = outcome.to_last_screen_ms
        self.p50.append(quantile(times, 0.5))
        self.p99.append(quantile(times, 0.99))
        self.lost += outcome.lost + len(outcome.postings) - len(outcome.kept)

    def figures(self, fsync: float) -> list[Figure]:
        p99 = statistics.median(self.p99)
        return [
            Figure(f"{self.name}: p50", statistics.median(self.p50), "ms"),
            Figure(f"{self.name}: p99", p99, "ms"),
            Figure(f"{self.name}: p99 beyond one fsync", p99 - fsync, "ms", self.limit_ms),
            Figure(f"{self.name}: lost", self.lost, "", 0),
            Figure(f"{self.name}: server", statistics.median(self.cpu), "% of a core"),
        ]


def measure(seconds: float = 5, rounds: int = 3) -> list[Figure]:
    scenes = [Scene(1, 300, 10, limit_ms=8), Scene(20, 20, 200, limit_ms=3)]
    syncs = []
    for _ in range(rounds):
        for scene in scenes:
            with on_real_disk() as folder:
                syncs.append(fsync_ms(folder))
                disk = disk_of(folder)
                scene.play(folder / "data", seconds)
    fsync = statistics.median(syncs)
    figures = [figure for scene in scenes for figure in scene.figures(fsync)]
    return [*figures, Figure(f"one write with fsync, {disk}", fsync, "ms")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    show(measure(asked.seconds, asked.rounds))


if __name__ == "__main__":
    main()
