"""A server on the real command line, and who uses it: facilitators, phones and screens."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.contract.tree import Element, apply, parse

ATELIER = Path(sys.executable).with_name("atelier")
PASSWORD = "a passphrase nobody else would choose"
JSON = {"Accept": "application/json"}
THRESHOLD = 3
SCRIPT = "rapport-au-travail"

Answer = TypeVar("Answer")


def eventually(what: Callable[[], Answer | None], within: float = 5) -> Answer:
    """The first answer that is neither None nor False, asked again and again."""
    deadline = time.monotonic() + within
    while True:
        answer = what()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {within} s"
        time.sleep(0.02)


DATABASES: dict[Path, str] = {}
"""The address of the database of each server's data, where it has one of its own."""


def environment(data: Path, **variables: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ATELIER_")}
    for name in ("PORT", "DATABASE_URL"):
        kept.pop(name, None)
    if data in DATABASES:
        kept["DATABASE_URL"] = DATABASES[data]
    return {**kept, "ATELIER_DATA": str(data), **variables}


def atelier(
    *arguments: str,
    data: Path,
    stdin: str = "",
    program: Sequence[str | Path] = (ATELIER,),
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*program, *arguments],
        input=stdin,
        text=True,
        capture_output=True,
        timeout=20,
        cwd=data.parent,
        env=environment(data, **variables),
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Shared(httpx2.BaseTransport):
    """One pool for all the people, who come and go by the hundred."""

    def __init__(self) -> None:
        self.pool = httpx2.HTTPTransport(
            limits=httpx2.Limits(max_connections=200, max_keepalive_connections=20)
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self.pool.handle_request(request)


@dataclass
class Server:
    """`atelier serve` on a free loopback port, with everything it writes under `data`."""

    data: Path
    variables: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    program: Sequence[str | Path] = (ATELIER,)
    """The command line; tests that plant a fault put their own in front of it."""
    process: subprocess.Popen[bytes] | None = None
    people: ExitStack = field(default_factory=ExitStack)
    transport: Shared = field(default_factory=Shared)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.parent / "server.log"

    def start(self) -> Self:
        if url := self.variables.get("DATABASE_URL"):
            DATABASES[self.data] = url
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.program, "serve", "--port", str(self.port)],
                stdout=log,
                stderr=log,
                cwd=self.data.parent,
                env=environment(self.data, **self.variables),
            )
        eventually(self.answers, within=15)
        return self

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.client().get("/healthz").status_code == 200
        except httpx2.TransportError:
            return False

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.wait()

    def kill(self) -> int:
        assert self.process is not None
        self.process.kill()
        return self.wait()

    def wait(self) -> int:
        assert self.process is not None
        code = self.process.wait(timeout=15)
        self.transport.pool.close()
        self.transport.pool = httpx2.HTTPTransport()
        return code

    def close(self) -> None:
        self.people.close()
        if self.process is not None and self.process.poll() is None:
            self.stop()
        self.transport.pool.close()

    def client(self, **headers: str) -> httpx2.Client:
        client = httpx2.Client(
            base_url=self.origin, headers=headers, transport=self.transport, timeout=20
        )
        return self.people.enter_context(client)

    def add(self, email: str, password: str = PASSWORD) -> None:
        done = atelier(
            *("facilitator", "add", email, "--password-stdin"),
            data=self.data,
            stdin=f"{password}\n",
            program=self.program,
            **self.variables,
        )
        assert done.returncode == 0, done.stderr

    def facilitator(self, email: str) -> "Facilitator":
        self.add(email)
        return Facilitator(self).sign_in(email)

    def join(self, code: str) -> httpx2.Response:
        return self.client(**JSON).post("/join", data={"code": code})


class Facilitator:
    def __init__(self, server: Server) -> None:
        self.server = server
        self.http = server.client(Origin=server.origin)

    def sign_in(self, email: str, password: str = PASSWORD) -> Self:
        answer = self.http.post("/signin", data={"email": email, "password": password})
        assert answer.status_code == 303, answer.text
        assert answer.headers["Location"] == "/desk"
        return self

    def open(self, mode: str = "reveal", script: str = "", title: str = "Salle") -> "Room":
        form = {"script": script, "title": title, "theme": "Le travail", "mode": mode}
        answer = self.http.post("/rooms", data=form, headers=JSON)
        assert answer.status_code == 201, answer.text
        return Room(self, **answer.json())


