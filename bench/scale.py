"""What a crowd would need, computed from measured unit costs and simulated for one process.

    .venv/bin/python -m bench.scale [--people 1000000] [--rooms 100000] [--processes 0]

Nothing is measured here: the unit costs are those of the other measurements (`UnitCosts`, with the
command that gives each), and what comes out is worth what they are. One process is simulated event
by event for ten minutes: its rooms write in bursts, as groups do, and each event is served in turn
by one core. It says how long the last screen waits and how busy that core is; the rest is
multiplication. With `--processes 0` it finds the fewest that keep the wait and the load in bounds.
"""

import argparse
import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass

MINUTES = 10
WRITING_MINUTES = 4
"""Of each step's ten minutes."""
BUSY = 0.6
"""More than this of a core leaves no room for a reveal that everybody waits for."""
WAIT_MS = 50.0


@dataclass(frozen=True)
class UnitCosts:
    note_ms: float = 0.7
    """CPU of one note, kept and acknowledged, without its screens: `bench.idle`."""
    delivery_us: float = 6.0
    """CPU of one frame to one screen: `bench.fanout`."""
    screen_kib: float = 18.0
    """Memory of a screen that listens: `bench.idle`."""
    room_kib: float = 40.0
    """Memory of a room with its words, over that of its screens: `bench.idle`."""
    row_kib: float = 3.4
    """What one note writes ahead in PostgreSQL, its row and its pages: `bench.nodes`."""
    join_ms: float = 7.0
    """CPU of one who joins: pages and socket, `bench.joining`."""
    base_mib: float = 60.0
    """Memory of a process without rooms."""


@dataclass(frozen=True)
class Crowd:
    people: int
    rooms: int
    notes_each: int = 2
    """In the writing minutes of a step."""
    direct: float = 0.2
    """Of the rooms write onto the wall, where every note goes to every screen."""

    @property
    def of_one_room(self) -> float:
        return self.people / self.rooms


@dataclass(frozen=True)
class Load:
    busy: float
    """Of one core."""
    p99_ms: float
    """From an event's arrival to its last screen."""


def events(
    crowd: Crowd, rooms: int, costs: UnitCosts, lot: random.Random
) -> Iterator[tuple[float, float]]:
    """Second and CPU seconds of everything that comes to one process, in no order."""
    size = crowd.of_one_room
    for _ in range(rooms):
        start = lot.uniform(0, MINUTES * 60)
        direct = lot.random() < crowd.direct
        for _ in range(round(size * crowd.notes_each)):
            at = (start + lot.triangular(0, WRITING_MINUTES * 60, 60)) % (MINUTES * 60)
            screens = size + 2 if direct else 0
            yield at, costs.note_ms / 1e3 + screens * costs.delivery_us / 1e6
        revealed = (start + WRITING_MINUTES * 60) % (MINUTES * 60)
        yield revealed, 10 * costs.note_ms / 1e3 + (size + 2) * costs.delivery_us / 1e6
        for _ in range(round(size)):  # everybody comes once in an hour
            if lot.random() < MINUTES / 60:
                yield lot.uniform(0, MINUTES * 60), costs.join_ms / 1e3


def simulate(crowd: Crowd, processes: int, costs: UnitCosts, seed: int = 1) -> Load:
    queue = list(events(crowd, crowd.rooms // processes, costs, random.Random(seed)))
    heapq.heapify(queue)
    free, busy = 0.0, 0.0
    waits = []
    while queue:
        at, work = heapq.heappop(queue)
        free = max(free, at) + work
        busy += work
        waits.append(free - at)
    waits.sort()
    p99 = waits[int(len(waits) * 0.99)] if waits else 0.0
    return Load(busy / (MINUTES * 60), p99 * 1e3)


def fewest(crowd: Crowd, costs: UnitCosts) -> int:
    processes = 1
    while True:
        load = simulate(crowd, processes, costs)
        if load.busy <= BUSY and load.p99_ms <= WAIT_MS:
            return processes
        processes = max(processes + 1, round(processes * load.busy / BUSY))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--rooms", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=0)
    asked = parser.parse_args()
    crowd, costs = Crowd(asked.people, asked.rooms), UnitCosts()
    processes = asked.processes or fewest(crowd, costs)
    load = simulate(crowd, processes, costs)
    notes = crowd.people * crowd.notes_each / (MINUTES * 60)
    memory = (crowd.people + 2 * crowd.rooms) * costs.screen_kib + crowd.rooms * costs.room_kib
    print("| of the crowd | simulated |")
    print("|---|---|")
    print(f"| people, rooms | {crowd.people:,}, {crowd.rooms:,} |")
    print(f"| notes a second, on average | {notes:,.0f} |")
    print(f"| processes of one core | {processes:,} |")
    print(f"| each of them busy | {load.busy:.0%} |")
    print(f"| p99 to the last screen, without disk and line | {load.p99_ms:.1f} ms |")
    print(f"| memory in all | {memory / 2**20 + processes * costs.base_mib / 1024:,.0f} GiB |")
    print(f"| written ahead by the database | {notes * costs.row_kib / 1024:,.1f} MiB/s |")


if __name__ == "__main__":
    main()
