"""The table of speed and memory, all of it: five minutes, on a machine that does nothing else.

    .venv/bin/python -m bench.all [NAME ...] [--details]

NAME is one of fanout, keeping, latency, idle, reveal, joining, growth. The table has the figures
that something must hold to; `--details` has the others too. The line below it says how busy others
were meanwhile: ratios stand that, times do not.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import fanout, growth, idle, joining, keeping, latency, reveal
from bench.gauges import Figure, on_real_disk, show, versions


def on_disk(measure: Callable[[Path], list[Figure]]) -> list[Figure]:
    with on_real_disk() as folder:
        return measure(folder)


MEASUREMENTS: dict[str, Callable[[], list[Figure]]] = {
    "fanout": fanout.measure,
    "keeping": keeping.measure,
    "latency": latency.measure,
    "idle": lambda: on_disk(idle.measure),
    "reveal": lambda: on_disk(reveal.measure),
    "joining": lambda: on_disk(joining.measure),
    "growth": lambda: on_disk(growth.measure),
}


def busy() -> tuple[float, float]:
    """Seconds of CPU that the machine has worked so far, and that we and our servers have."""
    fields = Path("/proc/stat").read_text().split("\n")[0].split()[1:]
    user, nice, system, _, _, irq, softirq, *_ = (int(field) for field in fields)
    ours = os.times()
    ticks = user + nice + system + irq + softirq
    return ticks / os.sysconf("SC_CLK_TCK"), sum(ours[:4])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*MEASUREMENTS, []], default=[])
    parser.add_argument("--details", action="store_true")
    asked = parser.parse_args()
    began, (all_before, ours_before) = time.monotonic(), busy()
    figures = []
    for name in asked.names or MEASUREMENTS:
        print(f"{name} …", file=sys.stderr)
        figures += MEASUREMENTS[name]()
    all_after, ours_after = busy()
    others = all_after - all_before - (ours_after - ours_before)
    share = others / (time.monotonic() - began) / (os.cpu_count() or 1)
    show(figure for figure in figures if asked.details or figure.limit is not None)
    print(f"{datetime.now(UTC):%Y-%m-%d}. {versions()}. Others kept the machine busy {share:.0%}.")


if __name__ == "__main__":
    main()
