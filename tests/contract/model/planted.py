"""Faults that the machine must find: each one is put into every server that it starts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pytest import MonkeyPatch

from atelier import notes, rooms
from atelier.arrivals import Draft
from atelier.choosing import Ballot
from atelier.exports import outside
from atelier.inbox import Batch, Found, SealedNote, Waiting
from atelier.live import LiveRoom
from atelier.rooms import bending, state
from atelier.rooms.board import Board
from atelier.rooms.ids import NoteId
from atelier.rooms.reading import Reading, reading_of
from tests.contract.model.installation import Installation

Plant = Callable[[Installation, MonkeyPatch], None]


def a_repeat_that_writes_twice(at: Installation, patch: MonkeyPatch) -> None:
    notes = at.inside.services.notes
    take = notes.take

    async def twice(live: LiveRoom, draft: Draft, found: Found) -> Any:
        known = await take(live, draft, found)
        if known == "known":
            other = NoteId(draft.note[::-1])
            return await take(live, replace(draft, note=other), Found(withdrawn=False))
        return known

    notes.take = twice  # type: ignore[method-assign]


def an_undo_that_forgets(at: Installation, patch: MonkeyPatch) -> None:
    """Notes that came since the act that it takes back."""
    patch.setattr(state, "restored", lambda past, now: past)


def an_older_text_that_wins(at: Installation, patch: MonkeyPatch) -> None:
    notes = at.inside.services.notes
    keep_again = notes.keep_again

    async def always(live: LiveRoom, waiting: Waiting, draft: Draft) -> Any:
        newer = replace(draft, rev=max(draft.rev, waiting.note.rev + 1))
        return await keep_again(live, waiting, newer)

    notes.keep_again = always  # type: ignore[method-assign]


def a_reveal_that_drops_a_note(at: Installation, patch: MonkeyPatch) -> None:
    inbox = at.inside.services.notes.inbox
    open_ = inbox.open

    async def fewer(batch: Batch) -> list[SealedNote]:
        return (await open_(batch))[1:]

    inbox.open = fewer  # type: ignore[method-assign]


def a_frame_that_skips_a_number(at: Installation, patch: MonkeyPatch) -> None:
    render = at.inside.services.live.render
    update = render.update

    def ahead(before: Board, after: Board, start: int, seq: int, epoch: str) -> str:
        return update(before, after, start + 1, seq + 1, epoch)

    patch.setattr(render, "update", ahead)


def a_note_answered_before_it_is_on_disk(at: Installation, patch: MonkeyPatch) -> None:
    """What is written to the inbox goes there with the next thing that is."""
    inbox = at.inside.services.notes.inbox
    write, fetch, held = inbox.db.write, inbox.db.fetch, list[Any]()

    async def later(*statements: Any) -> list[int]:
        earlier = held[:]
        held[:] = statements
        if earlier:
            await write(*earlier)
        return [1] * len(statements)

    async def whole(sql: str, **values: Any) -> list[Any]:
        """Who reads sees all of it, as long as the power is on."""
        if held:
            await write(*held)
            held.clear()
        return await fetch(sql, **values)

    inbox.db.write, inbox.db.fetch = later, whole  # type: ignore[method-assign]


def a_restart_that_forgets_late_changes(at: Installation, patch: MonkeyPatch) -> None:
    at.inside.services.notes.due.clear()


def a_bend_that_moves_what_happened(at: Installation, patch: MonkeyPatch) -> None:
    """A step that was entered is dropped, or goes elsewhere, like any other."""
    patch.setattr(bending, "place_of_pending", bending.place_of)


def another_mind_that_counts_beside_the_first(at: Installation, patch: MonkeyPatch) -> None:
    choosing = at.inside.services.choosing
    choose = choosing.choose

    async def twice(live: LiveRoom, ballot: Ballot) -> None:
        await choose(live, ballot)
        if ballot.rev:
            await choose(live, replace(ballot, note=NoteId(ballot.note[::-1])))

    choosing.choose = twice  # type: ignore[method-assign]


def totals_of_two(at: Installation, patch: MonkeyPatch) -> None:
    """One phone fewer than it takes."""
    at.inside.services.choosing.k -= 1


def a_choice_whose_ballots_stay(at: Installation, patch: MonkeyPatch) -> None:
    async def leave(live: LiveRoom, batch: Batch) -> None:
        pass

    at.inside.services.choosing.destroy = leave  # type: ignore[method-assign]


def a_text_that_goes_out_unaccepted(at: Installation, patch: MonkeyPatch) -> None:
    patch.setattr(outside, "reading_of", lambda *of: accepted(reading_of(*of)))


def accepted(reading: Reading | None) -> Reading | None:
    return reading and replace(reading, accepted=True)


def an_excerpt_that_outlives_its_note(at: Installation, patch: MonkeyPatch) -> None:
    patch.setattr(state, "without_excerpts", lambda room, stays: room)
    patch.setattr(rooms.reading, "may_be_read", lambda room, excerpt, words: excerpt.words in words)
    patch.setattr(notes, "excerpts", lambda room, note: frozenset())


QUICK: tuple[Plant, ...] = (
    a_repeat_that_writes_twice,
    an_undo_that_forgets,
    a_reveal_that_drops_a_note,
    a_frame_that_skips_a_number,
    a_note_answered_before_it_is_on_disk,
)
OF_AN_INBOX_APART: tuple[Plant, ...] = (a_note_answered_before_it_is_on_disk,)
OF_BENDING: tuple[Plant, ...] = (a_bend_that_moves_what_happened,)
OF_CHOOSING: tuple[Plant, ...] = (
    another_mind_that_counts_beside_the_first,
    totals_of_two,
    a_choice_whose_ballots_stay,
)
OF_RESTITUTING: tuple[Plant, ...] = (
    a_text_that_goes_out_unaccepted,
    an_excerpt_that_outlives_its_note,
)
"""Found by the machine that plays this subject alone."""
RARE: tuple[Plant, ...] = (an_older_text_that_wins, a_restart_that_forgets_late_changes)
"""Found after fifty sessions or so: with `HYPOTHESIS_PROFILE=long` only."""
