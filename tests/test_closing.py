"""Closing as the group decided: the way back, and what is gone afterwards."""

import time
from pathlib import Path

import pytest

from atelier.closing import DESERTED_SECONDS
from atelier.content import opening, scripts
from atelier.live import Beside, LiveRoom, NoRoom
from atelier.rooms.commands import FormCluster, HideNote, Keep, RenameCluster
from atelier.rooms.ids import ClusterId, WordsId
from atelier.rooms.refusals import Refused
from atelier.rooms.words import Words
from atelier.web.who import Services
from tests.desk import draft, fill, open_wall, reveal, wall


async def closed(services: Services, keep: Keep) -> LiveRoom:
    live = await open_wall(services)
    first, *_ = await fill(services, live, 4)
    await reveal(services, live)
    await services.live.perform(
        live,
        FormCluster(ClusterId("c" * 32), WordsId("title"), ()),
        Beside(words={WordsId("title"): Words("Grappe")}),
    )
    await services.live.perform(live, HideNote(first.note))
    await services.closing.close(live, keep)
    return live


async def make_due(services: Services, live: LiveRoom) -> None:
    """As if the two minutes were over."""
    async with services.live.store.db.transaction() as tx:
        await tx.execute("UPDATE room SET finish_at = 1 WHERE id = :id", id=live.id)


async def carry_out(services: Services, live: LiveRoom) -> None:
    await make_due(services, live)
    await services.closing.finish_due()


async def stored_words(services: Services, live: LiveRoom) -> set[str]:
    return {str(text) for text in (await services.live.store.words(live.id, live.keys)).values()}


async def test_within_two_minutes_the_room_can_be_reopened_whole(services: Services) -> None:
    live = await closed(services, "nothing")
    assert wall(live) == []
    await services.closing.finish_due()
    await services.closing.reopen(live)
    assert len(wall(live)) == 3
    await services.closing.finish_due()
    assert len(wall(live)) == 3


async def test_all_keeps_the_wall_and_forgets_hidden_notes_and_secrets(services: Services) -> None:
    live = await closed(services, "all")
    await carry_out(services, live)
    assert len(wall(live)) == 3
    assert "Note 0" not in await stored_words(services, live)
    assert await services.live.store.db.fetch("SELECT * FROM secret") == []


async def test_reduced_keeps_titles_and_forgets_notes(services: Services) -> None:
    live = await closed(services, "reduced")
    await carry_out(services, live)
    kept = await stored_words(services, live)
    assert "Grappe" in kept and not any(text.startswith("Note ") for text in kept)


async def test_nothing_leaves_nothing(services: Services, tmp_path: Path) -> None:
    live = await closed(services, "nothing")
    await carry_out(services, live)
    for table in ("room", "event", "words", "secret"):
        assert await services.live.store.db.fetch(f"SELECT * FROM {table}") == []
    assert await services.live.keyring.find(f"room:{live.id}") is None
    with pytest.raises(NoRoom):
        await services.live.open(live.id)


async def test_an_erasure_cut_short_is_finished_and_holds_up_no_other(
    services: Services,
) -> None:
    cut_short, other = await closed(services, "nothing"), await closed(services, "all")
    await services.live.keyring.destroy(f"room:{cut_short.id}")
    services.live.rooms.clear()
    await make_due(services, cut_short)
    await make_due(services, other)
    await services.closing.finish_due()
    assert await services.live.store.room(cut_short.id) is None
    finished = await services.live.store.room(other.id)
    assert finished and finished.finished


async def test_no_key_of_a_batch_outlives_its_room(services: Services) -> None:
    live = await open_wall(services)
    lonely = draft()
    await services.notes.post(live, lonely)
    await services.notes.take_back(live, lonely.note, lonely.secret, now=False)
    await services.closing.close(live, "all")
    await carry_out(services, live)
    assert await services.live.keyring.names("inbox:") == []


async def test_a_finished_closing_has_no_way_back(services: Services) -> None:
    live = await closed(services, "all")
    await carry_out(services, live)
    with pytest.raises(Refused, match="closing-done"):
        await services.closing.reopen(live)


async def test_notes_that_were_never_revealed_go_with_the_closing(services: Services) -> None:
    live = await open_wall(services)
    await services.notes.post(live, draft())
    await services.closing.close(live, "all")
    await carry_out(services, live)
    assert await services.notes.inbox.batches() == []
    assert await services.live.keyring.find(f"inbox:{live.id}/wall/0") is None


async def test_a_closing_is_carried_out_after_a_restart(services: Services) -> None:
    live = await closed(services, "reduced")
    await make_due(services, live)
    services.live.rooms.clear()
    await services.closing.finish_due()
    again = await services.live.open(live.id)
    assert again.entry.finished and wall(again) == []


async def test_a_room_left_alone_for_a_day_is_closed(services: Services) -> None:
    live = await open_wall(services)
    await services.closing.close_deserted()
    assert live.room.closed is None
    await services.live.store.attend(live.id, int(time.time()) - DESERTED_SECONDS - 60)
    await services.closing.close_deserted()
    assert live.room.closed == "reduced"


async def test_a_room_of_a_sensitive_theme_that_is_left_alone_keeps_nothing(
    services: Services,
) -> None:
    account = await services.accounts.add("sensible@example.org")
    command, words = opening(scripts()["genre-et-roles"], "fr")
    live = await services.live.create(account, command, words)
    await services.live.store.attend(live.id, int(time.time()) - DESERTED_SECONDS - 60)
    await services.closing.close_deserted()
    assert live.room.closed == "nothing"


async def test_a_closed_room_cannot_be_joined(services: Services) -> None:
    live = await open_wall(services)
    assert await services.live.store.find_code(live.entry.code) == live.id
    await services.closing.close(live, "all")
    assert await services.live.store.find_code(live.entry.code) is None


async def test_a_take_back_that_was_promised_is_kept_by_the_closing(services: Services) -> None:
    live = await open_wall(services)
    first, second, *_ = await fill(services, live, 4)
    await reveal(services, live)
    await services.notes.take_back(live, first.note, first.secret, now=False)
    await services.closing.close(live, "all")
    assert "Note 0" not in wall(live), "a change that waits goes before the closing"
    await services.notes.take_back(live, second.note, second.secret, now=False)
    services.notes.due.clear()  # as after a restart
    await carry_out(services, live)
    kept = await stored_words(services, live)
    assert not {"Note 0", "Note 1"} & kept


async def test_titles_that_are_no_longer_on_the_wall_go_with_the_closing(
    services: Services,
) -> None:
    live = await closed(services, "all")
    await services.closing.reopen(live)
    await services.live.perform(
        live,
        RenameCluster(ClusterId("c" * 32), WordsId("newer")),
        Beside(words={WordsId("newer"): Words("Autre titre")}),
    )
    await services.closing.close(live, "all")
    await carry_out(services, live)
    kept = await stored_words(services, live)
    assert "Autre titre" in kept and "Grappe" not in kept
