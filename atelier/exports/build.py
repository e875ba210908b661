"""From a board and its timeline to the export document: ids become local, times become minutes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import get_args

from ..content.concepts import concepts
from ..rooms.board import Board, Card, Lane, Piece
from ..rooms.ids import ConceptId, NoteId, StepId
from ..rooms.state import Room
from ..rooms.timeline import Act, LastingName, Timeline
from ..rooms.words import Lexicon
from . import document
from .document import Cluster, Document, Language, Moment, Note, Profile, Step, Tension
from .labels import LABELS
from .method import sentence
from .outside import outside_document


def document_of(
    board: Board,
    timeline: Timeline,
    room: Room,
    words: Lexicon,
    opened: int,
    profile: Profile,
) -> Document:
    """`opened` is the day of the session in Unix seconds. Raises `Refused` for an audience that may
    not have its file."""
    if profile == "sponsor" or profile == "research":
        return outside_document(room, words, opened, profile)
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
            Cluster(
                f"c{number}", lane.letter, str(lane.title), lane.tags, ids_of(lane.cards, local)
            )
            for number, lane in enumerate(board.clusters, start=1)
        ),
        tensions=tensions_of(board, local),
        cards=cards_of(board),
        concepts=concepts_of(board),
        chosen=chosen_of(board),
        timeline=() if nothing else moments_of(timeline, words, language),
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


def tensions_of(board: Board, notes: Mapping[NoteId, str]) -> tuple[Tension, ...]:
    local = {str(id): name for id, name in notes.items()} | cluster_ids(board)

    def end(piece: Piece) -> str:
        return local[piece.about.id] if piece.about else ""

    return tuple(
        Tension(f"t{number}", end(each.a), end(each.b), str(each.a.said), str(each.b.said),
                each.levels)
        for number, each in enumerate(board.tensions, start=1)
    )  # fmt: skip


def cards_of(board: Board) -> tuple[document.Card, ...]:
    clusters = cluster_ids(board)
    tensions = {each.id: f"t{number}" for number, each in enumerate(board.tensions, start=1)}
    own = own_ids(board)
    return tuple(
        document.Card(own.get(card.concept, card.concept), target)
        for card in board.cards
        for target in (
            *(clusters[thing.id] for thing in card.clusters),
            *(tensions[tension.id] for tension in card.tensions),
            *(() if card.clusters or card.tensions else (None,)),
        )
    )


def concepts_of(board: Board) -> tuple[document.Concept, ...]:
    own = own_ids(board)
    return tuple(
        document.Concept(
            own[card.concept],
            str(card.own.name),
            str(card.own.definition),
            str(card.own.author),
            str(card.own.work),
            str(card.own.year),
            card.own.doubtful,
        )
        for card in board.cards
        if card.own
    )


def chosen_of(board: Board) -> tuple[document.Chosen, ...]:
    """Those that most phones chose, several where they were equal: no number goes out, as it would
    be one of people."""
    clusters = cluster_ids(board)
    most = max((each.times for each in board.chosen), default=0)
    return tuple(
        document.Chosen(clusters[each.cluster.id]) for each in board.chosen if each.times == most
    )


def own_ids(board: Board) -> dict[ConceptId, str]:
    own = [card.concept for card in board.cards if card.own]
    return {id: f"k{number}" for number, id in enumerate(own, start=1)}


def cluster_ids(board: Board) -> dict[str, str]:
    return {str(lane.id): f"c{number}" for number, lane in enumerate(board.clusters, start=1)}


def moments_of(timeline: Timeline, words: Lexicon, language: Language) -> tuple[Moment, ...]:
    """The acts that made the wall, clusters and tensions as they are called in the end."""
    return tuple(
        Moment(act.minute, act.name, told(act, words, language))
        for act in timeline.acts
        if act.name in get_args(LastingName) and act.lasts
    )


def told(act: Act, words: Lexicon, language: Language) -> str:
    """What it was about: a decision and an audience in the words of the exports."""
    if act.keep:
        return str(LABELS[language]["decisions"][act.keep])
    if act.audience:
        return str(LABELS[language]["audiences"][act.audience])
    if act.letters:
        return act.letters
    if act.concept and not act.now:
        known = concepts().get(act.concept)
        return known.name(language) if known else act.concept
    if act.now and act.and_now:
        return sentence(language, words.get(act.now, ""), words.get(act.and_now, ""))
    return str(words.get(act.now, "")) if act.now else ""
