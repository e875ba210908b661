"""A room in each state, everybody who may stand before it, and how each route is asked."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from secrets import token_hex, token_urlsafe
from typing import Any

from starlette.routing import Mount, Route, WebSocketRoute

from atelier.content import scripts
from atelier.content.writing import fields_of_step, write_scripts
from atelier.rooms.ids import ConceptId
from atelier.rooms.own_cards import OwnCard
from atelier.rooms.series import Series, Session
from atelier.web import table
from atelier.web.rights import Rule
from tests.web.inside import EMAILS, Answer, Browser, Form, Inside, elsewhere

CONCEPT = "habitus"
STATES = ("lobby", "sealed", "revealed", "locked", "closing", "closed", "erased", "absent")
GONE = ("erased", "absent")
ROLES = (
    "nobody", "phone", "other phone", "projector", "reader", "other facilitator",
    "co-facilitator", "owner", "bearer", "foreign page",
)  # fmt: skip
SCRIPT = "rapport-au-travail"
SESSIONS = ("1" * 32, "2" * 32)
TENSION = "3" * 32


@dataclass
class Note:
    note: str
    secret: str
    text: str


@dataclass
class Room:
    """A room as its people know it; `who` is the browser of each role."""

    inside: Inside
    state: str
    id: str
    code: str
    pass_: str
    screen: str
    reader: str
    who: dict[str, Browser]
    notes: list[Note] = field(default_factory=list)
    cluster: str = ""
    tension: str = ""

    @property
    def owner(self) -> Browser:
        return self.who["owner"]

    def do(self, noun: str, **form: Any) -> Answer:
        answer = self.inside.ask("POST", f"/r/{self.id}/{noun}", self.owner, form)
        assert answer.status in (200, 204, 303), (noun, answer.short)
        return answer

    def writes(self, text: str, step: str | None = None) -> Note:
        note = Note(token_hex(16), token_urlsafe(32), text)
        body = {"note": note.note, "secret": note.secret, "text": text, "step": step}
        answer = self.inside.ask("POST", f"/r/{self.id}/notes", self.who["bearer"], body=body)
        assert answer.status == 201, answer.text
        self.notes.append(note)
        return note

    @property
    def last_step(self) -> str:
        if self.state in GONE:
            return "wall"
        live = self.inside.run(self.inside.services.live.open(self.id))  # type: ignore[arg-type]
        return str(live.room.steps[-1].id)

    def own_series(self) -> str:
        """The owner's one series, of two sessions to come."""
        at = self.inside.services
        account = self.inside.run(at.accounts.find(EMAILS[0]))
        assert account
        for own in self.inside.run(at.series.of(account)):
            self.inside.run(at.series.remove(account, own.thing.id))
        sessions = tuple(Session(id, title="À venir") for id in SESSIONS)
        fresh = Series("", "Le groupe du jeudi", sessions=sessions)
        [series] = self.inside.run(at.series.add(account, fresh))
        return series.id

    def own_script(self) -> str:
        """The owner's one script, as it came from the library."""
        at = self.inside.services
        account = self.inside.run(at.accounts.find(EMAILS[0]))
        assert account
        for own in self.inside.run(at.scripts.of(account)):
            self.inside.run(at.scripts.remove(account, own.thing.id))
        [script] = self.inside.run(at.scripts.add(account, scripts()[SCRIPT]))
        return script.id

    def own_card(self) -> str:
        """The owner's one card."""
        at = self.inside.services
        account = self.inside.run(at.accounts.find(EMAILS[0]))
        assert account
        for own in self.inside.run(at.cards.of(account)):
            self.inside.run(at.cards.remove(account, own.thing.id))
        idea = OwnCard(ConceptId(""), "Une idée", "Ce qu’elle dit.")
        [card] = self.inside.run(at.cards.add(account, idea))
        return card.id

    def seq(self) -> tuple[int, int]:
        """What an act would have moved: the number of events, and what waits face down."""
        store = self.inside.services.live.store
        inbox = self.inside.services.notes.inbox
        log = self.inside.run(store.read(self.id))  # type: ignore[arg-type]
        return len(log), self.inside.run(inbox.size(self.id))  # type: ignore[arg-type]


