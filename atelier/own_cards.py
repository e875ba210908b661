"""The concept cards that facilitators wrote themselves."""

from .keys import CARDS
from .owned import Owned
from .rooms.own_cards import OwnCard

CARDS_MAX = 200
"""Own cards of one account."""


class OwnCards(Owned[OwnCard]):
    table = "card"
    key_name = CARDS
    most = CARDS_MAX
    kind = OwnCard
    not_yours = "card-not-yours"
    changed = "card-changed"
    too_many = "too-many-cards"

    @staticmethod
    def title(thing: OwnCard) -> str:
        return thing.name
