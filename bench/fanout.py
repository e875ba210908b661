"""What one delivery costs the server: a direct room, one frame per note, every screen gets it.

    .venv/bin/python -m bench.fanout [--screens 300] [--notes 300] [--rounds 3]

Four servers take turns within each round, each alone on the machine with the same clients:

- `raw`: a Python loop of epoll and send, the limit to measure against;
- `starlette`: `await send_text` for every screen, as the tutorials have it, nothing stored;
- `atelier`: this program on SQLite, each note on disk before it is acknowledged.

The figure is CPU time of the server process (user and system) per delivered frame, with three
notes in flight, as a ratio to `raw`; the median of the rounds. The clients' CPU does not count.
"""

import argparse
import os
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex, token_urlsafe

import httpx2

from tests.server import Facilitator, Phone, free_port, serving

IN_FLIGHT = 3
TICK = os.sysconf("SC_CLK_TCK")
FRAME = b"x" * 600
"""About what a note is on the wire."""


@dataclass
class Target:
    """A server under measure: its process, how a screen connects, how a note is put."""

    pid: int
    connect: Callable[[], socket.socket]
    put: Callable[[], None]


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


# Screens: raw sockets that count frames and read nothing else


class Screens:
    """Counts WebSocket frames from the server; each has a header of 2, 4 or 10 bytes."""

    def __init__(self, sockets: list[socket.socket]) -> None:
        self.poll = select.epoll()
        self.by_fd = {each.fileno(): each for each in sockets}
        self.rest = dict.fromkeys(self.by_fd, b"")
        self.counts = dict.fromkeys(self.by_fd, 0)
        for fd, each in self.by_fd.items():
            each.setblocking(False)
            self.poll.register(fd, select.EPOLLIN)

    def read(self, wanted: int, seconds: float = 60.0) -> None:
        """Until every screen has counted `wanted` frames."""
        until = time.monotonic() + seconds
        while min(self.counts.values()) < wanted:
            assert time.monotonic() < until, f"{min(self.counts.values())} of {wanted}"
            for fd, _ in self.poll.poll(0.1):
                self.take(fd)

    def take(self, fd: int) -> None:
        data = self.rest[fd] + self.by_fd[fd].recv(1 << 20)
        while (length := whole_frame(data)) is not None:
            if b'"update"' in data[:40] or data[4:5] == b"x":
                self.counts[fd] += 1
            data = data[length:]
        self.rest[fd] = data


def whole_frame(data: bytes) -> int | None:
    """Length of the first frame, if it is there whole."""
    if len(data) < 2:
        return None
    short = data[1] & 127
    head = {126: 4, 127: 10}.get(short, 2)
    if len(data) < head:
        return None
    size = short if head == 2 else int.from_bytes(data[2:head])
    return head + size if len(data) >= head + size else None


def handshake(port: int, path: str, cookie: str = "") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
        f"Sec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Cookie: {cookie}\r\n\r\n".encode()
    )
    head = b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(1)
    assert b" 101 " in head.split(b"\r\n")[0], head
    return connection


# The servers


RAW = """
import select, socket, sys
frame = b"\\x81\\x7e" + (600).to_bytes(2) + b"x" * 600
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
control, _ = listener.accept()
screens = []
poll = select.epoll()
poll.register(control.fileno(), select.EPOLLIN)
poll.register(listener.fileno(), select.EPOLLIN)
while True:
    for fd, _ in poll.poll():
        if fd == listener.fileno():
            screen, _ = listener.accept()
            screen.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            screens.append(screen)
        else:
            asked = control.recv(64)
            if not asked:
                sys.exit()
            for _ in asked:
                for screen in screens:
                    screen.send(frame)
"""

STARLETTE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
screens = set()
async def follow(socket):
    await socket.accept()
    screens.add(socket)
    try:
        while True:
            await socket.receive_text()
    except Exception:
        screens.discard(socket)
