"""The export document, version 1: what every format is made from, and what atelier reads back.

Ids are local to the document. It holds no author, no time of a note, no order of arrival and no
number of people, and has no field for one.
"""

import datetime
from typing import Literal

import msgspec

VERSION = 1

Language = Literal["fr", "en"]
Profile = Literal["group", "facilitator", "sponsor", "research"]
Level = Literal["self", "organisation", "times"]


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    kind: str
    register: str
    title: str
    prompt: str
    planned_min: int
    run_min: int


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`cluster` is None for a note in no cluster."""

    id: str
    step: str
    text: str
    cluster: str | None


class Cluster(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    letter: str
    title: str
    tags: tuple[str, ...]
    notes: tuple[str, ...]


class Tension(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"and_": "and"}):
    """`a` and `b` are ids of clusters or notes, or empty for what is gone; `both` is said of `a`,
    `and_` of `b`."""

    id: str
    a: str
    b: str
    both: str
    and_: str
    levels: tuple[Level, ...]


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A concept card that was shown, by the id of one that ships or of one in `concepts`, and one
    cluster or tension it sheds light on; a card that sheds light on several has several entries."""

    concept: str
    target: str | None = None


class Concept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A card that does not ship, in its own words; author, work and year are all there, or all
    empty."""

    id: str
    name: str
    definition: str
    author: str
    work: str
    year: str
    doubtful: bool


class Chosen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cluster that the group chose to work on; how many chose it stays in the room."""

    cluster: str


class Moment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`minute` counts from the start of the session."""

    minute: int
    act: str
    what: str


class Document(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="atelier",
    tag=VERSION,
):
    """`day` is a whole date; what is made for anybody but the facilitator shows its month alone.
    `concepts` and `chosen` are left out when there are none: most rooms show cards that ship, and
    few choose."""

    title: str
    theme: str
    day: datetime.date
    language: Language
    profile: Profile
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]
    clusters: tuple[Cluster, ...]
    tensions: tuple[Tension, ...]
    cards: tuple[Card, ...]
    timeline: tuple[Moment, ...]
    concepts: tuple[Concept, ...] = ()
    chosen: tuple[Chosen, ...] = ()


def to_json(document: Document) -> bytes:
    """UTF-8, indented, keys in the order above: the same document gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(document)) + b"\n"


def from_json(data: bytes) -> Document:
    """Raises ValueError, which says what was expected and what came."""
    try:
        version = msgspec.json.decode(data, type=_Envelope).atelier
        if version != VERSION:
            raise ValueError(f'expected an export with "atelier": {VERSION}, got {version!r}')
        return msgspec.json.decode(data, type=Document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(
            f"expected a JSON export of atelier, version {VERSION}: {error}"
        ) from error


class _Envelope(msgspec.Struct):
    atelier: int
