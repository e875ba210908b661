"""What an operator has to know: each check finds something, and says what to mend.

Nothing is changed; it may run beside a server, and without one.
"""

import asyncio
import http.client
import shutil
import sqlite3
import ssl
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException
from websockets.sync.client import connect

from .db import look_at, read_only
from .folder import DATABASES
from .keys import ANY_KEY, master_key, wrapped_by, wrapping_key
from .settings import Settings

Level = Literal["ok", "warning", "error"]

MIB = 1024 * 1024
LITTLE_SPACE, TOO_LITTLE_SPACE = 1024 * MIB, 100 * MIB
SANE_YEARS = range(2026, 2100)
OLD_SQLITE = (3, 37, 0)
SECONDS = 5
NO_ROOM = "0" * 32
ROOM_GONE, NOT_ALLOWED = 4404, 4401
"""How the server ends a socket that asked for no room, or had no right to one."""


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    mend: str = ""

    def __str__(self) -> str:
        line = f"{self.level:<7}  {self.what}"
        return f"{line}; {self.mend}" if self.mend else line


async def examine(settings: Settings) -> list[Finding]:
    return await asyncio.to_thread(lambda: list(checks(settings)))


def checks(settings: Settings) -> Iterator[Finding]:
    if not settings.data.exists():
        yield Finding(
            "warning",
            f"data: {settings.data} is not there yet",
            "the first `atelier serve` makes it; if there was data, set ATELIER_DATA",
        )
    else:
        yield from check_folder(settings.data)
        yield from check_databases(settings.data)
        yield check_writing(settings.data)
        yield check_space(settings.data, shutil.disk_usage(settings.data).free)
    yield from check_master_key(settings)
    yield check_clock(settings.data / DATABASES["main"], time.time())
    yield check_rate(settings)
    yield from check_origin(settings)


# Data


def check_folder(data: Path) -> Iterator[Finding]:
    yield check_mode("data folder", data, 0o700)
    for name in DATABASES.values():
        if (data / name).exists():
            yield check_mode("database", data / name, 0o600)


def check_mode(what: str, path: Path, allowed: int) -> Finding:
    """More than the owner may do with it is too much."""
    mode = stat.S_IMODE(path.stat().st_mode)
    found = f"{what}: {path} has mode {mode:04o}"
    if mode & ~allowed:
        return Finding("error", found, f"others can read it: chmod {allowed:o} {path}")
    return Finding("ok", found)


def check_databases(data: Path) -> Iterator[Finding]:
    version = sqlite3.sqlite_version_info
    if version < OLD_SQLITE:
        yield Finding(
            "error", f"SQLite {sqlite3.sqlite_version}", "expected 3.37 or newer: update Python"
        )
    else:
        yield Finding("ok", f"SQLite {sqlite3.sqlite_version}")
    there = [data / name for name in DATABASES.values() if (data / name).exists()]
    if not there:
        yield Finding("ok", f"databases: none in {data} yet, the first `atelier serve` makes them")
        return
    yield from (check_database(path) for path in there)
    missing = [name for name in DATABASES.values() if not (data / name).exists()]
    if missing and len(there) > 1:  # accounts alone can be there before the first start
        yield Finding("error", f"databases: {', '.join(missing)} is missing", "put it back")


def check_database(path: Path) -> Finding:
    found = look_at(path)
    if found.problem:
        return Finding("error", f"database: {path}: {found.problem}", "put a sound copy back")
    if found.journal != "delete":
        return Finding(
            "error",
            f"database: {path} has the journal mode {found.journal!r}",
            "a log of the order of posting: stop what set it, then start `atelier serve` once",
        )
    if not found.deletes_overwrite:
        return Finding(
            "error",
            f"database: {path}: this SQLite does not overwrite what is deleted",
            "use a Python whose SQLite knows secure_delete",
        )
    return Finding("ok", f"database: {path} is sound, rollback journal, deletions overwrite")


def check_writing(data: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=data) as file:
            file.write(b"atelier")
    except OSError as error:
        return Finding(
            "error", f"disk: cannot write to {data}: {error.strerror}", "free it, or its rights"
        )
    return Finding("ok", f"disk: {data} can be written to")


def check_space(data: Path, free: int) -> Finding:
    found = f"disk: {free // MIB} MiB free at {data}"
    if free < TOO_LITTLE_SPACE:
        return Finding("error", found, "notes will soon be refused: make room")
    if free < LITTLE_SPACE:
        return Finding("warning", found, "make room before the next session")
    return Finding("ok", found)


# Keys and clock


def check_master_key(settings: Settings) -> Iterator[Finding]:
    path, keyring = settings.master_key, settings.data / DATABASES["keyring"]
    if not path.exists() and not keyring.exists():
        yield Finding("ok", f"master key: none at {path} yet, the first `atelier serve` makes it")
        return
    try:
        master = master_key(path, make=False)
    except (ValueError, OSError) as error:
        yield Finding("error", f"master key: {error}", "no room can be read without it")
        return
    yield check_mode("master key", path, 0o600)
    if keyring.exists():
        yield check_keyring(master, keyring)


def check_keyring(master: bytes, keyring: Path) -> Finding:
    try:
        fits = wrapped_by(wrapping_key(master), read_only(keyring, ANY_KEY))
    except sqlite3.Error as error:
        return Finding("error", f"keyring: {keyring}: {error}", "put a sound copy back")
    if not fits:
        return Finding(
            "error",
            f"master key: it is not the one that sealed {keyring}",
            "put that one back, or set ATELIER_KEY_FILE",
        )
    return Finding("ok", f"master key: it opens {keyring}")


