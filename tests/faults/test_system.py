"""The system fails the server: it says so, stays up, loses nothing, and recovers by itself."""

import asyncio
import os
import resource
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from atelier import closing
from atelier.clock import uptime
from atelier.db import Unavailable
from atelier.web.who import Services
from tests.desk import draft, fill, open_wall, reveal, wall
from tests.server import Facilitator, Phone, Server, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("data"), ATELIER_THRESHOLD="3") as server:
        yield server


@pytest.fixture
def room(server: Server) -> "Wall":
    return Wall(server)


class Wall:
    """A room that is written in while something fails."""

    def __init__(self, server: Server) -> None:
        self.facilitator = Facilitator(server)
        self.made = self.facilitator.open_room(title="Essai", mode="reveal")
        self.phones = [Phone(server, self.made["code"]) for _ in range(3)]
        self.kept: set[str] = set()

    def write(self, text: str, phone: int = 0) -> httpx2.Response:
        answer = self.phones[phone].write(text)
        if answer.is_success:
            self.kept.add(text)
        return answer

    def writes_again(self, text: str) -> None:
        """Within some seconds, by itself."""
        until = time.monotonic() + 10
        while not self.write(text).is_success:
            assert time.monotonic() < until, "it did not recover"
            time.sleep(0.2)

    def check(self) -> None:
        for number, phone in enumerate(self.phones):
            self.write(f"à la fin {number}", number)
            assert phone.client.get(f"/r/{phone.room}").status_code == 200
        room = self.made["room"]
        assert self.facilitator.does(room, "reveals").status_code == 204
        exported = self.facilitator.client.get(f"/r/{room}/export/group.json").json()
        shown = [note["text"] for note in exported["notes"]]
        assert set(shown) == self.kept
        assert len(shown) == len(set(shown))


def assert_honest(answer: httpx2.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["Atelier-Refused"] in ("not-kept", "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


@contextmanager
def limited(server: Server, kind: int, most: int) -> Iterator[None]:
    """The running server may have no more than that, for a while."""
    assert server.process
    soft, hard = resource.prlimit(server.process.pid, kind)
    resource.prlimit(server.process.pid, kind, (most, hard))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, kind, (soft, hard))


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another process has the database for itself."""
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")
    other.close()


def test_a_full_disk_is_said_and_got_over(server: Server, room: Wall) -> None:
    """No file may grow any more, nor be written beyond its first page."""
    assert room.write("avant").status_code == 201
    with limited(server, resource.RLIMIT_FSIZE, 4096):
        for number in range(3):
            assert_honest(room.write(f"plein {number}"))
        assert_honest(room.facilitator.does(room.made["room"], "locks", on="1"))
        page = room.facilitator.client.get(f"/r/{room.made['room']}")
        assert page.status_code == 200, "whoever facilitates still sees the room"
    room.writes_again("après")
    room.check()


def test_a_database_held_by_another_program_is_said_and_got_over(
    server: Server, room: Wall
) -> None:
    assert room.write("avant").status_code == 201
    with held(server.data / "inbox.db"):
        answers: list[httpx2.Response] = []
        waiting = threading.Thread(target=lambda: answers.append(room.write("pendant")))
        waiting.start()
        began = time.monotonic()
        assert room.facilitator.does(room.made["room"], "veils", on="1").status_code == 204
        assert time.monotonic() - began < 3, "who facilitates does not wait for it"
        waiting.join()
        assert_honest(answers[0])
    room.writes_again("après")
    room.check()


def test_without_descriptors_left_nobody_new_comes_in_and_the_server_stays_up(
    server: Server, room: Wall
) -> None:
    assert room.write("avant").status_code == 201
    assert server.process
    used = len(os.listdir(f"/proc/{server.process.pid}/fd"))
    crowd: list[socket.socket] = []
    with limited(server, resource.RLIMIT_NOFILE, used + 8):
        for _ in range(40):
            crowd.append(socket.create_connection(("127.0.0.1", server.port), timeout=2))
        time.sleep(0.3)
        assert server.process.poll() is None
    for each in crowd:
        each.close()
    room.writes_again("après")
    assert httpx2.get(f"{server.origin}/healthz").status_code == 200
    room.check()


async def test_a_disk_that_became_read_only_is_got_over(services: Services) -> None:
    live = await open_wall(services, "waves")
    await fill(services, live, 3)
    databases = (services.live.store.db, services.notes.inbox.db)
    for db in databases:
        await db.fetch("PRAGMA query_only = 1")
    for attempt in (
        services.notes.post(live, draft()),
        services.notes.reveal(live, frozenset(), anyway=False),
    ):
        with pytest.raises(Unavailable):
            await attempt
    assert wall(live) == [], "nothing is shown that is not on disk"
    for db in databases:
        await db.fetch("PRAGMA query_only = 0")
    await reveal(services, live)
    assert len(wall(live)) == 3


@pytest.mark.parametrize("jump", [10 * 365 * 24 * 3600, -10 * 365 * 24 * 3600])
async def test_a_clock_that_jumps_erases_and_closes_nothing(
    services: Services, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    live = await open_wall(services)
    closed = await open_wall(services)
    await services.notes.mend()
    await services.closing.close_deserted()
    await services.closing.close(closed, "nothing")
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + jump)
    await services.closing.close_deserted()
    await services.closing.finish_due()
    assert live.room.closed is None, "nobody deserted it"
    await services.closing.reopen(closed)
    assert closed.room.closed is None, "two minutes are two minutes"
    assert await services.notes.post(live, draft()) == "kept"


async def test_after_its_two_minutes_a_closing_is_carried_out_whatever_the_clock_says(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = await open_wall(services)
    await services.closing.close(live, "all")
    monkeypatch.setattr(closing, "uptime", lambda: uptime() + closing.WAY_BACK_SECONDS)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + closing.WAY_BACK_SECONDS)
    await services.closing.finish_due()
    assert live.entry.finished


def test_a_server_that_is_stopped_under_load_says_goodbye_and_keeps_its_word(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, ATELIER_THRESHOLD="3") as server:
        room = Wall(server)
        stop = threading.Event()

        def write(number: int) -> None:
            for count in range(10_000):
                try:
                    room.write(f"note {number}.{count}", number)
                except httpx2.TransportError:
                    return
                if stop.is_set():
                    return

        said = asyncio.run(stopped_under_load(server, room, write))
        stop.set()
        assert any('"t": "bye"' in frame for frame in said), "screens are told"
        assert len(room.kept) > 3
        server.start()
        room.check()


async def stopped_under_load(server: Server, room: Wall, write: object) -> list[str]:
    from websockets.asyncio.client import connect
    from websockets.exceptions import ConnectionClosed

    phone = room.phones[0]
    cookies = "; ".join(f"{name}={value}" for name, value in phone.client.cookies.items())
    said: list[str] = []
    async with connect(
        f"ws://127.0.0.1:{server.port}/r/{phone.room}/live",
        additional_headers={"Cookie": cookies, "Origin": server.origin},
    ) as screen:
        writers = [threading.Thread(target=write, args=(n,)) for n in range(3)]  # type: ignore[arg-type]
        for writer in writers:
            writer.start()
        await asyncio.sleep(0.5)
        code = await asyncio.to_thread(server.stop)
        try:
            while True:
                said.append(str(await asyncio.wait_for(screen.recv(), 2)))
        except ConnectionClosed:
            pass
        for writer in writers:
            writer.join()
    assert code == 0
    return said
