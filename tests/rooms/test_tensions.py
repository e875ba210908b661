"""Tensions, concept cards, tags, and clusters that merge and change places."""

from collections.abc import Callable
from typing import Protocol

import pytest

from atelier.rooms.board import Board, Thing, board_of
from atelier.rooms.commands import (
    Command,
    MergeClusters,
    NameTension,
    PlaceCluster,
    PutCardAway,
    RemoveTension,
    RewordTension,
    ShowCard,
    TagCluster,
)
from atelier.rooms.events import (
    ActUndone,
    CardPutAway,
    CardShown,
    ClusterDissolved,
    ClusterFormed,
    ClusterPlaced,
    ClustersMerged,
    ClusterTagged,
    Event,
    NoteHidden,
    NotesRevealed,
    NoteTakenBack,
    Recorded,
    RoomClosed,
    RoomOpened,
    StepEntered,
    TensionNamed,
    TensionRemoved,
    TensionReworded,
)
from atelier.rooms.ids import ClusterId, ConceptId, NoteId, StepId, TensionId, WordsId
from atelier.rooms.own_cards import CardWords, OwnCard, own_card
from atelier.rooms.refusals import Refused
from atelier.rooms.replay import board_at
from atelier.rooms.state import Room, replay
from atelier.rooms.steps import Step
from atelier.rooms.tensions import TENSIONS
from atelier.rooms.timeline import timeline_of
from atelier.rooms.words import Words, half_words


class Story(Protocol):
    room: Room

    def when(self, command: Command) -> list[Event]: ...


Given = Callable[..., Story]

STEP = Step(StepId("1"), "post", "personnel", "reveal", WordsId("t"), WordsId("p"))
N1, N2 = NoteId("n1"), NoteId("n2")
A, B, C = ClusterId("a"), ClusterId("b"), ClusterId("c")
T, U = TensionId("t1"), TensionId("t2")
BOTH, AND = WordsId("both"), WordsId("and")
HABITUS = ConceptId("habitus")
NAMED = TensionNamed(T, A, N1, BOTH, AND, ("self",))
HISTORY: tuple[Event, ...] = (
    RoomOpened(WordsId("t"), WordsId("t"), "fr", (STEP,)),
    StepEntered(STEP.id),
    NotesRevealed(((N1, STEP.id), (N2, STEP.id))),
    ClusterFormed(A, WordsId("A"), ()),
    ClusterFormed(B, WordsId("B"), (N2,)),
)
TEXTS = (
    *("t", "p", "n1", "n2", "A", "B", "both", "and", "new-both", "new-and"),
    *("name", "says", "who", "what", "y", "later"),
)
WORDS = {WordsId(id): Words(f"«{id}»") for id in TEXTS}


def board(*more: Event) -> Board:
    return board_of(replay([*HISTORY, *more]), WORDS)


def recorded(*more: Event) -> list[Recorded]:
    events = (*HISTORY, *more)
    return [Recorded(seq, event, seq) for seq, event in enumerate(events, start=1)]


def refuses(reason: str) -> "pytest.RaisesExc[Refused]":
    return pytest.raises(Refused, match=f"^{reason}$")


# Tensions


def test_a_tension_holds_a_cluster_and_a_note(given: Given) -> None:
    command = NameTension(T, A, N1, BOTH, AND, ("self",))
    assert given(*HISTORY).when(command) == [NAMED]
    [tension] = board(NAMED).tensions
    assert tension.a.about == Thing(A, "A", "A", Words("«A»"))
    assert tension.b.about == Thing(N1, "", "0", Words("«n1»"))
    assert (tension.a.said, tension.b.said, tension.levels) == ("«both»", "«and»", ("self",))


def test_a_note_in_a_cluster_is_on_the_paper_of_its_cluster() -> None:
    [tension] = board(TensionNamed(T, A, N2, BOTH, AND, ())).tensions
    assert tension.b.about == Thing(N2, "", "B", Words("«n2»"))


def test_a_tension_named_twice_is_there_once(given: Given) -> None:
    assert given(*HISTORY, NAMED).when(NameTension(T, A, B, BOTH, AND, ())) == []


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [(A, A, "tension-one-end"), (A, C, "end-unknown"), (NoteId("x"), A, "end-unknown")],
)
def test_a_tension_wants_two_things_of_the_wall(given: Given, a: str, b: str, reason: str) -> None:
    with refuses(reason):
        given(*HISTORY).when(NameTension(T, a, b, BOTH, AND, ()))


