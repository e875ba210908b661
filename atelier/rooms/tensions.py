"""The rules of tensions: two things on the wall, and a sentence that holds them together."""

from .commands import NameTension, RemoveTension, RewordTension
from .events import Event, TensionNamed, TensionRemoved, TensionReworded
from .known import known_end, known_tension
from .refusals import Refused
from .state import Room

TENSIONS = 40
"""More than any group will name; it keeps a board from growing without end."""


def name_tension(room: Room, command: NameTension) -> list[Event]:
    if command.tension in room.wall.tensions:
        return []
    if len(room.wall.tensions) >= TENSIONS:
        raise Refused("too-many-tensions")
    if command.a == command.b:
        raise Refused("tension-one-end")
    known_end(room, command.a)
    known_end(room, command.b)
    return [
        TensionNamed(
            command.tension, command.a, command.b, command.both, command.and_, command.levels
        )
    ]


def reword_tension(room: Room, command: RewordTension) -> list[Event]:
    known_tension(room, command.tension)
    return [TensionReworded(command.tension, command.both, command.and_, command.levels)]


def remove_tension(room: Room, command: RemoveTension) -> list[Event]:
    known_tension(room, command.tension)
    return [TensionRemoved(command.tension)]
