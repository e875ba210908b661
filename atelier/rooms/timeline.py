"""The log as the facilitators' acts, by minute: what a replay and an export show of time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from .commands import Audience, Keep
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
    NotesMoved,
    NotesRevealed,
    Recorded,
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
from .ids import ChoiceId, ClusterId, ConceptId, StepId, TensionId, WordsId
from .state import Room, Tension, Wall, evolve, replay

LastingName = Literal[
    "step", "reveal", "cluster", "tension", "card", "choice", "restitution", "close"
]
"""The acts that an export tells; of clusters, tensions, cards, choices and restitutions those that
still hold."""
ActName = Literal[
    LastingName, "open", "rename", "tag", "place", "merge", "dissolve", "move", "reword", "drop",
    "link", "away", "hide", "undo", "veil", "unveil", "lock", "unlock", "reopen", "insert",
    "shift", "change", "skip", "ask", "unask", "read", "withdraw",
]  # fmt: skip
COUNTED: tuple[ActName, ...] = ("move", "place", "hide", "undo")
"""Those of one minute are one act with a count: which note went where is nobody's business."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act of facilitation. The board as it left it is the one at `seq`.

    `title` is what the step, cluster or own card was called then, `now` what it is called in the
    end: None when it is gone. A tension has two halves, `and_` and `and_now` are the other one.
    `lasts` is false when what was made is gone in the end.
    """

    seq: int
    minute: int
    name: ActName
    title: WordsId | None = None
    now: WordsId | None = None
    step: StepId | None = None
    cluster: ClusterId | None = None
    letter: str = ""
    tension: TensionId | None = None
    and_: WordsId | None = None
    and_now: WordsId | None = None
    concept: ConceptId | None = None
    choice: ChoiceId | None = None
    letters: str = ""
    keep: Keep | None = None
    audience: Audience | None = None
    count: int = 1
    lasts: bool = True


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay in a step, in minutes; `end` is None while it lasts, or when nobody knows."""

    step: StepId
    start: int
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """`run` gives the minutes that each step really took, over all its visits."""

    acts: tuple[Act, ...]
    visits: tuple[Visit, ...]
    run: dict[StepId, int]


def timeline_of(log: Iterable[Recorded]) -> Timeline:
    log = list(log)
    return Timeline(tuple(by_minute(acts_of(log))), tuple(visits_of(log)), minutes_run(log))


# Acts


def acts_of(log: list[Recorded]) -> Iterable[Act]:
    end = replay(recorded.event for recorded in log)
    room = Room()
    for recorded in log:
        before, room = room, evolve(room, recorded.event)
        if recorded.minute is None:
            continue
        if act := act_of(Act(recorded.seq, recorded.minute, "open"), recorded.event, before, room):
            yield as_it_ended(act, end)


def act_of(act: Act, event: Event, before: Room, after: Room) -> Act | None:
    """`act` as this event makes it; None for what is no act of facilitation."""
    match event:
        case RoomOpened():
            return act
        case StepEntered(id):
            return of_step(replace(act, name="step", step=id), id, after)
        case StepInserted(new):
            return replace(act, name="insert", title=new.title)
        case StepMoved(id):
            return of_step(replace(act, name="shift"), id, after)
        case StepChanged(changed):
            return of_step(replace(act, name="change"), changed.id, before)
        case StepDropped(id):
            return of_step(replace(act, name="skip"), id, before)
        case NotesRevealed():
            return replace(act, name="reveal")
        case ClusterFormed(id):
            return of_cluster(replace(act, name="cluster"), id, after)
        case ClusterRenamed(id):
            return of_cluster(replace(act, name="rename"), id, after)
        case ClusterTagged(id):
            return of_cluster(replace(act, name="tag"), id, after)
        case ClusterPlaced():
            return replace(act, name="place")
        case ClustersMerged(id):
            return of_cluster(replace(act, name="merge"), id, before)
        case ClusterDissolved(id):
            return of_cluster(replace(act, name="dissolve"), id, before)
        case NotesMoved():
            return replace(act, name="move")
        case TensionNamed(tension):
            return of_tension(replace(act, name="tension"), after.wall.tensions[tension])
        case TensionReworded(tension):
            return of_tension(replace(act, name="reword"), after.wall.tensions[tension])
        case TensionRemoved(tension):
            return of_tension(replace(act, name="drop"), before.wall.tensions[tension])
        case CardShown(concept):
            name: ActName = "link" if concept in before.wall.cards else "card"
            return of_card(replace(act, name=name), concept, after)
        case CardPutAway(concept):
            return of_card(replace(act, name="away"), concept, before)
        case ChoiceOpened():
            return replace(act, name="ask")
        case ChoiceDropped():
            return replace(act, name="unask")
        case ChoiceTold(choice):
            letters = letters_chosen(after.wall)
            return replace(act, name="choice", choice=choice, letters=letters)
        case NoteHidden():
            return replace(act, name="hide")
        case ActUndone():
            return replace(act, name="undo")
        case VeilDrawn(on):
            return replace(act, name="veil" if on else "unveil")
        case DoorLocked(on):
            return replace(act, name="lock" if on else "unlock")
        case RestitutionProposed(audience):
            return replace(act, name="read", audience=audience)
        case RestitutionAccepted(audience):
            return replace(act, name="restitution", audience=audience)
        case RestitutionWithdrawn(audience):
            return replace(act, name="withdraw", audience=audience)
        case RoomClosed(keep):
            return replace(act, name="close", keep=keep)
        case RoomReopened():
            return replace(act, name="reopen")
        case _:
            return None


