"""What one delivery costs the server: a direct room, one frame per note, every screen gets it.

    .venv/bin/python -m bench.fanout [--screens 300] [--notes 300] [--rounds 3] [--writers 1 3]

Four servers take turns within each round, each alone on the machine with the same clients:

- `raw`: a Python loop of epoll and send, the limit to measure against;
- `starlette`: `await send_text` for every screen, as the tutorials have it, nothing stored, run by
  `uvicorn.run(app)`: it compresses for each screen that offers to read that, as browsers do;
- `starlette, plain frames`: the same, told not to compress;
- `atelier`: this program on SQLite, each note on disk before it is acknowledged.

The figure is CPU time of the server process (user and system) per note and screen, as a ratio to
`raw`; the median of the rounds. The clients' CPU does not count. With one phone that
writes, and goes on when its note is acknowledged, no note shares a frame with another. Of three
that write at once this program keeps what comes together together, and tells it in one frame.
"""

import argparse
import select
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from secrets import token_hex

from bench.crowd import (
    FROM,
    HEAD_BYTES,
    READ_BYTES,
    SEQ,
    content_length,
    cookies,
    frame_length,
    handshake,
    open_places,
)
from bench.gauges import Figure, cpu_seconds, on_real_disk, pid_of, show
from tests.server import Facilitator, free_port, serving

IN_FLIGHT = 3
WARM_UP = 10
NOTE = (
    b'<article class="note" id="n%016d" data-cluster="c3" data-words="w%016d"><p data-text>'
    + "À la fois l’envie d’avancer et la peur de quitter une place que d’autres m’ont donnée : "
    "au travail je me tais, chez moi je raconte tout, et personne ne me reconnaît.".encode()
    + b"</p></article>"
)
FRAME_BYTES = 600
"""About what a note is on the wire."""


def frame(number: int) -> bytes:
    return (NOTE % (number, number)).ljust(FRAME_BYTES)


@dataclass
class Target:
    """A server under measure: its process, how a screen connects, how a note is put."""

    pid: int
    connect: Callable[[], socket.socket]
    writer: Callable[[], Callable[[], None]]
    """Gives a phone: each call puts a note, and waits until it is acknowledged."""
    notes_in: Callable[[bytes], int] = lambda head: 1
    """How many notes a frame brings, by its first bytes."""


# Screens: raw sockets that count frames and read nothing else


class Screens:
    """Counts notes: the frames of the raw and the plain server, and by their numbers those of this
    program, which may put several notes into one."""

    def __init__(self, sockets: list[socket.socket], notes_in: Callable[[bytes], int]) -> None:
        self.notes_in = notes_in
        self.poll = select.epoll()
        self.by_fd = {each.fileno(): each for each in sockets}
        self.rest = dict.fromkeys(self.by_fd, b"")
        self.notes = dict.fromkeys(self.by_fd, 0)
        self.have: Counter[int] = Counter()
        """How many screens have counted so many notes, or more."""
        self.frames = 0
        for fd, each in self.by_fd.items():
            each.setblocking(False)
            self.poll.register(fd, select.EPOLLIN)

    def read(self, wanted: int, seconds: float = 60.0) -> None:
        """Until every screen has counted `wanted` notes."""
        until = time.monotonic() + seconds
        while self.have[wanted] < len(self.notes):
            assert time.monotonic() < until, f"{self.have[wanted]} screens have {wanted} notes"
            for fd, _ in self.poll.poll(0.1):
                self.take(fd)

    def take(self, fd: int) -> None:
        data = self.rest[fd] + self.by_fd[fd].recv(READ_BYTES)
        while (length := frame_length(data)) is not None and length <= len(data):
            if notes := self.notes_in(data[:HEAD_BYTES]):
                self.frames += 1
                for _ in range(notes):
                    self.notes[fd] += 1
                    self.have[self.notes[fd]] += 1
            data = data[length:]
        self.rest[fd] = data


