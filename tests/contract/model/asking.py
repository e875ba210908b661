"""What people ask for, and what each request does to a room of the model."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.contract.model.room import Room
from tests.web.inside import EMAILS, Browser, Form

OWNER, STRANGER, COLLEAGUE = EMAILS
PHONES = ("phone 1", "phone 2", "phone 3", "phone 4")
SCREENS = (OWNER, "projector", PHONES[0])
JOIN = "/join"

flips = st.booleans()
facilitators = st.sampled_from((OWNER, COLLEAGUE))
some = st.integers(0, 7)
"""Which of those that there are. What is drawn must not depend on what was answered: two requests
at once come in either order."""
places = st.integers(0, 15)
"""Of a step in the script, counted on from the first; one of them is that of none."""


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
