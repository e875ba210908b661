"""The rules. `decide` is the table of contents; each rule below it fits on a screen."""

from collections.abc import Mapping
from typing import assert_never

from .bending import change_step, drop_step, insert_step, move_step
from .cards import put_card_away, show_card
from .choosing import drop_choice, open_choice, tell_choice
from .commands import (
    AcceptRestitution,
    ChangeStep,
    CloseRoom,
    Command,
    DissolveCluster,
    DropChoice,
    DropStep,
    ExpireNotes,
    FormCluster,
    GoToStep,
    HideNote,
    InsertStep,
    Lock,
    MergeClusters,
    MoveNotes,
    MoveStep,
    NameTension,
    OpenChoice,
    OpenRoom,
    PlaceCluster,
    PostNote,
    ProposeRestitution,
    PutCardAway,
    RemoveNote,
    RemoveTension,
    RenameCluster,
    ReopenRoom,
    RevealNotes,
    RewordNote,
    RewordTension,
    ShowCard,
    TagCluster,
    TakeBackNote,
    TellChoice,
    Undo,
    Veil,
    WithdrawRestitution,
)
from .events import (
    ActUndone,
    ClusterDissolved,
    ClusterFormed,
    ClusterPlaced,
    ClusterRenamed,
    ClustersMerged,
    ClusterTagged,
    DoorLocked,
    Event,
    NoteHidden,
    NotePosted,
    NoteRemoved,
    NoteReworded,
    NotesExpired,
    NotesMoved,
    NotesRevealed,
    NoteTakenBack,
    RoomClosed,
    RoomOpened,
    RoomReopened,
    StepEntered,
    VeilDrawn,
)
from .ids import ClusterId, StepId
from .known import known_cluster, known_note
from .refusals import Refused
from .restitution import accept_restitution, propose_restitution, withdraw_restitution
from .state import LETTERS, Room
from .steps import Step
from .tensions import name_tension, remove_tension, reword_tension

AFTER_CLOSING = (ReopenRoom, TakeBackNote, RemoveNote, ExpireNotes, WithdrawRestitution)


def decide(room: Room, command: Command) -> list[Event]:
    if room.closed and not isinstance(command, AFTER_CLOSING):
        raise Refused("room-closed")
    match command:
        case OpenRoom():
            return open_room(room, command)
        case GoToStep():
            return go_to_step(room, command)
        case InsertStep():
            return insert_step(room, command)
        case MoveStep():
            return move_step(room, command)
        case ChangeStep():
            return change_step(room, command)
        case DropStep():
            return drop_step(room, command)
        case PostNote():
            return post_note(room, command)
        case RevealNotes():
            return reveal_notes(room, command)
        case RewordNote():
            return reword_note(room, command)
        case TakeBackNote():
            return take_back_note(room, command)
        case HideNote():
            return hide_note(room, command)
        case FormCluster():
            return form_cluster(room, command)
        case RenameCluster():
            return rename_cluster(room, command)
        case TagCluster():
            return tag_cluster(room, command)
        case PlaceCluster():
            return place_cluster(room, command)
        case MergeClusters():
            return merge_clusters(room, command)
        case DissolveCluster():
            return dissolve_cluster(room, command)
        case MoveNotes():
            return move_notes(room, command)
        case NameTension():
            return name_tension(room, command)
        case RewordTension():
            return reword_tension(room, command)
        case RemoveTension():
            return remove_tension(room, command)
        case ShowCard():
            return show_card(room, command)
        case PutCardAway():
            return put_card_away(room, command)
        case ProposeRestitution():
            return propose_restitution(room, command)
        case AcceptRestitution():
            return accept_restitution(room, command)
        case WithdrawRestitution():
            return withdraw_restitution(room, command)
        case OpenChoice():
            return open_choice(room, command)
        case DropChoice():
            return drop_choice(room, command)
        case TellChoice():
            return tell_choice(room, command)
        case Undo():
            return undo(room)
        case Veil():
            return [VeilDrawn(command.on)] if command.on != room.veiled else []
        case Lock():
            return [DoorLocked(command.on)] if command.on != room.locked else []
        case CloseRoom():
            return [RoomClosed(command.keep)]
        case ReopenRoom():
            return [RoomReopened()] if room.closed else []
        case RemoveNote():
            return remove_note(room, command)
        case ExpireNotes():
            return [NotesExpired()] if room.closed == "all" else []
        case _:
            assert_never(command)


def open_room(room: Room, command: OpenRoom) -> list[Event]:
    if room.steps:
        raise Refused("room-open-already")
    opened = RoomOpened(
        command.title, command.theme, command.language, command.steps, command.sensitivity
    )
    if command.steps[0].kind == "wall":  # a bare wall has no lobby: it starts in its only step
        return [opened, StepEntered(command.steps[0].id)]
    return [opened]


def go_to_step(room: Room, command: GoToStep) -> list[Event]:
    step = next_step(room) if command.step is None else room.find_step(command.step)
    if step is None:
        raise Refused("step-last" if command.step is None else "step-unknown")
    return [StepEntered(step.id)] if step.id != room.step else []


def next_step(room: Room) -> Step | None:
    ids = [step.id for step in room.steps]
    position = 0 if room.step is None else ids.index(room.step) + 1
    return room.steps[position] if position < len(ids) else None


