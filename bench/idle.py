"""What a screen costs while nothing happens, and what the same crowd costs when it writes.

    .venv/bin/python -m bench.idle [--screens 10000] [--rooms 500] [--notes 1000] [--seconds 20]

The screens are as many phones, each with a cookie of its own, spread over the rooms and over
source addresses. Memory is what the server's process holds more than before the first of them
joined; what the kernel holds for a connection is not in it. Then direct notes come in at equal
distances, room after room: the time from the moment when a note was due to the last screen of its
room, the notes that a screen has missed, and the CPU time of the server.
"""

import argparse
import time
from pathlib import Path

from bench.crowd import Crowd, Place, allow_many_sockets, cookies, evenly, open_places
from bench.gauges import (
    Figure,
    Memory,
    cpu_seconds,
    disk_of,
    fsync_ms,
    memory,
    on_real_disk,
    pid_of,
    quantile,
    show,
)
from tests.server import Facilitator, Server, serving

SETTLED_SECONDS = 2.0
FROM_ONE_ADDRESS = 500


def gather(server: Server, places: list[Place], screens: int) -> Crowd:
    crowd = Crowd(server)
    codes = [places[number % len(places)].code for number in range(screens)]
    for number, cookie in enumerate(cookies(server, codes)):
        host = f"127.0.0.{2 + number // FROM_ONE_ADDRESS}"
        crowd.follow(places[number % len(places)], cookie, host)
        if number % 100 == 0:
            crowd.turn(0)
    crowd.settle()
    return crowd


def idle(server: Server, before: Memory, screens: int) -> list[Figure]:
    time.sleep(SETTLED_SECONDS)
    more, began = memory(pid_of(server)) - before, cpu_seconds(pid_of(server))
    time.sleep(SETTLED_SECONDS)
    resting = (cpu_seconds(pid_of(server)) - began) / SETTLED_SECONDS * 100
    return [
        Figure("user memory per idle screen (PSS)", more.pss / screens, "KiB", 20),
        Figure("user memory per idle screen (RSS)", more.rss / screens, "KiB"),
        Figure("server while nothing happens", resting, "% of a core"),
    ]


def load(
    server: Server, crowd: Crowd, places: list[Place], notes: float, seconds: float
) -> list[Figure]:
    crowd.run(evenly(places, notes, 1))
    began = cpu_seconds(pid_of(server))
    outcome = crowd.run(evenly(places, notes, seconds), patience=20)
    spent = cpu_seconds(pid_of(server)) - began
    times = outcome.to_last_screen_ms
    what = f"{notes:g} notes/s"
    return [
        Figure(f"{what}: p50 to the last screen", quantile(times, 0.5), "ms"),
        Figure(f"{what}: p99 to the last screen", quantile(times, 0.99), "ms", 10),
        Figure(f"{what}: not kept", len(outcome.postings) - len(outcome.kept), "", 0),
        Figure(f"{what}: kept and lost, or with a gap", outcome.lost + outcome.gaps, "", 0),
        Figure(f"{what}: server", spent / seconds * 100, "% of a core", 80),
        Figure(f"{what}: server, per note", spent / len(outcome.postings) * 1000, "ms of CPU"),
        Figure(f"{what}: frames per note", outcome.frames / len(outcome.kept), ""),
    ]


def measure(
    folder: Path, screens: int = 10_000, rooms: int = 500, notes: float = 1000, seconds: float = 20
) -> list[Figure]:
    allow_many_sockets()
    with serving(folder / "data") as server:
        places = open_places(Facilitator(server), rooms)
        before = memory(pid_of(server))
        began = time.monotonic()
        crowd = gather(server, places, screens)
        came = time.monotonic() - began
        figures = idle(server, before, screens)
        figures.append(Figure(f"{screens} screens in {rooms} rooms came within", came, "s"))
        if seconds:
            figures += load(server, crowd, places, notes, seconds)
        crowd.close()
    return [*figures, Figure(f"one write with fsync, {disk_of(folder)}", fsync_ms(folder), "ms")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screens", type=int, default=10_000)
    parser.add_argument("--rooms", type=int, default=500)
    parser.add_argument("--notes", type=float, default=1000)
    parser.add_argument("--seconds", type=float, default=20)
    asked = parser.parse_args()
    with on_real_disk() as folder:
        show(measure(folder, asked.screens, asked.rooms, asked.notes, asked.seconds))


if __name__ == "__main__":
    main()
