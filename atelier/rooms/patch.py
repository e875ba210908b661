"""The smallest set of elements that turns one board into another.

Every patch is an upsert: receiving it twice is harmless. What they cannot say is said by the
whole board, which is always right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .board import Board, Card, Lane, ShownCard, Tension
from .ids import ClusterId, ConceptId, NoteId, TensionId


@dataclass(frozen=True, slots=True)
class PutCard:
    """A card comes into a lane, or moves there: before another card, or at the end."""

    card: Card
    lane: ClusterId | None
    before: NoteId | None


@dataclass(frozen=True, slots=True)
class Reword:
    """A card stays where it is and says something else."""

    card: Card


@dataclass(frozen=True, slots=True)
class PutLane:
    """A lane comes, empty: its cards follow as patches of their own."""

    lane: Lane
    before: ClusterId | None


@dataclass(frozen=True, slots=True)
class Retitle:
    lane: Lane


@dataclass(frozen=True, slots=True)
class Retag:
    lane: Lane


@dataclass(frozen=True, slots=True)
class PutTension:
    """A tension comes, at the end, or says something else where it is."""

    tension: Tension
    fresh: bool


@dataclass(frozen=True, slots=True)
class TensionGone:
    tension: TensionId


@dataclass(frozen=True, slots=True)
class PutShownCard:
    """A concept card comes, at the end, or sheds light on something else."""

    card: ShownCard
    fresh: bool


@dataclass(frozen=True, slots=True)
class ShownCardGone:
    concept: ConceptId


@dataclass(frozen=True, slots=True)
class CardGone:
    note: NoteId


@dataclass(frozen=True, slots=True)
class LaneGone:
    cluster: ClusterId


Patch = (
    PutCard | Reword | PutLane | Retitle | Retag | CardGone | LaneGone | PutTension | TensionGone
    | PutShownCard | ShownCardGone
)  # fmt: skip


def patches(before: Board, after: Board) -> list[Patch] | None:
    """What leads from `before` to `after`, in the order to apply; None for "send it whole"."""
    if with_wall_of(before, after) != after:
        return None
    if with_wall_of(before, after, unsorted=before.unsorted) == before:
        there = before.unsorted.cards
        cards, fresh = after.unsorted.cards[: len(there)], after.unsorted.cards[len(there) :]
        if cards == there:  # the usual case: notes come to the end of a wall, however full
            return [PutCard(card, None, None) for card in fresh]
    lanes = lane_patches(before, after)
    tensions = tension_patches(before.tensions, after.tensions)
    cards_shown = shown_card_patches(before.cards, after.cards)
    if lanes is None or tensions is None or cards_shown is None:
        return None
    return [*lanes, *tensions, *cards_shown]


def with_wall_of(board: Board, other: Board, unsorted: Lane | None = None) -> Board:
    return replace(
        board,
        unsorted=unsorted or other.unsorted,
        clusters=other.clusters,
        tensions=other.tensions,
        cards=other.cards,
    )


def lane_patches(before: Board, after: Board) -> list[Patch] | None:
    old, new = lanes_by_id(before), lanes_by_id(after)
    stay = [id for id in new if id in old]
    if stay != [id for id in old if id in new]:
        return None
    if any(old[id].letter != new[id].letter for id in stay):
        return None
    cards = card_patches(old, new)
    if cards is None:
        return None
    retitled = [Retitle(new[id]) for id in stay if new[id].title != old[id].title]
    retagged = [Retag(new[id]) for id in stay if new[id].tags != old[id].tags]
    there = {card.id for lane in new.values() for card in lane.cards}
    gone = [CardGone(c.id) for lane in old.values() for c in lane.cards if c.id not in there]
    dissolved = [LaneGone(id) for id in old if id is not None and id not in new]
    return [*put_lanes(old, after.clusters), *retitled, *retagged, *cards, *gone, *dissolved]


def lanes_by_id(board: Board) -> dict[ClusterId | None, Lane]:
    return {lane.id: lane for lane in (board.unsorted, *board.clusters)}


def put_lanes(old: dict[ClusterId | None, Lane], clusters: tuple[Lane, ...]) -> list[PutLane]:
    """From the last to the first, so that the neighbour each one names is there already."""
    put: list[PutLane] = []
    following: ClusterId | None = None
    for lane in reversed(clusters):
        if lane.id not in old:
            put.append(PutLane(replace(lane, cards=()), following))
        following = lane.id
    return put


def card_patches(
    old: dict[ClusterId | None, Lane], new: dict[ClusterId | None, Lane]
) -> list[PutCard | Reword] | None:
    put: list[PutCard | Reword] = []
    for id, lane in new.items():
        known = {card.id: card for card in old[id].cards} if id in old else {}
        stay = [card.id for card in lane.cards if card.id in known]
        here = {card.id for card in lane.cards}
        if stay != [card for card in known if card in here]:
            return None
        following: NoteId | None = None
        for card in reversed(lane.cards):
            if card.id not in known:
                put.append(PutCard(card, id, following))
            elif card != known[card.id]:
                put.append(Reword(card))
            following = card.id
    return put


def tension_patches(
    before: Sequence[Tension], after: Sequence[Tension]
) -> list[PutTension | TensionGone] | None:
    old, new = {each.id: each for each in before}, {each.id: each for each in after}
    if not grows_at_the_end(list(old), list(new)):
        return None
    put = [PutTension(each, id not in old) for id, each in new.items() if each != old.get(id)]
    return [*put, *(TensionGone(id) for id in old if id not in new)]


def shown_card_patches(
    before: Sequence[ShownCard], after: Sequence[ShownCard]
) -> list[PutShownCard | ShownCardGone] | None:
    old, new = {each.concept: each for each in before}, {each.concept: each for each in after}
    if not grows_at_the_end(list(old), list(new)):
        return None
    put = [PutShownCard(each, id not in old) for id, each in new.items() if each != old.get(id)]
    return [*put, *(ShownCardGone(id) for id in old if id not in new)]


def grows_at_the_end(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether what is there already stays in its order, before what comes."""
    stay = [id for id in old if id in new]
    return list(new[: len(stay)]) == stay
