"""Bending a script while the room is in it: what happened stays, what is to come may change.

A step that was entered keeps its place, its title and its mode, as notes may have been written for
it; how long it lasts and what it asks can still be said otherwise. What is to come stands after
the step that the room is in.
"""

from dataclasses import replace

from .commands import ChangeStep, DropStep, InsertStep, MoveStep
from .events import Event, StepChanged, StepDropped, StepInserted, StepMoved
from .ids import StepId
from .refusals import Refused
from .sequence import changed, inserted, moved, removed
from .state import Room, place_before
from .steps import Step


def insert_step(room: Room, command: InsertStep) -> list[Event]:
    if room.find_step(command.step.id):
        return []
    inserted(room.steps, place_to_come(room, command.before), command.step)
    return [StepInserted(command.step, command.before)]


def move_step(room: Room, command: MoveStep) -> list[Event]:
    """To the place before another step, or to the end."""
    at = place_of_pending(room, command.step)
    before = place_to_come(room, command.before)
    if before in (at, at + 1):
        return []
    moved(room.steps, at, before - 1 if before > at else before)
    return [StepMoved(command.step, command.before)]


def change_step(room: Room, command: ChangeStep) -> list[Event]:
    at, known = place_of(room, command.step.id), room.find_step(command.step.id)
    assert known is not None
    if known == command.step:
        return []
    if known.id in room.entered and command.step != said_otherwise(known, command.step):
        raise Refused("step-entered")
    changed(room.steps, at, command.step)
    return [StepChanged(command.step)]


def drop_step(room: Room, command: DropStep) -> list[Event]:
    removed(room.steps, place_of_pending(room, command.step))
    return [StepDropped(command.step)]


def said_otherwise(known: Step, step: Step) -> Step:
    """As `known`, but for what may change at any time."""
    return replace(known, prompt=step.prompt, minutes=step.minutes, hint=step.hint)


def place_of(room: Room, id: StepId) -> int:
    for place, step in enumerate(room.steps):
        if step.id == id:
            return place
    raise Refused("step-unknown")


def place_of_pending(room: Room, id: StepId) -> int:
    place = place_of(room, id)
    if id in room.entered:
        raise Refused("step-entered")
    return place


def place_to_come(room: Room, before: StepId | None) -> int:
    if before is not None:
        place_of(room, before)
    place = place_before(room.steps, before)
    if room.step is not None and place <= place_of(room, room.step):
        raise Refused("step-passed")
    return place
