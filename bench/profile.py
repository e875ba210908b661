"""Where the server's time goes, function by function, under one of four loads.

    .venv/bin/python -m bench.profile [room | rooms | house | inbox …] [--seconds 8] [--py-spy …]

- `room`: one direct room with 300 screens, one note at a time, as fast as they are delivered;
- `rooms`: direct notes over twenty rooms with twenty screens each, ten at a time;
- `house`: the same over five hundred rooms, fifty at a time;
- `inbox`: notes kept face down in one room, fifty writers, no screen.

py-spy reads the stacks of the running server five hundred times a second. It is no dependency:
`python3 -m venv /tmp/py-spy && /tmp/py-spy/bin/pip install py-spy`, then `--py-spy
/tmp/py-spy/bin/py-spy`; it needs root, or `kernel.yama.ptrace_scope=0`. A function's *own* time is
what is spent in it and in C below it; *with callees*, in whatever it calls as well. A thread that
has nothing to do is not counted; one that waits for the disk is.
"""

import argparse
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.crowd import Crowd, Place, allow_many_sockets, cookies, evenly, open_places
from bench.gauges import on_real_disk, pid_of, versions
from tests.server import Facilitator, Server, serving

PER_SECOND = 500
WAITS = (
    "Runner.run",
    "EpollSelector.select",
    "_worker (concurrent",
    "_connection_worker_thread",
    "Condition.wait",
)
"""Where a thread has nothing to do."""
STARTS = ("Runner.run", "BaseEventLoop._run_once", "Handle._run", "Thread.run")
MOST = 30
STARTED_SECONDS = 1.5
"""py-spy looks around before it counts."""


@dataclass(frozen=True)
class Load:
    rooms: int
    screens: int
    in_flight: int
    mode: str = "direct"


LOADS = {
    "room": Load(1, 300, 1),
    "rooms": Load(20, 20, 10),
    "house": Load(500, 20, 50),
    "inbox": Load(1, 0, 50, "reveal"),
}


def gather(server: Server, load: Load) -> tuple[Crowd, list[Place]]:
    allow_many_sockets()
    places = open_places(Facilitator(server), load.rooms, load.mode)
    crowd = Crowd(server)
    crowd.most_lines = load.in_flight
    for place in places:
        for cookie in cookies(server, [place.code] * load.screens):
            crowd.follow(place, cookie)
    crowd.settle()
    return crowd, places


def press(crowd: Crowd, places: list[Place], load: Load, seconds: float) -> int:
    """Notes in small lots until the time is over; how many."""
    until, notes = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        lot = 10 * max(load.in_flight, load.rooms)
        crowd.run(evenly(places, 1e9, lot / 1e9), quiet=0.002)
        notes += lot
    return notes


def stacks(server: Server, load: Load, seconds: float, py_spy: str, out: Path) -> list[str]:
    """A line for each stack that was seen: functions from the outermost in, then how often."""
    crowd, places = gather(server, load)
    press(crowd, places, load, 1)
    options = ["-d", f"{seconds:.0f}", "-r", str(PER_SECOND), "-f", "raw", "-F", "-o", str(out)]
    spy = subprocess.Popen(
        [py_spy, "record", "-p", str(pid_of(server)), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    press(crowd, places, load, seconds + STARTED_SECONDS)
    _, said = spy.communicate()
    crowd.close()
    if not out.exists():
        sys.exit(f"py-spy: {said.decode()}")
    return out.read_text().splitlines()


def count(lines: list[str]) -> tuple[Counter[str], Counter[str]]:
    """Samples by function: own, and with callees."""
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for line in lines:
        stack, _, seen = line.rpartition(" ")
        frames = stack.split(";")
        if frames[-1].startswith(WAITS):
            continue
        own[frames[-1]] += int(seen)
        within.update(dict.fromkeys(below_the_start(frames), int(seen)))
    return own, within


def by_package(own: Counter[str]) -> Counter[str]:
    packages: Counter[str] = Counter()
    for function, seen in own.items():
        packages[function.partition("(")[2].partition("/")[0].partition(".py")[0]] += seen
    return packages


def below_the_start(frames: list[str]) -> list[str]:
    """Without what every stack of a thread begins with."""
    starts = [at for at, frame in enumerate(frames) if frame.startswith(STARTS)]
    return frames[starts[-1] + 1 :] if starts else frames


def tell(title: str, found: Counter[str], total: int) -> None:
    print(f"{title}:\n")
    for function, seen in found.most_common(MOST):
        print(f"    {seen / total:6.1%}  {function}")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("loads", nargs="*", choices=[*LOADS, []], default=[])
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--py-spy", default="py-spy")
    asked = parser.parse_args()
    print(f"{versions()}\n")
    for name in asked.loads or LOADS:
        with on_real_disk() as folder, serving(folder / "data") as server:
            lines = stacks(server, LOADS[name], asked.seconds, asked.py_spy, folder / "stacks")
        own, within = count(lines)
        load, total = LOADS[name], own.total()
        print(
            f"## {name}: {load.screens} screens in each of {load.rooms} rooms, mode {load.mode},"
            f" {load.in_flight} in flight ({total} samples)\n"
        )
        tell("By package", by_package(own), total)
        tell("Own", own, total)
        tell("With callees", within, total)


if __name__ == "__main__":
    main()
