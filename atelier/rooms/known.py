"""What a command may name: what is on the wall."""

from .ids import ClusterId, End, NoteId, Target, TensionId
from .refusals import Refused
from .state import Room, Tension


def known_note(room: Room, id: NoteId) -> None:
    note = room.wall.notes.get(id)
    if note is None or note.hidden:
        raise Refused("note-unknown")


def known_cluster(room: Room, id: ClusterId) -> None:
    if id not in room.wall.clusters:
        raise Refused("cluster-unknown")


def known_tension(room: Room, id: TensionId) -> Tension:
    tension = room.wall.tensions.get(id)
    if tension is None:
        raise Refused("tension-unknown")
    return tension


def known_end(room: Room, id: End) -> None:
    note = room.wall.notes.get(NoteId(id))
    if id not in room.wall.clusters and (note is None or note.hidden):
        raise Refused("end-unknown")


def known_target(room: Room, id: Target) -> None:
    if id not in room.wall.clusters and id not in room.wall.tensions:
        raise Refused("target-unknown")
