"""From an export document back to a room: the events that give this document, and their texts.

An export does not say everything that happened, so this is *a* history: notes come with the first
reveal after their step, and are sorted by the time of the closing. That it gives the same document
again is checked here, not hoped for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import cast

import msgspec

from ..content.concepts import concepts
from ..rooms import steps as kept
from ..rooms.board import board_of
from ..rooms.commands import Keep, Tag
from ..rooms.events import (
    CardPutAway,
    CardShown,
    ChoiceOpened,
    ChoiceTold,
    ClusterDissolved,
    ClusterFormed,
    ClusterPlaced,
    ClusterTagged,
    Event,
    NotePosted,
    NotesMoved,
    NotesRevealed,
    Recorded,
    RestitutionAccepted,
    RoomClosed,
    RoomOpened,
    RoomReopened,
    StepEntered,
    TensionNamed,
    TensionRemoved,
)
from ..rooms.ids import ChoiceId, ClusterId, ConceptId, NoteId, StepId, TensionId, WordsId
from ..rooms.own_cards import CardWords
from ..rooms.state import Room, evolve, free_letter
from ..rooms.steps import Kind, Mode, Register
from ..rooms.timeline import timeline_of
from ..rooms.words import NOTE_LIMIT, Words
from .build import document_of
from .check import NOTE_MAX, check, wrong
from .document import Cluster, Concept, Document, Moment, Note, Step, Tension
from .labels import audience_of, keep_of
from .method import sentence
from .proof import numbered, refuse_difference

NewId = Callable[[], str]
"""Gives 32 hex characters, never the same: chance comes from outside."""


@dataclass
class History:
    """The log of a closed room and the texts beside it; `opened` in Unix seconds."""

    opened: int
    recorded: list[Recorded] = field(default_factory=list)
    words: dict[WordsId, Words] = field(default_factory=dict)
    room: Room = field(default_factory=Room)

    def add(self, event: Event, minute: int | None) -> None:
        self.room = evolve(self.room, event)
        self.recorded.append(Recorded(len(self.recorded) + 1, event, minute))


def history_of(document: Document, new_id: NewId) -> History:
    """Raises `ValueError`: where the document cannot become a room, and what was expected."""
    check(document)
    history = Writer(document, new_id).write()
    again = document_of(
        board_of(history.room, history.words),
        timeline_of(history.recorded),
        history.room,
        history.words,
        history.opened,
        document.profile,
    )
    refuse_difference(msgspec.to_builtins(again), msgspec.to_builtins(numbered(document)))
    return history


class Writer:
    """Goes along the timeline and writes down what must have happened."""

    def __init__(self, document: Document, new_id: NewId) -> None:
        self.document = document
        self.new_id = new_id
        day = datetime.combine(document.day, time(), UTC)
        self.history = History(int(day.timestamp()))
        self.notes = {note.id: NoteId(new_id()) for note in document.notes}
        self.clusters = {cluster.id: ClusterId(new_id()) for cluster in document.clusters}
        self.tensions = {tension.id: TensionId(new_id()) for tension in document.tensions}
        own = {each.id for each in document.concepts}
        self.concepts = {
            card.concept: ConceptId(new_id() if card.concept in own else card.concept)
            for card in document.cards
        }
        self.waiting = list(document.notes)
        self.forming = list(document.clusters)
        self.minutes_left = {step.id: step.run_min for step in document.steps}

    def write(self) -> History:
        self.open()
        for number, moment in enumerate(self.document.timeline):
            if self.history.room.closed:
                self.history.add(RoomReopened(), moment.minute)
            match moment.act:
                case "step":
                    self.enter(number, moment)
                case "reveal":
                    self.reveal(number, moment)
                case "cluster":
                    self.form(number, moment)
                case "tension":
                    self.name(number, moment)
                case "card":
                    self.show(number, moment)
                case "restitution":
                    self.accept(number, moment)
                case "choice":
                    self.choose(moment)
                case _:
                    self.decide(number, moment)
        self.refuse_rest()
        if not self.history.room.closed:
            self.close(
                None, keep_of(self.document, "")
            )  # exported before its closing: when that was, the file cannot say
        return self.history

    def open(self) -> None:
        title, theme = self.lay(self.document.title), self.lay(self.document.theme)
        steps = tuple(self.step(step) for step in self.document.steps)
        self.history.add(RoomOpened(title, theme, self.document.language, steps), 0)

    def step(self, step: Step) -> kept.Step:
        longest = max((len(n.text) for n in self.document.notes if n.step == step.id), default=0)
        return kept.Step(
            id=StepId(step.id),
            kind=cast(Kind, step.kind),
            register=cast(Register, step.register),
            mode=self.mode(step),
            title=self.lay(step.title),
            prompt=self.lay(step.prompt),
            minutes=step.planned_min,
            limit=NOTE_MAX if longest > NOTE_LIMIT else NOTE_LIMIT,
        )

    def mode(self, step: Step) -> Mode:
        """The file does not say it, and it does not count after a closing."""
        if any(note.step == step.id for note in self.document.notes):
            revealed = any(moment.act == "reveal" for moment in self.document.timeline)
            return "reveal" if revealed else "direct"
        return "reveal" if step.kind in ("wall", "post") else "none"

    # The acts

    def enter(self, number: int, moment: Moment) -> None:
        step = self.step_entered(number, moment)
        self.history.add(StepEntered(StepId(step.id)), moment.minute)
        if not any(later.act == "reveal" for later in self.document.timeline[number:]):
            for note in self.take([step.id]):  # nothing is revealed any more: it came directly
                self.history.add(NotePosted(self.notes[note.id], StepId(step.id)), None)

    def step_entered(self, number: int, moment: Moment) -> Step:
        """By its title; of several with the same title, one that still has these minutes."""
        current = self.history.room.step
        named = [
            step for step in self.document.steps if step.title == moment.what and step.id != current
        ]
        if not named:
            wrong(f"timeline[{number}].what", "the title of another step", moment.what)
        stay = minutes_until_next(self.document.timeline[number:])
        step = next((s for s in named if self.minutes_left[s.id] >= stay), named[0])
        self.minutes_left[step.id] -= stay
        return step

    def reveal(self, number: int, moment: Moment) -> None:
        steps = self.history.room.entered
        after = self.document.timeline[number + 1 :]
        if not any(each.act == "reveal" for each in after):
            # The last one: a note has no later place, unless its step is still to come.
            to_come = {each.what for each in after}
            steps |= {StepId(s.id) for s in self.document.steps if s.title not in to_come}
        notes = self.take(steps)
        pairs = tuple((self.notes[note.id], StepId(note.step)) for note in notes)
        self.history.add(NotesRevealed(pairs), moment.minute)

    def form(self, number: int, moment: Moment) -> None:
        cluster = self.cluster_formed(number, moment)
        others = self.take_letters_before(cluster.letter, moment.minute)
        there = self.history.room.wall.notes
        notes = tuple(note for id in cluster.notes if (note := self.notes[id]) in there)
        title = self.lay(cluster.title)
        self.history.add(ClusterFormed(self.clusters[cluster.id], title, notes), moment.minute)
        for other in others:
            self.history.add(ClusterDissolved(other), moment.minute)
        if cluster.tags:
            tagged = ClusterTagged(self.clusters[cluster.id], cast(tuple[Tag, ...], cluster.tags))
            self.history.add(tagged, moment.minute)

    def cluster_formed(self, number: int, moment: Moment) -> Cluster:
        """By its title: the order in which they stand may be another."""
        if not self.forming:
            wrong(f"timeline[{number}]", "no more clusters than the file has", moment.what)
        found = next((each for each in self.forming if each.title == moment.what), None)
        if found is None:
            wrong(f"timeline[{number}].what", repr(self.forming[0].title), moment.what)
        self.forming.remove(found)
        return found

    def take_letters_before(self, letter: str, minute: int) -> list[ClusterId]:
        """A cluster gets the first free letter: there were others, which were dissolved."""
        others: list[ClusterId] = []
        while free_letter(self.history.room.wall) != letter:
            others.append(ClusterId(self.new_id()))
            self.history.add(ClusterFormed(others[-1], WordsId(self.new_id()), ()), minute)
        return others

    def name(self, number: int, moment: Moment) -> None:
        """One that is named twice was taken back in between."""
        tension = self.tension_named(number, moment)
        if self.tensions[tension.id] in self.history.room.wall.tensions:
            self.history.add(TensionRemoved(self.tensions[tension.id]), moment.minute)
        things = self.clusters | self.notes
        named = TensionNamed(
            self.tensions[tension.id],
            things.get(tension.a, ""),
            things.get(tension.b, ""),
            self.lay(tension.both),
            self.lay(tension.and_),
            tension.levels,
        )
        self.history.add(named, moment.minute)

    def tension_named(self, number: int, moment: Moment) -> Tension:
        """By its sentence; of several with the same, the first that is not there yet."""
        there = self.history.room.wall.tensions
        said = [
            each
            for each in self.document.tensions
            if sentence(self.document.language, each.both, each.and_) == moment.what
        ]
        if not said:
            wrong(f"timeline[{number}].what", "the two halves of a tension", moment.what)
        return next((each for each in said if self.tensions[each.id] not in there), said[0])

    def show(self, number: int, moment: Moment) -> None:
        id = self.card_shown(number, moment)
        concept = self.concepts[id]
        if concept in self.history.room.wall.cards:
            self.history.add(CardPutAway(concept), moment.minute)
        own = next((each for each in self.document.concepts if each.id == id), None)
        self.history.add(CardShown(concept, None, self.lay_card(own)), moment.minute)
        things = self.clusters | self.tensions
        for card in self.document.cards:
            if card.concept == id and card.target is not None:
                self.history.add(CardShown(concept, things[card.target]), moment.minute)

    def card_shown(self, number: int, moment: Moment) -> str:
        """By its name; of several with the same, the first that is not there yet."""
        names = {each.id: each.name for each in self.document.concepts}
        language = self.document.language
        named = [
            id
            for id, concept in self.concepts.items()
            if (names.get(id) or concepts()[concept].name(language)) == moment.what
        ]
        if not named:
            wrong(f"timeline[{number}].what", "the name of a concept card", moment.what)
        there = self.history.room.wall.cards
        return next((id for id in named if self.concepts[id] not in there), named[-1])

    def lay_card(self, own: Concept | None) -> CardWords | None:
        if own is None:
            return None
        reference = (own.author, own.work, own.year) if own.author else ()
        return CardWords(
            self.lay(own.name),
            self.lay(own.definition),
            tuple(self.lay(each) for each in reference),
            own.doubtful,
        )

    def choose(self, moment: Moment) -> None:
        """The file tells what was chosen in the end, and no numbers: here all are equal."""
        choice = ChoiceId(self.new_id())
        totals = tuple((self.clusters[each.cluster], 1) for each in self.document.chosen)
        clusters = tuple(self.history.room.wall.clusters)
        self.history.add(ChoiceOpened(choice, 1, clusters), moment.minute)
        self.history.add(ChoiceTold(choice, totals), moment.minute)

    def accept(self, number: int, moment: Moment) -> None:
        """What was read is not in the file: it cannot go out again from here."""
        try:
            audience = audience_of(self.document, moment.what)
        except KeyError:
            wrong(f"timeline[{number}].what", "the name of an audience", moment.what)
        self.history.add(RestitutionAccepted(audience), moment.minute)

    def decide(self, number: int, moment: Moment) -> None:
        try:
            keep = keep_of(self.document, moment.what)
        except KeyError:
            wrong(f"timeline[{number}].what", "what the group decided to keep", moment.what)
        self.close(moment.minute, keep)

    def close(self, minute: int | None, keep: Keep) -> None:
        last = minute if minute is not None else self.last_minute
        self.place(last)
        for cluster in self.document.clusters:
            if self.clusters[cluster.id] in self.history.room.wall.clusters:
                self.sort(cluster.notes, self.clusters[cluster.id], last)
        unsorted = [note.id for note in self.document.notes if note.cluster is None]
        self.sort(unsorted, None, last)
        self.history.add(RoomClosed(keep), minute)

    def place(self, minute: int) -> None:
        wanted = [self.clusters[each.id] for each in self.document.clusters]
        there = self.history.room.wall.clusters
        if [id for id in there if id in wanted] != [id for id in wanted if id in there]:
            for cluster in wanted:
                if cluster in there:
                    self.history.add(ClusterPlaced(cluster, None), minute)

    def sort(self, wanted: Sequence[str], cluster: ClusterId | None, minute: int) -> None:
        there = self.history.room.wall.notes
        stand = [note.id for note in there.values() if note.cluster == cluster]
        notes = [note for id in wanted if (note := self.notes[id]) in there]
        if notes and stand != notes:
            self.history.add(NotesMoved(tuple(notes), cluster), minute)

    # What is left to do

    @property
    def last_minute(self) -> int:
        return self.document.timeline[-1].minute if self.document.timeline else 0

    def take(self, steps: Sequence[str] | frozenset[StepId]) -> list[Note]:
        """The notes of these steps that are not on the wall yet, in the order of the file."""
        taken = [note for note in self.waiting if note.step in steps]
        self.waiting = [note for note in self.waiting if note.step not in steps]
        for note in taken:
            self.history.words[WordsId(self.notes[note.id])] = Words(note.text)
        return taken

    def lay(self, text: str) -> WordsId:
        id = WordsId(self.new_id())
        self.history.words[id] = Words(text)
        return id

    def refuse_rest(self) -> None:
        if self.waiting:
            note = self.waiting[0]
            where = f"notes[{self.document.notes.index(note)}].step"
            wrong(where, "a step that the timeline enters", note.step)
        if self.forming:
            wrong("timeline", f"an act for the cluster {self.forming[0].id!r}", "none")
        wall = self.history.room.wall
        for tension in self.document.tensions:
            if self.tensions[tension.id] not in wall.tensions:
                wrong("timeline", f"an act for the tension {tension.id!r}", "none")
        if self.document.chosen and wall.chosen is None:
            wrong("timeline", "an act for what was chosen", "none")
        for card in self.document.cards:
            if self.concepts[card.concept] not in wall.cards:
                wrong("timeline", f"an act for the card {card.concept!r}", "none")


def minutes_until_next(timeline: Sequence[Moment]) -> int:
    """From the first of these moments to the next step or closing; 0 when there is none."""
    first, *rest = timeline
    ends = [moment.minute for moment in rest if moment.act in ("step", "close")]
    return ends[0] - first.minute if ends else 0
