"""A session looked back on: the board as it stood, and the acts that led from one to the next.

What is not on the wall any more was never there: nothing that was taken back, hidden or erased
since can be seen at any moment of the past.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .board import Board, board_of
from .events import (
    ActUndone,
    ClusterDissolved,
    ClusterFormed,
    ClusterRenamed,
    NoteHidden,
    NotesMoved,
    NotesRevealed,
    Recorded,
    RoomClosed,
    RoomOpened,
    RoomReopened,
    StepEntered,
)
from .ids import ClusterId, StepId, WordsId
from .state import NO_WORDS, Cluster, Note, Room, Wall, evolve, replay
from .words import Lexicon

MomentName = Literal[
    "open", "step", "reveal", "cluster", "rename", "dissolve", "move", "hide", "undo", "close",
    "reopen",
]  # fmt: skip
GROUPED: tuple[MomentName, ...] = ("move", "hide", "undo")
"""Acts that say no more one by one than together, when they follow each other in one minute."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One act of facilitation, or several alike in one minute; `seq` is the last of them.

    `title` is of the cluster as it was called then, `step` is where the room was.
    """

    seq: int
    minute: int
    name: MomentName
    step: StepId | None
    cluster: ClusterId | None = None
    letter: str = ""
    title: WordsId | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the session in one step, None before the first; minutes from the opening."""

    step: StepId | None
    start: int
    end: int


def board_at(log: Sequence[Recorded], at: int, words: Lexicon) -> Board:
    """The board after event number `at`, of a room whose whole log is given."""
    now = replay(recorded.event for recorded in log)
    then = replay(recorded.event for recorded in log[:at])
    return board_of(replace(then, wall=seen_today(then.wall, now, words)), words)


def seen_today(past: Wall, now: Room, words: Lexicon) -> Wall:
    """A past wall, less what is no longer there; a note has the words it has now, as the moment
    of a change would tell when somebody wrote."""
    kept = now.closed not in ("reduced", "nothing")
    there = {id: note for id, note in now.wall.notes.items() if kept and not note.hidden}
    return Wall(
        notes={id: as_now(note, there[id]) for id, note in past.notes.items() if id in there},
        clusters={id: titled(cluster, now, words) for id, cluster in past.clusters.items()},
    )


def as_now(past: Note, now: Note) -> Note:
    return replace(past, words=now.words)


def titled(cluster: Cluster, now: Room, words: Lexicon) -> Cluster:
    """With the title it had then; with today's, if that one was erased; else with none."""
    if cluster.title in words:
        return cluster
    today = now.wall.clusters.get(cluster.id)
    return replace(cluster, title=today.title if today else NO_WORDS)


def moments_of(log: Sequence[Recorded], words: Lexicon) -> list[Moment]:
    """The acts in their order. Changes that phones made to their notes have no minute, and are
    none; neither are the veil and the door, which change nothing on the board."""
    now = replay(recorded.event for recorded in log)
    moments: list[Moment] = []
    room = Room()
    for recorded in log:
        before, room = room, evolve(room, recorded.event)
        moment = moment_of(recorded, before, room, now, words)
        if moment is None:
            continue
        if moments and alike(moments[-1], moment):
            moments.pop()
        moments.append(moment)
    if moments:  # what phones changed after the last act is seen with it
        moments[-1] = replace(moments[-1], seq=len(log))
    return moments


def alike(one: Moment, next: Moment) -> bool:
    return one.name in GROUPED and (one.name, one.minute) == (next.name, next.minute)


def moment_of(
    recorded: Recorded, before: Room, after: Room, now: Room, words: Lexicon
) -> Moment | None:
    if recorded.minute is None:
        return None
    plain = names_of(recorded)
    if plain is None:
        return None
    moment = Moment(recorded.seq, recorded.minute, plain, after.step)
    match recorded.event:
        case ClusterFormed(cluster) | ClusterRenamed(cluster):
            return about(moment, after.wall.clusters[cluster], now, words)
        case ClusterDissolved(cluster):
            return about(moment, before.wall.clusters[cluster], now, words)
        case _:
            return moment


def names_of(recorded: Recorded) -> MomentName | None:
    match recorded.event:
        case RoomOpened():
            return "open"
        case StepEntered():
            return "step"
        case NotesRevealed():
            return "reveal"
        case ClusterFormed():
            return "cluster"
        case ClusterRenamed():
            return "rename"
        case ClusterDissolved():
            return "dissolve"
        case NotesMoved():
            return "move"
        case NoteHidden():
            return "hide"
        case ActUndone():
            return "undo"
        case RoomClosed():
            return "close"
        case RoomReopened():
            return "reopen"
        case _:
            return None


def about(moment: Moment, cluster: Cluster, now: Room, words: Lexicon) -> Moment:
    shown = titled(cluster, now, words)
    return replace(moment, cluster=cluster.id, letter=cluster.letter, title=shown.title or None)


def bands_of(log: Sequence[Recorded], last: int) -> list[Band]:
    """The steps one after the other, up to minute `last` or the closing; none lasts nothing."""
    bands: list[Band] = []
    step, start = None, 0
    for recorded in log:
        if recorded.minute is None or not isinstance(recorded.event, StepEntered | RoomClosed):
            continue
        if recorded.minute > start:
            bands.append(Band(step, start, recorded.minute))
        start = recorded.minute
        if isinstance(recorded.event, StepEntered):
            step = recorded.event.step
    if last > start:
        bands.append(Band(step, start, last))
    return bands