def test_a_hidden_note_is_no_end_of_a_tension(given: Given) -> None:
    with refuses("end-unknown"):
        given(*HISTORY, NoteHidden(N1)).when(NameTension(T, A, N1, BOTH, AND, ()))


def test_a_wall_takes_forty_tensions(given: Given) -> None:
    full = [TensionNamed(TensionId(f"{n}"), A, B, BOTH, AND, ()) for n in range(TENSIONS)]
    with refuses("too-many-tensions"):
        given(*HISTORY, *full).when(NameTension(T, A, B, BOTH, AND, ()))


@pytest.mark.parametrize("gone", [NoteTakenBack(N1), NoteHidden(N1)])
def test_a_tension_outlives_the_note_it_holds_and_says_nothing_of_it(gone: Event) -> None:
    [tension] = board(NAMED, gone).tensions
    assert tension.b.about is None and tension.b.said == "«and»"


def test_a_tension_is_reworded_removed_and_both_can_be_undone(given: Given) -> None:
    new = WordsId("new-both"), WordsId("new-and")
    reworded = TensionReworded(T, *new, ("times",))
    story = given(*HISTORY, NAMED)
    assert story.when(RewordTension(T, *new, ("times",))) == [reworded]
    assert given(*HISTORY, NAMED).when(RemoveTension(T)) == [TensionRemoved(T)]
    assert board(NAMED, reworded).tensions[0].a.said == "«new-both»"
    assert board(NAMED, TensionRemoved(T)).tensions == ()
    assert board(NAMED, reworded, ActUndone()) == board(NAMED)
    assert board(NAMED, TensionRemoved(T), ActUndone()) == board(NAMED)
    assert board(NAMED, ActUndone()).tensions == ()


def test_what_is_not_on_the_wall_is_neither_reworded_nor_removed(given: Given) -> None:
    for command in (RewordTension(T, BOTH, AND, ()), RemoveTension(T)):
        with refuses("tension-unknown"):
            given(*HISTORY).when(command)


def test_tensions_are_kept_with_the_clusters_and_go_with_everything() -> None:
    assert [each.id for each in board(NAMED, RoomClosed("reduced")).tensions] == [T]
    assert board(NAMED, RoomClosed("reduced")).tensions[0].b.about is None, "its note is not kept"
    assert board(NAMED, RoomClosed("nothing")).tensions == ()


def test_a_tension_whose_words_were_erased_is_not_there() -> None:
    room = replay([*HISTORY, NAMED])
    assert board_of(room, {id: text for id, text in WORDS.items() if id != AND}).tensions == ()


def test_a_past_moment_tells_a_tension_in_words_that_are_left() -> None:
    reworded = TensionReworded(T, WordsId("new-both"), WordsId("new-and"), ())
    log = [Recorded(n, event, n) for n, event in enumerate([*HISTORY, NAMED, reworded], start=1)]
    left = {id: text for id, text in WORDS.items() if id not in (BOTH, AND)}
    [then] = board_at(log, WORDS, len(HISTORY) + 1).tensions
    [today] = board_at(log, left, len(HISTORY) + 1).tensions
    assert (then.a.said, today.a.said) == ("«both»", "«new-both»")


def test_a_half_is_cleaned_like_a_title_and_refused_in_its_own_words() -> None:
    assert half_words("  tenir\nbon ") == "tenir bon"
    for text, reason in [("  ", "half-empty"), ("x" * 121, "half-too-long")]:
        with refuses(reason):
            half_words(text)


# Concept cards


def test_a_card_sheds_light_on_several_things(given: Given) -> None:
    shown = [CardShown(HABITUS, None), CardShown(HABITUS, A), CardShown(HABITUS, T)]
    story = given(*HISTORY, NAMED)
    assert [story.when(ShowCard(HABITUS, target)) for target in (None, A, T)] == [
        [event] for event in shown
    ]
    [card] = board(NAMED, *shown).cards
    assert [thing.id for thing in card.clusters] == [A]
    assert [tension.id for tension in card.tensions] == [T]