def phone(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def ask(connection: socket.socket, request: bytes) -> None:
    connection.sendall(request)
    head, found, body = b"", b"", b""
    while not found or len(body) < content_length(head):
        head, found, body = (head + found + body + connection.recv(READ_BYTES)).partition(
            b"\r\n\r\n"
        )
    assert b" 20" in head[:13], head


def numbered(head: bytes) -> int:
    start, seq = FROM.search(head), SEQ.search(head)
    return int(seq[1]) - int(start[1]) if start and seq else 0


def connected(port: int, path: str, cookie: str = "") -> socket.socket:
    connection = phone(port)
    connection.sendall(handshake(path, cookie, port))
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
    note = (await request.body()).decode()
    for screen in screens:
        await screen.send_text(note)
    return Response(status_code=204)
app = Starlette(routes=[WebSocketRoute("/live", follow), Route("/notes", put, methods=["POST"])])
uvicorn.run(app, port=int(sys.argv[1]), log_level="error",
            ws_per_message_deflate=sys.argv[2] == "compressed")
"""


@contextmanager
def program(code: str, port: int, *settings: str) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", code, str(port), *settings])
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
            lambda: partial(control.sendall, b"."),
        )


@contextmanager
def starlette(frames: str) -> Iterator[Target]:
    port = free_port()
    head = f"POST /notes HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {FRAME_BYTES}\r\n\r\n"

    def writer() -> Callable[[], None]:
        connection, numbers = phone(port), count()
        return lambda: ask(connection, head.encode() + frame(next(numbers)))

    with program(STARLETTE, port, frames) as pid:
        yield Target(pid, lambda: connected(port, "/live"), writer)


@contextmanager
def atelier() -> Iterator[Target]:
    with on_real_disk() as folder, serving(folder / "data") as server:
        [place] = open_places(Facilitator(server))
        [cookie] = cookies(server, [place.code])

        def writer() -> Callable[[], None]:
            connection = phone(server.port)
            return lambda: ask(connection, place.note(token_hex(16)))

        yield Target(
            pid_of(server),
            lambda: connected(server.port, f"/r/{place.id}/live", cookie),
            writer,
            numbered,
        )


SERVERS: dict[str, Callable[[], AbstractContextManager[Target]]] = {
    "raw": raw,
    "starlette": partial(starlette, "compressed"),
    "starlette, plain frames": partial(starlette, "plain"),
    "atelier": atelier,
}


@dataclass
class Cost:
    seconds: float
    """Of CPU per note and screen."""
    frames: float
    """Per note."""


def cost_of(name: str, screens: int, notes: int, writers: int) -> Cost:
    with SERVERS[name]() as target:
        watching = Screens([target.connect() for _ in range(screens)], target.notes_in)
        puts = [target.writer() for _ in range(writers)]
        time.sleep(0.5)
        deliver(puts, watching, WARM_UP, 0)
        before, watching.frames = cpu_seconds(target.pid), 0
        deliver(puts, watching, notes, WARM_UP)
        spent = cpu_seconds(target.pid) - before
        for each in watching.by_fd.values():
            each.close()
    deliveries = notes * screens
    return Cost(spent / deliveries, watching.frames / deliveries)


def deliver(puts: list[Callable[[], None]], watching: Screens, notes: int, done: int) -> None:
    """`notes` notes, a few on their way at a time, until every screen has them."""
    slots = threading.Semaphore(IN_FLIGHT)
    left = iter(range(notes))

    def put_all(put: Callable[[], None]) -> None:
        for _ in left:
            slots.acquire()
            put()

    phones = [threading.Thread(target=put_all, args=(put,)) for put in puts]
    for each in phones:
        each.start()
    for number in range(done + 1, done + notes + 1):
        watching.read(number)
        slots.release()
    for each in phones:
        each.join()


def compare(screens: int, notes: int, rounds: int, writers: int) -> dict[str, Cost]:
    """The median of each server."""
    costs: dict[str, list[Cost]] = {name: [] for name in SERVERS}
    for _ in range(rounds):
        for name, found in costs.items():
            found.append(cost_of(name, screens, notes, writers))
    return {
        name: Cost(
            statistics.median(cost.seconds for cost in found),
            statistics.median(cost.frames for cost in found),
        )
        for name, found in costs.items()
    }


def figures(costs: dict[str, Cost], screens: int, writers: int) -> list[Figure]:
    what = f"CPU per delivery, {screens} screens, {writers} writing"
    ours = costs["atelier"]
    return [
        Figure(f"{what}: ÷ raw", ours.seconds / costs["raw"].seconds, "×", 1.5),
        Figure(f"{what}: ÷ Starlette", ours.seconds / costs["starlette"].seconds, "×", 0.6),
        Figure(
            f"{what}: ÷ Starlette, plain frames",
            ours.seconds / costs["starlette, plain frames"].seconds,
            "×",
        ),
        Figure(f"{what}: frames per note", ours.frames, ""),
    ]


def measure(
    screens: int = 300, notes: int = 300, rounds: int = 3, writers: Sequence[int] = (1, 3)
) -> list[Figure]:
    found = []
    for number in writers:
        found += figures(compare(screens, notes, rounds, number), screens, number)
    return found


def tell(costs: dict[str, Cost]) -> None:
    print("| server | µs of CPU per delivery | × raw | × starlette |")
    print("|---|---|---|---|")
    for name, cost in costs.items():
        print(
            f"| {name} | {cost.seconds * 1e6:.2f} | {cost.seconds / costs['raw'].seconds:.2f} |"
            f" {cost.seconds / costs['starlette'].seconds:.2f} |"
        )
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screens", type=int, default=300)
    parser.add_argument("--notes", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--writers", type=int, nargs="+", default=[1, 3])
    asked = parser.parse_args()
    for writers in asked.writers:
        costs = compare(asked.screens, asked.notes, asked.rounds, writers)
        tell(costs)
        show(figures(costs, asked.screens, writers))


if __name__ == "__main__":
    main()