@dataclass
class Room:
    """A room in the hands of its facilitator: one verb for each request of the contract."""

    facilitator: Facilitator
    room: str
    code: str
    page: str
    projector: str

    @property
    def path(self) -> str:
        return f"/r/{self.room}"

    @property
    def server(self) -> Server:
        return self.facilitator.server

    def do(self, noun: str, **form: Any) -> httpx2.Response:
        return self.facilitator.http.post(f"{self.path}/{noun}", data=form, headers=JSON)

    def get(self, rest: str) -> httpx2.Response:
        return self.facilitator.http.get(f"{self.path}/{rest}")

    def done(self, noun: str, **form: Any) -> None:
        answer = self.do(noun, **form)
        assert answer.is_success, f"{noun} {form}: {answer.status_code} {answer.text}"

    def step(self, go: str = "next") -> str:
        self.done("steps", go=go)
        return self.board()["data-step"]

    def reveal(self, *steps: str) -> None:
        self.done("reveals", **({"step": list(steps)} if steps else {}))

    def cluster(self, title: str, *notes: str) -> str:
        name = secrets.token_hex(16)
        self.done("clusters", cluster=name, title=title, note=list(notes))
        return name

    def rename(self, cluster: str, title: str, *tags: str) -> httpx2.Response:
        return self.do(f"clusters/{cluster}", title=title, tag=list(tags))

    def dissolve(self, cluster: str) -> httpx2.Response:
        return self.facilitator.http.delete(f"{self.path}/clusters/{cluster}", headers=JSON)

    def move(self, cluster: str, *notes: str) -> httpx2.Response:
        return self.do("moves", note=list(notes), cluster=cluster)

    def hide(self, note: str) -> httpx2.Response:
        return self.do("hides", note=note)

    def undo(self) -> httpx2.Response:
        return self.do("undos")

    def close(self, keep: str) -> httpx2.Response:
        return self.do("closings", keep=keep)

    def board(self) -> Element:
        """The board as a fresh page has it."""
        answer = self.get("board")
        assert answer.status_code == 200, answer.text
        return board_of(parse(answer.text))

    def seq(self) -> int:
        return int(self.board()["data-seq"])

    def wall(self) -> dict[str, str]:
        return wall_of(self.board())

    def lanes(self) -> dict[str, list[str]]:
        return lanes_of(self.board())

    def export(self) -> dict[str, Any]:
        answer = self.get("export/group.json")
        assert answer.status_code == 200, answer.text
        held: dict[str, Any] = answer.json()
        return held

    def phone(self) -> "Phone":
        return Phone(self).join()

    def phones(self, number: int = THRESHOLD) -> list["Phone"]:
        return [self.phone() for _ in range(number)]

    def revealed(self, *texts: str) -> list["Note"]:
        """Notes of as many phones as a reveal wants, on the wall."""
        notes = [
            phone.write(text) for phone, text in zip(self.phones(len(texts)), texts, strict=True)
        ]
        self.reveal()
        return notes

    def screen(self, **query: object) -> "Screen":
        return Screen(self.server, f"{self.path}/live", self.facilitator.http.cookies, query)


@dataclass(frozen=True)
class Note:
    note: str = field(default_factory=lambda: secrets.token_hex(16))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    text: str = ""


class Phone:
    """A participant: its cookie for pages and sockets, the pass of the room for its notes."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.http = room.server.client(Origin=room.server.origin)
        self.bearer = room.server.client(**JSON)
        self.joined: dict[str, str] = {}

    def join(self) -> Self:
        answer = self.http.post("/join", data={"code": self.room.code}, headers=JSON)
        assert answer.status_code == 200, answer.text
        self.joined = answer.json()
        return self

    def look(self) -> Element:
        """Fetch the page with the cookie, which also makes the phone present."""
        answer = self.http.get(self.room.page)
        assert answer.status_code == 200, answer.text
        return board_of(parse(answer.text))

    def send(self, noun: str, body: object, **headers: str) -> httpx2.Response:
        """What a phone sends: no cookie, a bearer, JSON (bytes go as they are)."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {
            "Authorization": f"Bearer {self.joined['pass']}",
            "Content-Type": "application/json",
            **headers,
        }
        return self.bearer.post(f"{self.room.path}/{noun}", content=content, headers=headers)

    def post(self, note: Note, **other: object) -> httpx2.Response:
        body = {"note": note.note, "secret": note.secret, "text": note.text, "rev": 0, "pad": ""}
        return self.send("notes", {**body, **other})

    def write(self, text: str, **other: object) -> Note:
        note = Note(text=text)
        answer = self.post(note, **other)
        assert answer.status_code == 201, f"{answer.status_code} {answer.text}"
        return note

    def take_back(self, note: Note, **other: object) -> httpx2.Response:
        body = {"note": note.note, "secret": note.secret, "pad": "", **other}
        return self.send("withdrawals", body)

    def screen(self, **query: object) -> "Screen":
        return Screen(self.room.server, self.joined["live"], self.http.cookies, query)


