"""People act on a room at random, and its power goes at random; each answer and each screen must be
what one of the possible rooms of the model says.

There is more than one possible room after a power cut (was it before the commit, or after?) and
after two requests at once (which came first?). What is seen next decides between them.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import count, permutations
from typing import Any, ClassVar
from urllib.parse import urlencode

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule
from pytest import MonkeyPatch

from tests.contract.model.asking import COLLEAGUE, OWNER, PHONES, Asked, Sent, hashed
from tests.contract.model.installation import (
    Clock,
    Cut,
    Engine,
    Installation,
    PowerCut,
    hurry_passwords,
)
from tests.contract.model.planted import Plant
from tests.contract.model.room import Room
from tests.contract.model.screens import Screen
from tests.contract.model.state import UNSORTED, Step
from tests.contract.model.views import (
    exported,
    exported_by,
    is_shown,
    lanes_of,
    listed_in,
    passing,
    visible,
)
from tests.contract.people import board_of
from tests.contract.tree import Element, parse
from tests.web.inside import EMAILS, PASSWORD, Answer, Browser, Inside

SCRIPT = "rapport-au-travail"
KINDS = ("reveal", "waves", "direct", "script")
"""Rooms to open: bare walls of these modes, and one with a script."""


@dataclass(frozen=True)
class Start:
    """What every machine starts from: an installation with people who are signed in."""

    engine: Engine
    steps: dict[str, dict[str, Step]]
    """That each kind of room opens with."""
    browsers: dict[str, Browser]

    @classmethod
    def on(cls, engine: Engine) -> "Start":
        with MonkeyPatch.context() as patch:
            hurry_passwords(patch)
            at = Installation(engine.prepare())
            at.start()
            try:
                for email in EMAILS:
                    at.inside.run(at.inside.services.accounts.add(email, PASSWORD))
                browsers = {email: at.inside.signs_in(email) for email in EMAILS}
                return cls(engine, {k: steps_of(at, browsers[OWNER], k) for k in KINDS}, browsers)
            finally:
                at.end()


def steps_of(at: Installation, owner: Browser, kind: str) -> dict[str, Step]:
    page = opened_room(at, owner, kind)["page"]
    listed = listed_in(parse(at.inside.ask("GET", f"{page}/script", owner).text))
    return {id: step for id, step, _ in listed.steps}


def opened_room(at: Installation, owner: Browser, kind: str) -> dict[str, str]:
    chosen = {"script": SCRIPT} if kind == "script" else {"mode": kind}
    form = {"title": "Salle", "theme": "Thème", **chosen}
    headers = {"accept": "application/json"}
    answer = at.inside.ask("POST", "/rooms", owner, form, headers=headers)
    assert answer.status == 201, answer.text
    opened: dict[str, str] = json.loads(answer.body)
    return opened


class Play(RuleBasedStateMachine):
    """What all the rules of the machine share: one installation, one room, what is asked of it and
    what is then seen."""

    start: ClassVar[Start]
    planted: ClassVar[Plant | None] = None
    """A fault that is put into each server that starts."""

    notes: "Bundle[Sent]" = Bundle("notes")
    clusters: "Bundle[str]" = Bundle("clusters")

    page: str
    """Where the room is."""
    pass_: str
    """What all its phones show."""
    rooms: list[Room]
    """Those that it may be."""
    browsers: dict[str, Browser]
    screens: dict[str, Screen]

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.patch = MonkeyPatch()
        self.clock.rules(self.patch)
        hurry_passwords(self.patch)
        self.at = Installation(self.start.engine.copy())
        self.boot()
        self.cut: Cut | None = None
        self.seq, self.lanes = 0, {UNSORTED: dict[str, str]()}
        self.visible: frozenset[str] = frozenset()
        self.passing: frozenset[str] = frozenset()
        self.sent: set[str] = set()
        self.kept_secret: set[str] = set()
        """What no answer may hold, ever."""
        self.known: dict[str, Sent] = {}
        self.numbers = count(1)

    def boot(self) -> None:
        self.at.start()
        if plant := type(self).planted:
            plant(self.at, self.patch)

    def teardown(self) -> None:
        for screen in self.screens.values() if hasattr(self, "screens") else ():
            screen.leave(self.at.inside)
        self.at.end()
        self.start.engine.drop(self.at.settings)
        self.patch.undo()

    # What may be asked

    def posting(self, sent: Sent, rev: int = 0, step: str = "", secret: str = "") -> Asked:
        self.sent.add(sent.text(rev))
        self.known[sent.id] = sent
        given = {"note": sent.id, "secret": secret or sent.secret, "text": sent.text(rev)}
        return Asked(
            "",
            lambda room: room.put(sent.id, given["secret"], given["text"], rev, step),
            "POST",
            f"{self.page}/notes",
            Browser(bearer=self.pass_, origin=None),
            body={**given, "rev": rev, **({"step": step} if step else {})},
        )

    def withdrawing(self, sent: Sent, now: bool = False, secret: str = "") -> Asked:
        given = {"note": sent.id, "secret": secret or sent.secret, "now": now}
        return Asked(
            "",
            lambda room: room.take_back(sent.id, str(given["secret"]), now),
            "POST",
            f"{self.page}/withdrawals",
            Browser(bearer=self.pass_, origin=None),
            body=given,
        )

    def acting(
        self,
        who: str,
        noun: str,
        effect: Callable[[Room], str],
        method: str = "POST",
        **form: Any,
    ) -> Asked:
        path, browser = f"{self.page}/{noun}", self.browsers[who]
        return Asked(who, effect, method, path, browser, form or None, act=noun != "closings")

    def going(self, who: str, step: str) -> Asked:
        return self.acting(who, "steps", lambda room: room.go(step), go=step)

    def revealing(self, who: str, named: frozenset[str], anyway: bool) -> Asked:
        form: dict[str, Any] = {"step": sorted(named), **({"anyway": "1"} if anyway else {})}
        return self.acting(who, "reveals", lambda room: room.reveal(named, anyway), **form)

    def hiding(self, who: str, note: Sent) -> Asked:
        return self.acting(who, "hides", lambda room: room.hide(note.id), note=note.id)

    def moving(self, who: str, notes: list[str], cluster: str) -> Asked:
        return self.acting(
            who, "moves", lambda room: room.move(notes, cluster), note=notes, cluster=cluster
        )

    def undoing(self, who: str) -> Asked:
        return self.acting(who, "undos", lambda room: room.undo())

    def closing(self, who: str, keep: str) -> Asked:
        return self.acting(who, "closings", lambda room: room.close(keep), keep=keep)

    def forming(self, who: str, cluster: str, title: str, given: list[Sent]) -> Asked:
        ids = list(dict.fromkeys(sent.id for sent in given))
        return self.acting(
            who,
            "clusters",
            lambda room: room.form(cluster, title, ids),
            cluster=cluster,
            title=title,
            note=[sent.id for sent in given],
        )

    def forms_one(self, who: str) -> str:
        number = next(self.numbers)
        cluster = hashed(f"cluster {number}").hex()[:32]
        self.happens(self.forming(who, cluster, f"Grappe {number}.", []))
        return cluster

    def step_at(self, place: int, none: str = "unknown") -> str:
        steps = [*self.rooms[0].steps, none]
        return steps[place % len(steps)]

    @rule(who=st.sampled_from(PHONES))
    def looks(self, who: str) -> None:
        def effect(room: Room) -> str:
            room.look(who)
            return "200"

        self.happens(Asked(who, effect, "GET", self.page, self.browsers[who]))

    # Power

    def comes_up_again(self, goodbye: bool) -> None:
        """A power cut leaves no time to write anything down; a stop would."""
        for screen in self.screens.values():
            screen.leave(self.at.inside)  # which only memory knows
        self.at.power.on = goodbye
        self.at.stop()
        self.start.engine.outlive(self.at.settings)
        self.boot()
        self.at.keep_house()
        for room in self.rooms:
            room.restart()

    # What comes of it

    def happens(self, *asked: Asked) -> tuple[Answer, ...]:
        """Asks, and keeps the rooms in which the answers are the right ones."""
        before, self.at.power.cut, self.cut = self.rooms, self.cut, None
        try:
            answers = self.at.inside.run(self.all_answers(asked))
        except PowerCut:
            self.rooms = distinct(
                after for room in before for each in asked for after in each.cut_short(room)
            )
            self.comes_up_again(goodbye=False)
            self.look_around()
            return ()
        self.at.power.cut = None
        if len(asked) > 1:  # one may show for a moment what the other hides
            hanging = [room.notes[note].text for room in before for note in room.wall.lanes]
            self.passing |= set(hanging)
        given = [answer.short for answer in answers]
        self.rooms = distinct(after for room in before for after in outcomes(room, asked, given))
        assert self.rooms, (given, [expected(room, asked) for room in before])
        late = any(room.late for room in before)
        self.look_around(
            still=not late and (all_refused(given) or self.nothing_shows(before, asked))
        )
        return answers

    async def all_answers(self, asked: tuple[Asked, ...]) -> tuple[Answer, ...]:
        inside = self.at.inside
        return tuple(await asyncio.gather(*[answer_to(inside, each) for each in asked]))

    def nothing_shows(self, before: list[Room], asked: tuple[Asked, ...]) -> bool:
        """Phones asked for something that the wall does not show, or not yet."""
        same = all(room.wall == before[0].wall for room in [*before, *self.rooms])
        return same and not any(each.who in (OWNER, COLLEAGUE) for each in asked)

    def asks_for(self, what: str) -> Answer:
        return self.at.inside.ask("GET", f"{self.page}/{what}", self.browsers[OWNER])

    @property
    def gone(self) -> bool:
        return all(room.erased for room in self.rooms)

    def look_around(self, *, still: bool = False) -> None:
        """Every view is the wall of a possible room; `still` when nothing may have moved it."""
        assert not self.at.faults, self.at.faults
        answer = self.asks_for("board")
        if answer.status == 404:
            return self.nobody_sees_it_any_more()
        board = board_of(parse(answer.text))
        self.rooms = [room for room in self.rooms if is_shown(room, board)]
        assert self.rooms, f"no such wall: {lanes_of(board)} {board.canonical()}"
        self.numbers_go_on(board, still)
        frames = self.screens_show(board)
        export = self.asks_for("export/group.json").text
        assert exported(json.loads(export)) == exported_by(self.rooms[0])
        self.nothing_else_is_in(answer.text, export)
        before, self.visible = self.visible, visible(self.rooms[0])
        self.nothing_else_is_in(*frames, but=before | self.passing)
        self.passing = frozenset(text for room in self.rooms for text in passing(room))

    def numbers_go_on(self, board: Element, still: bool) -> None:
        number, lanes = int(board["data-seq"]), lanes_of(board)
        if still:
            assert number == self.seq, "nothing happened, and the number moved"
        elif lanes != self.lanes:
            assert number > self.seq, "the wall is another one, its number is not"
        assert number >= self.seq, "numbers go on"
        self.seq, self.lanes = number, lanes

    def screens_show(self, board: Element) -> list[str]:
        """What each one was told; it is the same for all that were there."""
        told = []
        for who, screen in self.screens.items():
            if screen.wire:
                told += screen.frames()
                assert not screen.ended, (who, screen.ended)
                assert screen.board.canonical() == board.canonical(), who
        return told

    def nothing_else_is_in(self, *answers: str, but: frozenset[str] = frozenset()) -> None:
        for text in (self.sent - visible(self.rooms[0]) - but) | self.kept_secret:
            assert not any(text in answer for answer in answers), f"{text!r} is in an answer"

    def looks_closer(self) -> None:
        """What each subject has to see beside the board: now and then, as it takes long."""

    def nobody_sees_it_any_more(self) -> None:
        self.rooms = [room for room in self.rooms if room.erased]
        assert self.rooms, "the room is gone"
        for screen in self.screens.values():
            screen.frames()
            assert not screen.wire or screen.ended == 4404
        for what in ("", "/board", "/timeline", "/export/group.json"):
            for browser in self.browsers.values():
                answer = self.at.inside.ask("GET", f"{self.page}{what}", browser)
                assert answer.short == "404 room-unknown"


def distinct(rooms: Iterable[Room]) -> list[Room]:
    found: list[Room] = []
    for room in rooms:
        if room not in found:
            found.append(room)
    return found


def outcomes(room: Room, asked: Sequence[Asked], given: Sequence[str]) -> Iterator[Room]:
    """What the room may be when these answers were given, whichever request came first."""
    for order in permutations(zip(asked, given, strict=True)):
        after = deepcopy(room)
        if all(each.changes(after) == answer for each, answer in order):
            yield after


def expected(room: Room, asked: Sequence[Asked]) -> list[str]:
    after = deepcopy(room)
    return [each.changes(after) for each in asked]


async def answer_to(inside: Inside, asked: Asked) -> Answer:
    kind, content = "application/x-www-form-urlencoded", urlencode(asked.form or {}, doseq=True)
    if asked.body is not None:
        kind, content = "application/json", json.dumps(asked.body)
    headers = {"content-type": kind, "content-length": str(len(content))}
    if asked.method == "GET":
        headers = {}
    scope = inside.scope("http", asked.method, asked.path, {**asked.browser.headers(), **headers})
    return await inside.answer(scope, content.encode())


def all_refused(answers: Iterable[str]) -> bool:
    return all(answer >= "400" for answer in answers)