def check_clock(main: Path, now: float) -> Finding:
    moment = datetime.fromtimestamp(now, UTC)
    found = f"clock: {moment:%Y-%m-%d %H:%M} UTC"
    if moment.year not in SANE_YEARS:
        return Finding("error", found, "that cannot be: set the clock of this machine")
    newest = newest_room(main)
    if newest > now:
        day = datetime.fromtimestamp(newest, UTC)
        return Finding(
            "error", f"{found}, before the newest room ({day:%Y-%m-%d %H:%M})", "set the clock"
        )
    return Finding("ok", found)


def newest_room(main: Path) -> int:
    """When the newest room was opened, in Unix seconds; 0 when there is none to be read."""
    try:
        [(opened,)] = read_only(main, "SELECT MAX(opened) FROM room")
    except sqlite3.Error:
        return 0
    return opened or 0


def check_rate(settings: Settings) -> Finding:
    if settings.rate == "off":
        return Finding(
            "warning", "limits: ATELIER_RATE is off", "only to measure: codes can be guessed fast"
        )
    return Finding("ok", "limits: on")


# The way from outside


def check_origin(settings: Settings) -> Iterator[Finding]:
    yield check_encryption(settings)
    try:
        status, headers = ask(settings, "GET", "/healthz")
    except ssl.SSLError as error:
        yield Finding("error", f"proxy: {settings.origin}: {error.reason}", "mend the certificate")
        return
    except (OSError, http.client.HTTPException):
        yield Finding(
            "warning",
            f"proxy and WebSocket: no server answers at {settings.origin}, not checked",
            "start the server and its proxy, then ask again",
        )
        return
    yield check_answer(settings, status, headers)
    yield check_sender(settings)
    yield check_websocket(settings)


def check_encryption(settings: Settings) -> Finding:
    found = f"origin: {settings.origin}"
    if settings.secure or is_this_machine(urlsplit(settings.origin).hostname or ""):
        return Finding("ok", found)
    return Finding(
        "warning",
        f"{found} is not encrypted",
        "put HTTPS before it, and https:// in ATELIER_ORIGIN",
    )


def is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_answer(settings: Settings, status: int, headers: dict[str, str]) -> Finding:
    """Pages say in their policy which origin the server takes for its own."""
    moved = headers.get("location", "")
    if moved:
        return Finding(
            "error", f"proxy: {settings.origin} leads to {moved}", "set ATELIER_ORIGIN to that"
        )
    policy = headers.get("content-security-policy", "")
    if status != http.client.OK or "connect-src 'self' " not in policy:
        return Finding(
            "error",
            f"proxy: what answers at {settings.origin} is not atelier, or not well ({status})",
            "look at the proxy's target, and let it pass on our headers",
        )
    believed = policy.partition("connect-src 'self' ")[2].partition(";")[0]
    if believed != socket_origin(settings):
        return Finding(
            "error",
            f"proxy: the server takes itself for {believed}, expected {socket_origin(settings)}",
            "give the server the same ATELIER_ORIGIN, scheme and host",
        )
    return Finding("ok", f"proxy: the server behind {settings.origin} knows that address")


def check_sender(settings: Settings) -> Finding:
    """A form sent from our own origin, by somebody who is nobody: it may not look foreign."""
    headers = {"Origin": settings.origin, "Content-Length": "0"}
    try:
        status, answer = ask(settings, "POST", "/signout", headers)
    except (OSError, http.client.HTTPException) as error:
        return Finding("error", f"proxy: it lets no form through: {error!r}", "look at its limits")
    if answer.get("atelier-refused") == "origin-foreign" or status >= http.client.BAD_REQUEST:
        return Finding(
            "error",
            f"proxy: forms from {settings.origin} are refused ({status})",
            "pass on Host and Origin, and set ATELIER_ORIGIN to what people type",
        )
    return Finding("ok", f"proxy: forms from {settings.origin} are taken for our own")


def check_websocket(settings: Settings) -> Finding:
    """A real handshake for a room that is not there: the server itself has to say so."""
    url = f"{socket_origin(settings)}/r/{NO_ROOM}/live"
    try:
        with connect(
            url,
            additional_headers={"Origin": settings.origin},
            open_timeout=SECONDS,
            close_timeout=1,
            proxy=None,
        ) as socket:
            socket.recv(timeout=SECONDS)
        code = 0
    except ConnectionClosed as closed:
        code = closed.rcvd.code if closed.rcvd else 0
    except (OSError, InvalidHandshake, WebSocketException) as error:
        return Finding(
            "error",
            f"WebSocket: {url} does not open: {error}",
            "let the proxy pass on Upgrade and Connection, with HTTP/1.1",
        )
    if code not in (ROOM_GONE, NOT_ALLOWED):
        return Finding(
            "error", f"WebSocket: {url} opened, and was ended with {code}", "look at the proxy"
        )
    return Finding("ok", "WebSocket: it passes through")


def socket_origin(settings: Settings) -> str:
    return ("wss://" if settings.secure else "ws://") + settings.host


def ask(
    settings: Settings, method: str, path: str, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str]]:
    """Status and headers of an answer; redirections are not followed."""
    kind = http.client.HTTPSConnection if settings.secure else http.client.HTTPConnection
    connection = kind(settings.host, timeout=SECONDS)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()
