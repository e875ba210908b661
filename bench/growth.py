"""Whether one more note costs the same on a long wall as on a short one; and a cold start on it.

    .venv/bin/python -m bench.growth [--walls 10 100 1000 5000] [--notes 30] [--rounds 3]

A direct room for each length of wall and round. Lengths take turns within a round: thirty notes
more, one after the other, with one screen that follows; the CPU time of the server for each, and
the time to the screen. The ratio is to the shortest wall of the same round. `ATELIER_RATE=off`
lifts the number of notes that a room takes.

Then the server is started again, and the longest wall asked for twice: what the first answer takes
longer than the second is the loading of the room. `Live.load` of the same room is timed in this
process as well.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from atelier.app import build
from atelier.hub import Hub
from atelier.rooms.ids import RoomId
from atelier.settings import Settings
from atelier.web.throttle import Throttle
from bench.crowd import Crowd, Place, cookies, evenly, open_places
from bench.gauges import Figure, cpu_seconds, on_real_disk, pid_of, quantile, show
from tests.server import Facilitator, Server, serving

LENGTHS = (10, 100, 1000, 5000)


class Wall:
    """A direct room with so many notes, and one screen."""

    def __init__(self, server: Server, place: Place, length: int) -> None:
        self.server, self.place, self.length = server, place, length
        self.crowd = Crowd(server)
        self.crowd.most_lines = 20
        self.crowd.run(evenly([place], 1e9, length / 1e9), patience=600)
        self.crowd.most_lines = 1
        self.crowd.follow(place, cookies(server, [place.code])[0])
        self.crowd.settle()

    def grow(self, notes: int) -> tuple[float, float]:
        """Milliseconds of CPU for each, and the median to the screen."""
        spent, times = 0.0, []
        for _ in range(notes):
            before = cpu_seconds(pid_of(self.server))
            outcome = self.crowd.run(evenly([self.place], 1, 1), quiet=0.005)
            spent += cpu_seconds(pid_of(self.server)) - before
            times += outcome.to_last_screen_ms
        return spent / notes * 1000, quantile(times, 0.5)


def grow(
    server: Server, lengths: Sequence[int], notes: int, rounds: int
) -> tuple[list[Figure], RoomId]:
    """The figures, and the room with the longest wall."""
    costs: dict[int, list[float]] = {length: [] for length in lengths}
    times: dict[int, list[float]] = {length: [] for length in lengths}
    facilitator = Facilitator(server)
    for _ in range(rounds):
        places = open_places(facilitator, len(lengths))
        walls = [Wall(server, *both) for both in zip(places, lengths, strict=True)]
        for wall in walls:
            cost, ms = wall.grow(notes)
            costs[wall.length].append(cost)
            times[wall.length].append(ms)
            wall.crowd.close()
    found = [*figures("CPU of the server", costs), *figures("time to the screen", times)]
    return found, RoomId(places[-1].id)


def figures(what: str, by_length: dict[int, list[float]]) -> list[Figure]:
    shortest = next(iter(by_length.values()))
    found = []
    for length, costs in by_length.items():
        ratio = statistics.median(cost / least for cost, least in zip(costs, shortest, strict=True))
        name = f"one more note on {length}: {what}"
        found.append(Figure(name, statistics.median(costs), "ms"))
        if costs is not shortest:
            found.append(Figure(f"{name} ÷ the shortest", ratio, "×", 1.5))
    return found


# A cold start


def load_over_http(server: Server, room: RoomId) -> float:
    """Milliseconds that the first answer of a server takes longer than its next ones."""
    server.stop()
    server.start()
    facilitator = Facilitator(server)
    times = []
    for _ in range(4):
        began = time.perf_counter()
        facilitator.client.get(f"/r/{room}/board").raise_for_status()
        times.append((time.perf_counter() - began) * 1000)
    return times[0] - statistics.median(times[1:])


async def load_here(folder: Path, room: RoomId) -> tuple[float, int]:
    """Milliseconds of `Live.load`, and how many events there were."""
    settings = Settings(data=folder, rate="off")
    async with AsyncExitStack() as stack:
        services = await build(settings, Throttle(on=False), Hub(), stack)
        began = time.perf_counter()
        live = await services.live.load(room)
        return (time.perf_counter() - began) * 1000, live.seq


def measure(
    folder: Path, lengths: Sequence[int] = LENGTHS, notes: int = 30, rounds: int = 3
) -> list[Figure]:
    with serving(folder / "data") as server:
        figures, longest = grow(server, lengths, notes, rounds)
        first = statistics.median(load_over_http(server, longest) for _ in range(3))
        server.stop()
        loads = [asyncio.run(load_here(folder / "data", longest)) for _ in range(5)]
    what = f"cold load of a room with {loads[0][1]} events"
    return [
        *figures,
        Figure(f"{what}: `Live.load`", statistics.median(ms for ms, _ in loads), "ms", 200),
        Figure(f"{what}: first answer, less a later one", first, "ms", 200),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--walls", type=int, nargs="+", default=LENGTHS)
    parser.add_argument("--notes", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with on_real_disk() as folder:
        show(measure(folder, asked.walls, asked.notes, asked.rounds))


if __name__ == "__main__":
    main()