async def put(request):
    await request.body()
    for screen in screens:
        await screen.send_text("x" * 600)
    return Response(status_code=204)
app = Starlette(routes=[WebSocketRoute("/live", follow), Route("/notes", put, methods=["POST"])])
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", ws="websockets-sansio",
            ws_per_message_deflate=False)
"""


@contextmanager
def program(code: str, port: int) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", code, str(port)])
    try:
        for _ in range(200):
            try:
                if code is RAW:
                    break
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield process.pid
    finally:
        process.kill()
        process.wait()


@contextmanager
def raw() -> Iterator[Target]:
    port = free_port()
    with program(RAW, port) as pid:
        control = None
        for _ in range(200):
            try:
                control = socket.create_connection(("127.0.0.1", port))
                break
            except OSError:
                time.sleep(0.05)
        assert control
        control.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield Target(
            pid,
            lambda: socket.create_connection(("127.0.0.1", port)),
            lambda: control.sendall(b"."),
        )


@contextmanager
def starlette() -> Iterator[Target]:
    port = free_port()
    with program(STARLETTE, port) as pid, httpx2.Client() as client:

        def put() -> None:
            client.post(f"http://127.0.0.1:{port}/notes", content=FRAME).raise_for_status()

        yield Target(pid, lambda: handshake(port, "/live"), put)


@contextmanager
def atelier() -> Iterator[Target]:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        room = Facilitator(server).open_room(title="Essai", mode="direct")
        phone = Phone(server, room["code"])
        cookie = "; ".join(f"{name}={value}" for name, value in phone.client.cookies.items())
        text = "Une phrase de longueur ordinaire, comme on en écrit sur un mur."
        with httpx2.Client() as client:

            def put() -> None:
                body = {"note": token_hex(16), "secret": token_urlsafe(32), "text": text}
                client.post(
                    f"{server.origin}/r/{phone.room}/notes",
                    json=body,
                    headers={"Authorization": f"Bearer {phone.bearer}"},
                ).raise_for_status()

            assert server.process
            yield Target(
                server.process.pid,
                lambda: handshake(server.port, f"/r/{phone.room}/live", cookie),
                put,
            )


SERVERS = {"raw": raw, "starlette": starlette, "atelier": atelier}


def measure(name: str, screens: int, notes: int) -> float:
    """Seconds of CPU per delivery."""
    with SERVERS[name]() as target:
        watching = Screens([target.connect() for _ in range(screens)])
        time.sleep(0.5)
        deliver(target, watching, 10, 0)
        before = cpu_seconds(target.pid)
        deliver(target, watching, notes, 10)
        spent = cpu_seconds(target.pid) - before
        for each in watching.by_fd.values():
            each.close()
    return spent / (notes * screens)


def deliver(target: Target, watching: Screens, notes: int, done: int) -> None:
    """`notes` notes, three in flight, until every screen has them."""
    slots = threading.Semaphore(IN_FLIGHT)

    def put_all() -> None:
        for _ in range(notes):
            slots.acquire()
            target.put()

    sender = threading.Thread(target=put_all)
    sender.start()
    for number in range(done + 1, done + notes + 1):
        watching.read(number)
        slots.release()
    sender.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screens", type=int, default=300)
    parser.add_argument("--notes", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    spent: dict[str, list[float]] = {name: [] for name in SERVERS}
    for _ in range(asked.rounds):
        for name, costs in spent.items():
            costs.append(measure(name, asked.screens, asked.notes))
    median = {name: statistics.median(costs) for name, costs in spent.items()}
    print("| server | µs of CPU per delivery | × raw | × starlette |")
    print("|---|---|---|---|")
    for name, cost in median.items():
        print(
            f"| {name} | {cost * 1e6:.2f} | {cost / median['raw']:.2f} |"
            f" {cost / median['starlette']:.2f} |"
        )


if __name__ == "__main__":
    main()
