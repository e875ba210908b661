"""What happened. Past tense, frozen, and the only thing the log keeps: ids, never words."""

from dataclasses import dataclass

from .commands import Audience, Keep, Level, Tag
from .ids import ChoiceId, ClusterId, ConceptId, End, NoteId, StepId, Target, TensionId, WordsId
from .own_cards import CardWords
from .steps import Sensitivity, Step


@dataclass(frozen=True, slots=True)
class RoomOpened:
    title: WordsId
    theme: WordsId
    language: str
    steps: tuple[Step, ...]
    sensitivity: Sensitivity = "medium"


@dataclass(frozen=True, slots=True)
class StepEntered:
    step: StepId


@dataclass(frozen=True, slots=True)
class StepInserted:
    step: Step
    before: StepId | None


@dataclass(frozen=True, slots=True)
class StepMoved:
    step: StepId
    before: StepId | None


@dataclass(frozen=True, slots=True)
class StepChanged:
    step: Step


@dataclass(frozen=True, slots=True)
class StepDropped:
    step: StepId


@dataclass(frozen=True, slots=True)
class NotePosted:
    note: NoteId
    step: StepId


@dataclass(frozen=True, slots=True)
class NotesRevealed:
    """All notes of one reveal in their final order, each with its step."""

    notes: tuple[tuple[NoteId, StepId], ...]


@dataclass(frozen=True, slots=True)
class NoteReworded:
    note: NoteId
    words: WordsId


@dataclass(frozen=True, slots=True)
class NoteTakenBack:
    note: NoteId


@dataclass(frozen=True, slots=True)
class NoteHidden:
    note: NoteId


@dataclass(frozen=True, slots=True)
class ClusterFormed:
    cluster: ClusterId
    title: WordsId
    notes: tuple[NoteId, ...]


@dataclass(frozen=True, slots=True)
class ClusterRenamed:
    cluster: ClusterId
    title: WordsId


@dataclass(frozen=True, slots=True)
class ClusterTagged:
    cluster: ClusterId
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class ClusterPlaced:
    cluster: ClusterId
    before: ClusterId | None


@dataclass(frozen=True, slots=True)
class ClustersMerged:
    cluster: ClusterId
    into: ClusterId


@dataclass(frozen=True, slots=True)
class ClusterDissolved:
    cluster: ClusterId


@dataclass(frozen=True, slots=True)
class NotesMoved:
    notes: tuple[NoteId, ...]
    cluster: ClusterId | None


@dataclass(frozen=True, slots=True)
class TensionNamed:
    tension: TensionId
    a: End
    b: End
    both: WordsId
    and_: WordsId
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class TensionReworded:
    tension: TensionId
    both: WordsId
    and_: WordsId
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class TensionRemoved:
    tension: TensionId


@dataclass(frozen=True, slots=True)
class CardShown:
    concept: ConceptId
    target: Target | None
    said: CardWords | None = None


@dataclass(frozen=True, slots=True)
class CardPutAway:
    concept: ConceptId


@dataclass(frozen=True, slots=True)
class ReadCluster:
    """A cluster as it is read together, with the title that it has there."""

    cluster: ClusterId
    letter: str
    title: WordsId
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadTension:
    tension: TensionId
    a: End
    b: End
    both: WordsId
    and_: WordsId
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class ReadExcerpt:
    """A note as it was rewritten; it goes when the note goes."""

    note: NoteId
    cluster: ClusterId | None
    words: WordsId


@dataclass(frozen=True, slots=True)
class RestitutionProposed:
    """All that is read, whatever becomes of the wall afterwards: what was accepted goes out, and
    nothing else."""

    audience: Audience
    title: WordsId
    clusters: tuple[ReadCluster, ...]
    tensions: tuple[ReadTension, ...]
    excerpts: tuple[ReadExcerpt, ...]
    concepts: tuple[ConceptId, ...]


@dataclass(frozen=True, slots=True)
class RestitutionAccepted:
    audience: Audience


@dataclass(frozen=True, slots=True)
class RestitutionWithdrawn:
    audience: Audience


@dataclass(frozen=True, slots=True)
class ChoiceOpened:
    choice: ChoiceId
    most: int
    clusters: tuple[ClusterId, ...]


@dataclass(frozen=True, slots=True)
class ChoiceDropped:
    choice: ChoiceId


@dataclass(frozen=True, slots=True)
class ChoiceTold:
    """Totals of at least as many phones as the threshold: who chose what was never here."""

    choice: ChoiceId
    totals: tuple[tuple[ClusterId, int], ...]


@dataclass(frozen=True, slots=True)
class ActUndone:
    pass


@dataclass(frozen=True, slots=True)
class VeilDrawn:
    on: bool


@dataclass(frozen=True, slots=True)
class DoorLocked:
    on: bool


@dataclass(frozen=True, slots=True)
class RoomClosed:
    keep: Keep


@dataclass(frozen=True, slots=True)
class RoomReopened:
    pass


@dataclass(frozen=True, slots=True)
class NoteRemoved:
    note: NoteId


@dataclass(frozen=True, slots=True)
class NotesExpired:
    pass


Event = (
    RoomOpened | StepEntered | StepInserted | StepMoved | StepChanged | StepDropped
    | NotePosted | NotesRevealed | NoteReworded | NoteTakenBack
    | NoteHidden | ClusterFormed | ClusterRenamed | ClusterTagged | ClusterPlaced | ClustersMerged
    | ClusterDissolved | NotesMoved | TensionNamed | TensionReworded | TensionRemoved | CardShown
    | CardPutAway | ChoiceOpened | ChoiceDropped | ChoiceTold
    | ActUndone | VeilDrawn | DoorLocked | RoomClosed | RoomReopened | NoteRemoved
    | NotesExpired | RestitutionProposed | RestitutionAccepted | RestitutionWithdrawn
)  # fmt: skip

Untimed = NotePosted | NoteReworded | NoteTakenBack | NoteRemoved | NotesExpired
"""What comes from a phone: its minute would say when somebody wrote, so it has none. What happens
to an archive has none either: it is no act of the session."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with its number in the room, counted from 1 without gaps.

    `minute` counts from the opening of the room and is None where a time would say when
    somebody wrote.
    """

    seq: int
    event: Event
    minute: int | None = None
