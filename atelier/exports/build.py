"""From a board and its timeline to the export document: ids become local, times become minutes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import get_args

from ..rooms.board import Board, Card, Lane
from ..rooms.ids import NoteId, StepId
from ..rooms.state import Room
from ..rooms.timeline import LastingName, Timeline
from ..rooms.words import Lexicon
from .document import Cluster, Document, Language, Moment, Note, Profile, Step


def document_of(
    board: Board,
    timeline: Timeline,
    room: Room,
    words: Lexicon,
    opened: int,
    profile: Profile,
) -> Document:
    """`opened` is the day of the session in Unix seconds."""
    nothing = board.keep == "nothing"
    lanes = (*board.clusters, board.unsorted)
    local = local_ids(lanes)
    language: Language = "en" if board.language == "en" else "fr"
    return Document(
        title=str(board.title),
        theme=str(board.theme),
        day=datetime.fromtimestamp(opened, UTC).date(),
        language=language,
        profile=profile,
        steps=() if nothing else steps_of(room, words, timeline.run),
        notes=tuple(
            Note(local[card.id], card.step, str(card.text), f"c{number}" if lane.id else None)
            for number, lane in enumerate(lanes, start=1)
            for card in lane.cards
        ),
        clusters=tuple(
            Cluster(f"c{number}", lane.letter, str(lane.title), (), ids_of(lane.cards, local))
            for number, lane in enumerate(board.clusters, start=1)
        ),
        tensions=(),
        cards=(),
        timeline=() if nothing else moments_of(timeline, words),
    )


def local_ids(lanes: tuple[Lane, ...]) -> dict[NoteId, str]:
    cards = [card for lane in lanes for card in lane.cards]
    return {card.id: f"n{number}" for number, card in enumerate(cards, start=1)}


def ids_of(cards: tuple[Card, ...], local: Mapping[NoteId, str]) -> tuple[str, ...]:
    return tuple(local[card.id] for card in cards)


def steps_of(room: Room, words: Lexicon, run: Mapping[StepId, int]) -> tuple[Step, ...]:
    return tuple(
        Step(
            id=step.id,
            kind=step.kind,
            register=step.register,
            title=str(words.get(step.title, "")),
            prompt=str(words.get(step.prompt, "")),
            planned_min=step.minutes,
            run_min=run.get(step.id, 0),
        )
        for step in room.steps
    )


def moments_of(timeline: Timeline, words: Lexicon) -> tuple[Moment, ...]:
    """The acts that made the wall, clusters as they are called in the end."""
    return tuple(
        Moment(act.minute, act.name, str(words.get(act.now, "")) if act.now else "")
        for act in timeline.acts
        if act.name in get_args(LastingName) and not (act.cluster and act.now is None)
    )
