"""A room as of its last event."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import groupby
from typing import assert_never, cast

from .commands import Audience, Keep, Level, Tag
from .events import (
    ActUndone,
    CardPutAway,
    CardShown,
    ChoiceDropped,
    ChoiceOpened,
    ChoiceTold,
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
    ReadExcerpt,
    RestitutionAccepted,
    RestitutionProposed,
    RestitutionWithdrawn,
    RoomClosed,
    RoomOpened,
    RoomReopened,
    StepChanged,
    StepDropped,
    StepEntered,
    StepInserted,
    StepMoved,
    TensionNamed,
    TensionRemoved,
    TensionReworded,
    VeilDrawn,
)
from .ids import ChoiceId, ClusterId, ConceptId, End, NoteId, StepId, Target, TensionId, WordsId
from .own_cards import CardWords
from .steps import Sensitivity, Step

NO_WORDS = WordsId("")
UNDO_DEPTH = 10
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Note:
    """A note has no author and no time: there is nothing here to leak."""

    id: NoteId
    step: StepId
    words: WordsId
    cluster: ClusterId | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster keeps its letter for as long as it lives: the group says it aloud."""

    id: ClusterId
    title: WordsId
    letter: str
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class Tension:
    """`both` is said of `a`, `and_` of `b`. It outlives what it holds: the sentence is the
    group's own."""

    id: TensionId
    a: End
    b: End
    both: WordsId
    and_: WordsId
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A concept card on the wall: what it sheds light on; `said` as long as it does not ship."""

    about: tuple[Target, ...] = ()
    said: CardWords | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that is open: among these clusters, up to `most` for each phone."""

    id: ChoiceId
    most: int
    clusters: tuple[ClusterId, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a choice brought: how many phones chose each cluster."""

    choice: ChoiceId
    totals: tuple[tuple[ClusterId, int], ...]


@dataclass(frozen=True, slots=True)
class Wall:
    """Notes and clusters in the order in which they stand, tensions and cards in that in which
    they came."""

    notes: Mapping[NoteId, Note] = field(default_factory=dict)
    clusters: Mapping[ClusterId, Cluster] = field(default_factory=dict)
    tensions: Mapping[TensionId, Tension] = field(default_factory=dict)
    cards: Mapping[ConceptId, Card] = field(default_factory=dict)
    chosen: Chosen | None = None


@dataclass(frozen=True, slots=True)
class Room:
    title: WordsId = NO_WORDS
    theme: WordsId = NO_WORDS
    language: str = "fr"
    steps: tuple[Step, ...] = ()
    planned: tuple[Step, ...] = ()
    """The steps as they were when the room opened."""
    bends: int = 0
    """How often `steps` was changed since."""
    sensitivity: Sensitivity = "medium"
    step: StepId | None = None
    entered: frozenset[StepId] = frozenset()
    reveals: Mapping[StepId, int] = field(default_factory=dict)
    choice: Choice | None = None
    choices_over: frozenset[ChoiceId] = frozenset()
    wall: Wall = Wall()
    past: tuple[Wall, ...] = ()
    taken_back: frozenset[NoteId] = frozenset()
    veiled: bool = False
    locked: bool = False
    closed: Keep | None = None
    proposed: Mapping[Audience, RestitutionProposed] = field(default_factory=dict)
    """What the group was given to read, by whom it is for."""
    accepted: frozenset[Audience] = frozenset()

    def find_step(self, id: StepId) -> Step | None:
        return next((step for step in self.steps if step.id == id), None)

    @property
    def current(self) -> Step | None:
        return None if self.step is None else self.find_step(self.step)

    def takes_notes(self, step: Step) -> bool:
        """Whether a note of `step` would be taken now, on the wall or face down."""
        if self.closed or step.id not in self.entered:
            return False
        match step.mode:
            case "none":
                return False
            case "direct":
                return step.id == self.step
            case "reveal":
                return step.id not in self.reveals
            case "waves":
                return True
            case _:
                assert_never(step.mode)


Change = Callable[[Wall], Wall]


def replay(events: Iterable[Event], room: Room | None = None) -> Room:
    """Notes that came one after the other are hung together: one by one, each would be a copy of
    the wall, and a long wall would take long to load."""
    room = room or Room()
    for kind, run in groupby(events, type):
        if kind is NotePosted:
            room = posted(room, cast("Iterable[NotePosted]", run))
        else:
            room = reduce(evolve, run, room)
    return room


def evolve(room: Room, event: Event) -> Room:
    """Apply one event. No rules here: what happened, happened."""
    wall = room.wall
    match event:
        case RoomOpened():
            return opened(room, event)
        case StepEntered(step):
            return replace(room, step=step, entered=room.entered | {step})
        case StepInserted(inserted, before):
            place = place_before(room.steps, before)
            return bent(room, (*room.steps[:place], inserted, *room.steps[place:]))
        case StepMoved(step, before):
            return bent(room, stepped(room.steps, step, before))
        case StepChanged(changed):
            return bent(room, tuple(changed if s.id == changed.id else s for s in room.steps))
        case StepDropped(step):
            return bent(room, tuple(each for each in room.steps if each.id != step))
        case NotePosted():
            return posted(room, [event])
        case NotesRevealed(notes):
            return revealed(room, notes)
        case NoteReworded(note, words):
            others = without_excerpts(room, lambda excerpt: excerpt.note != note)
            return everywhere(others, lambda wall: reworded(wall, note, words))
        case NoteTakenBack(note):
            return gone(room, note)
        case NoteHidden(note):
            shown = without_excerpts(room, lambda excerpt: excerpt.note != note)
            return acted(shown, with_notes(wall, replace(wall.notes[note], hidden=True)))
        case ClusterFormed(cluster, title, notes):
            formed = Cluster(cluster, title, free_letter(wall))
            return acted(room, moved(with_cluster(wall, formed), notes, cluster))
        case ClusterRenamed(cluster, title):
            return acted(room, with_cluster(wall, replace(wall.clusters[cluster], title=title)))
        case ClusterTagged(cluster, tags):
            return acted(room, with_cluster(wall, replace(wall.clusters[cluster], tags=tags)))
        case ClusterPlaced(cluster, before):
            return acted(room, placed(wall, cluster, before))
        case ClustersMerged(cluster, into):
            return acted(room, merged(wall, cluster, into))
        case ClusterDissolved(cluster):
            return acted(room, emptied(wall, cluster, None))
        case NotesMoved(notes, target):
            return acted(room, moved(wall, notes, target))
        case TensionNamed(tension, a, b, both, and_, levels):
            return acted(room, with_tension(wall, Tension(tension, a, b, both, and_, levels)))
        case TensionReworded(tension, both, and_, levels):
            known = wall.tensions[tension]
            said = replace(known, both=both, and_=and_, levels=levels)
            return acted(room, with_tension(wall, said))
        case TensionRemoved(tension):
            rest = {id: each for id, each in wall.tensions.items() if id != tension}
            return acted(room, replace(wall, tensions=rest))
        case CardShown(concept, target, said):
            return acted(room, with_card(wall, concept, target, said))
        case CardPutAway(concept):
            left = {id: each for id, each in wall.cards.items() if id != concept}
            return acted(room, replace(wall, cards=left))
        case RestitutionProposed(audience):
            proposed = {**room.proposed, audience: event}
            return replace(room, proposed=proposed, accepted=room.accepted - {audience})
        case RestitutionAccepted(audience):
            return replace(room, accepted=room.accepted | {audience})
        case RestitutionWithdrawn(audience):
            rest_of_them = {who: each for who, each in room.proposed.items() if who != audience}
            return replace(room, proposed=rest_of_them, accepted=room.accepted - {audience})
        case ChoiceOpened(choice, most, clusters):
            return replace(room, choice=Choice(choice, most, clusters))
        case ChoiceDropped(choice):
            return choice_over(room, choice)
        case ChoiceTold(choice, totals):
            told = replace(wall, chosen=Chosen(choice, totals))
            return acted(choice_over(room, choice), told)
        case ActUndone():
            return replace(room, wall=restored(room.past[-1], wall), past=room.past[:-1])
        case VeilDrawn(on):
            return replace(room, veiled=on)
        case DoorLocked(on):
            return replace(room, locked=on)
        case RoomClosed(keep):
            return replace(room, closed=keep)
        case RoomReopened():
            return replace(room, closed=None)
        case NoteRemoved(note):
            return gone(room, note)
        case NotesExpired():
            return replace(without_excerpts(room, lambda excerpt: False), closed="reduced")
        case _:
            assert_never(event)


def opened(room: Room, event: RoomOpened) -> Room:
    return replace(
        room,
        title=event.title,
        theme=event.theme,
        language=event.language,
        steps=event.steps,
        planned=event.steps,
        sensitivity=event.sensitivity,
    )


def bent(room: Room, steps: tuple[Step, ...]) -> Room:
    return replace(room, steps=steps, bends=room.bends + 1)


def stepped(steps: tuple[Step, ...], id: StepId, before: StepId | None) -> tuple[Step, ...]:
    rest = tuple(step for step in steps if step.id != id)
    place = place_before(rest, before)
    return (*rest[:place], *(step for step in steps if step.id == id), *rest[place:])


def place_before(steps: tuple[Step, ...], before: StepId | None) -> int:
    """Counted from 0; the end for None."""
    return next((n for n, step in enumerate(steps) if step.id == before), len(steps))


def acted(room: Room, wall: Wall) -> Room:
    """A facilitator's act on the wall, which can be undone."""
    return replace(room, wall=wall, past=(*room.past, room.wall)[-UNDO_DEPTH:])


def choice_over(room: Room, choice: ChoiceId) -> Room:
    return replace(room, choice=None, choices_over=room.choices_over | {choice})


def everywhere(room: Room, change: Change) -> Room:
    """A phone's change to its own note: true of the wall and of every wall an undo restores."""
    return replace(room, wall=change(room.wall), past=tuple(map(change, room.past)))


def gone(room: Room, note: NoteId) -> Room:
    """From every wall, for good: its id is not taken again."""
    others = without_excerpts(room, lambda excerpt: excerpt.note != note)
    without = replace(others, taken_back=room.taken_back | {note})
    return everywhere(without, lambda wall: without_note(wall, note))


def without_excerpts(room: Room, stays: Callable[[ReadExcerpt], bool]) -> Room:
    """What was made of a note goes with it, and does not outlive its words."""
    proposed = {
        who: replace(each, excerpts=tuple(filter(stays, each.excerpts)))
        for who, each in room.proposed.items()
    }
    return replace(room, proposed=proposed)


def posted(room: Room, run: Iterable[NotePosted]) -> Room:
    fresh = [Note(each.note, each.step, WordsId(each.note)) for each in run]
    return replace(room, wall=with_notes(room.wall, *fresh))


def revealed(room: Room, notes: tuple[tuple[NoteId, StepId], ...]) -> Room:
    fresh = [Note(id, step, WordsId(id)) for id, step in notes]
    counts = {step: room.reveals.get(step, 0) + 1 for _, step in notes}
    return replace(room, wall=with_notes(room.wall, *fresh), reveals={**room.reveals, **counts})


def with_notes(wall: Wall, *notes: Note) -> Wall:
    return replace(wall, notes={**wall.notes, **{note.id: note for note in notes}})


def without_note(wall: Wall, note: NoteId) -> Wall:
    return replace(wall, notes={id: n for id, n in wall.notes.items() if id != note})


def with_cluster(wall: Wall, cluster: Cluster) -> Wall:
    return replace(wall, clusters={**wall.clusters, cluster.id: cluster})


def with_tension(wall: Wall, tension: Tension) -> Wall:
    return replace(wall, tensions={**wall.tensions, tension.id: tension})


def with_card(
    wall: Wall, concept: ConceptId, target: Target | None, said: CardWords | None
) -> Wall:
    known = wall.cards.get(concept, Card())
    about = dict.fromkeys((*known.about, *((target,) if target else ())))
    return replace(wall, cards={**wall.cards, concept: Card(tuple(about), said or known.said)})


def reworded(wall: Wall, note: NoteId, words: WordsId) -> Wall:
    if note not in wall.notes:
        return wall  # an older wall, from before the note came
    return with_notes(wall, replace(wall.notes[note], words=words))


def moved(wall: Wall, ids: tuple[NoteId, ...], cluster: ClusterId | None) -> Wall:
    """Notes that move go to the end of their new lane, in the order given."""
    rest = {id: note for id, note in wall.notes.items() if id not in ids}
    return replace(wall, notes=rest | {id: replace(wall.notes[id], cluster=cluster) for id in ids})


def placed(wall: Wall, cluster: ClusterId, before: ClusterId | None) -> Wall:
    order = [id for id in wall.clusters if id != cluster]
    order.insert(order.index(before) if before else len(order), cluster)
    return replace(wall, clusters={id: wall.clusters[id] for id in order})


def merged(wall: Wall, cluster: ClusterId, into: ClusterId) -> Wall:
    """What was said of the one is said of the other: the tensions, the cards."""
    tensions = {id: turned(each, cluster, into) for id, each in wall.tensions.items()}
    cards = {
        id: replace(
            card, about=tuple(dict.fromkeys(into if e == cluster else e for e in card.about))
        )
        for id, card in wall.cards.items()
    }
    return replace(emptied(wall, cluster, into), tensions=tensions, cards=cards)


def turned(tension: Tension, cluster: ClusterId, into: ClusterId) -> Tension:
    a, b = (into if end == cluster else end for end in (tension.a, tension.b))
    return replace(tension, a=a, b=b)


def emptied(wall: Wall, cluster: ClusterId, into: ClusterId | None) -> Wall:
    """Without this cluster; its notes go there, in their order."""
    members = tuple(id for id, note in wall.notes.items() if note.cluster == cluster)
    rest = {id: c for id, c in wall.clusters.items() if id != cluster}
    return replace(moved(wall, members, into), clusters=rest)


def restored(past: Wall, now: Wall) -> Wall:
    """The wall as it stood, with the notes that came since; a note whose cluster the undo
    takes away is unsorted again."""
    since = {
        id: note if note.cluster in past.clusters else replace(note, cluster=None)
        for id, note in now.notes.items()
        if id not in past.notes
    }
    return replace(past, notes={**past.notes, **since})


def free_letter(wall: Wall) -> str:
    taken = {cluster.letter for cluster in wall.clusters.values()}
    return next(letter for letter in LETTERS if letter not in taken)
