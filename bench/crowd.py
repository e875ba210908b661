"""A crowd on raw sockets: screens that count what comes, phones that write when it is time.

One process, one loop of epoll, so that it costs little beside the server. A note's time runs from
the moment when it was due, not from when it could be sent: a server that stalls does not stop the
clock.
"""

import re
import resource
import select
import socket
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex, token_urlsafe
from urllib.parse import urlsplit

import httpx2

from tests.server import Facilitator, Server

TEXT = "Une phrase de longueur ordinaire, comme on en écrit sur un mur."
BODY_BYTES = 2048
"""Phones fill what they send to this size."""
HEAD_BYTES = 160
"""The kind and the numbers of a frame stand in so many of its first bytes."""
LARGE = 1 << 15
"""Of a frame from this size on only the head is looked at, so its notes are not known."""
READ_BYTES = 1 << 16
PING = 0x89
KIND = re.compile(rb'"t": ?"(\w+)"')
FROM = re.compile(rb'"from": ?(\d+)')
SEQ = re.compile(rb'"seq": ?(\d+)')
NOTE = re.compile(rb'data-note=\\?"([0-9a-f]{32})')


def allow_many_sockets() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


# Rooms


@dataclass(frozen=True)
class Place:
    """A room as phones know it."""

    id: str
    code: str
    bearer: str

    def note(self, note: str) -> bytes:
        """The request that posts a note with this id."""
        body = f'{{"note":"{note}","secret":"{token_urlsafe(32)}","text":"{TEXT}","pad":"'.encode()
        body += b" " * (BODY_BYTES - len(body) - 2) + b'"}'
        return (
            f"POST /r/{self.id}/notes HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {self.bearer}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body


def open_places(facilitator: Facilitator, number: int = 1, mode: str = "direct") -> list[Place]:
    rooms = [facilitator.open_room(title="Essai", mode=mode) for _ in range(number)]
    with httpx2.Client(base_url=facilitator.server.origin) as client:
        return [
            Place(room["room"], room["code"], join(client, room["code"]).json()["pass"])
            for room in rooms
        ]


def join(client: httpx2.Client, code: str) -> httpx2.Response:
    """As a phone that was never there."""
    client.cookies.clear()
    headers = {"Accept": "application/json"}
    return client.post("/join", data={"code": code}, headers=headers).raise_for_status()


def cookies(server: Server, codes: Iterable[str]) -> list[str]:
    """A cookie for each code: as many phones, each of its own."""
    with httpx2.Client(base_url=server.origin) as client:
        return [join(client, code).headers["Set-Cookie"].partition(";")[0] for code in codes]


# What comes


@dataclass(slots=True)
class Update:
    """A frame, whoever got it: how many screens have it, and since when the last one."""

    kind: str
    start: int = 0
    seq: int = 0
    notes: tuple[str, ...] = ()
    screens: int = 0
    last: float = 0.0


def read_update(frame: bytes) -> Update:
    kind, start, seq = (found.search(frame, 0, HEAD_BYTES) for found in (KIND, FROM, SEQ))
    return Update(
        kind[1].decode() if kind else "",
        int(start[1]) if start else 0,
        int(seq[1]) if seq else 0,
        tuple(note.decode() for note in NOTE.findall(frame)),
    )


@dataclass(slots=True)
class Screen:
    socket: socket.socket
    room: str
    rest: bytes = b""
    large: bytes = b""
    """The head of a large frame, while `left` bytes of it are still to come."""
    left: int = 0
    seq: int = 0
    gaps: int = 0

    def apply(self, update: Update) -> None:
        """By the rules of the contract; what does not fit is a gap."""
        if update.kind == "whole":
            self.seq = update.seq
        elif update.kind == "update" and update.seq > self.seq:
            self.gaps += update.start != self.seq
            self.seq = update.seq


def pong(said: bytes) -> bytes:
    """Frames of clients are masked; a mask of zeros leaves them as they are."""
    return bytes((0x8A, 0x80 | len(said))) + bytes(4) + said


def frame_length(data: bytes) -> int | None:
    """Length of the first frame with its header, as soon as it can be told."""
    if len(data) < 2:
        return None
    short = data[1] & 127
    head = {126: 4, 127: 10}.get(short, 2)
    if len(data) < head:
        return None
    return head + (short if head == 2 else int.from_bytes(data[2:head]))


# What is sent


@dataclass(slots=True)
class Posting:
    """A note on its way, from when it is due to the answer."""

    due: float
    note: str
    place: Place
    answered: float = 0.0
    status: int = 0


@dataclass(slots=True)
class Line:
    """A connection that carries one request at a time."""

    socket: socket.socket
    posting: Posting | None = None
    rest: bytes = b""


def evenly(places: Sequence[Place], per_second: float, seconds: float) -> list[Posting]:
    """Notes for each place in turn, at equal distances; `due` counts from the start."""
    return [
        Posting(number / per_second, token_hex(16), places[number % len(places)])
        for number in range(int(per_second * seconds))
    ]


@dataclass
class Outcome:
    """What became of the notes that were due."""

    postings: list[Posting]
    updates: dict[str, Update]
    """By note."""
    screens: dict[str, int]
    """By room."""
    gaps: int

    @property
    def kept(self) -> list[Posting]:
        return [p for p in self.postings if p.status in (200, 201)]

    @property
    def lost(self) -> int:
        """Notes that were acknowledged and are not on every screen of their room."""
        return sum(not self.arrived(posting) for posting in self.kept)

    def arrived(self, posting: Posting) -> bool:
        update = self.updates.get(posting.note)
        return update is not None and update.screens == self.screens[posting.place.id]

    @property
    def to_last_screen_ms(self) -> list[float]:
        return [(self.updates[p.note].last - p.due) * 1000 for p in self.kept if self.arrived(p)]

    @property
    def to_answer_ms(self) -> list[float]:
        return [(p.answered - p.due) * 1000 for p in self.kept]

    @property
    def frames(self) -> int:
        return len({id(self.updates[p.note]) for p in self.kept if p.note in self.updates})


class Crowd:
    """The screens and phones of one server."""

    def __init__(self, server: Server) -> None:
        self.poll = select.epoll()  # first of all descriptors: `select` takes none above 1023
        self.address = ("127.0.0.1", urlsplit(server.origin).port)
        self.screens: dict[int, Screen] = {}
        self.lines: dict[int, Line] = {}
        self.idle: deque[Line] = deque()
        self.waiting: deque[Posting] = deque()
        self.in_room: defaultdict[str, int] = defaultdict(int)
        self.frames: dict[bytes, Update] = {}
        self.updates: dict[str, Update] = {}
        self.answers = 0
        self.most_lines = 200

    def close(self) -> None:
        for connection in (each.socket for each in self.screens.values()):
            connection.close()
        for connection in (each.socket for each in self.lines.values()):
            connection.close()
        self.poll.close()

    # Screens

    def follow(self, place: Place, cookie: str, host: str = "127.0.0.1", after: str = "") -> None:
        """One more screen; its first frames are read when there is time."""
        connection = self.connect(host)
        connection.sendall(handshake(f"/r/{place.id}/live{after}", cookie, self.address[1]))
        self.screens[connection.fileno()] = Screen(connection, place.id)
        self.in_room[place.id] += 1
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4096)
        first, _, rest = head.partition(b"\r\n\r\n")
        assert b" 101 " in first, first
        connection.setblocking(False)
        self.poll.register(connection.fileno(), select.EPOLLIN)
        self.take(self.screens[connection.fileno()], rest)

    def connect(self, host: str = "127.0.0.1") -> socket.socket:
        connection = socket.socket()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if host != "127.0.0.1":
            connection.bind((host, 0))
        connection.connect(self.address)
        return connection

    def take(self, screen: Screen, data: bytes) -> None:
        if screen.left:
            if len(data) < screen.left:
                screen.left -= len(data)
                return
            data, screen.left = data[screen.left :], 0
            self.arrived(screen, screen.large)
        data = screen.rest + data if screen.rest else data
        while (length := frame_length(data)) is not None and length <= len(data):
            if data[0] == PING:
                screen.socket.send(pong(data[2:length]))
            else:
                self.arrived(screen, data[:length] if length < LARGE else data[:HEAD_BYTES])
            data = data[length:]
        if length is not None and length >= LARGE and len(data) >= HEAD_BYTES:
            screen.large, screen.left, data = data[:HEAD_BYTES], length - len(data), b""
        screen.rest = data

    def arrived(self, screen: Screen, frame: bytes) -> None:
        update = self.frames.get(frame)
        if update is None:
            update = self.frames[frame] = read_update(frame)
            if update.kind == "update":
                self.updates.update(dict.fromkeys(update.notes, update))
        update.screens += 1
        update.last = time.monotonic()
        screen.apply(update)

    # Phones

    def post(self, posting: Posting) -> None:
        """Send it on a free connection, on a new one, or when one gets free."""
        if self.idle:
            line = self.idle.pop()
        elif len(self.lines) < self.most_lines:
            line = self.dial()
        else:
            return self.waiting.append(posting)
        line.posting = posting
        with suppress(ConnectionError):  # closed meanwhile: `answer` will see it, and send again
            line.socket.send(posting.place.note(posting.note))

    def dial(self) -> Line:
        connection = self.connect()
        connection.setblocking(False)
        line = self.lines[connection.fileno()] = Line(connection)
        self.poll.register(connection.fileno(), select.EPOLLIN)
        return line

    def answer(self, line: Line) -> None:
        data = received(line.socket)
        if not data:
            return self.hang_up(line)
        line.rest += data
        head, found, body = line.rest.partition(b"\r\n\r\n")
        if not found or len(body) < content_length(head):
            return
        assert line.posting
        line.posting.answered, line.posting.status = time.monotonic(), int(head[9:12])
        line.rest, line.posting = b"", None
        self.answers += 1
        self.idle.append(line)
        if self.waiting:
            self.post(self.waiting.popleft())

    def hang_up(self, line: Line) -> None:
        """The server ends connections that are idle for seconds; what was just sent on one goes
        out again, as phones do it."""
        del self.lines[line.socket.fileno()]
        line.socket.close()
        if line.posting:
            self.post(line.posting)
        else:
            self.idle.remove(line)

    # The loop

    def turn(self, seconds: float) -> None:
        """Read what is there, or what comes first within this time."""
        if seconds > 0:  # epoll itself waits whole milliseconds
            select.select([self.poll.fileno()], [], [], seconds)
        for fd, _ in self.poll.poll(0):
            screen = self.screens.get(fd)
            if screen is None:
                self.answer(self.lines[fd])
                continue
            data = screen.socket.recv(READ_BYTES)
            assert data, "the server cut a screen off"
            self.take(screen, data)

    def settle(self, quiet: float = 0.5, at_most: float = 30) -> None:
        """Read until nothing has come for a while."""
        until = time.monotonic() + at_most
        while time.monotonic() < until and select.select([self.poll.fileno()], [], [], quiet)[0]:
            self.turn(0)

    def run(self, postings: Sequence[Posting], patience: float = 10, quiet: float = 0.5) -> Outcome:
        """Post each note when it is due, and go on reading until all are answered, for so many
        seconds at most, and nothing more has come for a while."""
        self.frames.clear()
        began, answered = time.monotonic(), self.answers
        for posting in postings:
            posting.due += began
        for posting in postings:
            while (left := posting.due - time.monotonic()) > 0:
                self.turn(left)
            self.post(posting)
        until = time.monotonic() + patience
        while time.monotonic() < until and self.answers - answered < len(postings):
            self.turn(0.05)
        self.settle(quiet, patience)
        gaps = sum(screen.gaps for screen in self.screens.values())
        return Outcome(list(postings), self.updates, dict(self.in_room), gaps)


def handshake(path: str, cookie: str, port: int | None) -> bytes:
    """As browsers make it, who offer to read what is compressed."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
        f"Sec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Cookie: {cookie}\r\n\r\n"
    ).encode()


def received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(READ_BYTES)
    except ConnectionError:
        return b""


def content_length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length: ")
    return int(rest.split(b"\r\n")[0]) if found else 0
