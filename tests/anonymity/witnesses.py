"""A room in which everything that could tell a person is one of a kind, on a server that fails
in every way; and the search for it in all that is left.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from secrets import choice, token_hex, token_urlsafe

import httpx2
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import connect

from tests.anonymity.canaries import Finder, files_of, layers
from tests.anonymity.planted import program
from tests.anonymity.stores import ENGINE, Engine, Store, store
from tests.contract.people import PASSWORD, Note, Phone, Room, Server

PEOPLE = 12
FORMATS = ("pdf", "png", "svg", "csv", "md", "json", "html")


MEANT = ("text 0", "text 1", "word 0", "word 1", "title")
"""What screens and exports are there to show."""


@dataclass
class Search:
    """What was looked for, where, and what was found."""

    traces: int = 0
    forms: int = 0
    artefacts: int = 0
    layers: int = 0
    size: int = 0
    """In bytes, unpacked."""
    failures: dict[int, int] = field(default_factory=dict)
    """Refused and failed requests, by status; 0 for a socket that was cut off."""
    found: list[str] = field(default_factory=list)

    @property
    def provoked(self) -> int:
        return sum(self.failures.values())

    def look(self, moment: str, traces: dict[str, str], files: dict[str, bytes]) -> None:
        finder = Finder(traces)
        self.traces = max(self.traces, len(traces))
        self.forms = max(self.forms, len(finder.named))
        self.artefacts += len(files)
        for name, data in files.items():
            opened = list(layers(data))
            self.layers += len(opened) - 1
            self.size += sum(map(len, opened))
            seen = {trace for layer in opened for trace in finder.find(layer)}
            self.found += sorted(f"{moment}: {trace} in {name}" for trace in seen)


class Witness(Phone):
    """A phone with an address, a browser and a way here of its own."""

    def __init__(self, room: Room, number: int) -> None:
        super().__init__(room)
        self.address = f"127.{choice(range(20, 250))}.{choice(range(10, 250))}.{100 + number}"
        self.headers = {
            "User-Agent": f"Canari/{token_hex(6)}",
            "X-Forwarded-For": f"198.51.{choice(range(10, 250))}.{100 + number}",
            "X-Real-IP": f"203.0.{choice(range(10, 250))}.{100 + number}",
            "Forwarded": f'for="[2001:db8::{token_hex(2)}:{token_hex(2)}]"',
            "Referer": f"http://{token_hex(6)}.example/chemin",
            "Accept-Language": f"x-{token_hex(3)}",
            "X-Request-Id": token_hex(10),
            "Connection": "close",  # a request that fails may end its connection
        }
        self.http = self.client({"Origin": room.server.origin})
        self.bearer = self.client({"Accept": "application/json"})
        self.join()
        self.http.get(room.page)
        self.notes = [
            self.write(f"canari {token_hex(5)} & d’été n° {number}.{n}") for n in range(2)
        ]

    def client(self, headers: dict[str, str]) -> httpx2.Client:
        server = self.room.server
        return server.people.enter_context(
            httpx2.Client(
                base_url=server.origin,
                headers={**self.headers, **headers},
                transport=httpx2.HTTPTransport(local_address=self.address),
                timeout=20,
            )
        )

    @property
    def who(self) -> dict[str, str]:
        """What must be nowhere at any time."""
        cookies = {name: value for name, value in self.http.cookies.items() if value}
        secrets = {f"secret {n}": note.secret for n, note in enumerate(self.notes)}
        texts = {f"text {n}": note.text for n, note in enumerate(self.notes)}
        headers = {name: value for name, value in self.headers.items() if value != "close"}
        words = {f"word {n}": note.text.split()[1] for n, note in enumerate(self.notes)}
        return {"address": self.address, **headers, **cookies, **secrets, **texts, **words}

    @property
    def ids(self) -> dict[str, str]:
        """What must be nowhere until the reveal: afterwards the wall is made of it."""
        return {f"id {n}": note.note for n, note in enumerate(self.notes)}


def search_all(
    folder: Path, fault: str = "failing", people: int = PEOPLE, engine: Engine = ENGINE
) -> Search:
    """A whole session, and a search before the reveal, after it, and when the server has
    stopped."""
    with store(engine) as kept:
        server = started(folder, fault, kept)
        try:
            return search_around(server, folder, kept, people)
        finally:
            server.close()


def search_around(server: Server, folder: Path, kept: Store, people: int) -> Search:
    search = Search()

    def left() -> dict[str, bytes]:
        return files_of(folder) | kept.files(soon=True)

    title = f"Titre {token_hex(6)}"
    room = server.facilitator("claire@example.org").open(title=title)
    witnesses = [Witness(room, number) for number in range(people)]
    traces = of_all(witnesses) | of_room(room, witnesses[0]) | {"title": title}
    for witness in witnesses:
        traces |= provoke(witness, search)
    ids = {f"{n} {k}": id for n, w in enumerate(witnesses) for k, id in w.ids.items()}
    search.look("before the reveal", traces | ids, left())
    with room.screen() as screen:
        room.reveal()
        screen.reach(room.seq())
        shown = {f"frame {n}": frame.encode() for n, frame in enumerate(screen.frames)}
    search.look("after the reveal", traces, left())
    about = {name: trace for name, trace in traces.items() if not name.endswith(MEANT)}
    search.look("on a screen", about, shown)
    search.look("in the exports", about | ids, exports(room))
    room.close("reduced")
    search.look("after the closing", traces, left())
    server.stop()
    search.look("when the server has stopped", traces, left())
    return search


def started(folder: Path, fault: str, kept: Store) -> Server:
    """All that it writes is in `folder`: data, log, temporary files, caches."""
    for name in ("tmp", "cache"):
        (folder / name).mkdir()
    places = {"TMPDIR": f"{folder}/tmp", "XDG_CACHE_HOME": f"{folder}/cache", "HOME": str(folder)}
    return Server(folder / "var", places | kept.variables, program=program(fault)).start()


def of_all(witnesses: list[Witness]) -> dict[str, str]:
    return {f"{n} {what}": trace for n, w in enumerate(witnesses) for what, trace in w.who.items()}


def of_room(room: Room, phone: Phone) -> dict[str, str]:
    sitting = {f"of the facilitator: {k}": v for k, v in room.facilitator.http.cookies.items()}
    return {
        "pass": phone.joined["pass"],
        "code": room.code,
        "link of the projector": room.projector.rpartition("#")[2],
        "password": PASSWORD,
        **sitting,
    }


def exports(room: Room) -> dict[str, bytes]:
    return {
        f"{profile}.{format}": room.get(f"export/{profile}.{format}").content
        for profile in ("group", "facilitator")
        for format in FORMATS
    }


# Failures


def provoke(witness: Witness, search: Search) -> dict[str, str]:
    """Everything that can go wrong around one phone; what it sent that was never kept."""
    sent: dict[str, str] = {}
    for make in (bad_notes, bad_withdrawals, bad_passes, bad_requests):
        for answer in make(witness, sent):
            assert answer.status_code >= 400, (make, answer.status_code, answer.text)
            search.failures[answer.status_code] = search.failures.get(answer.status_code, 0) + 1
    for status in bad_sockets(witness):
        search.failures[status] = search.failures.get(status, 0) + 1
    number = witness.address.rpartition(".")[2]
    return {f"sent by {number}: {name}": trace for name, trace in sent.items()}


Sent = dict[str, str]


def bad_notes(witness: Witness, sent: Sent) -> Iterator[httpx2.Response]:
    def post(text: str, **other: object) -> httpx2.Response:
        body = {"note": token_hex(16), "secret": token_urlsafe(32), "text": text, **other}
        sent[f"{len(sent)} lost secret"] = str(body["secret"])
        return witness.send("notes", body)

    def canary(start: str = "perdu") -> str:
        word = sent[f"{len(sent)} lost"] = token_hex(8)
        return f"{start} {word}"

    for fault in ("panne de disque", "panne de code", "panne de base") * 2:
        yield post(canary(fault))
    yield post(canary() * 60)
    yield post(canary() + "\ud83d")
    yield post("\n".join(canary() for _ in range(8)))
    yield post(canary(), step=canary("nulle-part"))
    yield post(canary(), note=canary("malforme"))
    yield post(canary(), secret=canary("court"))
    yield post(canary(), rev=-1)
    yield post(canary(), rev=canary())
    yield post(canary(), author=canary("moi"))
    for kept in witness.notes:
        yield post(canary(), note=kept.note)
    for body in bad_bodies(canary()):
        yield witness.send("notes", body)


def bad_bodies(text: str) -> list[bytes]:
    return [
        b"", b"{", b"[]", b"null", text.encode(), f'{{"text": "{text}'.encode(),
        f'{{"text": {text}}}'.encode(), b"[" * 5000, b"\xff\xfe" + text.encode("utf-16-le"),
        text.encode() * 2000,
    ]  # fmt: skip


def bad_withdrawals(witness: Witness, sent: Sent) -> Iterator[httpx2.Response]:
    for kept in witness.notes:
        wrong = Note(kept.note)
        sent[f"{len(sent)} wrong secret"] = wrong.secret
        yield witness.take_back(wrong)
        yield witness.take_back(wrong, now=True)
        yield witness.take_back(wrong, now="peut-être")
    for body in bad_bodies(token_hex(8)):
        yield witness.send("withdrawals", body)


def bad_passes(witness: Witness, sent: Sent) -> Iterator[httpx2.Response]:
    for kind in ("Bearer", "Basic", "Token", "Bearer Bearer"):
        wrong = sent[f"{len(sent)} wrong pass"] = token_urlsafe(32)
        yield witness.send("notes", b"{}", Authorization=f"{kind} {wrong}")
        yield witness.send("withdrawals", b"{}", Authorization=f"{kind} {wrong}")


def bad_requests(witness: Witness, sent: Sent) -> Iterator[httpx2.Response]:
    path, trace = witness.room.path, sent.setdefault("path", token_hex(12))
    get, post = witness.http.get, witness.http.post
    yield get(f"{path}?panne={trace}")
    yield get(f"{path}/{trace}")
    yield get(f"/r/{trace}")
    yield get(f"/{trace}?{trace}={trace}", headers={"Cookie": f"phone-{trace}={trace}"})
    yield get(f"{path}/export/group.json?{trace}")
    yield get(f"{path}/timeline")
    yield get(f"{path}/board?at={trace}")
    yield witness.http.request("PATCH", f"{path}/notes", content=trace)
    yield witness.http.request("BREW", f"{path}?{trace}")
    yield post("/join", data={"code": trace[:6]})
    yield post(f"{path}/steps", data={"go": trace})
    yield post(f"{path}/reveals", data={"step": trace})
    yield post(f"{path}/clusters", data={"title": trace, "note": witness.notes[0].note})
    yield post(f"{path}/steps", data={"go": trace}, headers={"Origin": f"http://{trace}.example"})
    yield post("/signin", data={"email": f"{trace}@example.org"}, headers={"Origin": "null"})
    yield post(f"/p/{witness.room.room}", data={"secret": trace})
    yield get("/desk/" + trace)
    yield get(f"{path}/live?{trace}")


def bad_sockets(witness: Witness) -> Iterator[int]:
    """Handshakes that are refused, or fail later; the status, 0 when the socket was cut off."""
    trace = token_hex(12)
    url = witness.room.server.origin.replace("http", "ws") + witness.room.path
    cookie = "; ".join(f"{k}={v}" for k, v in witness.http.cookies.items())
    own = {"Cookie": cookie, "Origin": witness.room.server.origin}
    tries: list[tuple[str, dict[str, str]]] = [
        (f"{url}/live?pass={trace}", {"Cookie": f"phone-{trace}={trace}"}),
        (f"{url}/live?after={trace}", {**own, "Origin": f"http://{trace}.example"}),
        (f"{url}/live?panne={trace}", own),
        (f"{url}/{trace}", own),
        (f"{url[:-4]}{trace[:4]}/live?epoch={trace}", own),
    ]
    for address, headers in tries:
        yield status_of(address, {**witness.headers, **headers})


def status_of(address: str, headers: dict[str, str]) -> int:
    agent = headers.pop("User-Agent")
    del headers["Connection"]
    try:
        with connect(
            address, additional_headers=headers, user_agent_header=agent, proxy=None
        ) as socket:
            socket.recv(timeout=5)
    except InvalidStatus as refused:
        return refused.response.status_code
    except (WebSocketException, ConnectionError):
        return 0
    raise AssertionError(address)