def post_note(room: Room, command: PostNote) -> list[Event]:
    if command.note in room.wall.notes:
        return []  # a phone on flaky Wi-Fi retried; the first attempt won
    if command.note in room.taken_back:
        raise Refused("note-taken-back")
    step = open_step(room, command.step)
    if step.mode != "direct":
        raise Refused("step-not-direct")
    return [NotePosted(command.note, step.id)]


def open_step(room: Room, id: StepId | None) -> Step:
    """The step that a note is for, the current one if it names none; refuse a closed one."""
    step = room.current if id is None else room.find_step(id)
    if step is None or not room.takes_notes(step):
        raise Refused("step-closed")
    return step


def steps_to_reveal(
    room: Room,
    notes: Mapping[StepId, int],
    phones: Mapping[StepId, int],
    *,
    threshold: int,
    named: frozenset[StepId],
    anyway: bool,
) -> tuple[StepId, ...]:
    """Which steps a reveal opens, in the order of the script; refuse when it is none.

    `notes` and `phones` count what waits and who was there per step; below `threshold` of
    either a step stays closed unless `anyway`.
    """
    if room.closed:
        raise Refused("room-closed")
    if named - {step.id for step in room.steps}:
        raise Refused("step-unknown")
    candidates = [
        step.id
        for step in room.steps
        if step.sealed and room.takes_notes(step) and (not named or step.id in named)
    ]
    if not candidates or (anyway and not any(notes.get(id) for id in candidates)):
        raise Refused("nothing-to-reveal")
    enough = tuple(
        id
        for id in candidates
        if notes.get(id, 0) >= (1 if anyway else threshold)
        and phones.get(id, 0) >= (0 if anyway else threshold)
    )
    if not enough:  # the same answer for no note and for a few: it must not count them
        raise Refused("below-threshold")
    return enough


def reveal_notes(room: Room, command: RevealNotes) -> list[Event]:
    fresh = tuple(pair for pair in command.notes if pair[0] not in room.wall.notes)
    return [NotesRevealed(fresh)] if fresh else []


def reword_note(room: Room, command: RewordNote) -> list[Event]:
    if command.note not in room.wall.notes:  # hidden is no matter: hiding can be undone
        raise Refused("note-unknown")
    return [NoteReworded(command.note, command.words)]


def take_back_note(room: Room, command: TakeBackNote) -> list[Event]:
    return [NoteTakenBack(command.note)] if command.note in room.wall.notes else []


def hide_note(room: Room, command: HideNote) -> list[Event]:
    known_note(room, command.note)
    return [NoteHidden(command.note)]


def form_cluster(room: Room, command: FormCluster) -> list[Event]:
    if command.cluster in room.wall.clusters:
        return []
    if len(room.wall.clusters) >= len(LETTERS):
        raise Refused("too-many-clusters")
    notes = tuple(dict.fromkeys(command.notes))
    for note in notes:
        known_note(room, note)
    return [ClusterFormed(command.cluster, command.title, notes)]


def rename_cluster(room: Room, command: RenameCluster) -> list[Event]:
    known_cluster(room, command.cluster)
    return [ClusterRenamed(command.cluster, command.title)]


def tag_cluster(room: Room, command: TagCluster) -> list[Event]:
    known_cluster(room, command.cluster)
    tags = tuple(dict.fromkeys(command.tags))
    if tags == room.wall.clusters[command.cluster].tags:
        return []
    return [ClusterTagged(command.cluster, tags)]


def place_cluster(room: Room, command: PlaceCluster) -> list[Event]:
    known_cluster(room, command.cluster)
    if command.before is not None:
        known_cluster(room, command.before)
    if command.before in (command.cluster, following(room, command.cluster)):
        return []
    return [ClusterPlaced(command.cluster, command.before)]


def following(room: Room, cluster: ClusterId) -> ClusterId | None:
    ids = list(room.wall.clusters)
    place = ids.index(cluster) + 1
    return ids[place] if place < len(ids) else None


def merge_clusters(room: Room, command: MergeClusters) -> list[Event]:
    known_cluster(room, command.cluster)
    known_cluster(room, command.into)
    if command.cluster == command.into:
        return []
    return [ClustersMerged(command.cluster, command.into)]


def dissolve_cluster(room: Room, command: DissolveCluster) -> list[Event]:
    known_cluster(room, command.cluster)
    return [ClusterDissolved(command.cluster)]


def move_notes(room: Room, command: MoveNotes) -> list[Event]:
    if not command.notes:
        raise Refused("note-unknown")
    if command.cluster is not None:
        known_cluster(room, command.cluster)
    for note in command.notes:
        known_note(room, note)
    return [NotesMoved(tuple(dict.fromkeys(command.notes)), command.cluster)]


def remove_note(room: Room, command: RemoveNote) -> list[Event]:
    if not room.closed:
        raise Refused("not-closed")
    if command.note not in room.wall.notes:
        raise Refused("note-unknown")
    return [NoteRemoved(command.note)]


def undo(room: Room) -> list[Event]:
    if not room.past:
        raise Refused("nothing-to-undo")
    return [ActUndone()]
