"""The rules of the restitution: what would leave the room is read by the group first, and only what
was read and accepted leaves it."""

from .commands import AcceptRestitution, ProposeRestitution, WithdrawRestitution
from .events import (
    Event,
    ReadCluster,
    ReadExcerpt,
    ReadTension,
    RestitutionAccepted,
    RestitutionProposed,
    RestitutionWithdrawn,
)
from .ids import ClusterId, ConceptId, NoteId, TensionId, WordsId
from .known import known_cluster, known_note, known_tension
from .refusals import Refused
from .state import Room


def propose_restitution(room: Room, command: ProposeRestitution) -> list[Event]:
    """With letters, tags, levels and ends as they are on the wall now."""
    if not (command.clusters or command.tensions or command.excerpts):
        raise Refused("restitution-empty")
    outside = command.audience == "sponsor"
    if outside and command.excerpts:
        raise Refused("excerpt-for-sponsor")
    clusters = tuple(
        read_cluster(room, id, title, tagged=not outside)
        for id, title in dict(command.clusters).items()
    )
    tensions = {id: (both, and_) for id, both, and_ in command.tensions}
    proposed = RestitutionProposed(
        command.audience,
        command.title,
        clusters,
        tuple(read_tension(room, id, *halves) for id, halves in tensions.items()),
        tuple(read_excerpt(room, id, words) for id, words in dict(command.excerpts).items()),
        () if outside else shipped_cards(room),
    )
    return [proposed]


def shipped_cards(room: Room) -> tuple[ConceptId, ...]:
    """Own cards hold words of the room, which are not read here."""
    return tuple(id for id, card in room.wall.cards.items() if card.said is None)


def read_cluster(room: Room, id: ClusterId, title: WordsId, *, tagged: bool) -> ReadCluster:
    known_cluster(room, id)
    cluster = room.wall.clusters[id]
    return ReadCluster(id, cluster.letter, title, cluster.tags if tagged else ())


def read_tension(room: Room, id: TensionId, both: WordsId, and_: WordsId) -> ReadTension:
    tension = known_tension(room, id)
    return ReadTension(id, tension.a, tension.b, both, and_, tension.levels)


def read_excerpt(room: Room, id: NoteId, words: WordsId) -> ReadExcerpt:
    known_note(room, id)
    return ReadExcerpt(id, room.wall.notes[id].cluster, words)


def words_read(proposed: RestitutionProposed) -> frozenset[WordsId]:
    """All that was written for this reading."""
    halves = {half for each in proposed.tensions for half in (each.both, each.and_)}
    titles = {cluster.title for cluster in proposed.clusters}
    return frozenset({proposed.title, *titles, *halves, *(e.words for e in proposed.excerpts)})


def excerpts(room: Room, note: NoteId | None = None) -> frozenset[WordsId]:
    """What was made of this note, or of any: it goes when its note goes."""
    return frozenset(
        each.words
        for proposed in room.proposed.values()
        for each in proposed.excerpts
        if note in (None, each.note)
    )


def accept_restitution(room: Room, command: AcceptRestitution) -> list[Event]:
    proposed = room.proposed.get(command.audience)
    if proposed is None:
        raise Refused("restitution-unknown")
    if proposed.title != command.title:
        raise Refused("restitution-changed")
    return [] if command.audience in room.accepted else [RestitutionAccepted(command.audience)]


def withdraw_restitution(room: Room, command: WithdrawRestitution) -> list[Event]:
    """Nobody has to say why, and nothing stays of it: it would have to be read again."""
    if command.audience not in room.proposed:
        raise Refused("restitution-unknown")
    return [RestitutionWithdrawn(command.audience)]
