"""What the room may see. Pages, sockets and exports are given a `Board`, never a `Room`.

`board_of` takes no viewer: the shared board is the same text for every screen. A text that is
missing from the lexicon was erased, and its note is not there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .commands import Keep, Level, Tag
from .events import Event, NotePosted
from .ids import ChoiceId, ClusterId, ConceptId, NoteId, StepId, TensionId, WordsId
from .own_cards import OwnCard, card_in_words
from .state import Cluster, Note, Room
from .steps import Kind, Mode, Register, Shown
from .words import Lexicon, Words

Scene = Literal["lobby", "prompt", "collect", "wall", "closed"]
State = Literal["lobby", "open", "closed"]
TINTS = "ABCDEFGH"
"""The eight papers. The letter goes on to Z, the paper starts again."""


@dataclass(frozen=True, slots=True)
class Card:
    """A note on the wall, and the step it was written for."""

    id: NoteId
    step: StepId
    text: Words


@dataclass(frozen=True, slots=True)
class Lane:
    """A cluster with its notes; the unsorted lane has no id, letter or title."""

    id: ClusterId | None
    letter: str
    title: Words
    cards: tuple[Card, ...]
    tags: tuple[Tag, ...] = ()

    @property
    def tint(self) -> str:
        return TINTS[(ord(self.letter) - ord("A")) % len(TINTS)] if self.letter else "0"


@dataclass(frozen=True, slots=True)
class Thing:
    """A cluster or a note, as it is named elsewhere on the board; a note has no letter."""

    id: ClusterId | NoteId
    letter: str
    tint: str
    name: Words


@dataclass(frozen=True, slots=True)
class Piece:
    """One half of a tension; `about` is None when what it was said of has left the wall."""

    said: Words
    about: Thing | None


@dataclass(frozen=True, slots=True)
class Tension:
    id: TensionId
    a: Piece
    b: Piece
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A concept card that was shown, and what it sheds light on; `own` is what one that does not
    ship says."""

    concept: ConceptId
    clusters: tuple[Thing, ...]
    tensions: tuple[Tension, ...]
    own: OwnCard | None = None


@dataclass(frozen=True, slots=True)
class Choosing:
    """A choice that is open: each phone may choose up to `most` of these."""

    id: ChoiceId
    most: int
    clusters: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """A cluster, and how many phones chose it."""

    cluster: Thing
    times: int


@dataclass(frozen=True, slots=True)
class Stage:
    """The step that the room is in; `number` counts from 1, `minutes` are planned."""

    id: StepId
    kind: Kind
    register: Register
    mode: Mode
    title: Words
    prompt: Words
    number: int
    of: int
    minutes: int
    limit: int
    phone_shows: Shown = "auto"


@dataclass(frozen=True, slots=True)
class Board:
    title: Words
    theme: Words
    language: str
    state: State
    scene: Scene
    stage: Stage | None
    takes_notes: bool
    unsorted: Lane
    clusters: tuple[Lane, ...]
    tensions: tuple[Tension, ...]
    cards: tuple[ShownCard, ...]
    veiled: bool
    locked: bool
    keep: Keep | None
    choice: Choosing | None = None
    chosen: tuple[Tally, ...] = ()
    """In the order of the wall."""
    bends: int = 0
    """How often the script was bent: another number, another list of steps."""

    @property
    def shows_wall(self) -> bool:
        """Whether there is a wall to look at, during the session or kept after it."""
        return self.scene == "wall" or self.keep in ("all", "reduced")


def board_of(room: Room, words: Lexicon) -> Board:
    cards = cards_of(room, words)
    unsorted = Lane(None, "", Words(), cards_in(cards, None))
    clusters = tuple(lane_of(cluster, cards, words) for cluster in kept_clusters(room))
    tensions = tensions_of(room, words, things_of(unsorted, clusters))
    stage = stage_of(room, words)
    takes_notes = room.current is not None and room.takes_notes(room.current)
    return Board(
        title=words.get(room.title, Words()),
        theme=words.get(room.theme, Words()),
        language=room.language,
        state=state_of(room),
        scene=scene_of(room, any_cards=bool(cards), takes_notes=takes_notes),
        stage=stage,
        takes_notes=takes_notes,
        unsorted=unsorted,
        clusters=clusters,
        tensions=tensions,
        cards=shown_cards(room, words, clusters, tensions),
        veiled=room.veiled,
        locked=room.locked,
        keep=room.closed,
        choice=choosing_of(room, clusters),
        chosen=chosen_of(room, clusters),
        bends=room.bends,
    )


