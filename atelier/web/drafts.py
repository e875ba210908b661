"""What the page of a restitution starts from: the wall, or what was proposed last."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..live import LiveRoom
from ..rooms.board import Card, Lane, Tension
from ..rooms.commands import Audience
from ..rooms.ids import NoteId
from ..rooms.quoting import quoted
from ..rooms.reading import Chapter, Pair, Reading

Noted = tuple[tuple[Card, str], ...]
"""Notes, each with the excerpt that was made of it, or nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """A cluster of the wall; `quotes` when its title says what a note says."""

    id: str
    letter: str
    tint: str
    title: str
    kept: bool
    quotes: bool
    notes: Noted


@dataclass(frozen=True, slots=True)
class Sentence:
    id: str
    both: str
    and_: str
    kept: bool
    quotes: bool


@dataclass(frozen=True, slots=True)
class Draft:
    title: str
    quotes: bool
    lines: tuple[Line, ...]
    unsorted: Noted
    sentences: tuple[Sentence, ...]


def draft_of(live: LiveRoom, audience: Audience, reading: Reading | None) -> Draft:
    """In the words that were read; what was not read, in those of the wall."""
    board = live.board
    title = reading.title if reading else board.title
    chapters = {each.id: each for each in reading.chapters} if reading else {}
    pairs = {each.id: each for each in reading.tensions} if reading else {}
    excerpts = excerpts_of(reading)
    fresh = reading is None
    titles = [lane.title for lane in board.clusters]
    halves = [half.said for each in board.tensions for half in (each.a, each.b)]
    lines = {title, *titles, *halves, *(reading.lines if reading else ())}
    found = set(quoting(live, audience, lines))

    def line(lane: Lane, read: Chapter | None) -> Line:
        text = read.title if read else lane.title
        kept = fresh or read is not None
        notes = noted(lane, excerpts)
        return Line(str(lane.id), lane.letter, lane.tint, text, kept, text in found, notes)

    def sentence(tension: Tension, read: Pair | None) -> Sentence:
        both, and_ = (read.both, read.and_) if read else (tension.a.said, tension.b.said)
        kept = fresh or read is not None
        return Sentence(tension.id, both, and_, kept, not found.isdisjoint((both, and_)))

    return Draft(
        title,
        title in found,
        tuple(line(lane, chapters.get(lane.id)) for lane in board.clusters),
        noted(board.unsorted, excerpts),
        tuple(sentence(tension, pairs.get(tension.id)) for tension in board.tensions),
    )


def noted(lane: Lane, excerpts: dict[NoteId, str]) -> Noted:
    return tuple((card, excerpts.get(card.id, "")) for card in lane.cards)


def excerpts_of(reading: Reading | None) -> dict[NoteId, str]:
    if reading is None:
        return {}
    held = [each for chapter in reading.chapters for each in chapter.excerpts]
    return {each.note: str(each.text) for each in (*held, *reading.loose)}


def quoting(live: LiveRoom, audience: Audience, lines: Iterable[str]) -> list[str]:
    """Those of these lines that say what a note says: notes that were taken off the wall too, as
    nothing shall come out by another door."""
    notes = live.room.wall.notes.values()
    said = [live.words[note.words] for note in notes if note.words in live.words]
    return quoted(lines, said, whole=audience == "research")
