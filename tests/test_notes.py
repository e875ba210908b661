"""What a phone may do with its own notes, and what a reveal makes of them."""

import time
from dataclasses import replace
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Any

import pytest

from atelier.arrivals import Draft
from atelier.housekeeping import Housekeeping
from atelier.inbox import Batch
from atelier.live import LiveRoom
from atelier.notes import LATE_SECONDS
from atelier.rooms.commands import CloseRoom, HideNote
from atelier.rooms.ids import NoteId, RoomId, StepId, WordsId
from atelier.rooms.refusals import Refused
from atelier.web.who import Services
from tests.desk import draft, fill, open_wall, reveal, wall


def rewritten(first: Draft, text: str, rev: int) -> Draft:
    return replace(first, text=text, rev=rev)


async def test_a_note_waits_face_down_until_the_reveal(services: Services) -> None:
    live = await open_wall(services)
    await fill(services, live)
    assert wall(live) == [] and live.seq == 2
    await reveal(services, live)
    assert sorted(wall(live)) == ["Note 0", "Note 1", "Note 2"] and live.seq == 3


async def test_a_note_sent_twice_is_kept_once(services: Services) -> None:
    live = await open_wall(services)
    first = draft()
    assert await services.notes.post(live, first) == "kept"
    assert await services.notes.post(live, first) == "known"
    assert await services.notes.waiting(live) == {"wall": 1}


