"""Rooms full of people who write and choose over HTTP, and all that is left of them for an
adversary.

What is compressed: each person taps twice within three minutes, at random moments; the notes are
sent in that order, one after the other, without the pauses between them. Once they hang, each
person chooses a cluster in the same way. The adversary's watch is in the room's time, within three
seconds of each tap; the server's own times are read as an order.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom
from secrets import token_hex, token_urlsafe
from tempfile import TemporaryDirectory

from tests.anonymity.stores import ENGINE, Engine, Rows, Store, store
from tests.contract.people import (
    ATELIER,
    Facilitator,
    Note,
    Phone,
    Room,
    Screen,
    Server,
    atelier,
)

PEOPLE = 12
NOTES_EACH = 2
BALLOTS_EACH = 1
SECONDS = 180.0
"""How long the group writes."""
WATCH = 3.0
"""How far the adversary's watch may be off."""
FORMATS = ("json", "csv", "md", "html")
PROFILES = ("group", "facilitator")

chance = SystemRandom()


@dataclass(frozen=True)
class Tap:
    person: int
    note: Note
    seen: float
    """When the adversary saw it."""


@dataclass
class Left:
    """What is left at one moment: every file by its name, and when each was last written."""

    files: dict[str, bytes] = field(default_factory=dict)
    written: dict[str, float] = field(default_factory=dict)
    before: dict[str, bytes] = field(default_factory=dict)
    """The files as they were at the moment before this one."""
    rows: dict[str, Rows] = field(default_factory=dict)
    """What the engine shows, by table, where it is no file."""

    def add(self, folder: Path) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                self.files[name] = path.read_bytes()
                self.written[name] = path.stat().st_mtime


@dataclass
class Session:
    room: str
    taps: list[Tap]
    ballots: list[Tap]
    left: dict[str, Left]
    """By moment: when the notes were just revealed; open, when all have chosen and nothing was
    told; the evening, when the room was just closed; the morning, when the closing is carried out
    and the server stopped."""


@contextmanager
def one_server(
    program: Sequence[str | Path] = (ATELIER,), engine: Engine = ENGINE
) -> Iterator[tuple[Server, Store]]:
    memory = Path("/dev/shm")
    with (
        TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder,
        store(engine) as kept,
    ):
        variables = {"ATELIER_RATE": "off", **kept.variables}
        server = Server(Path(folder) / "var", variables, program=program)
        try:
            yield server.start(), kept
        finally:
            server.close()


EMAIL = "claire@example.org"


def sessions(
    rooms: int, program: Sequence[str | Path] = (ATELIER,), engine: Engine = ENGINE
) -> list[Session]:
    """As many rooms as asked, one after the other on one server of `program`; where several may
    serve the same data, on two."""
    with one_server(program, engine) as (server, kept):
        other = second(server) if engine == "postgresql" else server
        facilitator, elsewhere = server.facilitator(EMAIL), Facilitator(other).sign_in(EMAIL)
        held: list[Session] = []
        for number in range(rooms):
            before = held[-1].left["evening"].files if held else {}
            room = facilitator.open(title=f"Séance {number}")
            moved = Room(elsewhere, room.room, room.code, room.page, room.projector)
            held.append(hold([room, moved], kept, before))
        kept.finish(server)
        morning = Left(files=kept.copies())
        morning.add(copies(server))
        if other is not server:
            other.close()
        server.stop()
        morning.add(server.data.parent)
        morning.files |= kept.files(soon=True)
        morning.rows = kept.rows()
    for session in held:
        session.left["morning"] = morning
    return held


def second(server: Server) -> Server:
    """Another process on the same data, with the same key."""
    folder = server.data.parent / "other"
    folder.mkdir()
    key = {"ATELIER_KEY_FILE": str(server.data / "keys" / "master.key")}
    return Server(folder / "var", server.variables | key, program=server.program).start()


