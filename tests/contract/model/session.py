"""One session from its opening to its end: who is there, the steps, the closing, the power."""

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, multiple, rule

from tests.contract.model.asking import (
    COLLEAGUE,
    JOIN,
    OWNER,
    PHONES,
    SCREENS,
    STRANGER,
    Asked,
    Sent,
    facilitators,
    flips,
    places,
    some,
)
from tests.contract.model.installation import Cut
from tests.contract.model.play import KINDS, Play, opened_room
from tests.contract.model.room import Room
from tests.contract.model.screens import Screen
from tests.contract.people import board_of
from tests.contract.tree import parse
from tests.web.inside import PASSWORD, Browser

PROFILES = st.sampled_from(("group", "facilitator"))
TEXTUAL = st.sampled_from(("json", "csv", "md", "html"))
cuts = st.builds(Cut, st.integers(1, 4), st.booleans())


class Session(Play):
    notes, clusters = Play.notes, Play.clusters

    @initialize(kind=st.sampled_from(KINDS), begun=flips)
    def opens(self, kind: str, begun: bool) -> None:
        opened = opened_room(self.at, self.start.browsers[OWNER], kind)
        self.id, self.code, self.page = opened["room"], opened["code"], opened["page"]
        self.rooms = [Room(self.start.steps[kind])]
        self.browsers = dict(self.start.browsers)
        self.invites()
        self.lets_in(opened["projector"].partition("#")[2])
        if begun and not self.rooms[0].step:
            self.begins()

    def begins(self) -> None:
        """With the first step that people write in."""
        writing = [step for step, mode in self.rooms[0].modes.items() if mode != "none"]
        self.happens(self.going(OWNER, writing[0]))

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

    # Steps and notes

    def writing_step(self, number: int) -> str:
        """One that was entered, or for 0 the current one without naming it."""
        room = self.rooms[0]
        named = sorted(step for step in room.entered if room.modes[step] != "none")
        return ["", *named][number % (len(named) + 1)]

    @rule(target=notes, step=some, revealed=flips)
    def a_group_writes(self, step: int, revealed: bool) -> Any:
        """As many notes and phones as a reveal wants."""
        if not self.rooms[0].step and not self.rooms[0].keep:
            self.begins()
        named = self.writing_step(step)
        group = [Sent(next(self.numbers)) for _ in range(3)]
        for phone, sent in zip(PHONES, group, strict=False):
            self.looks(phone)
            self.happens(self.posting(sent, step=named))
        if revealed:
            self.happens(self.revealing(OWNER, frozenset(), anyway=False))
        return multiple(*group)

    @rule(who=facilitators, place=places)
    def goes(self, who: str, place: int) -> None:
        writing = [step for step, mode in self.rooms[0].modes.items() if mode != "none"]
        steps = ["next", "unknown", *writing]
        self.happens(self.going(who, steps[place % len(steps)]))

    # What whoever facilitates does with the room

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
        self.looks_closer()
        if late < 3:
            self.reopens(who)
        for _ in range(late - 2):
            self.a_minute_passes()
        self.looks_closer()

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
        self.looks_closer()

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
