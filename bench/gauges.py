"""What the measurements read: CPU and memory of a process, the disk, quantiles, versions; and the
table they print."""

import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.server import Server

REAL_DISK = os.environ.get("BENCH_FOLDER", "/var/tmp")
"""Kept over a restart, so it is on a disk where `/tmp` may be memory. In `/dev/shm` one sees what
is left without a disk."""
PACKAGES = ("uvicorn", "websockets", "starlette", "uvloop", "httptools", "h11", "msgspec",
            "cryptography", "jinja2", "aiosqlite", "asyncpg", "psycopg")  # fmt: skip


# A server's process


def pid_of(server: Server) -> int:
    assert server.process
    return server.process.pid


def cpu_seconds(pid: int) -> float:
    """User and system time of a process: what /proc/PID/stat rounds to hundredths."""
    return time.clock_gettime(~pid << 3 | 2)  # the kernel's number for the CPU clock of `pid`


@dataclass(frozen=True)
class Memory:
    """User memory of a process in KiB; `pss` shares what it has in common with others."""

    rss: int
    pss: int

    def __sub__(self, before: "Memory") -> "Memory":
        return Memory(self.rss - before.rss, self.pss - before.pss)


def memory(pid: int) -> Memory:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {
        name: int(size.split()[0]) for name, _, size in (line.partition(":") for line in lines)
    }
    return Memory(sizes["Rss"], sizes["Pss"])


# The disk


@contextmanager
def on_real_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="atelier-bench-", dir=REAL_DISK) as folder:
        yield Path(folder)


def disk_of(folder: Path) -> str:
    """The file system and the device of a folder."""
    mounts = [line.split()[:3] for line in Path("/proc/mounts").read_text().splitlines()]
    above = {str(folder.resolve()), *map(str, folder.resolve().parents)}
    device, _, kind = max((m for m in mounts if m[1] in above), key=lambda mount: len(mount[1]))
    return f"{kind} on {device}"


def fsync_ms(folder: Path, times: int = 50) -> float:
    """Median of a write and fsync of 4 KiB here, in milliseconds."""
    taken = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(times):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


# Figures


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


@dataclass(frozen=True)
class Figure:
    """One line of the table; `limit` is the most, or with `least` the least, that it must reach."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    least: bool = False

    @property
    def line(self) -> str:
        return (
            f"| {self.what} | {readable(self.value)} {self.unit} | {self.must} | {self.verdict} |"
        )

    @property
    def must(self) -> str:
        return "" if self.limit is None else f"{'≥' if self.least else '≤'} {self.limit:g}"

    @property
    def verdict(self) -> str:
        if self.limit is None:
            return ""
        reached = self.value >= self.limit if self.least else self.value <= self.limit
        return "yes" if reached else "**no**"


def readable(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def show(figures: Iterable[Figure]) -> None:
    print("| figure | measured | must be | is |")
    print("|---|---|---|---|")
    for figure in figures:
        print(figure.line)
    print(flush=True)


def versions() -> str:
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" Linux {platform.release()}, {os.cpu_count()} cores; {', '.join(found)}"
    )