class Rooms:
    """Makes rooms of one facilitator and a colleague; somebody else, and a phone of another room,
    look on."""

    def __init__(self, inside: Inside, owner: Browser, other: Browser, colleague: Browser) -> None:
        self.inside = inside
        self.owner = owner
        self.other = other
        self.colleague = colleague
        self.other_phone = self.joins(self.opens(other)["code"])

    def opens(self, owner: Browser, **form: str) -> dict[str, str]:
        form = {"title": "Salle", "theme": "Thème", "mode": "reveal", **form}
        headers = {"accept": "application/json"}
        answer = self.inside.ask("POST", "/rooms", owner, form, headers=headers)
        assert answer.status == 201, answer.text
        opened: dict[str, str] = json.loads(answer.body)
        return opened

    def joins(self, code: str) -> Answer:
        headers = {"accept": "application/json"}
        answer = self.inside.ask("POST", "/join", Browser(), {"code": code}, headers=headers)
        assert answer.status == 200, answer.text
        return answer

    def make(self, state: str) -> Room:
        opened = self.opens(self.owner, **({"script": SCRIPT} if state == "lobby" else {}))
        phones = [self.joins(opened["code"]) for _ in range(3)]
        room = Room(
            self.inside,
            state,
            opened["room"],
            opened["code"],
            re.findall(r'"pass": ?"([^"]+)"', phones[0].text)[0],
            opened["projector"].partition("#")[2],
            "",
            {},
        )
        bearer = Browser(bearer=room.pass_, origin=None)
        room.who = {"owner": self.owner, "bearer": bearer}
        self.lets_in(room, phones[0])
        self.invites(room)
        if state != "lobby":
            self.furnish(room)
        if state == "absent":
            self.invent(room)
        return room

    def lets_in(self, room: Room, joined: Answer) -> None:
        """A browser for each role, with what it was given at the door."""
        screen = self.secret_opens(f"/p/{room.id}", room.screen)
        room.do("closings", keep="all")
        page = self.inside.ask("GET", f"/r/{room.id}/closing", self.owner)
        room.reader = re.findall(rf"/a/{room.id}#([\w-]+)", page.text)[0]
        reader = self.secret_opens(f"/a/{room.id}", room.reader)
        room.do("closings", undo="1")
        [theirs] = self.other_phone.cookies().values()
        forged = {f"phone-{room.id}": theirs, **self.other_phone.cookies()}
        room.who |= {
            "nobody": Browser(),
            "phone": Browser(joined.cookies()),
            "other phone": Browser(forged),
            "projector": Browser(screen),
            "reader": Browser(reader),
            "other facilitator": self.other,
            "co-facilitator": self.colleague,
            "foreign page": elsewhere(self.owner),
        }

    def invites(self, room: Room) -> None:
        team = self.inside.services.cofacilitation
        secret = self.inside.run(team.invite(room.id))  # type: ignore[arg-type]
        answer = self.inside.ask("POST", "/invitation", self.colleague, {"secret": secret})
        assert answer.status == 303, answer.text

    def secret_opens(self, path: str, secret: str) -> dict[str, str]:
        answer = self.inside.ask("POST", path, Browser(), {"secret": secret})
        assert answer.status == 303, answer.text
        return answer.cookies()

    def furnish(self, room: Room) -> None:
        for text in ("Une", "Deux", "Trois"):
            room.writes(f"{text} note")
        if room.state == "locked":
            room.do("locks", on="1")
        if room.state in ("sealed", "locked"):
            return
        room.do("reveals")
        room.cluster = token_hex(16)
        room.do("clusters", cluster=room.cluster, title="Grappe", note=room.notes[0].note)
        room.tension = token_hex(16)
        ends = {"a": room.cluster, "b": room.notes[1].note}
        room.do("tensions", tension=room.tension, **ends, both="tenir", **{"and": "lâcher"})
        room.do("cards", concept=CONCEPT, target=room.tension)
        if room.state in ("closing", "closed"):
            room.do("closings", keep="all")
        if room.state == "closed":
            self.two_minutes_later(room)
        if room.state == "erased":
            room.do("erasures")

    def two_minutes_later(self, room: Room) -> None:
        async def later() -> None:
            services = self.inside.services
            live = await services.live.open(room.id)  # type: ignore[arg-type]
            await services.closing.finish(live)

        self.inside.run(later())

    def invent(self, room: Room) -> None:
        """A room that never was, before which everybody brings what opens another."""
        real, room.id, room.code = room.id, token_hex(16), "222222"
        for role, browser in room.who.items():
            cookies = {name.replace(real, room.id): v for name, v in browser.cookies.items()}
            room.who[role] = Browser(cookies, browser.bearer, browser.origin)


