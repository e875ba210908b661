"""The board as it stood, told again with what may still be seen of it today.

What is not on the present wall is at no past moment: a note that was taken back or hidden since
was never there, and a note that was reworded says at every moment what it says now, so that
nothing tells when it changed.
"""

from collections.abc import Sequence
from dataclasses import replace

from .board import Board, board_of
from .events import Recorded
from .ids import ConceptId, NoteId
from .state import Card, Cluster, Note, Room, Tension, Wall, replay
from .words import Lexicon


def board_at(log: Sequence[Recorded], words: Lexicon, at: int) -> Board:
    """The board after event number `at`, from 0 (nothing has happened yet) to the last.

    What came from phones since the last act before `at` is not there yet: it has no minute, and
    comes with the next act, or at the end.
    """
    now = replay(recorded.event for recorded in log)
    then = replay(recorded.event for recorded in log[: last_act(log, at)])
    seen = replace(then, language=now.language, wall=seen_today(then.wall, now, words))
    return board_of(seen, words)


def last_act(log: Sequence[Recorded], at: int) -> int:
    if at >= len(log):
        return len(log)
    return max((each.seq for each in log[:at] if each.minute is not None), default=0)


def seen_today(then: Wall, now: Room, words: Lexicon) -> Wall:
    if now.closed == "nothing":
        return Wall()
    kept = kept_notes(now)
    notes = {id: as_today(note, kept[id]) for id, note in then.notes.items() if id in kept}
    clusters = {id: titled(each, now, words) for id, each in then.clusters.items()}
    tensions = {id: said(each, now, words) for id, each in then.tensions.items()}
    cards = {id: looked_at(id, each, now, words) for id, each in then.cards.items()}
    return Wall(notes, clusters, tensions, cards, then.chosen)


def kept_notes(now: Room) -> dict[NoteId, Note]:
    if now.closed == "reduced":
        return {}
    return {id: note for id, note in now.wall.notes.items() if not note.hidden}


def as_today(then: Note, now: Note) -> Note:
    """In its place of then. That it was hidden by mistake for a while is told to nobody."""
    return replace(then, words=now.words, hidden=False)


def titled(then: Cluster, now: Room, words: Lexicon) -> Cluster:
    """As it was called then, else as it is called now, else by its letter alone."""
    today = now.wall.clusters.get(then.id)
    if then.title in words or today is None:
        return then
    return replace(then, title=today.title)


def said(then: Tension, now: Room, words: Lexicon) -> Tension:
    """In the words of then, else in those of now; with neither it is not told."""
    today = now.wall.tensions.get(then.id)
    if today is None or (then.both in words and then.and_ in words):
        return then
    return replace(then, both=today.both, and_=today.and_)


def looked_at(id: ConceptId, then: Card, now: Room, words: Lexicon) -> Card:
    """A card of one's own as it was written then, else as it is on the wall now; with neither it is
    not told."""
    today = now.wall.cards.get(id)
    if then.said is None or today is None or all(each in words for each in then.said.all):
        return then
    return replace(then, said=today.said)
