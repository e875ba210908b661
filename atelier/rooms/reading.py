"""What the group reads together and what goes out afterwards: one projection for both, so that they
cannot differ."""

from collections.abc import Sequence
from dataclasses import dataclass

from .board import TINTS
from .commands import Audience, Level, Tag
from .events import ReadCluster, ReadExcerpt, ReadTension
from .ids import ClusterId, ConceptId, NoteId, TensionId
from .state import Room
from .words import Lexicon, Words


@dataclass(frozen=True, slots=True)
class Excerpt:
    note: NoteId
    text: Words


@dataclass(frozen=True, slots=True)
class Chapter:
    """A cluster that is read; excerpts of notes outside every cluster have one without letter."""

    id: ClusterId | None
    letter: str
    title: Words
    tags: tuple[Tag, ...]
    excerpts: tuple[Excerpt, ...]

    @property
    def tint(self) -> str:
        return TINTS[(ord(self.letter) - ord("A")) % len(TINTS)] if self.letter else "0"


@dataclass(frozen=True, slots=True)
class Pair:
    """A tension that is read. Its ends are given where they are read too, else None."""

    id: TensionId
    both: Words
    and_: Words
    a: Chapter | None
    b: Chapter | None
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    audience: Audience
    language: str
    title: Words
    chapters: tuple[Chapter, ...]
    loose: tuple[Excerpt, ...]
    tensions: tuple[Pair, ...]
    concepts: tuple[ConceptId, ...]
    accepted: bool

    @property
    def lines(self) -> tuple[Words, ...]:
        """Everything in it that somebody wrote."""
        halves = [half for pair in self.tensions for half in (pair.both, pair.and_)]
        excerpts = [each for chapter in self.chapters for each in chapter.excerpts]
        return (
            self.title,
            *(chapter.title for chapter in self.chapters),
            *halves,
            *(each.text for each in (*excerpts, *self.loose)),
        )


def reading_of(room: Room, words: Lexicon, audience: Audience) -> Reading | None:
    """None when nothing was proposed, or nothing was kept. What was erased is not there."""
    proposed = room.proposed.get(audience)
    if proposed is None or room.closed == "nothing" or proposed.title not in words:
        return None
    excerpts = [each for each in proposed.excerpts if may_be_read(room, each, words)]
    chapters = tuple(
        chapter_of(each, excerpts, words) for each in proposed.clusters if each.title in words
    )
    held = {chapter.id for chapter in chapters}
    return Reading(
        audience,
        room.language,
        words[proposed.title],
        chapters,
        tuple(Excerpt(e.note, words[e.words]) for e in excerpts if e.cluster not in held),
        tuple(
            pair_of(each, chapters, words)
            for each in proposed.tensions
            if each.both in words and each.and_ in words
        ),
        proposed.concepts,
        audience in room.accepted,
    )


def may_be_read(room: Room, excerpt: ReadExcerpt, words: Lexicon) -> bool:
    """For as long as its note may: a decision to keep less holds for what was made of it."""
    note = room.wall.notes.get(excerpt.note)
    kept = room.closed in (None, "all")
    return kept and excerpt.words in words and note is not None and not note.hidden


def chapter_of(read: ReadCluster, excerpts: Sequence[ReadExcerpt], words: Lexicon) -> Chapter:
    own = tuple(Excerpt(e.note, words[e.words]) for e in excerpts if e.cluster == read.cluster)
    return Chapter(read.cluster, read.letter, words[read.title], read.tags, own)


def pair_of(read: ReadTension, chapters: Sequence[Chapter], words: Lexicon) -> Pair:
    ends = {str(chapter.id): chapter for chapter in chapters}
    a, b = ends.get(str(read.a)), ends.get(str(read.b))
    return Pair(read.tension, words[read.both], words[read.and_], a, b, read.levels)
