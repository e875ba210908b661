"""The master key, the keyring, and the clocks."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ..clock import Clock
from ..folder import DATABASES
from ..keys import ANY_KEY, master_key, wrapped_by, wrapping_key
from ..rotation import next_to
from ..settings import Settings
from ..sqlite import read_only
from .finding import Finding, check_mode

SANE_YEARS = range(2026, 2100)
NEWEST = "SELECT MAX(opened) FROM room"
CLOCK = "SELECT seen, doubted, held FROM clock"


def check_master_key(settings: Settings) -> Iterator[Finding]:
    path, keyring = settings.master_key, settings.data / DATABASES["keyring"]
    sealed = keyring.exists() and not settings.database_url
    if not path.exists() and not sealed:
        yield Finding("ok", f"master key: none at {path} yet, the first `atelier serve` makes it")
        return
    try:
        master = master_key(path, make=False)
    except (ValueError, OSError) as error:
        yield Finding("error", f"master key: {error}", "no room can be read without it")
        return
    yield check_mode("master key", path, 0o600)
    if sealed:
        yield check_keyring(master, keyring)


def check_keyring(master: bytes, keyring: Path) -> Finding:
    try:
        rows = read_only(keyring, ANY_KEY)
    except sqlite3.Error as error:
        return Finding("error", f"keyring: {keyring}: {error}", "put a sound copy back")
    return opened(master, rows, str(keyring))


def opened(master: bytes, rows: Iterable[tuple[str, bytes]], keyring: str) -> Finding:
    """Whether the master key is that of these rows."""
    if not wrapped_by(wrapping_key(master), rows):
        return Finding(
            "error",
            f"master key: it is not the one that sealed {keyring}",
            "put that one back, or set ATELIER_KEY_FILE",
        )
    return Finding("ok", f"master key: it opens {keyring}")


def check_clock(main: Path, now: float) -> Finding:
    return sane(newest_room(main), now)


def sane(newest: int, now: float) -> Finding:
    """Whether the clock can be right, given when the newest room was opened."""
    moment = datetime.fromtimestamp(now, UTC)
    found = f"clock: {moment:%Y-%m-%d %H:%M} UTC"
    if moment.year not in SANE_YEARS:
        return Finding("error", found, "that cannot be: set the clock of this machine")
    if newest > now:
        day = datetime.fromtimestamp(newest, UTC)
        return Finding(
            "error", f"{found}, before the newest room ({day:%Y-%m-%d %H:%M})", "set the clock"
        )
    return Finding("ok", found)


def newest_room(main: Path) -> int:
    """When the newest room was opened, in Unix seconds; 0 when there is none to be read."""
    try:
        [(opened,)] = read_only(main, NEWEST)
    except sqlite3.Error:
        return 0
    return opened or 0


def check_rotation(settings: Settings) -> Finding:
    following = next_to(settings.master_key)
    if following.exists():
        return Finding(
            "warning",
            f"master key: {following} waits, a rotation is running or was cut short",
            "the next `atelier serve` ends it; delete neither of the two",
        )
    return Finding("ok", "master key: no rotation was cut short")


def check_retention_clock(main: Path) -> Finding:
    try:
        return believed(read_only(main, CLOCK))
    except sqlite3.Error:  # none yet, or of an older version
        return believed([])


def believed(rows: Sequence[tuple[int, int | None, int]]) -> Finding:
    """What is erased on a day waits while the clock is in doubt."""
    clock = Clock(*rows[0]) if rows else None
    if clock and clock.doubted is not None:
        was, says = (datetime.fromtimestamp(at, UTC) for at in (clock.seen, clock.doubted))
        return Finding(
            "warning",
            f"retention: the clock jumped from {was:%Y-%m-%d} to {says:%Y-%m-%d}",
            "set it if it is wrong; it is believed when it has held for a day",
        )
    return Finding("ok", "retention: the clock is believed")
