"""What holds for every room, tried on rooms that grew at random."""

from collections.abc import Sequence

import pytest

from atelier.rooms.board import Board, board_of
from atelier.rooms.codec import decode, encode
from atelier.rooms.commands import GoToStep, PostNote, TakeBackNote
from atelier.rooms.events import Event
from atelier.rooms.patch import (
    CardGone,
    LaneGone,
    Patch,
    PutCard,
    PutLane,
    PutShownCard,
    PutTension,
    Retag,
    Retitle,
    Reword,
    ShownCardGone,
    TensionGone,
    patches,
)
from atelier.rooms.state import replay
from tests.rooms.random_rooms import RandomRoom

SEEDS = range(40)

Cards = list[tuple[str, str]]
Screen = dict[str, tuple[str, Cards]]
"""A screen as its script sees it: lane id to title and cards, in order."""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_room_is_its_events(seed: int) -> None:
    grown = RandomRoom(seed).grow(80)
    again = replay(grown.events)
    assert again == grown.room
    assert list(again.wall.notes) == list(grown.room.wall.notes)


def test_notes_that_came_one_after_the_other_hang_in_their_order_between_acts() -> None:
    grown = RandomRoom(1)
    [step] = [each.id for each in grown.room.steps if each.mode == "direct"]
    grown.perform(GoToStep(step))
    for _ in range(3):
        for _ in range(4):
            grown.perform(PostNote(grown.new_note(), step))
        one, *_ = grown.room.wall.notes
        grown.perform(TakeBackNote(one))
    again = replay(grown.events)
    assert again == grown.room
    assert list(again.wall.notes) == list(grown.room.wall.notes)


@pytest.mark.parametrize("seed", SEEDS)
def test_events_come_back_from_the_log_as_they_were(seed: int) -> None:
    for event in RandomRoom(seed).grow(80).events:
        assert decode(*encode(event)) == event


def test_an_event_of_another_version_is_named_in_the_error() -> None:
    with pytest.raises(ValueError, match="NoteSigned"):
        decode("NoteSigned", b"{}")


@pytest.mark.parametrize("seed", SEEDS)
def test_events_carry_no_words(seed: int) -> None:
    grown = RandomRoom(seed).grow(80)
    log = b"".join(encode(event)[1] for event in grown.events)
    assert not any(text.encode() in log for text in grown.words.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_board_shows_each_visible_note_once_and_no_other(seed: int) -> None:
    grown = RandomRoom(seed).grow(80)
    board = board_of(grown.room, grown.words)
    shown = [card.id for lane in (board.unsorted, *board.clusters) for card in lane.cards]
    visible = [id for id, note in grown.room.wall.notes.items() if not note.hidden]
    assert sorted(shown) == sorted(visible)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_note_whose_words_were_erased_is_on_no_board(seed: int) -> None:
    grown = RandomRoom(seed).grow(80)
    board = board_of(grown.room, {})
    assert not any(lane.cards for lane in (board.unsorted, *board.clusters))


@pytest.mark.parametrize("seed", SEEDS)
def test_patches_lead_from_one_board_to_the_next(seed: int) -> None:
    grown = RandomRoom(seed)
    small = 0
    for _ in range(120):
        before = board_of(grown.room, grown.words)
        grown.step()
        after = board_of(grown.room, grown.words)
        changes = patches(before, after)
        if changes is not None:
            small += 1
            assert patched(before, changes) == lanes(after)
            assert patched(after, changes) == lanes(after), "twice is harmless"
            assert method_patched(before, changes) == method_of(after)
            assert method_patched(after, changes) == method_of(after), "twice is harmless"
    assert small > 30, "the generator must exercise patches, not whole boards only"


def lanes(board: Board) -> Screen:
    return {
        lane.id or "unsorted": (str(lane.title), [(c.id, str(c.text)) for c in lane.cards])
        for lane in (board.unsorted, *board.clusters)
    }


def patched(board: Board, changes: list[Patch]) -> Screen:
    """What a screen does with patches: upserts by id."""
    screen = lanes(board)
    for change in changes:
        match change:
            case PutLane(lane, neighbour):
                id = str(lane.id)
                screen = put(screen, id, (str(lane.title), cards_of(screen, id)), neighbour)
            case Retitle(lane):
                screen[str(lane.id)] = (str(lane.title), screen[str(lane.id)][1])
            case PutCard(card, cluster, before):
                remove(screen, card.id)
                cards = screen[cluster or "unsorted"][1]
                ids = [id for id, _ in cards]
                at = ids.index(before) if before else len(cards)
                cards.insert(at, (card.id, str(card.text)))
            case Reword(card):
                for _, cards in screen.values():
                    cards[:] = [(id, str(card.text) if id == card.id else t) for id, t in cards]
            case CardGone(note):
                remove(screen, note)
            case LaneGone(dissolved):
                screen.pop(dissolved, None)
    return screen


def cards_of(screen: Screen, id: str) -> Cards:
    return screen[id][1] if id in screen else []


def put(screen: Screen, id: str, lane: tuple[str, Cards], before: str | None) -> Screen:
    rest = {key: value for key, value in screen.items() if key != id}
    if before is None:
        return {**rest, id: lane}
    placed = {}
    for key, value in rest.items():
        if key == before:
            placed[id] = lane
        placed[key] = value
    return placed


def remove(screen: Screen, note: str) -> None:
    for _, cards in screen.values():
        cards[:] = [(id, text) for id, text in cards if id != note]


def method_of(board: Board) -> list[Sequence[object]]:
    """Tensions, cards and tags, each in its order."""
    tags = [(lane.id, lane.tags) for lane in board.clusters]
    return [list(board.tensions), list(board.cards), sorted(tags)]


def method_patched(board: Board, changes: list[Patch]) -> list[Sequence[object]]:
    tensions = {each.id: each for each in board.tensions}
    cards = {each.concept: each for each in board.cards}
    tags = {lane.id: lane.tags for lane in board.clusters}
    for change in changes:
        match change:
            case PutTension(tension, fresh):
                if fresh:
                    tensions.pop(tension.id, None)
                tensions[tension.id] = tension
            case TensionGone(gone):
                tensions.pop(gone, None)
            case PutShownCard(card, fresh):
                if fresh:
                    cards.pop(card.concept, None)
                cards[card.concept] = card
            case ShownCardGone(away):
                cards.pop(away, None)
            case Retag(lane) | PutLane(lane):
                tags[lane.id] = lane.tags
            case LaneGone(dissolved):
                tags.pop(dissolved, None)
    return [list(tensions.values()), list(cards.values()), sorted(tags.items())]


def test_a_change_of_step_is_said_by_the_whole_board() -> None:
    grown = RandomRoom(1)
    before = board_of(grown.room, grown.words)
    events: list[Event] = []
    while not events or grown.room.step == before.stage.id:  # type: ignore[union-attr]
        events = grown.step()
        if grown.room.closed:
            pytest.skip("this seed closes first")
    assert patches(before, board_of(grown.room, grown.words)) is None