def test_a_card_shown_again_changes_nothing(given: Given) -> None:
    linked = CardShown(HABITUS, A)
    assert given(*HISTORY, linked).when(ShowCard(HABITUS, A)) == []
    assert given(*HISTORY, linked).when(ShowCard(HABITUS, None)) == []


def test_a_card_sheds_light_on_what_is_there_alone(given: Given) -> None:
    for unknown in (C, N1, T):
        with refuses("target-unknown"):
            given(*HISTORY).when(ShowCard(HABITUS, unknown))
    [card] = board(CardShown(HABITUS, A), ClusterDissolved(A)).cards
    assert card.clusters == ()


def test_a_card_is_put_away_and_comes_back_with_an_undo(given: Given) -> None:
    shown, away = CardShown(HABITUS, A), CardPutAway(HABITUS)
    assert given(*HISTORY, shown).when(PutCardAway(HABITUS)) == [away]
    assert board(shown, away).cards == ()
    assert board(shown, away, ActUndone()) == board(shown)
    with refuses("card-unknown"):
        given(*HISTORY).when(PutCardAway(HABITUS))


# Cards of one's own


OWN = ConceptId("0" * 32)
SAID = CardWords(WordsId("name"), WordsId("says"), (WordsId("who"), WordsId("what"), WordsId("y")))
LATER = CardWords(WordsId("later"), WordsId("says"))


def test_a_card_of_ones_own_says_what_lies_beside_the_log(given: Given) -> None:
    assert given(*HISTORY).when(ShowCard(OWN, None, SAID)) == [CardShown(OWN, None, SAID)]
    [card] = board(CardShown(OWN, None, SAID)).cards
    assert card.own == OwnCard(OWN, "«name»", "«says»", "«who»", "«what»", "«y»")


def test_a_linked_card_goes_on_saying_what_it_says(given: Given) -> None:
    shown = CardShown(OWN, None, SAID)
    assert given(*HISTORY, shown).when(ShowCard(OWN, A)) == [CardShown(OWN, A)]
    [card] = board(shown, CardShown(OWN, A)).cards
    assert card.own and card.own.name == "«name»"
    assert given(*HISTORY, shown).when(ShowCard(OWN, None, SAID)) == []


def test_a_card_that_was_rewritten_says_so_when_it_is_shown_again(given: Given) -> None:
    shown, again = CardShown(OWN, A, SAID), CardShown(OWN, None, LATER)
    assert given(*HISTORY, shown).when(ShowCard(OWN, None, LATER)) == [again]
    [card] = board(shown, again).cards
    assert card.own == OwnCard(OWN, "«later»", "«says»")
    assert [thing.id for thing in card.clusters] == [A], "what it sheds light on stays"
    assert board(shown, again, ActUndone()) == board(shown)


def test_a_past_moment_says_what_the_card_said_then_as_long_as_that_is_kept() -> None:
    log = recorded(CardShown(OWN, None, SAID), CardShown(OWN, None, LATER))
    [then] = board_at(log, WORDS, len(log) - 1).cards
    assert then.own and then.own.name == "«name»"
    without = {id: text for id, text in WORDS.items() if id != WordsId("name")}
    [then] = board_at(log, without, len(log) - 1).cards
    assert then.own and then.own.name == "«later»", "never half of each"
    log = recorded(CardShown(OWN, None, SAID), CardPutAway(OWN))
    assert board_at(log, without, len(log) - 1).cards == ()


def test_the_timeline_names_a_card_as_it_was_called_then_and_in_the_end() -> None:
    log = recorded(CardShown(OWN, None, SAID), CardShown(OWN, None, LATER))
    acts = [act for act in timeline_of(log).acts if act.concept]
    assert [(act.name, act.title, act.now) for act in acts] == [
        ("card", "name", "later"), ("link", "later", "later"),
    ]  # fmt: skip


