"""The rules of choosing together which clusters to work on; what was chosen is told in totals."""

from .commands import DropChoice, OpenChoice, TellChoice
from .events import ChoiceDropped, ChoiceOpened, ChoiceTold, Event
from .ids import ChoiceId, ClusterId
from .refusals import Refused
from .state import Choice, Room

MOST = 3
"""Clusters that one phone may choose."""


def open_choice(room: Room, command: OpenChoice) -> list[Event]:
    """Among the clusters that are there now; one fewer than them at most, else all are chosen."""
    if room.choice is not None and room.choice.id == command.choice:
        return []
    if room.choice is not None:
        raise Refused("choice-open")
    if command.choice in room.choices_over:
        raise Refused("choice-closed")
    if room.step is None or len(room.wall.clusters) < 2:
        raise Refused("too-few-clusters")
    if not 1 <= command.most <= min(MOST, len(room.wall.clusters) - 1):
        raise Refused("choice-out-of-range")
    return [ChoiceOpened(command.choice, command.most, tuple(room.wall.clusters))]


def drop_choice(room: Room, command: DropChoice) -> list[Event]:
    return [ChoiceDropped(known_choice(room, command.choice).id)]


def tell_choice(room: Room, command: TellChoice) -> list[Event]:
    return [ChoiceTold(known_choice(room, command.choice).id, command.totals)]


def known_choice(room: Room, id: ChoiceId) -> Choice:
    if room.closed:
        raise Refused("room-closed")
    if room.choice is None or room.choice.id != id:
        raise Refused("choice-closed")
    return room.choice


def chosen_by(room: Room, id: ChoiceId, clusters: tuple[ClusterId, ...]) -> tuple[ClusterId, ...]:
    """What one phone may choose: none to choose nothing any more. Refuse anything else."""
    choice = known_choice(room, id)
    distinct = tuple(dict.fromkeys(clusters))
    if len(distinct) > choice.most or not set(distinct) <= set(choice.clusters):
        raise Refused("choice-out-of-range")
    return distinct
