"""People act on a room at random, and its power goes at random; each answer and each screen must be
what one of the possible rooms of the model says.

There is more than one possible room after a power cut (was it before the commit, or after?) and
after two requests at once (which came first?). What is seen next decides between them.
"""

import asyncio
import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import count, permutations
from typing import Any, ClassVar
from urllib.parse import urlencode

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
)
from pytest import MonkeyPatch

from tests.contract.model.installation import (
    Clock,
    Cut,
    Engine,
    Installation,
    PowerCut,
    hurry_passwords,
)
from tests.contract.model.planted import Plant
from tests.contract.model.room import UNSORTED, Room
from tests.contract.model.screens import Screen
from tests.contract.people import board_of, text_of
from tests.contract.tree import Element, parse
from tests.web.inside import EMAILS, PASSWORD, Answer, Browser, Form, Inside

SCRIPT = "rapport-au-travail"
OWNER, STRANGER, COLLEAGUE = EMAILS
PHONES = ("phone 1", "phone 2", "phone 3", "phone 4")
SCREENS = (OWNER, "projector", PHONES[0])
JOIN = "/join"
PROFILES = st.sampled_from(("group", "facilitator"))
TEXTUAL = st.sampled_from(("json", "csv", "md", "html"))

KEEPS = st.sampled_from(("all", "reduced", "nothing"))

flips = st.booleans()
facilitators = st.sampled_from((OWNER, COLLEAGUE))
some = st.integers(0, 7)
"""Which of those that there are. What is drawn must not depend on what was answered: two requests
at once come in either order."""
cuts = st.builds(Cut, st.integers(1, 4), st.booleans())


@dataclass(frozen=True)
class Sent:
    """A note as its phone knows it; each revision has a text that is in no other."""

    number: int

    @property
    def id(self) -> str:
        return hashed(f"note {self.number}").hex()[:32]

    @property
    def secret(self) -> str:
        return urlsafe_b64encode(hashed(f"secret {self.number}")).decode().rstrip("=")

    def text(self, rev: int) -> str:
        return f"Note n{self.number}v{rev}."