def of_note(room: Room) -> dict[str, str]:
    return {"note": room.notes[0].note if room.notes else "a" * 32}


RECIPES: dict[str, Callable[[Room], Form]] = {
    "POST /join": lambda room: {"code": room.code},
    "POST /language": lambda room: {"language": "fr"},
    "POST /signin": lambda room: {"email": "personne@example.org", "password": "x" * 12},
    "POST /signout": lambda room: {},
    "POST /welcome": lambda room: {"token": "x", "password": "y" * 12},
    "POST /account/sittings": lambda room: {"sitting": "x"},
    "POST /account/password": lambda room: {"password": "z" * 12, "new": "y" * 12},
    "POST /invitation": lambda room: {"secret": "x" * 43},
    "POST /rooms": lambda room: {"title": "Salle", "theme": "Thème", "mode": "reveal"},
    "POST /scripts": lambda room: {"of": SCRIPT},
    "POST /scripts/imports": lambda room: {"yaml": write_scripts(scripts()[SCRIPT])},
    "POST /scripts/{script}": lambda room: {"rev": "0", "title_fr": "À nous"},
    "DELETE /scripts/{script}": lambda room: {},
    "POST /scripts/{script}/steps": lambda room: {"rev": "0", "at": "1"},
    "POST /scripts/{script}/moves": lambda room: {
        "rev": "0", "step": "1", "to": "2", "shown": "1",
    },
    "POST /scripts/{script}/steps/{number}": lambda room: {
        "rev": "0", **fields_of_step(scripts()[SCRIPT].steps[2]),
    },
    "DELETE /scripts/{script}/steps/{number}": lambda room: {},
    "POST /cards": lambda room: {"name": "Une idée", "definition": "Ce qu’elle dit."},
    "POST /cards/{card}": lambda room: {
        "rev": "0", "name": "Une idée", "definition": "Ce qu’elle dit.",
    },
    "DELETE /cards/{card}": lambda room: {},
    "POST /series": lambda room: {"name": "Le groupe du jeudi"},
    "POST /series/{series}": lambda room: {"rev": "0", "name": "Autrement"},
    "POST /series/{series}/sessions": lambda room: {"rev": "0", "title": "La place"},
    "POST /series/{series}/sessions/{session}": lambda room: {"rev": "0", "way": "later"},
    "DELETE /series/{series}/sessions/{session}": lambda room: {},
    "POST /series/{series}/threads": lambda room: {"rev": "0", "a": TENSION, "b": SESSIONS[1]},
    "DELETE /series/{series}/threads/{a}/{b}": lambda room: {},
    "DELETE /series/{series}": lambda room: {},
    "POST /p/{room}": lambda room: {"secret": "x" * 43},
    "POST /a/{room}": lambda room: {"secret": "x" * 43},
    "POST /r/{room}/leave": lambda room: {},
    "POST /r/{room}/notes": lambda room: {
        "note": token_hex(16), "secret": token_urlsafe(32), "text": "Encore une",
    },
    "POST /r/{room}/withdrawals": lambda room: {"note": token_hex(16), "secret": token_urlsafe(32)},
    "POST /r/{room}/steps": lambda room: {"go": "next"},
    "POST /r/{room}/script/steps": lambda room: {
        "step": token_hex(16), "before": "", "kind": "echange", "mode": "none", "minutes": "5",
        "title": "Encore", "prompt": "Dites encore",
    },
    "POST /r/{room}/script/steps/{step}": lambda room: {"minutes": "7"},
    "POST /r/{room}/script/moves": lambda room: {"step": room.last_step, "before": ""},
    "DELETE /r/{room}/script/steps/{step}": lambda room: {},
    "POST /r/{room}/script/copies": lambda room: {},
    "POST /r/{room}/reveals": lambda room: {},
    "POST /r/{room}/clusters": lambda room: {
        "cluster": token_hex(16), "title": "A", **of_note(room),
    },
    "POST /r/{room}/clusters/{cluster}": lambda room: {"title": "Autrement"},
    "POST /r/{room}/places": lambda room: {"cluster": room.cluster, "before": ""},
    "POST /r/{room}/merges": lambda room: {"cluster": room.cluster, "into": room.cluster},
    "POST /r/{room}/tensions": lambda room: {
        "tension": token_hex(16), "a": room.cluster, "b": of_note(room)["note"], "both": "tenir",
        "and": "lâcher",
    },
    "POST /r/{room}/tensions/{tension}": lambda room: {"both": "tenir", "and": "lâcher"},
    "DELETE /r/{room}/tensions/{tension}": lambda room: {},
    "POST /r/{room}/cards": lambda room: {"concept": "habitus"},
    "DELETE /r/{room}/cards/{concept}": lambda room: {},
    "POST /r/{room}/choices": lambda room: {"choice": token_hex(16), "most": "1"},
    "DELETE /r/{room}/choices/{choice}": lambda room: {},
    "POST /r/{room}/tellings": lambda room: {"choice": "d" * 32},
    "POST /r/{room}/ballots": lambda room: {
        "choice": "d" * 32, "ballot": token_hex(16), "secret": token_urlsafe(32), "clusters": [],
    },
    "DELETE /r/{room}/clusters/{cluster}": lambda room: {},
    "POST /r/{room}/moves": lambda room: {"cluster": ""} | of_note(room),
    "POST /r/{room}/hides": of_note,
    "POST /r/{room}/undos": lambda room: {},
    "POST /r/{room}/timers": lambda room: {"minutes": "5"},
    "POST /r/{room}/views": lambda room: {"scene": "prompt"},
    "POST /r/{room}/veils": lambda room: {"on": "1"},
    "POST /r/{room}/locks": lambda room: {"on": "1"},
    "POST /r/{room}/admissions": lambda room: {},
    "POST /r/{room}/codes": lambda room: {},
    "POST /r/{room}/closings": lambda room: {"keep": "all"},
    "POST /r/{room}/removals": of_note,
    "POST /r/{room}/links": lambda room: {"link": "screen"},
    "POST /r/{room}/invitations": lambda room: {},
    "POST /r/{room}/revocations": lambda room: {"invitation": "x"},
    "POST /r/{room}/erasures": lambda room: {},
}  # fmt: skip
"""What each unsafe route is sent, such that who may do it does it."""
JSON_BODIES = (
    "POST /r/{room}/notes", "POST /r/{room}/withdrawals", "POST /r/{room}/ballots",
)  # fmt: skip
SAFE = ("GET", "SOCKET", "FOLDER")


