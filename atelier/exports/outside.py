"""From what the group read and accepted to the document for whom was not there.

It is made from the reading alone: what is not read is not at hand here. It has no steps, no acts
and no day, and its notes are excerpts that were written anew.
"""

from datetime import UTC, datetime

from ..rooms.commands import Audience
from ..rooms.reading import Chapter, Reading, reading_of
from ..rooms.refusals import Refused
from ..rooms.state import Room
from ..rooms.words import Lexicon
from .document import Card, Cluster, Document, Language, Note, Tension

Local = dict[str, str]
"""By the id in the room, the id in the file."""


def outside_document(room: Room, words: Lexicon, opened: int, audience: Audience) -> Document:
    """`opened` is the day of the session in Unix seconds.

    Raises `Refused` while the session goes on, where nothing was kept, and where the group has not
    read and accepted what would go out.
    """
    if room.closed is None:
        raise Refused("closing-first")
    if room.closed == "nothing":
        raise Refused("nothing-kept")
    reading = reading_of(room, words, audience)
    if reading is None or not reading.accepted:
        raise Refused("restitution-first")
    return document_read(reading, opened)


def document_read(reading: Reading, opened: int) -> Document:
    ids = local_ids(reading)
    language: Language = "en" if reading.language == "en" else "fr"
    return Document(
        title=str(reading.title),
        theme="",
        day=datetime.fromtimestamp(opened, UTC).date().replace(day=1),
        language=language,
        profile=reading.audience,
        steps=(),
        notes=notes_read(reading, ids),
        clusters=tuple(cluster_read(chapter, ids) for chapter in reading.chapters),
        tensions=tuple(
            Tension(f"t{number}", end(each.a, ids), end(each.b, ids), str(each.both),
                    str(each.and_), each.levels)
            for number, each in enumerate(reading.tensions, start=1)
        ),
        cards=tuple(Card(concept) for concept in reading.concepts),
        timeline=(),
    )  # fmt: skip


def local_ids(reading: Reading) -> Local:
    chapters = {str(each.id): f"c{n}" for n, each in enumerate(reading.chapters, start=1)}
    excerpts = [each for chapter in reading.chapters for each in chapter.excerpts]
    notes = enumerate((*excerpts, *reading.loose), start=1)
    return chapters | {each.note: f"n{number}" for number, each in notes}


def notes_read(reading: Reading, ids: Local) -> tuple[Note, ...]:
    """The excerpts: of no step, as nobody shall be looked for in one."""
    lanes = [(ids[str(each.id)], each.excerpts) for each in reading.chapters]
    return tuple(
        Note(ids[excerpt.note], "", str(excerpt.text), cluster)
        for cluster, excerpts in (*lanes, (None, reading.loose))
        for excerpt in excerpts
    )


def cluster_read(chapter: Chapter, ids: Local) -> Cluster:
    notes = tuple(ids[each.note] for each in chapter.excerpts)
    return Cluster(ids[str(chapter.id)], chapter.letter, str(chapter.title), chapter.tags, notes)


def end(chapter: Chapter | None, ids: Local) -> str:
    return ids[str(chapter.id)] if chapter else ""
