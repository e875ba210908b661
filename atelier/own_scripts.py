"""The scripts that facilitators made their own."""

from .keys import SCRIPTS
from .owned import Owned
from .rooms.scripts import Script

SCRIPTS_MAX = 200
"""Own scripts of one account."""


class OwnScripts(Owned[Script]):
    table = "script"
    key_name = SCRIPTS
    most = SCRIPTS_MAX
    kind = Script
    not_yours = "script-not-yours"
    changed = "script-changed"
    too_many = "too-many-scripts"

    @staticmethod
    def title(thing: Script) -> str:
        return thing.title_fr