def hold(ways: Sequence[Room], kept: Store, before: dict[str, bytes]) -> Session:
    """One room, which people reach by one server or another."""
    room = ways[0]
    phones = room.phones(PEOPLE)
    for phone in phones:
        phone.http.get(room.page)
    with room.screen() as facilitator, phones[0].screen() as phone_screen:
        taps = write(ways)
        room.reveal()
        revealed = remains(room, kept, before)
        ballots, open_ = choose(ways, kept, revealed.files)
        room.close("all")
        frames = {"board": read(facilitator, room), "phone": read(phone_screen, room)}
    evening = remains(room, kept, open_.files)
    for name, text in frames.items():
        evening.files[f"frames/{name}"] = text
    for profile in PROFILES:
        for format in FORMATS:
            name = f"export/{profile}.{format}"
            evening.files[name] = room.get(name).content
    for name in ("board", "board?at=3", "timeline"):
        evening.files[f"export/{name}"] = room.get(name).content
    left = {"revealed": revealed, "open": open_, "evening": evening}
    return Session(room.room, taps, ballots, left)


def remains(room: Room, kept: Store, before: dict[str, bytes]) -> Left:
    left = Left(before=before)
    left.add(room.server.data.parent)
    left.files |= kept.files(soon=tuple(room.server.program) != (ATELIER,))
    left.rows = kept.rows()
    return left


def write(ways: Sequence[Room]) -> list[Tap]:
    # The pass is the whole room's: who sends cannot be told by it.
    phones = [room.phone() for room in ways]
    return [
        Tap(person, chance.choice(phones).write(f"note {token_hex(6)}"), seen)
        for person, seen in moments(NOTES_EACH)
    ]


def choose(ways: Sequence[Room], kept: Store, before: dict[str, bytes]) -> tuple[list[Tap], Left]:
    """One of three clusters each; and what lies there before the totals are told."""
    room, phones = ways[0], [room.phone() for room in ways]
    clusters, choice = [room.cluster(title) for title in "ABC"], token_hex(16)
    room.done("choices", choice=choice, most=1)
    taps = [
        Tap(person, ballot(chance.choice(phones), choice, chance.choice(clusters)), seen)
        for person, seen in moments(BALLOTS_EACH)
    ]
    left = remains(room, kept, before)
    room.done("tellings", choice=choice)
    return taps, left


def ballot(phone: Phone, choice: str, cluster: str) -> Note:
    """A ballot is known by its id and its secret; what it says is in others as well."""
    secret = token_urlsafe(32)
    cast = Note(secret=secret, text=secret)
    body = {"choice": choice, "ballot": cast.note, "secret": secret, "clusters": [cluster]}
    answer = phone.send("ballots", body)
    assert answer.status_code == 200, answer.text
    return cast


def moments(each: int) -> list[tuple[int, float]]:
    """Who taps, in order, and when the adversary saw it."""
    taps = sorted(
        (chance.uniform(0, SECONDS), person) for person in range(PEOPLE) for _ in range(each)
    )
    return [(person, moment + chance.uniform(-WATCH, WATCH)) for moment, person in taps]


def read(screen: Screen, room: Room) -> bytes:
    screen.reach(room.seq())
    return "\n".join(screen.frames).encode()


def copies(server: Server) -> Path:
    """A backup by the command; where a planted build is refused by it, by hand in the same way."""
    folder = server.data.parent / "backup"
    folder.mkdir()
    made = atelier("backup", f"{folder}/copy", data=server.data, program=server.program)
    if made.returncode == 0:
        return folder
    assert tuple(server.program) != (ATELIER,), made.stderr
    if "DATABASE_URL" in server.variables:
        return folder
    for name in ("atelier.db", "keyring.db"):
        with closing(sqlite3.connect(server.data / name, timeout=10)) as db:
            db.execute("VACUUM INTO ?", (f"{folder}/{name}",))
    return folder
