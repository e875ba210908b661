"""Series (cycles): several sessions of one group, and what came back from one to the next.

A thread goes from a thing of one session, a cluster, a tension or a concept card, to a thing of a
later one. Some are found, because the same words came back; the others the group draws itself. None
says anything of people, and none is thicker than another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from . import sequence
from .board import Board
from .commands import Level
from .refusals import Refused
from .words import clean, title_words

SESSIONS_MAX = 40
THREADS_MAX = 200
NOTES_LIMIT = 4000
WHEN_LIMIT = 60


class Session(msgspec.Struct, frozen=True):
    """`room` is empty for a session to come; then `title` and `when`, free words, say what is
    known of it."""

    id: str
    room: str = ""
    title: str = ""
    when: str = ""


class Drawn(msgspec.Struct, frozen=True):
    """A thread that the group drew. `b` is a thing, or a session to come: an open thread."""

    a: str
    b: str


class Series(msgspec.Struct, frozen=True):
    """`themes` is one line; `notes` are for who facilitates alone."""

    id: str
    name: str
    themes: str = ""
    notes: str = ""
    sessions: tuple[Session, ...] = ()
    drawn: tuple[Drawn, ...] = ()


def series_of(id: str, name: str, themes: str = "", notes: str = "") -> Series:
    """Cleaned; raises `Refused`: a name and themes of 120 characters, notes of 4000 at most."""
    cleaned = clean(notes)
    if len(cleaned) > NOTES_LIMIT:
        raise Refused("series-notes-too-long")
    said = str(title_words(themes)) if clean(themes) else ""
    return Series(id, str(title_words(name)), said, cleaned)


def renamed(series: Series, name: str, themes: str, notes: str) -> Series:
    said = series_of(series.id, name, themes, notes)
    return msgspec.structs.replace(series, name=said.name, themes=said.themes, notes=said.notes)


# Sessions


def session_to_come(id: str, title: str, when: str) -> Session:
    said = str(title_words(when)) if clean(when) else ""
    if len(said) > WHEN_LIMIT:
        raise Refused("title-too-long")
    return Session(id, title=str(title_words(title)), when=said)


def with_session(series: Series, session: Session) -> Series:
    """At the end; one room is one session."""
    if len(series.sessions) >= SESSIONS_MAX:
        raise Refused("too-many-sessions")
    refuse_twice(series, session.room)
    return msgspec.structs.replace(series, sessions=(*series.sessions, session))


def with_room(series: Series, id: str, room: str) -> Series:
    """The session that was to come is this room now."""
    at = place_of(series, id)
    refuse_twice(series, room)
    known = series.sessions[at]
    if known.room:
        raise Refused("session-taken")
    there = msgspec.structs.replace(known, room=room)
    return msgspec.structs.replace(series, sessions=sequence.changed(series.sessions, at, there))


def without_session(series: Series, id: str) -> Series:
    at = place_of(series, id)
    rest = (*series.sessions[:at], *series.sessions[at + 1 :])
    return msgspec.structs.replace(series, sessions=rest)


def moved(series: Series, id: str, by: int) -> Series:
    """One place earlier or later; at an end it stays."""
    at = place_of(series, id)
    to = min(max(at + by, 0), len(series.sessions) - 1)
    return msgspec.structs.replace(series, sessions=sequence.moved(series.sessions, at, to))


def place_of(series: Series, id: str) -> int:
    for at, session in enumerate(series.sessions):
        if session.id == id:
            return at
    raise Refused("session-unknown")


def refuse_twice(series: Series, room: str) -> None:
    if room and room in {session.room for session in series.sessions}:
        raise Refused("session-twice")


# Threads

ThreadKind = Literal["drawn", "open", "same", "levels", "moved"]
"""Drawn by the group, drawn to a session to come; the same words, the same tension felt elsewhere,
a tension of which one half is another."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A cluster, a tension or a card, as a session shows it; `said` are its words, two halves of a
    tension."""

    id: str
    said: tuple[str, ...]
    letter: str = ""
    tint: str = "0"
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a session shows of its wall; nothing while it is to come or open."""

    session: str
    clusters: tuple[Thing, ...] = ()
    tensions: tuple[Thing, ...] = ()
    cards: tuple[Thing, ...] = ()

    @property
    def things(self) -> tuple[Thing, ...]:
        return (*self.clusters, *self.tensions, *self.cards)


