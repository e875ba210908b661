"""What one room of the model holds, in plain sets and dicts: what a server would have to know, and
what is in its memory only."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import NamedTuple

THRESHOLD = 3
UNDO_DEPTH = 10
CLUSTERS = 26
WAY_BACK = 2
"""Minutes."""

UNSORTED = ""


class Step(NamedTuple):
    """One of the script, as the facilitator's list has it."""

    title: str
    prompt: str
    kind: str
    mode: str
    minutes: int


@dataclass
class Note:
    step: str
    text: str
    secret: str | None
    """None once the session is over: nobody holds it any more."""
    rev: int = 0


@dataclass
class Wall:
    """What the facilitators arrange, and an undo puts back."""

    lanes: dict[str, str] = field(default_factory=dict)
    """The cluster of each note that hangs, `UNSORTED` for none."""
    titles: dict[str, str] = field(default_factory=dict)
    """Of each cluster."""
    hidden: frozenset[str] = frozenset()
    chosen: dict[str, int] = field(default_factory=dict)
    """How many phones chose each cluster, when that was told last."""


@dataclass(frozen=True)
class Late:
    """A change to a note on the wall that comes with the next act, or within a minute; no text: it
    is taken back."""

    text: str | None
    rev: int = 0


@dataclass(frozen=True)
class Ballot:
    """What one phone chooses; nothing, once it is taken back."""

    secret: str
    rev: int
    clusters: frozenset[str]


@dataclass
class Choice:
    """One that is open, with the ballots that were acknowledged, by their ids."""

    id: str
    most: int
    clusters: frozenset[str]
    ballots: dict[str, Ballot] = field(default_factory=dict)


@dataclass
class Text:
    """What would leave the room: in words of its own, none of a note's."""

    title: str
    clusters: dict[str, str]
    """The title that each cluster is given there."""
    excerpts: dict[str, tuple[str, str]]
    """Of some notes: where they hung, and what was made of them."""
    accepted: bool = False


@dataclass
class State:
    steps: dict[str, Step]
    """In the order of the script as it is now."""
    planned: dict[str, Step] = field(default_factory=dict)
    """As it was when the room opened."""
    bends: int = 0
    step: str = ""
    """The present one; empty in the lobby."""
    entered: set[str] = field(default_factory=set)
    revealed: set[str] = field(default_factory=set)
    notes: dict[str, Note] = field(default_factory=dict)
    """All that are kept, face down or on the wall."""
    wall: Wall = field(default_factory=Wall)
    past: list[Wall] = field(default_factory=list)
    late: dict[str, Late] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)
    """Notes that were taken off the wall by who wrote them."""
    away: set[str] = field(default_factory=set)
    """Notes that were taken back before they came, or before they hung."""
    choice: Choice | None = None
    choices_over: set[str] = field(default_factory=set)
    texts: dict[str, Text] = field(default_factory=dict)
    """What was proposed last, by whom it is for."""
    veiled: bool = False
    locked: bool = False
    keep: str = ""
    """What is kept, once the room is closed."""
    closed_at: int = 0
    over: bool = False
    """Whether the closing is carried out."""
    erased: bool = False
    minute: int = 0
    # In memory only
    seen: dict[str, set[str]] = field(default_factory=dict)
    """Phones since a step opened, by step."""
    connected: set[str] = field(default_factory=set)
    announced: tuple[frozenset[str], int] | None = None
    """Which steps are to be revealed below the threshold, and in which minute phones were told."""

    @property
    def modes(self) -> dict[str, str]:
        """Of each step, in the order of the script."""
        return {id: step.mode for id, step in self.steps.items()}

    def phones(self, step: str) -> set[str]:
        """Those that were there since it opened."""
        return self.seen[step] | self.connected

    def all_hang(self, notes: list[str]) -> bool:
        return set(notes) <= self.wall.lanes.keys() - self.wall.hidden

    def remember(self) -> None:
        """For an undo."""
        self.past = [*self.past, deepcopy(self.wall)][-UNDO_DEPTH:]