def test_a_reference_is_whole_or_absent() -> None:
    given = {"name": " Le don ", "definition": "Donner,\r\nrecevoir, rendre."}
    whole = {"author": "Mauss", "work": "Essai", "year": "1925"}
    assert own_card(OWN, given, doubtful=True) == OwnCard(
        OWN, "Le don", "Donner,\nrecevoir, rendre."
    )
    assert own_card(OWN, given | whole, doubtful=True) == OwnCard(
        OWN, "Le don", "Donner,\nrecevoir, rendre.", "Mauss", "Essai", "1925", doubtful=True
    )
    for missing in whole:
        with refuses("reference-incomplete"):
            own_card(OWN, given | whole | {missing: " \u200d"}, doubtful=False)


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"name": " "}, "title-empty"),
        ({"name": "x" * 81}, "card-name-too-long"),
        ({"definition": "\u200c"}, "definition-empty"),
        ({"definition": "x" * 401}, "definition-too-long"),
        ({"definition": "x\n" * 6 + "x"}, "definition-too-long"),
        ({"author": "a", "work": "b", "year": "1" * 41}, "year-too-long"),
    ],
)
def test_a_card_that_cannot_be_read_from_afar_is_refused(wrong: dict[str, str], key: str) -> None:
    with refuses(key):
        own_card(OWN, {"name": "Don", "definition": "Rendre"} | wrong, doubtful=False)


# Clusters


def test_tags_take_the_place_of_those_before(given: Given) -> None:
    social = ClusterTagged(A, ("social", "corps"))
    assert given(*HISTORY).when(TagCluster(A, ("social", "corps", "social"))) == [social]
    assert given(*HISTORY, social).when(TagCluster(A, ("social", "corps"))) == []
    assert board(social).clusters[0].tags == ("social", "corps")
    assert board(social, ClusterTagged(A, ())).clusters[0].tags == ()


def test_a_merged_cluster_gives_its_notes_its_tensions_and_its_cards(given: Given) -> None:
    history = (*HISTORY, TensionNamed(T, B, N1, BOTH, AND, ()), CardShown(HABITUS, B))
    assert given(*history).when(MergeClusters(B, A)) == [ClustersMerged(B, A)]
    merged = board_of(replay([*history, ClustersMerged(B, A)]), WORDS)
    assert [(lane.id, [card.id for card in lane.cards]) for lane in merged.clusters] == [(A, [N2])]
    assert merged.tensions[0].a.about and merged.tensions[0].a.about.id == A
    assert [thing.id for thing in merged.cards[0].clusters] == [A]
    assert board_of(replay([*history, ClustersMerged(B, A), ActUndone()]), WORDS) == board_of(
        replay(history), WORDS
    )


def test_a_cluster_merges_with_another_that_is_there(given: Given) -> None:
    assert given(*HISTORY).when(MergeClusters(A, A)) == []
    for one, other in ((A, C), (C, A)):
        with refuses("cluster-unknown"):
            given(*HISTORY).when(MergeClusters(one, other))


def test_a_cluster_changes_its_place_and_keeps_its_letter(given: Given) -> None:
    placed = ClusterPlaced(B, A)
    assert given(*HISTORY).when(PlaceCluster(B, A)) == [placed]
    assert [(lane.id, lane.letter) for lane in board(placed).clusters] == [(B, "B"), (A, "A")]
    assert board(placed, ClusterPlaced(B, None)) == board()


@pytest.mark.parametrize("before", [A, B])
def test_a_cluster_that_stands_there_already_stays(given: Given, before: ClusterId) -> None:
    assert given(*HISTORY).when(PlaceCluster(A, before)) == []
    assert given(*HISTORY).when(PlaceCluster(B, None)) == []


# The timeline


def test_the_timeline_tells_what_was_made_and_whether_it_lasts() -> None:
    happened: list[Event] = [
        NAMED, TensionNamed(U, A, B, BOTH, AND, ()), TensionRemoved(U), CardShown(HABITUS, A),
        ClusterTagged(A, ("social",)), ClustersMerged(B, A),
    ]  # fmt: skip
    log = [Recorded(n, event, n) for n, event in enumerate([*HISTORY, *happened], start=1)]
    acts = timeline_of(log).acts[len(HISTORY) :]
    assert [(act.name, act.lasts) for act in acts] == [
        ("tension", True), ("tension", False), ("drop", False), ("card", True), ("tag", True),
        ("merge", False),
    ]  # fmt: skip
    assert (acts[0].now, acts[0].and_now) == (BOTH, AND)
