"""Seeded random rooms: commands that a room takes, the texts beside them, and what came of them."""

from dataclasses import dataclass, field, replace
from random import Random

from atelier.rooms.commands import (
    AcceptRestitution,
    Audience,
    ChangeStep,
    CloseRoom,
    Command,
    DissolveCluster,
    DropChoice,
    DropStep,
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
from atelier.rooms.decide import decide
from atelier.rooms.events import Event
from atelier.rooms.ids import ChoiceId, ClusterId, ConceptId, NoteId, StepId, TensionId, WordsId
from atelier.rooms.own_cards import CardWords
from atelier.rooms.refusals import Refused
from atelier.rooms.state import Room, replay
from atelier.rooms.steps import Mode, Step
from atelier.rooms.words import Words

OWN, OTHER = ConceptId("0" * 31 + "a"), ConceptId("0" * 31 + "b")
MODES: tuple[Mode, ...] = ("reveal", "direct", "waves", "none")


@dataclass
class RandomRoom:
    """A room that grows by random commands; the same seed gives the same room."""

    seed: int
    events: list[Event] = field(default_factory=list)
    words: dict[WordsId, Words] = field(default_factory=dict)
    room: Room = field(default_factory=Room)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.perform(self.opening())
        self.perform(GoToStep(None))

    def grow(self, commands: int) -> "RandomRoom":
        for _ in range(commands):
            self.step()
        return self

    def step(self) -> list[Event]:
        """One random command; what it brings, nothing when the room refuses it."""
        try:
            return self.perform(self.command())
        except Refused:
            return []

    def perform(self, command: Command) -> list[Event]:
        events = decide(self.room, command)
        self.room = replay(events, self.room)
        self.events += events
        return events

    def opening(self) -> OpenRoom:
        steps = tuple(
            self.new_step(StepId(f"{number}-post"), mode)
            for number, mode in enumerate(MODES, start=1)
        )
        return OpenRoom(self.lay("Salle"), self.lay("Thème"), "fr", steps)

    def new_step(self, id: StepId, mode: Mode) -> Step:
        title, prompt = self.lay(f"Étape {id[:6]}"), self.lay("Écrivez")
        return Step(id, "post", "personnel", mode, title, prompt)

    def command(self) -> Command:
        pick = self.chance.choice
        match self.chance.randrange(36):
            case 0:
                return GoToStep(pick(self.room.steps).id)
            case 1 | 2 | 3:
                step = pick(sorted(self.room.entered))
                return RevealNotes(tuple((note, step) for note in self.new_notes()))
            case 4 | 5:
                return PostNote(self.new_note(), pick(self.room.steps).id)
            case 6:
                note = self.some_note()
                return RewordNote(note, self.lay("Autrement dit"))
            case 7:
                return TakeBackNote(self.some_note())
            case 8:
                return HideNote(self.some_note())
            case 9 | 10 | 11:
                return FormCluster(ClusterId(self.id()), self.lay("Grappe"), self.some_notes())
            case 12:
                return RenameCluster(self.some_cluster(), self.lay("Autre titre"))
            case 13:
                return DissolveCluster(self.some_cluster())
            case 14 | 15:
                target = None if self.chance.random() < 0.2 else self.some_cluster()
                return MoveNotes(self.some_notes(), target)
            case 16 | 17:
                return Undo()
            case 18 | 19 | 20:
                a, b = self.some_thing(), self.some_thing()
                named = self.lay("se taire"), self.lay("le dire")
                return NameTension(TensionId(self.id()), a, b, *named, ("self", "times"))
            case 21:
                said = self.lay("partir"), self.lay("rester")
                return RewordTension(self.some_tension(), *said, ("organisation",))
            case 22:
                return RemoveTension(self.some_tension())
            case 23 | 24:
                about = pick([None, self.some_cluster(), self.some_tension()])
                if self.chance.random() < 0.4:
                    own = CardWords(self.lay("Une idée"), self.lay("Ce qu’elle dit"))
                    return ShowCard(pick([OWN, OTHER]), about, own)
                return ShowCard(ConceptId(pick(["habitus", "don-contre-don"])), about)
            case 25:
                return PutCardAway(pick([*self.room.wall.cards, ConceptId("unknown")]))
            case 26:
                return TagCluster(self.some_cluster(), pick([(), ("social",), ("corps", "epoque")]))
            case 27:
                one, other = self.some_cluster(), self.some_cluster()
                sorting: list[Command] = [MergeClusters(one, other), PlaceCluster(one, other)]
                return pick([*sorting, PlaceCluster(one, None)])
            case 28 | 29:
                return self.bending()
            case 30 | 31 | 32:
                return self.giving_back()
            case 33 | 34:
                return self.choosing()
            case _:
                on = self.chance.random() < 0.5
                options: list[Command] = [Veil(on), Lock(on), CloseRoom("all"), ReopenRoom()]
                return pick(options)

    def choosing(self) -> Command:
        choice = self.room.choice.id if self.room.choice else ChoiceId(self.id())
        among = self.room.choice.clusters if self.room.choice else ()
        totals = tuple((each, self.chance.randrange(1, 9)) for each in among[:3])
        options: list[Command] = [OpenChoice(choice, 1), TellChoice(choice, totals)]
        return self.chance.choice([*options, TellChoice(choice, totals), DropChoice(choice)])

    def bending(self) -> Command:
        pick = self.chance.choice
        step, before = pick(self.room.steps), pick([None, *(s.id for s in self.room.steps)])
        new = self.new_step(StepId(self.id()), pick(MODES))
        otherwise = replace(step, prompt=self.lay("Dites"), minutes=self.chance.randrange(60))
        options: list[Command] = [
            InsertStep(new, before),
            MoveStep(step.id, before),
            ChangeStep(otherwise),
            ChangeStep(replace(new, id=step.id)),
            DropStep(step.id),
        ]
        return pick(options)

    def giving_back(self) -> Command:
        audience: Audience = self.chance.choice(["sponsor", "research"])
        proposed = self.room.proposed.get(audience)
        roll = self.chance.random()
        if roll < 0.15:
            return WithdrawRestitution(audience)
        if roll < 0.5 and proposed:
            return AcceptRestitution(audience, proposed.title)
        clusters = [c for c in self.room.wall.clusters if self.chance.random() < 0.8]
        tensions = [t for t in self.room.wall.tensions if self.chance.random() < 0.8]
        notes = self.some_notes() if audience == "research" else ()
        return ProposeRestitution(
            audience,
            self.lay("Ce qui sort"),
            tuple((cluster, self.lay("Récrit")) for cluster in clusters),
            tuple((each, self.lay("garder"), self.lay("donner")) for each in tensions),
            tuple((note, self.lay("Un extrait")) for note in notes),
        )

    def id(self) -> str:
        return f"{self.chance.getrandbits(128):032x}"

    def lay(self, text: str) -> WordsId:
        id = WordsId(self.id())
        self.words[id] = Words(f"{text} {id[:4]} <b>&")
        return id

    def new_note(self) -> NoteId:
        return NoteId(self.lay("Une note"))

    def new_notes(self) -> tuple[NoteId, ...]:
        return tuple(self.new_note() for _ in range(self.chance.randrange(1, 6)))

    def some_note(self) -> NoteId:
        return self.chance.choice([*self.room.wall.notes, NoteId("unknown")])

    def some_notes(self) -> tuple[NoteId, ...]:
        known = list(self.room.wall.notes)
        return tuple(self.chance.sample(known, k=min(len(known), self.chance.randrange(1, 4))))

    def some_cluster(self) -> ClusterId:
        return self.chance.choice([*self.room.wall.clusters, ClusterId("unknown")])

    def some_tension(self) -> TensionId:
        return self.chance.choice([*self.room.wall.tensions, TensionId("unknown")])

    def some_thing(self) -> str:
        wall = self.room.wall
        return self.chance.choice([*wall.clusters, *wall.notes, "unknown"])
