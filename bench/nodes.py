"""What it costs to be several: processes that share one PostgreSQL, on this machine.

    .venv/bin/python -m bench.nodes [--seconds 5] [--rounds 3] [--notes 1500] [--rooms 200]

PostgreSQL is a cluster of its own on a real disk, reached by a socket of the machine, with fsync.

- *Across*: direct notes come in at one process, and all screens are at another; the same with the
  screens where the notes come in takes turns with it. From the moment when a note was due to the
  last screen of its room.
- *Keeping*: notes face down in twenty rooms, fifty writers spread over 1, 2 and 4 processes.
  Crowd, processes and PostgreSQL share the cores of one machine: with two of them, more processes
  cannot be quicker, and the CPU per note is what tells how far more cores would carry.
- *Following*: a process with a screen in each of so many rooms, while nothing happens; against the
  same process without any.
"""

import argparse
import itertools
import os
import socket
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from bench.crowd import Crowd, Outcome, Place, cookies, evenly, open_places
from bench.gauges import (
    REAL_DISK,
    Figure,
    cpu_seconds,
    disk_of,
    fsync_ms,
    on_real_disk,
    pid_of,
    quantile,
    show,
    versions,
)
from tests.clusters import Cluster, running
from tests.server import ATELIER, EMAIL, PASSWORD, Facilitator, Server, free_port

WRITERS = 50
ROOMS_WRITTEN = 20
PROCESSES = (1, 2, 4)
SCENES = ((1, 300, 10.0), (20, 20, 50.0))
"""Rooms, screens in each, notes a second over all."""


class Spread(Crowd):
    """A crowd whose connections go to several servers in turn."""

    def __init__(self, servers: list[Server]) -> None:
        super().__init__(servers[0])
        self.ports = itertools.cycle([urlsplit(server.origin).port for server in servers])

    def connect(self, host: str = "127.0.0.1") -> socket.socket:
        self.address = ("127.0.0.1", next(self.ports))
        return super().connect(host)


@contextmanager
def processes(cluster: Cluster, number: int) -> Iterator[list[Server]]:
    """Servers on a database of their own, with the one account."""
    with on_real_disk() as folder, ExitStack() as stack:
        shared = {
            **os.environ,
            "DATABASE_URL": cluster.database(),
            "ATELIER_RATE": "off",
            "ATELIER_KEY_FILE": str(folder / "master.key"),
        }
        servers = []
        for count in range(number):
            data = folder / str(count)
            data.mkdir()
            server = Server(data, free_port(), {**shared, "ATELIER_DATA": str(data)}, stack)
            server.env["ATELIER_ORIGIN"] = server.origin
            servers.append(server)
        add = [str(ATELIER), "facilitator", "add", EMAIL, "--password-stdin"]
        subprocess.run(
            add, input=PASSWORD.encode(), env=servers[0].env, check=True, stdout=subprocess.DEVNULL
        )
        try:
            for server in servers:
                server.start()
            yield servers
        finally:
            for server in servers:
                if server.process:
                    server.stop()


# What PostgreSQL does meanwhile


