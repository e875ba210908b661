"""What someone wants. Imperative mood; may be refused. Texts travel beside, never inside."""

from dataclasses import dataclass
from typing import Literal

from .ids import ChoiceId, ClusterId, ConceptId, End, NoteId, StepId, Target, TensionId, WordsId
from .own_cards import CardWords
from .steps import Sensitivity, Step

Keep = Literal["all", "reduced", "nothing"]
"""What the group keeps: all that is still on the wall, only clusters and tensions, nothing."""

Tag = Literal["social", "familial", "affectif", "corps", "organisation", "epoque"]
"""What a cluster speaks of, in the eyes of the group; `corps` is body and sexuality."""

Level = Literal["self", "organisation", "times"]
"""Where a tension is felt."""

Audience = Literal["sponsor", "research"]
"""Who is given something of a session without having been there."""


@dataclass(frozen=True, slots=True)
class OpenRoom:
    title: WordsId
    theme: WordsId
    language: str
    steps: tuple[Step, ...]
    sensitivity: Sensitivity = "medium"


@dataclass(frozen=True, slots=True)
class GoToStep:
    """`step` is None for the next one."""

    step: StepId | None


@dataclass(frozen=True, slots=True)
class InsertStep:
    """`before` is None for the end."""

    step: Step
    before: StepId | None


@dataclass(frozen=True, slots=True)
class MoveStep:
    """`before` is None for the end."""

    step: StepId
    before: StepId | None


@dataclass(frozen=True, slots=True)
class ChangeStep:
    """`step` takes the place of the one with its id."""

    step: Step


@dataclass(frozen=True, slots=True)
class DropStep:
    step: StepId


@dataclass(frozen=True, slots=True)
class PostNote:
    """A note of a direct step."""

    note: NoteId
    step: StepId


@dataclass(frozen=True, slots=True)
class RevealNotes:
    """Every note with its step, already shuffled, all steps mixed: chance comes from outside."""

    notes: tuple[tuple[NoteId, StepId], ...]


@dataclass(frozen=True, slots=True)
class RewordNote:
    note: NoteId
    words: WordsId


@dataclass(frozen=True, slots=True)
class TakeBackNote:
    note: NoteId


@dataclass(frozen=True, slots=True)
class HideNote:
    note: NoteId


@dataclass(frozen=True, slots=True)
class FormCluster:
    cluster: ClusterId
    title: WordsId
    notes: tuple[NoteId, ...]


@dataclass(frozen=True, slots=True)
class RenameCluster:
    cluster: ClusterId
    title: WordsId


@dataclass(frozen=True, slots=True)
class TagCluster:
    """`tags` take the place of those before."""

    cluster: ClusterId
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class PlaceCluster:
    """`before` is None for the last place."""

    cluster: ClusterId
    before: ClusterId | None


@dataclass(frozen=True, slots=True)
class MergeClusters:
    """All of `cluster` goes to the end of `into`, which keeps its letter and title."""

    cluster: ClusterId
    into: ClusterId


@dataclass(frozen=True, slots=True)
class DissolveCluster:
    cluster: ClusterId


@dataclass(frozen=True, slots=True)
class MoveNotes:
    """`cluster` is None for the unsorted lane."""

    notes: tuple[NoteId, ...]
    cluster: ClusterId | None


@dataclass(frozen=True, slots=True)
class NameTension:
    """Both `both`, said of `a`, and `and_`, said of `b`: they hold because they oppose."""

    tension: TensionId
    a: End
    b: End
    both: WordsId
    and_: WordsId
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class RewordTension:
    tension: TensionId
    both: WordsId
    and_: WordsId
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class RemoveTension:
    tension: TensionId


@dataclass(frozen=True, slots=True)
class ShowCard:
    """A concept card, and what it sheds light on; a card may shed light on several things.

    `said` is None for one that ships, and for one that says what it says on the wall already.
    """

    concept: ConceptId
    target: Target | None
    said: CardWords | None = None


@dataclass(frozen=True, slots=True)
class PutCardAway:
    concept: ConceptId


@dataclass(frozen=True, slots=True)
class ProposeRestitution:
    """What would be given to this audience, for the group to read first: clusters by the titles
    that they have there, tensions by their halves, notes as they were rewritten."""

    audience: Audience
    title: WordsId
    clusters: tuple[tuple[ClusterId, WordsId], ...]
    tensions: tuple[tuple[TensionId, WordsId, WordsId], ...]
    excerpts: tuple[tuple[NoteId, WordsId], ...] = ()


@dataclass(frozen=True, slots=True)
class AcceptRestitution:
    """`title` is that of the text which was read: no other is accepted with it."""

    audience: Audience
    title: WordsId


@dataclass(frozen=True, slots=True)
class WithdrawRestitution:
    audience: Audience


@dataclass(frozen=True, slots=True)
class OpenChoice:
    """Each phone may choose up to `most` of the clusters on the wall."""

    choice: ChoiceId
    most: int


@dataclass(frozen=True, slots=True)
class DropChoice:
    """Nothing of it is ever told."""

    choice: ChoiceId


@dataclass(frozen=True, slots=True)
class TellChoice:
    """How many phones chose each cluster, in the order of the wall."""

    choice: ChoiceId
    totals: tuple[tuple[ClusterId, int], ...]


@dataclass(frozen=True, slots=True)
class Undo:
    pass


@dataclass(frozen=True, slots=True)
class Veil:
    on: bool


@dataclass(frozen=True, slots=True)
class Lock:
    on: bool


@dataclass(frozen=True, slots=True)
class CloseRoom:
    keep: Keep


@dataclass(frozen=True, slots=True)
class ReopenRoom:
    pass


@dataclass(frozen=True, slots=True)
class RemoveNote:
    """Somebody asked for it after the closing."""

    note: NoteId


@dataclass(frozen=True, slots=True)
class ExpireNotes:
    """The time for which the group kept its notes is over."""


Command = (
    OpenRoom | GoToStep | InsertStep | MoveStep | ChangeStep | DropStep
    | PostNote | RevealNotes | RewordNote | TakeBackNote | HideNote
    | FormCluster | RenameCluster | TagCluster | PlaceCluster | MergeClusters | DissolveCluster
    | MoveNotes | NameTension | RewordTension | RemoveTension | ShowCard | PutCardAway
    | ProposeRestitution | AcceptRestitution | WithdrawRestitution
    | OpenChoice | DropChoice | TellChoice
    | Undo | Veil | Lock | CloseRoom | ReopenRoom | RemoveNote | ExpireNotes
)  # fmt: skip