def of_step(act: Act, id: StepId, room: Room) -> Act:
    step = room.find_step(id)
    return replace(act, title=step.title if step else None)


def of_cluster(act: Act, id: ClusterId, room: Room) -> Act:
    cluster = room.wall.clusters[id]
    return replace(act, cluster=id, letter=cluster.letter, title=cluster.title)


def of_tension(act: Act, tension: Tension) -> Act:
    return replace(act, tension=tension.id, title=tension.both, and_=tension.and_)


def of_card(act: Act, concept: ConceptId, room: Room) -> Act:
    said = room.wall.cards[concept].said
    return replace(act, concept=concept, title=said.name if said else None)


def as_it_ended(act: Act, end: Room) -> Act:
    if act.cluster is not None:
        cluster = end.wall.clusters.get(act.cluster)
        return replace(act, now=cluster.title if cluster else None, lasts=cluster is not None)
    if act.tension is not None:
        tension = end.wall.tensions.get(act.tension)
        if tension is None:
            return replace(act, lasts=False)
        return replace(act, now=tension.both, and_now=tension.and_)
    if act.audience is not None:
        return replace(act, lasts=act.audience in end.accepted)
    if act.choice is not None:
        stands = end.wall.chosen is not None and end.wall.chosen.choice == act.choice
        letters = letters_chosen(end.wall) if stands else ""
        return replace(act, letters=letters or act.letters, lasts=bool(letters))
    if act.concept is not None:
        card = end.wall.cards.get(act.concept)
        now = card.said.name if card and card.said else None
        return replace(act, now=now, lasts=card is not None)
    return replace(act, now=act.title)


def letters_chosen(wall: Wall) -> str:
    """By the letters that the group says aloud: of the clusters that are there, those that most
    phones chose, as in `A, C`. The numbers stay on the wall."""
    times = dict(wall.chosen.totals) if wall.chosen else {}
    there = {each.letter: times[id] for id, each in wall.clusters.items() if id in times}
    return ", ".join(letter for letter, n in there.items() if n == max(there.values()))


def by_minute(acts: Iterable[Act]) -> list[Act]:
    """Acts that are only counted, once a minute: at the last of them."""
    told: dict[object, Act] = {}
    for act in acts:
        key = (act.minute, act.name) if act.name in COUNTED else act.seq
        earlier = told.pop(key, None)
        told[key] = replace(act, count=earlier.count + 1) if earlier else act
    return list(told.values())


# Steps


def visits_of(log: Iterable[Recorded]) -> list[Visit]:
    """A room that was reopened goes on with the visit that its closing had ended."""
    visits: list[Visit] = []
    for event, minute in ((each.event, each.minute) for each in log):
        if minute is None:
            continue
        if visits and isinstance(event, StepEntered | RoomClosed):
            visits[-1] = replace(visits[-1], end=minute)
        if visits and isinstance(event, RoomReopened):
            visits[-1] = replace(visits[-1], end=None)
        if isinstance(event, StepEntered):
            visits.append(Visit(event.step, minute))
    return visits


def minutes_run(log: list[Recorded]) -> dict[StepId, int]:
    run: dict[StepId, int] = {}
    entered: tuple[StepId, int] | None = None
    for recorded in log:
        if recorded.minute is None or not isinstance(recorded.event, StepEntered | RoomClosed):
            continue
        if entered:
            step, since = entered
            run[step] = run.get(step, 0) + recorded.minute - since
        entered = (
            (recorded.event.step, recorded.minute)
            if isinstance(recorded.event, StepEntered)
            else None
        )
    return run