def hashed(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


@dataclass
class Asked:
    """A request, and what it does to a room of the model."""

    who: str
    effect: Callable[[Room], str]
    method: str
    path: str
    browser: Browser
    form: Form | None = None
    body: object = None
    act: bool = False
    """It is a facilitator's: if it is done, late changes come along."""

    def changes(self, room: Room) -> str:
        """Changes the room; what it answers."""
        answer = self.does(room)
        if self.act and answer == "204":
            room.settle_all()
        return answer

    def does(self, room: Room) -> str:
        if room.erased and self.path != JOIN:
            return "404 room-unknown"
        if self.who == STRANGER:
            return "403 not-yours"
        return self.effect(room)

    def cut_short(self, room: Room) -> Iterator[Room]:
        """The rooms that a power cut meanwhile may leave."""
        done = deepcopy(room)
        answer = self.does(done)
        yield from room.half_settled()
        if not answer.startswith("4"):
            yield from done.half_settled()


@dataclass(frozen=True)
class Start:
    """What every machine starts from: an installation with people who are signed in."""

    engine: Engine
    modes: dict[str, str]
    """The steps of the script."""
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
                return cls(engine, modes_of_script(at, browsers[OWNER]), browsers)
            finally:
                at.end()


def modes_of_script(at: Installation, owner: Browser) -> dict[str, str]:
    """Of each step, by walking through it."""
    room, modes = opened_room(at, owner, {"script": SCRIPT})["page"], {}
    while at.inside.ask("POST", f"{room}/steps", owner, {"go": "next"}).status == 204:
        board = board_of(parse(at.inside.ask("GET", f"{room}/board", owner).text))
        modes[board["data-step"]] = board["data-mode"]
    return modes


def opened_room(at: Installation, owner: Browser, form: dict[str, str]) -> dict[str, str]:
    form = {"title": "Salle", "theme": "Thème", **form}
    headers = {"accept": "application/json"}
    answer = at.inside.ask("POST", "/rooms", owner, form, headers=headers)
    assert answer.status == 201, answer.text
    opened: dict[str, str] = json.loads(answer.body)
    return opened


class Contract(RuleBasedStateMachine):
    start: ClassVar[Start]
    planted: ClassVar[Plant | None] = None
    """A fault that is put into each server that starts."""

    notes: "Bundle[Sent]" = Bundle("notes")
    clusters: "Bundle[str]" = Bundle("clusters")

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

    # The room, its people and its screens

    @initialize(kind=st.sampled_from(("reveal", "waves", "direct", "script")))
    def opens(self, kind: str) -> None:
        form = {"script": SCRIPT} if kind == "script" else {"mode": kind}
        opened = opened_room(self.at, self.start.browsers[OWNER], form)
        self.id, self.code, self.page = opened["room"], opened["code"], opened["page"]
        self.rooms = [Room(self.start.modes if kind == "script" else {"wall": kind})]
        self.browsers = dict(self.start.browsers)
        self.invites()
        self.lets_in(opened["projector"].partition("#")[2])

    def invites(self) -> None:
        inside = self.at.inside
        secret = inside.run(inside.services.cofacilitation.invite(self.id))  # type: ignore[arg-type]
        form = {"secret": secret}
        answer = inside.ask("POST", "/invitation", self.browsers[COLLEAGUE], form)
        assert answer.status == 303, answer.text

    def lets_in(self, projector: str) -> None:
        answer = self.at.inside.ask("POST", f"/p/{self.id}", Browser(), {"secret": projector})
        assert answer.status == 303, answer.text
        self.browsers["projector"] = Browser(answer.cookies())
        self.screens: dict[str, Screen] = {}
        self.look_around()
        for phone in PHONES:
            self.joins(phone)
        self.screens = {who: Screen(f"{self.page}/live", self.browsers[who]) for who in SCREENS}

    @rule(who=st.sampled_from(("latecomer", *PHONES)))
    def joins(self, who: str) -> None:
        """Who is in the room keeps its cookie, and goes past a locked door."""
        browser = self.browsers.get(who, Browser())

        def effect(room: Room) -> str:
            known = room.locked and browser.cookies and not room.keep and not room.erased
            return self.comes_back(room, who) if known else room.join(who)

        asking = Browser(browser.cookies, accept="application/json")
        for answer in self.happens(Asked(who, effect, "POST", JOIN, asking, {"code": self.code})):
            if answer.status == 200 and who in PHONES:
                self.browsers[who] = Browser({**browser.cookies, **answer.cookies()})
                self.pass_ = json.loads(answer.body)["pass"]

    def comes_back(self, room: Room, who: str) -> str:
        room.look(who)
        return "200"

    @rule(who=st.sampled_from(PHONES))
    def looks(self, who: str) -> None:
        def effect(room: Room) -> str:
            room.look(who)
            return "200"

        self.happens(Asked(who, effect, "GET", self.page, self.browsers[who]))

    # Notes

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

    def writing_step(self, number: int) -> str:
        """One that was entered, or for 0 the current one without naming it."""
        room = self.rooms[0]
        named = sorted(step for step in room.entered if room.modes[step] != "none")
        return ["", *named][number % (len(named) + 1)]

    @rule(target=notes, step=some)
    def writes(self, step: int) -> Sent:
        sent = Sent(next(self.numbers))
        self.happens(self.posting(sent, step=self.writing_step(step)))
        return sent

    @rule(target=notes, step=some, revealed=flips)
    def a_group_writes(self, step: int, revealed: bool) -> Any:
        """As many notes and phones as a reveal wants."""
        named = self.writing_step(step)
        group = [Sent(next(self.numbers)) for _ in range(3)]
        for phone, sent in zip(PHONES, group, strict=False):
            self.looks(phone)
            self.happens(self.posting(sent, step=named))
        if revealed:
            self.happens(self.revealing(OWNER, frozenset(), anyway=False))
        return multiple(*group)

    @rule(sent=notes, rev=st.integers(0, 3))
    def sends_again(self, sent: Sent, rev: int) -> None:
        """A retry, a newer text, or an older one that comes late."""
        self.happens(self.posting(sent, rev))

    @rule(target=notes, rev=st.integers(0, 2))
    def writes_anew_before_the_first_comes(self, rev: int) -> Sent:
        sent = Sent(next(self.numbers))
        self.happens(self.posting(sent, rev + 1))
        self.happens(self.posting(sent, rev))
        return sent

    @rule(sent=notes, other=notes, rev=st.integers(0, 3))
    def somebody_else_sends(self, sent: Sent, other: Sent, rev: int) -> None:
        self.happens(self.posting(sent, rev, secret=other.secret))

    @rule(number=some, goodbye=flips)
    def takes_back_before_a_restart(self, number: int, goodbye: bool) -> None:
        """What was promised is kept, also by a server that starts anew."""
        if hanging := sorted(self.rooms[0].wall.lanes):
            self.happens(self.withdrawing(self.known[hanging[number % len(hanging)]]))
        self.restarts(goodbye)
        self.a_minute_passes()

    @rule(sent=notes, now=flips)
    def takes_back(self, sent: Sent, now: bool) -> None:
        self.happens(self.withdrawing(sent, now))

    @rule(sent=notes, other=notes, now=flips)
    def somebody_else_takes_back(self, sent: Sent, other: Sent, now: bool) -> None:
        self.happens(self.withdrawing(sent, now, other.secret))

    @rule(target=notes)
    def takes_back_what_has_not_come(self) -> Sent:
        sent = Sent(next(self.numbers))
        self.happens(self.withdrawing(sent))
        return sent

    # Facilitators

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

    @rule(who=facilitators, data=st.data())
    def goes(self, who: str, data: st.DataObject) -> None:
        writing = [step for step, mode in self.rooms[0].modes.items() if mode != "none"]
        steps = st.sampled_from(["next", "unknown", *writing])
        self.happens(self.going(who, data.draw(steps, label="step")))

    @rule(who=facilitators, anyway=flips)
    def reveals(self, who: str, anyway: bool) -> None:
        self.happens(self.revealing(who, frozenset(), anyway))

    @rule(who=facilitators, anyway=flips, data=st.data())
    def reveals_a_step(self, who: str, anyway: bool, data: st.DataObject) -> None:
        step = data.draw(st.sampled_from(["unknown", *self.rooms[0].modes]), label="step")
        self.happens(self.revealing(who, frozenset({step}), anyway))

    @rule(target=clusters, who=facilitators, given=st.lists(notes, max_size=3))
    def forms(self, who: str, given: list[Sent]) -> str:
        number = next(self.numbers)
        cluster, title = hashed(f"cluster {number}").hex()[:32], f"Grappe {number}."
        self.happens(self.forming(who, cluster, title, given))
        return cluster

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

    @rule(who=facilitators, cluster=clusters, given=st.lists(notes, max_size=2))
    def forms_again(self, who: str, cluster: str, given: list[Sent]) -> None:
        title = f"Grappe {next(self.numbers)}."
        self.happens(self.forming(who, cluster, title, given))

    def renaming(self, who: str, cluster: str, title: str) -> Asked:
        noun = f"clusters/{cluster}"
        return self.acting(who, noun, lambda room: room.rename(cluster, title), title=title)

    @rule(who=facilitators, cluster=clusters, named=flips)
    def renames(self, who: str, cluster: str, named: bool) -> None:
        title = f"Grappe {next(self.numbers)}." if named else ""
        self.happens(self.renaming(who, cluster, title))

    @rule(who=facilitators, cluster=clusters)
    def dissolves(self, who: str, cluster: str) -> None:
        noun = f"clusters/{cluster}"
        self.happens(self.acting(who, noun, lambda room: room.dissolve(cluster), "DELETE"))

    @rule(who=facilitators, given=st.lists(notes, max_size=3), cluster=clusters | st.just(UNSORTED))
    def moves(self, who: str, given: list[Sent], cluster: str) -> None:
        self.happens(self.moving(who, [sent.id for sent in given], cluster))

    @rule(who=facilitators, sent=notes)
    def hides(self, who: str, sent: Sent) -> None:
        self.happens(self.hiding(who, sent))

    @rule(who=facilitators)
    def undoes(self, who: str) -> None:
        self.happens(self.undoing(who))

    @rule(target=notes, who=facilitators, step=some)
    def undoes_after_notes_came(self, who: str, step: int) -> Any:
        """They stay: they are nobody's act."""
        self.forms(who, [])
        group = self.a_group_writes(step, revealed=True)
        self.undoes(who)
        return group

    @rule(who=facilitators, noun=st.sampled_from(("veil", "lock")), on=flips)
    def switches(self, who: str, noun: str, on: bool) -> None:
        def effect(room: Room) -> str:
            return room.veil(on) if noun == "veil" else room.lock(on)

        self.happens(self.acting(who, f"{noun}s", effect, on=int(on)))

    @rule(
        who=facilitators,
        keep=st.sampled_from(("all", "reduced", "nothing")),
        late=st.integers(0, 4),
    )
    def closes(self, who: str, keep: str, late: int) -> None:
        """More often than not they come back at once: a closed room does little."""
        self.happens(self.closing(who, keep))
        if late < 3:
            self.reopens(who)
        for _ in range(late - 2):
            self.a_minute_passes()

    @rule(who=facilitators)
    def reopens(self, who: str) -> None:
        """Or changes nothing."""
        self.happens(self.acting(who, "closings", lambda room: room.reopen(), undo="1"))

    @rule(noun=st.sampled_from(("undos", "reveals", "veils", "closings")))
    def a_stranger_tries(self, noun: str) -> None:
        form = {"on": "1", "keep": "nothing"}
        self.happens(self.acting(STRANGER, noun, lambda room: "", **form))

    @rule(who=facilitators)
    def erases(self, who: str) -> None:
        """For the owner alone, and here only when the session is over: not much happens after."""
        if not all(room.keep for room in self.rooms):
            return
        effect = Room.erase if who == OWNER else lambda room: "403 not-yours"
        asked = self.acting(who, "erasures", effect, password=PASSWORD)
        self.happens(asked)

    # Two at once

    @rule(data=st.data(), first=notes, second=notes)
    def two_at_once(self, data: st.DataObject, first: Sent, second: Sent) -> None:
        some: list[Callable[[str, Sent], Asked]] = [
            lambda who, sent: self.posting(sent, 1),
            lambda who, sent: self.withdrawing(sent, now=True),
            lambda who, sent: self.withdrawing(sent),
            lambda who, sent: self.revealing(who, frozenset(), anyway=False),
            lambda who, sent: self.hiding(who, sent),
            lambda who, sent: self.moving(who, [sent.id], UNSORTED),
            lambda who, sent: self.undoing(who),
            lambda who, sent: self.closing(who, "all"),
        ]
        one, other = (data.draw(st.sampled_from(range(len(some)))) for _ in range(2))
        self.cut = None
        self.happens(some[one](OWNER, first), some[other](COLLEAGUE, second))

    # Time, power, lines

    @rule()
    def a_minute_passes(self) -> None:
        self.cut = None
        self.clock.passed += 61
        self.at.keep_house()
        for room in self.rooms:
            if not room.erased:
                room.wait()
        self.look_around()

    @rule(cut=cuts)
    def the_power_will_go(self, cut: Cut) -> None:
        """During the next request, if it comes to that commit."""
        self.cut = cut

    @rule(goodbye=flips)
    def restarts(self, goodbye: bool) -> None:
        self.comes_up_again(goodbye)
        self.look_around()

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

    @rule(who=st.sampled_from(SCREENS))
    def follows(self, who: str) -> None:
        """Connects, or connects again with the number that it has."""
        if self.gone:
            return
        screen = self.screens[who]
        if screen.wire:
            self.leaves(who)
        screen.connect(self.at.inside)
        for room in self.rooms if who in PHONES else ():
            room.connect(who)
        self.look_around()

    @rule(who=st.sampled_from(SCREENS))
    def leaves(self, who: str) -> None:
        if self.screens[who].wire:
            self.screens[who].leave(self.at.inside)
            for room in self.rooms if who in PHONES else ():
                room.disconnect(who)

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
        assert self.rooms, f"no such wall: {lanes_of(board)} {board.attributes}"
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
        for text in self.sent - visible(self.rooms[0]) - but:
            assert not any(text in answer for answer in answers), f"{text!r} is in an answer"

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

    @rule(profile=PROFILES, format=TEXTUAL, who=facilitators, back=st.integers(0, 60))
    def looks_back(self, profile: str, format: str, who: str, back: int) -> None:
        """No other answer has what is not on the wall; every number was a moment."""
        if self.gone:
            return
        at = max(0, self.seq - back)
        paths = ("", "/timeline", f"/export/{profile}.{format}", f"/board?at={at}")
        answers = [
            self.at.inside.ask("GET", self.page + path, self.browsers[who]) for path in paths
        ]
        assert [answer.status for answer in answers] == [200] * len(paths)
        self.nothing_else_is_in(*[answer.text for answer in answers])
        assert board_of(parse(answers[-1].text))["data-seq"] == str(at)
        assert self.asks_for(f"board?at={self.seq + 1}").short == "404 past-unknown"


def machine(start: Start, plant: Plant | None = None) -> type[Contract]:
    """With a start, and a fault, of its own."""
    return type("Machine", (Contract,), {"start": start, "planted": plant and staticmethod(plant)})


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


def is_shown(room: Room, board: Element) -> bool:
    if room.erased or lanes_of(board) != room.shown() or titles_of(board) != room.shown_titles():
        return False
    return all(board[name] == value for name, value in room.head().items())


def lanes_of(board: Element) -> dict[str, dict[str, str]]:
    """The texts on a board by note, by cluster."""
    lanes = {
        cluster["data-cluster"]: cluster.having("data-note")
        for cluster in board.having("data-cluster")
    }
    filed = {note["data-note"] for notes in lanes.values() for note in notes}
    lanes[UNSORTED] = [each for each in board.having("data-note") if each["data-note"] not in filed]
    return {
        cluster: {each["data-note"]: text_of(each) for each in notes}
        for cluster, notes in lanes.items()
    }


def titles_of(board: Element) -> dict[str, str]:
    return {
        cluster["data-cluster"]: cluster.having("data-title")[0].text.strip()
        for cluster in board.having("data-cluster")
    }


def visible(room: Room) -> frozenset[str]:
    return frozenset(text for notes in room.shown().values() for text in notes.values())


def passing(room: Room) -> Iterator[str]:
    """What late changes may show for a moment, between an act and the changes that come with it."""
    for note, late in room.late.items():
        yield room.notes[note].text
        if late.text is not None:
            yield late.text


Exported = dict[str, set[str]]
"""The texts of each cluster, by its title; those of none under the empty one."""


def exported(document: dict[str, Any]) -> Exported:
    titles = {cluster["id"]: cluster["title"] for cluster in document["clusters"]} | {None: ""}
    lanes: Exported = {title: set() for title in titles.values()}
    for note in document["notes"]:
        lanes[titles[note["cluster"]]].add(note["text"])
    return lanes


def exported_by(room: Room) -> Exported:
    titles = room.shown_titles() | {UNSORTED: ""}
    return {titles[cluster]: set(notes.values()) for cluster, notes in room.shown().items()}
