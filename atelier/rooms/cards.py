"""The rules of concept cards: what theory the group has looked at, and what of its wall with it."""

from .commands import PutCardAway, ShowCard
from .events import CardPutAway, CardShown, Event
from .known import known_target
from .refusals import Refused
from .state import Room


def show_card(room: Room, command: ShowCard) -> list[Event]:
    if command.target is not None:
        known_target(room, command.target)
    shown = room.wall.cards.get(command.concept)
    if (
        shown is not None
        and (command.target is None or command.target in shown.about)
        and command.said in (None, shown.said)
    ):
        return []
    return [CardShown(command.concept, command.target, command.said)]


def put_card_away(room: Room, command: PutCardAway) -> list[Event]:
    if command.concept not in room.wall.cards:
        raise Refused("card-unknown")
    return [CardPutAway(command.concept)]
