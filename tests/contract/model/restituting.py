"""What would leave the room is written, read together, accepted or not; and what then leaves it."""

import json
import re
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.contract.model.asking import SCREENS, Asked, Sent, facilitators, flips, some
from tests.contract.model.play import Play
from tests.contract.model.restitution import Outside
from tests.contract.model.room import Room
from tests.contract.model.session import Session
from tests.contract.model.state import Text
from tests.contract.model.views import outside_in, read_in
from tests.contract.tree import parse

AUDIENCES = ("sponsor", "research")
TEXTUAL = ("csv", "md", "html")
audiences = st.sampled_from(AUDIENCES)
keeps = st.sampled_from(("all", "all", "reduced", "nothing"))
changes = st.sampled_from(
    ("hidden", "taken back", "reworded", "proposed anew", "withdrawn", "undone")
)
VERSION = re.compile(r'name="title" value="([0-9a-f]{32})"')


class Restituting(Session):
    notes, clusters = Play.notes, Play.clusters

    def __init__(self) -> None:
        super().__init__()
        self.versions: dict[str, str] = {}
        """What the page calls a text, by its title."""

    def proposing(
        self, who: str, audience: str, clusters: list[str], given: list[str], title: str = ""
    ) -> Asked:
        """In words that are in no note and in no other text."""
        number = next(self.numbers)
        text = Text(
            title or f"Texte {number}.",
            {cluster: f"Lu {number} {n}." for n, cluster in enumerate(dict.fromkeys(clusters))},
            {note: ("", f"Extrait {number} {n}.") for n, note in enumerate(dict.fromkeys(given))},
        )
        form: dict[str, Any] = {
            "title": text.title,
            "cluster": [*text.clusters],
            **{f"title-{cluster}": said for cluster, said in text.clusters.items()},
            **{f"excerpt-{note}": said for note, (_, said) in text.excerpts.items()},
        }

        def effect(room: Room) -> str:
            return room.propose(audience, text)

        return self.acting(who, f"restitutions/{audience}", effect, **form)

    def accepting(self, who: str, audience: str, title: str, *, ticked: bool = True) -> Asked:
        points = ("heard", "apart", "ethics") if audience == "research" else ("heard",)
        form = dict.fromkeys(points if ticked else points[:-1], "1")
        version = self.versions.get(title, "0" * 32)

        def effect(room: Room) -> str:
            return room.accept(audience, title, ticked=ticked)

        return self.acting(who, f"agreements/{audience}", effect, title=version, **form)

    @rule(who=facilitators, audience=audiences, given=st.lists(notes, max_size=2),
          chosen=st.lists(clusters, max_size=2))  # fmt: skip
    def proposes(self, who: str, audience: str, given: list[Sent], chosen: list[str]) -> None:
        ids = [sent.id for sent in given]
        self.happens(self.proposing(who, audience, chosen, ids))
        self.read_on_every_screen(audience)

    @rule(who=facilitators, audience=audiences, sent=notes, rev=st.integers(0, 1))
    def proposes_what_a_note_says(self, who: str, audience: str, sent: Sent, rev: int) -> None:
        self.happens(self.proposing(who, audience, [], [], sent.text(rev)))
        self.read_on_every_screen(audience)

    @rule(who=facilitators, audience=audiences, number=some, ticked=flips)
    def accepts(self, who: str, audience: str, number: int, ticked: bool) -> None:
        """The text that is there, or one that is no longer."""
        titles = [*self.versions, "unknown"]
        text = self.rooms[0].texts.get(audience)
        title = text.title if text and number % 2 else titles[number % len(titles)]
        self.happens(self.accepting(who, audience, title, ticked=ticked))
        self.read_on_every_screen(audience)

    @rule(who=facilitators, audience=audiences, step=some, agreed=flips, then=changes, keep=keeps)
    def a_text_is_read(
        self, who: str, audience: str, step: int, agreed: bool, then: str, keep: str
    ) -> None:
        """And accepted, or not; then some of it changes, the room is closed, and reopened."""
        if not any(self.rooms[0].shown().values()):
            self.a_group_writes(step, revealed=True)
        hanging = [note for lane in self.rooms[0].shown().values() for note in lane]
        chosen = [self.forms_one(who), *self.rooms[0].wall.titles][:2]
        given = hanging[:2] if audience == "research" else []
        self.happens(self.proposing(who, audience, chosen, given))
        self.read_on_every_screen(audience)
        text = self.rooms[0].texts.get(audience)
        if agreed and text:
            self.happens(self.accepting(who, audience, text.title))
        self.happens(self.changing_what_was_read(who, audience, then, hanging))
        self.read_on_every_screen(audience)
        self.happens(self.closing(who, keep))
        self.what_goes_out()
        self.reopens(who)

    def changing_what_was_read(
        self, who: str, audience: str, then: str, hanging: list[str]
    ) -> Asked:
        """None of it may come out again, and what was accepted is no other text."""
        sent = self.known[hanging[0]] if hanging else Sent(0)
        match then:
            case "hidden":
                return self.hiding(who, sent)
            case "taken back":
                return self.withdrawing(sent, now=True)
            case "reworded":
                return self.posting(sent, rev=3)
            case "proposed anew":
                return self.proposing(who, audience, [*self.rooms[0].wall.titles][:1], [])
            case "withdrawn":
                return self.withdrawing_text(who, audience)
            case _:
                return self.undoing(who)

    @rule(who=facilitators, audience=audiences)
    def withdraws(self, who: str, audience: str) -> None:
        self.happens(self.withdrawing_text(who, audience))
        self.read_on_every_screen(audience)

    def withdrawing_text(self, who: str, audience: str) -> Asked:
        noun = f"agreements/{audience}"
        return self.acting(who, noun, lambda room: room.withdraw(audience), withdraw="1")

    @rule(audience=audiences)
    def read_on_every_screen(self, audience: str) -> None:
        """All of what would go out and nothing else, the same for everybody, until the closing."""
        if self.gone:
            return
        answers = {
            self.at.inside.ask("GET", f"{self.page}/readings/{audience}", self.browsers[who])
            for who in SCREENS
        }
        for answer in answers:
            told: tuple[Outside, bool] | str = answer.short
            if answer.status == 200:
                told = read_in(parse(answer.text))
                self.nothing_else_is_in(answer.text)
            self.rooms = [room for room in self.rooms if reading(room, audience) == told]
            assert self.rooms, f"no such text: {told}"
        self.learns_its_version(audience)

    def learns_its_version(self, audience: str) -> None:
        text = self.rooms[0].texts.get(audience)
        if text is None or text.title in self.versions or self.rooms[0].keep:
            return
        page = self.asks_for(f"restitutions/{audience}")
        if found := VERSION.search(page.text):
            self.versions[text.title] = found[1]

    def looks_closer(self) -> None:
        super().looks_closer()
        self.what_goes_out()

    def what_goes_out(self) -> None:
        """Only what was accepted, in every format; no line of it is a note's."""
        for audience in AUDIENCES if not self.gone else ():
            answer = self.asks_for(f"export/{audience}.json")
            told: Outside | str = answer.short
            if answer.status == 200:
                told = outside_in(json.loads(answer.text))
                files = [self.asks_for(f"export/{audience}.{each}").text for each in TEXTUAL]
                assert not any(text in file for text in self.sent for file in (answer.text, *files))
            self.rooms = [room for room in self.rooms if room.takes_out(audience) == told]
            assert self.rooms, f"no such file for {audience}: {told}"


def reading(room: Room, audience: str) -> tuple[Outside, bool] | str:
    if room.keep:
        return "409 room-closed"
    read = room.read(audience)
    return (read, room.texts[audience].accepted) if read else "404 restitution-unknown"