async def test_a_note_is_kept_while_the_numbers_of_others_are_asked_for_again(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = await open_wall(services)
    keep = services.notes.inbox.keep_first

    async def forget_and_keep(*args: Any) -> bool:
        services.notes.face_down.clear()
        return await keep(*args)

    monkeypatch.setattr(services.notes.inbox, "keep_first", forget_and_keep)
    assert await services.notes.post(live, draft()) == "kept"
    assert await services.notes.post(live, draft()) == "kept"
    assert await services.notes.waiting(live) == {"wall": 2}


async def test_a_retry_after_the_reveal_is_known(services: Services) -> None:
    live = await open_wall(services)
    [first, *_] = await fill(services, live)
    await reveal(services, live)
    assert await services.notes.post(live, first) == "known"
    assert len(wall(live)) == 3


async def test_an_older_edit_never_overwrites_a_newer(services: Services) -> None:
    live = await open_wall(services)
    [first, *_] = await fill(services, live)
    await services.notes.post(live, rewritten(first, "Deuxième", 2))
    await services.notes.post(live, rewritten(first, "Premier", 1))
    await reveal(services, live)
    assert "Deuxième" in wall(live) and "Premier" not in wall(live)


@pytest.mark.parametrize("revealed", [False, True])
async def test_a_note_id_with_another_secret_changes_nothing(
    services: Services, revealed: bool
) -> None:
    live = await open_wall(services)
    [first, *_] = await fill(services, live)
    if revealed:
        await reveal(services, live)
    thief = replace(first, secret=token_urlsafe(32), text="Volée", rev=5)
    with pytest.raises(Refused, match="note-id-taken"):
        await services.notes.post(live, thief)
    with pytest.raises(Refused, match="secret-wrong"):
        await services.notes.take_back(live, first.note, thief.secret, now=True)
    if not revealed:
        await reveal(services, live)
    assert sorted(wall(live)) == ["Note 0", "Note 1", "Note 2"]


async def test_a_note_after_the_reveal_of_its_step_is_refused(services: Services) -> None:
    live = await open_wall(services)
    await fill(services, live)
    await reveal(services, live)
    with pytest.raises(Refused, match="step-closed"):
        await services.notes.post(live, draft())


async def test_in_waves_each_reveal_opens_what_came_since(services: Services) -> None:
    live = await open_wall(services, "waves")
    await fill(services, live)
    await reveal(services, live)
    await fill(services, live)
    assert len(wall(live)) == 3
    await reveal(services, live)
    assert len(wall(live)) == 6


async def test_a_waiting_note_taken_back_is_never_revealed_nor_kept_again(
    services: Services,
) -> None:
    live = await open_wall(services)
    first, *_ = await fill(services, live, 4)
    assert await services.notes.take_back(live, first.note, first.secret, now=False) == "gone"
    assert await services.notes.take_back(live, first.note, first.secret, now=False) == "gone"
    with pytest.raises(Refused, match="note-taken-back"):
        await services.notes.post(live, first)
    await reveal(services, live)
    assert "Note 0" not in wall(live)


async def test_a_note_that_arrives_after_its_own_take_back_stays_away(services: Services) -> None:
    live = await open_wall(services)
    late = draft()
    assert await services.notes.take_back(live, late.note, late.secret, now=False) == "gone"
    with pytest.raises(Refused, match="note-taken-back"):
        await services.notes.post(live, late)


async def test_a_note_leaves_the_wall_with_the_next_act_not_at_the_tap(services: Services) -> None:
    live = await open_wall(services)
    [first, *_] = await fill(services, live)
    await reveal(services, live)
    assert await services.notes.take_back(live, first.note, first.secret, now=False) == "leaving"
    assert len(wall(live)) == 3
    await services.notes.settle(live)
    assert len(wall(live)) == 2
    assert WordsId(first.note) not in live.words, "its words are gone, not only its place"
    assert not [
        w for w in await services.live.store.words(live.id, live.keys) if w == WordsId(first.note)
    ]


async def test_at_once_means_at_once(services: Services) -> None:
    live = await open_wall(services)
    [first, *_] = await fill(services, live)
    await reveal(services, live)
    assert await services.notes.take_back(live, first.note, first.secret, now=True) == "gone"
    assert len(wall(live)) == 2


async def test_a_direct_note_is_on_the_wall_and_its_edit_comes_later(services: Services) -> None:
    live = await open_wall(services, "direct")
    first = draft("Tout de suite")
    await services.notes.post(live, first)
    assert wall(live) == ["Tout de suite"]
    assert await services.notes.post(live, rewritten(first, "Autrement", 1)) == "known"
    assert wall(live) == ["Tout de suite"]
    await services.notes.settle(live)
    assert wall(live) == ["Autrement"]
    assert await services.notes.post(live, first) == "known"
    assert wall(live) == ["Autrement"]


async def test_a_note_on_the_wall_can_be_reworded_until_the_closing(services: Services) -> None:
    live = await open_wall(services)
    [first, *_] = await fill(services, live)
    await reveal(services, live)
    assert await services.notes.post(live, rewritten(first, "Sans le prénom", 1)) == "known"
    assert "Note 0" in wall(live), "not at the second of the tap"
    await services.notes.settle(live)
    assert "Sans le prénom" in wall(live) and "Note 0" not in wall(live)
    await services.live.perform(live, CloseRoom("all"))
    with pytest.raises(Refused, match="room-closed"):
        await services.notes.post(live, rewritten(first, "Trop tard", 2))


async def test_an_edit_does_not_bring_back_a_note_that_is_leaving(services: Services) -> None:
    live = await open_wall(services, "direct")
    first = draft()
    await services.notes.post(live, first)
    await services.notes.take_back(live, first.note, first.secret, now=False)
    with pytest.raises(Refused, match="note-taken-back"):
        await services.notes.post(live, rewritten(first, "Encore", 1))
    await services.notes.settle(live)
    assert wall(live) == []


async def test_a_hidden_note_can_still_be_taken_back(services: Services) -> None:
    live = await open_wall(services)
    [first, *_] = await fill(services, live)
    await reveal(services, live)
    await services.live.perform(live, HideNote(first.note))
    assert await services.notes.take_back(live, first.note, first.secret, now=True) == "gone"
    assert WordsId(first.note) not in live.words


async def test_too_few_notes_or_phones_are_not_revealed(services: Services) -> None:
    live = await open_wall(services)
    for _ in range(5):
        await services.notes.post(live, draft())
    with pytest.raises(Refused, match="below-threshold"):
        await reveal(services, live)
    assert wall(live) == []


async def test_anyway_needs_an_announcement_first(services: Services) -> None:
    live = await open_wall(services)
    await services.notes.post(live, draft())
    with pytest.raises(Refused, match="below-threshold"):
        await services.notes.reveal(live, frozenset(), anyway=True)
    assert 9 < services.notes.announcements.announce(live.id, frozenset()) <= 10
    with pytest.raises(Refused, match="below-threshold"):
        await services.notes.reveal(live, frozenset(), anyway=True)
    age_announcement(services, live, 10)
    await services.notes.reveal(live, frozenset(), anyway=True)
    assert len(wall(live)) == 1


def age_announcement(services: Services, live: LiveRoom, seconds: float) -> None:
    told = services.notes.announcements.told[live.id]
    services.notes.announcements.told[live.id] = replace(told, at=told.at - seconds)


async def test_an_announcement_holds_for_its_own_steps_only(services: Services) -> None:
    live = await open_wall(services)
    await services.notes.post(live, draft())
    services.notes.announcements.announce(live.id, frozenset({StepId("elsewhere")}))
    age_announcement(services, live, 20)
    with pytest.raises(Refused, match="below-threshold"):
        await services.notes.reveal(live, frozenset(), anyway=True)


async def test_an_announcement_is_forgotten_after_a_while(services: Services) -> None:
    live = await open_wall(services)
    await services.notes.post(live, draft())
    services.notes.announcements.announce(live.id, frozenset())
    age_announcement(services, live, 3600)
    with pytest.raises(Refused, match="below-threshold"):
        await services.notes.reveal(live, frozenset(), anyway=True)
    assert 9 < services.notes.announcements.announce(live.id, frozenset()) <= 10


async def test_a_phone_that_comes_back_is_told_for_ten_seconds_too(services: Services) -> None:
    live = await open_wall(services)
    await services.notes.post(live, draft())
    services.notes.announcements.announce(live.id, frozenset())
    age_announcement(services, live, 8)
    services.presence.joined(live.id, "asleep until now")
    assert 9 < services.notes.announcements.announce(live.id, frozenset()) <= 10
    age_announcement(services, live, 4)
    with pytest.raises(Refused, match="below-threshold"):
        await services.notes.reveal(live, frozenset(), anyway=True)
    services.presence.left(live.id, "asleep until now")  # who is gone again is not waited for
    await services.notes.reveal(live, frozenset(), anyway=True)
    assert len(wall(live)) == 1


async def test_phones_that_come_and_go_hold_up_a_reveal_for_half_a_minute_at_most(
    services: Services,
) -> None:
    live = await open_wall(services)
    await services.notes.post(live, draft())
    services.notes.announcements.announce(live.id, frozenset())
    age_announcement(services, live, 30)
    services.presence.joined(live.id, "a bad Wi-Fi")
    await services.notes.reveal(live, frozenset(), anyway=True)
    assert len(wall(live)) == 1


async def test_a_room_that_is_gone_holds_up_no_late_change(services: Services) -> None:
    live = await open_wall(services)
    services.notes.due = {RoomId("0" * 32): 0.0, live.id: 0.0}
    await services.notes.settle_due()
    assert services.notes.due == {}


async def test_the_reveal_destroys_the_rows_and_the_key(services: Services) -> None:
    live = await open_wall(services)
    await fill(services, live)
    batch = Batch(live.id, live.room.steps[0].id, 0)
    assert await services.notes.inbox.keyring.find(batch.key_name)
    await reveal(services, live)
    assert await services.notes.inbox.keyring.find(batch.key_name) is None
    assert await services.notes.inbox.counts(live.id) == {}


async def test_a_crash_between_commit_and_cleaning_is_mended(services: Services) -> None:
    live = await open_wall(services)
    await fill(services, live)
    inbox = services.notes.inbox

    async def crash(batch: Batch) -> None:
        raise ConnectionResetError

    destroy, inbox.destroy = inbox.destroy, crash  # type: ignore[method-assign]
    with pytest.raises(ConnectionResetError):
        await reveal(services, live)
    inbox.destroy = destroy  # type: ignore[method-assign]
    assert await inbox.counts(live.id), "the rows are still there"

    services.live.rooms.clear()  # as after a restart
    await services.notes.mend()
    assert await inbox.counts(live.id) == {}
    again = await services.live.open(live.id)
    assert sorted(wall(again)) == ["Note 0", "Note 1", "Note 2"]


async def test_a_crash_before_the_commit_loses_nothing(services: Services) -> None:
    live = await open_wall(services)
    await fill(services, live)
    store = services.live.store

    async def crash(*_: object) -> None:
        raise ConnectionResetError

    append, store.append = store.append, crash  # type: ignore[method-assign, assignment]
    with pytest.raises(ConnectionResetError):
        await reveal(services, live)
    store.append = append  # type: ignore[method-assign]
    services.live.rooms.clear()
    await services.notes.mend()
    again = await services.live.open(live.id)
    await reveal(services, again)
    assert sorted(wall(again)) == ["Note 0", "Note 1", "Note 2"]


async def test_a_late_change_that_was_acknowledged_survives_a_restart(services: Services) -> None:
    live = await open_wall(services)
    [first, *_] = await fill(services, live)
    await reveal(services, live)
    await services.notes.take_back(live, first.note, first.secret, now=False)
    services.live.rooms.clear()
    services.notes.due.clear()
    await services.notes.mend()
    again = await services.live.open(live.id)
    await services.notes.settle(again)
    assert len(wall(again)) == 2


async def test_a_late_change_of_a_process_that_is_no_more_is_taken_up_by_another(
    services: Services,
) -> None:
    live = await open_wall(services)
    [first, *_] = await fill(services, live)
    await reveal(services, live)
    await services.notes.take_back(live, first.note, first.secret, now=False)
    own = services.notes.due.pop(live.id)
    chores = Housekeeping(services.notes, services.announcer, services.closing)
    await chores.mend()
    assert services.notes.due[live.id] > time.monotonic() + LATE_SECONDS[0] - 1
    services.notes.due[live.id] = own
    await services.notes.mend()
    assert services.notes.due[live.id] == own, "nobody waits longer for it"


async def test_an_unknown_take_back_in_a_closed_room_leaves_nothing(services: Services) -> None:
    live = await open_wall(services)
    await services.live.perform(live, CloseRoom("all"))
    note, secret = NoteId(token_hex(16)), token_urlsafe(32)
    assert await services.notes.take_back(live, note, secret, now=False) == "gone"


async def test_nothing_on_disk_tells_a_waiting_note(services: Services, tmp_path: Path) -> None:
    live = await open_wall(services)
    canary = draft("canari jaune")
    await services.notes.post(live, canary)
    everything = b"".join(path.read_bytes() for path in tmp_path.glob("*.db"))
    for trace in (canary.text, canary.note, canary.secret):
        assert trace.encode() not in everything