def names(line: Rule) -> str:
    """A line of the route table in two words."""
    match line.route:
        case WebSocketRoute(path=path):
            return f"SOCKET {path}"
        case Mount(path=path):
            return f"FOLDER {path}"
        case Route(path=path, methods=methods):
            [method] = (methods or set()) - {"HEAD"}
            return f"{method} {path}"
    raise TypeError(line)


TABLE = {names(line): line for line in table}


def path_of(name: str, room: Room, **other: str) -> str:
    known = {"room": room.id, "cluster": room.cluster or "b" * 32,
             "tension": room.tension or "c" * 32, "concept": CONCEPT,
             "choice": "d" * 32, "profile": "group",
             "format": "json", "number": "1", "step": room.last_step, **other}  # fmt: skip
    if "{series}" in name:
        known |= {"series": room.own_series(), "session": SESSIONS[0], "a": "x", "b": "y"}
    if "{script}" in name:
        known["script"] = room.own_script()
    if "{card}" in name:
        known["card"] = room.own_card()
    path = name.partition(" ")[2].format(**known)
    asks_rev = name.startswith(("DELETE /scripts/{script}/steps", "DELETE /series/{series}/"))
    return f"{path}?rev=0" if asks_rev else path


def asked(room: Room, name: str, browser: Browser, headers: dict[str, str] | None = None) -> Answer:
    """The answer to a route of the table, whoever asks; sockets are followed instead."""
    method, path = name.partition(" ")[0], path_of(name, room)
    if method == "FOLDER":
        method, path = "GET", f"{path}/mark.svg"
    if name == "POST /signout":  # the sitting is needed for the cells that follow
        browser = replace(browser, cookies={**browser.cookies, "sitting": "over"})
    form = RECIPES[name](room) if method != "GET" else None
    body = form if name in JSON_BODIES else None
    return room.inside.ask(method, path, browser, form, body, headers)


def outcome(room: Room, name: str, role: str) -> str:
    if name.startswith("SOCKET"):
        return room.inside.follow(path_of(name, room), room.who[role]).short
    return re.sub(r"[0-9a-f]{32}", "{room}", asked(room, name, room.who[role]).short)