def board_after(before: Board, events: Sequence[Event], room: Room, words: Lexicon) -> Board:
    """`board_of(room, words)`, given the board `before` these events.

    A note that comes to a wall costs the same however full the wall is; anything else, all of it.
    """
    posted = [event for event in events if isinstance(event, NotePosted)]
    if len(posted) < len(events) or before.scene != "wall":
        return board_of(room, words)
    cards = tuple(Card(e.note, e.step, words[WordsId(e.note)]) for e in posted)
    return replace(before, unsorted=replace(before.unsorted, cards=before.unsorted.cards + cards))


def state_of(room: Room) -> State:
    if room.closed:
        return "closed"
    return "lobby" if room.step is None else "open"


def scene_of(room: Room, *, any_cards: bool, takes_notes: bool) -> Scene:
    if room.closed:
        return "closed"
    if room.current is None:
        return "lobby"
    if takes_notes and room.current.sealed and room.current.id not in room.reveals:
        return "collect"
    if any_cards or room.current.mode == "direct":
        return "wall"
    return "prompt"


def stage_of(room: Room, words: Lexicon) -> Stage | None:
    step = room.current
    if step is None:
        return None
    return Stage(
        id=step.id,
        kind=step.kind,
        register=step.register,
        mode=step.mode,
        title=words.get(step.title, Words()),
        prompt=words.get(step.prompt, Words()),
        number=room.steps.index(step) + 1,
        of=len(room.steps),
        minutes=step.minutes,
        limit=step.limit,
        phone_shows=step.phone,
    )


def cards_of(room: Room, words: Lexicon) -> list[tuple[Note, Card]]:
    """The notes that may be seen; a decision to keep less holds from the moment it is taken."""
    if room.closed in ("reduced", "nothing"):
        return []
    return [
        (note, Card(note.id, note.step, words[note.words]))
        for note in room.wall.notes.values()
        if not note.hidden and note.words in words
    ]


def kept_clusters(room: Room) -> list[Cluster]:
    return [] if room.closed == "nothing" else list(room.wall.clusters.values())


def lane_of(cluster: Cluster, cards: list[tuple[Note, Card]], words: Lexicon) -> Lane:
    title = words.get(cluster.title, Words())
    return Lane(cluster.id, cluster.letter, title, cards_in(cards, cluster.id), cluster.tags)


def cards_in(cards: list[tuple[Note, Card]], cluster: ClusterId | None) -> tuple[Card, ...]:
    return tuple(card for note, card in cards if note.cluster == cluster)


def things_of(unsorted: Lane, clusters: Sequence[Lane]) -> dict[str, Thing]:
    """What a tension may hold, by its id: clusters and notes that can be seen."""
    things: dict[str, Thing] = {}
    for lane in (unsorted, *clusters):
        if lane.id is not None:
            things[lane.id] = as_thing(lane)
        for card in lane.cards:
            things[card.id] = Thing(card.id, "", lane.tint, card.text)
    return things


def as_thing(lane: Lane) -> Thing:
    assert lane.id is not None
    return Thing(lane.id, lane.letter, lane.tint, lane.title)


def tensions_of(room: Room, words: Lexicon, things: Mapping[str, Thing]) -> tuple[Tension, ...]:
    if room.closed == "nothing":
        return ()
    return tuple(
        Tension(
            tension.id,
            Piece(words[tension.both], things.get(tension.a)),
            Piece(words[tension.and_], things.get(tension.b)),
            tension.levels,
        )
        for tension in room.wall.tensions.values()
        if tension.both in words and tension.and_ in words
    )


def shown_cards(
    room: Room, words: Lexicon, clusters: Sequence[Lane], tensions: Sequence[Tension]
) -> tuple[ShownCard, ...]:
    if room.closed == "nothing":
        return ()
    return tuple(
        ShownCard(
            concept,
            tuple(as_thing(lane) for lane in clusters if lane.id in card.about),
            tuple(tension for tension in tensions if tension.id in card.about),
            own,
        )
        for concept, card in room.wall.cards.items()
        if (own := card_in_words(concept, card.said, words) if card.said else None) or not card.said
    )


def choosing_of(room: Room, clusters: Sequence[Lane]) -> Choosing | None:
    choice = room.choice
    if choice is None or room.closed:
        return None
    among = tuple(as_thing(lane) for lane in clusters if lane.id in choice.clusters)
    return Choosing(choice.id, choice.most, among)


def chosen_of(room: Room, clusters: Sequence[Lane]) -> tuple[Tally, ...]:
    """Of the clusters that are still there."""
    times = dict(room.wall.chosen.totals) if room.wall.chosen else {}
    return tuple(Tally(as_thing(lane), times[lane.id]) for lane in clusters if lane.id in times)