@dataclass(frozen=True, slots=True)
class Thread:
    """From `a` to `b`, which stands later."""

    a: str
    b: str
    kind: ThreadKind


def shown(session: str, board: Board, names: Mapping[str, str]) -> Shown:
    """Titles, halves and names as the group kept them; `names` are those of the concept cards."""
    return Shown(
        session,
        tuple(
            Thing(str(lane.id), (str(lane.title),), lane.letter, lane.tint)
            for lane in board.clusters
        ),
        tuple(
            Thing(str(each.id), (str(each.a.said), str(each.b.said)), levels=each.levels)
            for each in board.tensions
        ),
        tuple(
            Thing(f"{session}:{card.concept}", (names.get(card.concept, card.concept),))
            for card in board.cards
        ),
    )


def with_drawn(series: Series, frieze: Sequence[Shown], a: str, b: str) -> Series:
    """Raises `Refused`: both ends are on the frieze, the second in a later session."""
    at = {end: place for place, each in enumerate(frieze) for end in ends_of(each)}
    if a not in at or b not in at or a in {each.session for each in frieze}:
        raise Refused("thread-end-unknown")
    if at[a] >= at[b]:
        raise Refused("thread-backwards")
    if len(series.drawn) >= THREADS_MAX:
        raise Refused("too-many-threads")
    thread = Drawn(a, b)
    if thread in series.drawn:
        return series
    return msgspec.structs.replace(series, drawn=(*series.drawn, thread))


def without_drawn(series: Series, a: str, b: str) -> Series:
    rest = tuple(each for each in series.drawn if each != Drawn(a, b))
    return msgspec.structs.replace(series, drawn=rest)


def ends_of(each: Shown) -> tuple[str, ...]:
    """Where a thread may end; in a session that shows nothing, at the session itself."""
    return tuple(thing.id for thing in each.things) or (each.session,)


def threads_of(series: Series, frieze: Sequence[Shown]) -> tuple[Thread, ...]:
    """What was drawn and can still be seen, then what was found and was not drawn."""
    ends = {end for each in frieze for end in ends_of(each)}
    sessions = {each.session for each in frieze}
    drawn = [
        Thread(each.a, each.b, "open" if each.b in sessions else "drawn")
        for each in series.drawn
        if each.a in ends and each.b in ends
    ]
    there = {(thread.a, thread.b) for thread in drawn}
    return (*drawn, *(each for each in found(frieze) if (each.a, each.b) not in there))


def found(frieze: Sequence[Shown]) -> Iterator[Thread]:
    """Between neighbours in time: a word that is in three sessions gives two threads."""
    for kind in ("clusters", "cards"):
        yield from came_back([getattr(each, kind) for each in frieze])
    yield from tensions_moved([each.tensions for each in frieze])


def came_back(sessions: Sequence[tuple[Thing, ...]]) -> Iterator[Thread]:
    last: dict[tuple[str, ...], Thing] = {}
    for things in sessions:
        fresh: dict[tuple[str, ...], Thing] = {}
        for thing in things:
            words = folded(thing)
            if any(words) and words in last:
                yield Thread(last[words].id, thing.id, "same")
            fresh.setdefault(words, thing)
        last |= fresh


def tensions_moved(sessions: Sequence[tuple[Thing, ...]]) -> Iterator[Thread]:
    before: list[Thing] = []
    for things in sessions:
        for thing in things:
            for other in reversed(before):
                if kind := how_moved(other, thing):
                    yield Thread(other.id, thing.id, kind)
                    break
        before += things


def how_moved(before: Thing, after: Thing) -> ThreadKind | None:
    """By its halves, in whichever order they stand."""
    one, other = set(folded(before)), set(folded(after))
    if one == other:
        return "same" if set(before.levels) == set(after.levels) else "levels"
    return "moved" if one & other else None


def folded(thing: Thing) -> tuple[str, ...]:
    """Words that differ in capitals, spaces or the shape of an apostrophe are the same."""
    return tuple(
        " ".join(words.casefold().replace("’", "'").split()).strip(" .!…") for words in thing.said
    )