class Screen:
    """A socket and the page it keeps, by the rules of the contract and nothing more."""

    def __init__(
        self,
        server: Server,
        path: str,
        cookies: Mapping[str, str] | httpx2.Cookies,
        query: Mapping[str, object],
        origin: str | None = None,
    ) -> None:
        self.url = f"{server.origin.replace('http', 'ws')}{path}"
        if query:
            self.url += "?" + "&".join(f"{k}={v}" for k, v in query.items())
        self.headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
        self.headers["Origin"] = origin or server.origin
        self.seq = -1
        self.epoch = ""
        self.page = Element("#root")
        self.frames: list[str] = []
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        self.socket: ClientConnection = self.stack.enter_context(
            connect(
                self.url,
                additional_headers=self.headers,
                open_timeout=10,
                close_timeout=1,
                proxy=None,
            )
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stack.close()

    def holds(self, page: Element) -> Self:
        """Start from a page that was fetched before."""
        board = page.by_id("board") or page
        self.page = Element("#root")
        self.page.append(board)
        self.seq, self.epoch = int(board["data-seq"]), board["data-epoch"]
        return self

    def frame(self, *kinds: str, within: float = 5) -> dict[str, Any]:
        """The next frame of these kinds; the ones before it are applied too."""
        deadline = time.monotonic() + within
        while True:
            text = self.socket.recv(timeout=max(0.01, deadline - time.monotonic()))
            assert isinstance(text, str), "frames are text"
            self.frames.append(text)
            frame: dict[str, Any] = json.loads(text)
            self.take(frame)
            if frame["t"] in kinds:
                return frame

    def take(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "whole":
            self.page = parse(frame["html"])
            self.seq, self.epoch = frame["seq"], frame["epoch"]
        if frame["t"] == "update" and frame["seq"] > self.seq:
            assert frame["from"] == self.seq, f"a gap: at {self.seq}, got {frame['from']}"
            apply(self.page, frame["html"])
            self.seq = frame["seq"]

    def reach(self, seq: int) -> Element:
        """Read until the number is `seq`."""
        while self.seq < seq:
            self.frame("update", "whole")
        assert self.seq == seq
        return self.board

    @property
    def board(self) -> Element:
        board = board_of(self.page)
        # An update need not carry the board itself: the number of the page is that of the frame.
        board.attributes["data-seq"] = str(self.seq)
        return board

    def ended(self) -> bool:
        try:
            while True:
                self.frame("whole")
        except ConnectionClosed:
            return True


def board_of(page: Element) -> Element:
    board = page.by_id("board")
    assert board is not None, "no #board"
    return board


def text_of(note: Element) -> str:
    holders = note.having("data-text")
    assert len(holders) == 1, "a note holds its text in one descendant with data-text"
    return holders[0].text


def wall_of(board: Element) -> dict[str, str]:
    """The text of every note that is shown, by its id, in the order of the wall."""
    return {each["data-note"]: text_of(each) for each in board.having("data-note")}


def lanes_of(board: Element) -> dict[str, list[str]]:
    """The ids of the notes of each cluster; those of no cluster under ""."""
    lanes = {
        cluster["data-cluster"]: [each["data-note"] for each in cluster.having("data-note")]
        for cluster in board.having("data-cluster")
    }
    filed = {note for notes in lanes.values() for note in notes}
    return {**lanes, "": [note for note in wall_of(board) if note not in filed]}


def refused(answer: httpx2.Response, *statuses: int) -> str:
    """Check the form of a refusal of a JSON request, and give its key."""
    asked = answer.request.read()[:120] if answer.request.method == "POST" else b""
    assert answer.status_code in statuses, f"{answer} {answer.url} {asked!r} {answer.text[:200]}"
    body = answer.json()
    assert set(body) == {"refused", "says"}, body
    assert answer.headers["Atelier-Refused"] == body["refused"]
    assert len(body["says"]) > 5, body
    key: str = body["refused"]
    return key


def walk(room: Room) -> dict[str, str]:
    """Go to the end; the mode of each step by its id."""
    modes: dict[str, str] = {}
    while room.do("steps", go="next").is_success:
        board = room.board()
        modes[board["data-step"]] = board["data-mode"]
        assert len(modes) < 40
    return modes


@cache
def sealed_steps(facilitator: Facilitator, script: str) -> list[str]:
    """The ids of the steps of a script whose notes stay sealed, from a walk through all of it."""
    modes = walk(facilitator.open(script=script))
    steps = [step for step, mode in modes.items() if mode == "reveal"]
    assert len(steps) >= 2, f"{script} has two steps to write in"
    return steps


def writing(room: Room) -> list[str]:
    """The ids of the steps whose notes stay sealed; the room is then in the first of them."""
    steps = sealed_steps(room.facilitator, SCRIPT)
    while room.step() != steps[0]:
        pass
    return steps