def postgres_cpu(cluster: Cluster) -> float:
    """CPU seconds of its processes that live now: servers keep their connections."""
    postmaster = int((cluster.data / "postmaster.pid").read_text().split("\n")[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    total = cpu_seconds(postmaster)
    for child in children:
        with suppress(OSError):  # gone meanwhile
            total += cpu_seconds(int(child))
    return total


def written_ahead(cluster: Cluster) -> int:
    return int(cluster.sql("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"))


# Across


def across(cluster: Cluster, seconds: float, rounds: int) -> list[Figure]:
    figures = []
    for rooms, screens, per_second in SCENES:
        here: list[float] = []
        there: list[float] = []
        lost = 0
        with processes(cluster, 2) as servers:
            for _ in range(rounds):
                for at, found in ((0, here), (1, there)):
                    outcome = told(servers, at, rooms, screens, per_second, seconds)
                    found.append(quantile(outcome.to_last_screen_ms, 0.99))
                    lost += outcome.lost + len(outcome.postings) - len(outcome.kept)
        where = "one room" if rooms == 1 else f"each of {rooms} rooms"
        name = f"{per_second:g} notes/s, {screens} screens in {where}"
        ratio = statistics.median(b / a for a, b in zip(here, there, strict=True))
        figures += [
            Figure(f"{name}: p99 on one process", statistics.median(here), "ms"),
            Figure(f"{name}: p99 across processes", statistics.median(there), "ms"),
            Figure(f"{name}: across ÷ on one", ratio, "×"),
            Figure(f"{name}: lost", lost, "", 0),
        ]
    return figures


def told(
    servers: list[Server], at: int, rooms: int, screens: int, per_second: float, seconds: float
) -> Outcome:
    """Notes at the first server, screens at the one numbered `at`."""
    places = open_places(Facilitator(servers[0]), rooms)
    crowd = Crowd(servers[at])
    follow(crowd, servers[at], places, screens)
    crowd.address = ("127.0.0.1", urlsplit(servers[0].origin).port)
    crowd.run(evenly(places, per_second, 1))
    outcome = crowd.run(evenly(places, per_second, seconds))
    crowd.close()
    return outcome


def follow(crowd: Crowd, server: Server, places: list[Place], screens: int) -> None:
    codes = [place.code for place in places for _ in range(screens)]
    for number, cookie in enumerate(cookies(server, codes)):
        crowd.follow(places[number // screens], cookie)
    crowd.settle()


# Keeping


def keeping(cluster: Cluster, notes: int, rounds: int) -> list[Figure]:
    rates: dict[int, list[float]] = {number: [] for number in PROCESSES}
    ours: dict[int, list[float]] = {number: [] for number in PROCESSES}
    database: dict[int, list[float]] = {number: [] for number in PROCESSES}
    ahead: list[float] = []
    for _ in range(rounds):
        for number in PROCESSES:
            with processes(cluster, number) as servers:
                written(servers, notes // 5)
                before = written_ahead(cluster), postgres_cpu(cluster), spent(servers)
                rates[number].append(written(servers, notes))
                ahead.append((written_ahead(cluster) - before[0]) / notes / 1024)
                database[number].append((postgres_cpu(cluster) - before[1]) / notes * 1000)
                ours[number].append((spent(servers) - before[2]) / notes * 1000)
    figures = []
    for number in PROCESSES:
        name = f"{WRITERS} writers, {number} process{'es' * (number > 1)}"
        ratio = statistics.median(
            many / one for many, one in zip(rates[number], rates[1], strict=True)
        )
        figures += [
            Figure(f"{name}: kept", statistics.median(rates[number]), "notes/s"),
            Figure(f"{name} ÷ 1 process", ratio, "×"),
            Figure(f"{name}: CPU of ours per note", statistics.median(ours[number]), "ms"),
            Figure(f"{name}: CPU of PostgreSQL", statistics.median(database[number]), "ms"),
        ]
    return [*figures, Figure("written ahead per note", statistics.median(ahead), "KiB")]


def written(servers: list[Server], notes: int) -> float:
    """Notes a second, each on disk before the same writer begins the next."""
    places = open_places(Facilitator(servers[0]), ROOMS_WRITTEN, mode="reveal")
    crowd = Spread(servers)
    crowd.most_lines = WRITERS
    outcome = crowd.run(evenly(places, 1e9, notes / 1e9), patience=60)
    crowd.close()
    refused = Counter(each.status for each in outcome.postings if each not in outcome.kept)
    assert not refused, f"answers that keep no note: {dict(refused)}"
    first = min(posting.due for posting in outcome.postings)
    return notes / (max(posting.answered for posting in outcome.postings) - first)


def spent(servers: list[Server]) -> float:
    return sum(cpu_seconds(pid_of(server)) for server in servers)


# Following


def following(cluster: Cluster, rooms: int, seconds: float) -> list[Figure]:
    with processes(cluster, 2) as servers:
        there = servers[1]
        alone = resting(cluster, there, seconds)
        places = open_places(Facilitator(servers[0]), rooms)
        crowd = Crowd(there)
        follow(crowd, there, places, 1)
        time.sleep(2)
        busy = resting(cluster, there, seconds)
        crowd.close()
    ours, database = (b - a for a, b in zip(alone, busy, strict=True))
    return [
        Figure("a process that follows nothing", alone[0] * 1000, "ms of CPU a second"),
        Figure(f"the same, following {rooms} rooms", busy[0] * 1000, "ms of CPU a second"),
        Figure("a followed room, ours", ours / rooms * 1e6, "µs of CPU a second"),
        Figure("a followed room, PostgreSQL", database / rooms * 1e6, "µs of CPU a second"),
    ]


def resting(cluster: Cluster, server: Server, seconds: float) -> tuple[float, float]:
    """CPU seconds of the server and of PostgreSQL, per second."""
    before = cpu_seconds(pid_of(server)), postgres_cpu(cluster)
    time.sleep(seconds)
    after = cpu_seconds(pid_of(server)), postgres_cpu(cluster)
    ours, database = ((b - a) / seconds for a, b in zip(before, after, strict=True))
    return ours, database


def measure(
    seconds: float = 5, rounds: int = 3, notes: int = 1500, rooms: int = 200
) -> list[Figure]:
    with running("max_wal_size = 1GB", "shared_buffers = 128MB", on=Path(REAL_DISK)) as cluster:
        disk, sync = disk_of(Path(REAL_DISK)), 0.0
        with on_real_disk() as folder:
            sync = fsync_ms(folder)
        return [
            *across(cluster, seconds, rounds),
            *keeping(cluster, notes, rounds),
            *following(cluster, rooms, 2 * seconds),
            Figure(f"one write with fsync, {disk}", sync, "ms"),
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--notes", type=int, default=1500)
    parser.add_argument("--rooms", type=int, default=200)
    asked = parser.parse_args()
    show(measure(asked.seconds, asked.rounds, asked.notes, asked.rooms))
    print(versions())


if __name__ == "__main__":
    main()
