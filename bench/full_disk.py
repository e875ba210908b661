"""PostgreSQL on a disk that fills up while a room writes: what is told to the phones, and how many
acknowledged notes are lost.

    .venv/bin/python -m bench.full_disk [--seconds 6] [--rounds 2]

Needs the right to mount: the disk is 160 MB of memory. Within a round it is filled to the last byte
by a file, then emptied again, twice: once so that tables can grow no more (PostgreSQL refuses each
statement), once so that its log cannot go on either (PostgreSQL ends itself, and starts again as
often as it can: how often it ended is printed). Three phones write all the while. Every answer must
be 201, or 503 with `Retry-After`; once there is room, a note must be kept within ten seconds. At
the end what was acknowledged is what is revealed and exported, each once, and nothing else:
whatever is not so stops this with an error, and nothing is printed.
"""

import argparse
import os
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.clusters import Cluster, running
from tests.faults.test_system import Wall, assert_honest
from tests.server import serving

BYTES = 160_000_000
PAUSE_SECONDS = 0.1
"""After a refusal."""


@dataclass
class Outcome:
    answers: Counter[str]
    """How often each was given on a full disk."""
    kept: int
    """Notes that were acknowledged, before and after too."""
    ended: int
    """How often PostgreSQL ended itself."""


def measure(seconds: float, rounds: int) -> Outcome:
    answers: Counter[str] = Counter()
    with (
        small_disk() as disk,
        running(on=disk) as cluster,
        tempfile.TemporaryDirectory() as data,
        serving(Path(data), ATELIER_THRESHOLD="3", DATABASE_URL=cluster.database()) as server,
    ):
        room, numbers = Wall(server), count()
        for _ in range(rounds):
            for its_log_too in (False, True):
                with filled(disk):
                    if its_log_too:
                        begin_another_log_file(cluster)
                    answers += written(room, numbers, seconds)
                room.writes_again(f"après {next(numbers)}")
        room.check()
        assert server.process and server.process.poll() is None
        ended = cluster.log.read_text(errors="replace").count("PANIC:")
        return Outcome(answers, len(room.kept), ended)


@contextmanager
def small_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="atelier-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={BYTES}", "tmpfs", folder], check=True)
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    filler, space = disk / "filler", os.statvfs(disk)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, space.f_bavail * space.f_frsize)
    try:
        yield
    finally:
        filler.unlink()


def begin_another_log_file(cluster: Cluster) -> None:
    with suppress(AssertionError):  # of which there is none to be had
        cluster.sql("SELECT pg_switch_wal()")


def written(room: Wall, numbers: Iterator[int], seconds: float) -> Counter[str]:
    answers: Counter[str] = Counter()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        number = next(numbers)
        answer = room.write(f"plein {number}", number % 3)
        if not answer.is_success:
            assert_honest(answer)
            time.sleep(PAUSE_SECONDS)
        answers[f"{answer.status_code} {answer.headers.get('Atelier-Refused', '')}".strip()] += 1
    return answers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    found = measure(asked.seconds, asked.rounds)
    print("on a full disk:", ", ".join(f"{n} × {said}" for said, n in found.answers.items()))
    print(f"PostgreSQL ended itself: {found.ended} ×")
    print(f"acknowledged in all, and each revealed and exported once: {found.kept}")


if __name__ == "__main__":
    main()
