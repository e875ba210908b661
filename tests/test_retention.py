"""How long things are kept, by a clock that may jump."""

import time
from datetime import date, timedelta

import pytest

from atelier.clock import ABSENCE, DAY, HELD, Clock, looked
from atelier.expiry import Expiry
from atelier.live import LiveRoom, NoRoom
from atelier.retention import Periods, months_later, suggested, undecided
from atelier.rooms.commands import Keep, RemoveNote
from atelier.rooms.refusals import Refused
from atelier.rooms.replay import board_at
from atelier.rooms.steps import Sensitivity
from atelier.store import Until
from atelier.web.who import Services
from tests.desk import fill, open_wall, reveal, wall

NOW = 1_800_000_000
HOUR = 3600
YEAR = 365 * DAY


# Periods


@pytest.mark.parametrize(
    ("sensitivity", "setting", "days"),
    [("medium", 30, 30), ("medium", 365, 365), ("high", 365, 30), ("high", 7, 7)],
)
def test_notes_of_a_sensitive_theme_are_kept_for_thirty_days_at_most(
    sensitivity: Sensitivity, setting: int, days: int
) -> None:
    until = Periods(setting, 12).until(date(2026, 11, 23), sensitivity, "all")
    assert until == Until(date(2026, 11, 23) + timedelta(days), date(2027, 11, 23))


def test_notes_never_outlive_their_room() -> None:
    assert Periods(365, 1).until(date(2026, 11, 23), "low", "all").notes == date(2026, 12, 23)


def test_without_notes_there_is_one_day() -> None:
    until = Periods(30, 12).until(date(2026, 11, 23), "low", "reduced")
    assert until.notes == until.room == date(2027, 11, 23)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 23), 36, date(2029, 11, 23)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


def test_nobodys_decision_keeps_no_note() -> None:
    assert undecided("high") == "nothing" and undecided("medium") == undecided("low") == "reduced"
    assert suggested("high") == "reduced" and suggested("medium") is None


# The clock


def after(clock: Clock, *looks: tuple[int, int | None]) -> Clock:
    for says, passed in looks:
        clock = looked(clock, says, passed)
    return clock


def test_a_clock_that_goes_on_is_believed() -> None:
    assert after(Clock(NOW), (NOW + HOUR, HOUR), (NOW + 2 * HOUR + 5, HOUR)) == Clock(
        NOW + 2 * HOUR + 5
    )


@pytest.mark.parametrize("jump", [2 * DAY, YEAR, 40 * YEAR, -2 * DAY, -YEAR])
def test_a_jump_is_believed_when_it_has_held_for_a_day(jump: int) -> None:
    clock = Clock(NOW)
    for hour in range(1, 25):
        clock = looked(clock, NOW + jump + hour * HOUR, HOUR)
        assert clock.seen == NOW + hour * HOUR, "time goes on from before the jump"
        assert clock.doubted == NOW + jump + hour * HOUR
    assert looked(clock, NOW + jump + 25 * HOUR, HOUR) == Clock(NOW + jump + 25 * HOUR)


def test_a_clock_that_is_put_right_again_was_never_believed() -> None:
    clock = after(Clock(NOW), (NOW + YEAR, HOUR), (NOW + 2 * HOUR, HOUR))
    assert clock == Clock(NOW + 2 * HOUR)


def test_a_second_jump_begins_a_doubt_of_its_own() -> None:
    clock = after(Clock(NOW), (NOW + YEAR, HOUR), (NOW + 2 * YEAR, 23 * HOUR), (NOW, HOUR))
    assert clock.held == 0 or clock.doubted is None
    clock = after(Clock(NOW), (NOW + YEAR, HOUR), (NOW + 2 * YEAR, 23 * HOUR))
    assert clock.doubted == NOW + 2 * YEAR and clock.held == 0


@pytest.mark.parametrize("absence", [HOUR, 30 * DAY, ABSENCE])
def test_a_server_that_was_off_for_weeks_believes_the_clock_at_its_start(absence: int) -> None:
    assert looked(Clock(NOW), NOW + absence, None) == Clock(NOW + absence)


@pytest.mark.parametrize("gap", [ABSENCE + 1, 10 * YEAR, -2 * DAY])
def test_a_start_at_an_odd_time_is_doubted(gap: int) -> None:
    clock = looked(Clock(NOW), NOW + gap, None)
    assert clock == Clock(NOW, NOW + gap, 0)


def test_a_machine_that_is_on_for_an_afternoon_now_and_then_is_believed_the_second_time() -> None:
    clock = after(Clock(NOW), (NOW + 90 * DAY, None), (NOW + 90 * DAY + HOUR, HOUR))
    assert clock.seen == NOW + HOUR
    clock = looked(clock, NOW + 180 * DAY, None)
    assert clock == Clock(NOW + 180 * DAY)


def test_a_doubt_goes_on_over_a_restart() -> None:
    clock = after(Clock(NOW), (NOW + YEAR, HOUR), (NOW + YEAR + HOUR, None))
    assert clock.doubted == NOW + YEAR + HOUR and 0 < clock.held < HELD


# The work, on real databases


class Moves:
    """A wall clock that goes where it is told; the time that really passes does too, or not."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.up = time.time(), 1000.0
        monkeypatch.setattr("atelier.clock.uptime", lambda: self.up)
        monkeypatch.setattr(time, "time", lambda: self.wall)

    def on(self, days: float) -> None:
        self.wall += days * DAY
        self.up += days * DAY

    def jump(self, days: float) -> None:
        self.wall += days * DAY


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Moves:
    return Moves(monkeypatch)


async def archived(services: Services, keep: Keep) -> LiveRoom:
    live = await open_wall(services)
    await fill(services, live, 4)
    await reveal(services, live)
    await services.closing.close(live, keep)
    async with services.live.store.db.transaction() as tx:
        await tx.execute("UPDATE room SET finish_at = 1 WHERE finish_at IS NOT NULL")
    await services.closing.finish_due()
    return live


async def texts(services: Services, live: LiveRoom) -> list[str]:
    return [str(t) for t in (await services.live.store.words(live.id, live.keys)).values()]


async def test_notes_go_on_their_day_and_the_room_on_its_own(
    services: Services, clock: Moves
) -> None:
    live, work = await archived(services, "all"), Expiry(services.closing)
    await work.erase_due()
    clock.on(29)
    await work.erase_due()
    assert len(wall(live)) == 4
    clock.on(1)
    for _ in range(3):
        await work.erase_due()
        assert wall(live) == [] and live.room.closed == "reduced" and live.seq == 5
    assert not any(text.startswith("Note") for text in await texts(services, live))
    clock.on(334)
    await work.erase_due()
    assert await services.live.store.room(live.id)
    clock.on(1)
    for _ in range(2):
        await work.erase_due()
        assert await services.live.store.room(live.id) is None
    with pytest.raises(NoRoom):
        await services.live.open(live.id)
    assert await services.live.store.buried(live.id)


async def test_after_a_restart_the_same_is_true(services: Services, clock: Moves) -> None:
    live = await archived(services, "all")
    clock.on(30)
    await Expiry(services.closing).erase_due()
    services.live.rooms.clear()
    again = await services.live.open(live.id)
    assert wall(again) == [] and again.room.closed == "reduced"
    assert again.entry.until == live.entry.until


@pytest.mark.parametrize("jump", [400, -400])
async def test_a_clock_that_jumps_and_comes_back_erases_nothing(
    services: Services, clock: Moves, jump: int
) -> None:
    live, work = await archived(services, "all"), Expiry(services.closing)
    await work.erase_due()
    clock.jump(jump)
    for _ in range(5):
        clock.on(0.1)
        await work.erase_due()
    clock.jump(-jump)
    await work.erase_due()
    assert len(wall(live)) == 4


async def test_a_room_that_is_closed_while_the_clock_is_wrong_is_kept_for_as_long(
    services: Services, clock: Moves
) -> None:
    await services.closing.days.today()
    clock.jump(-400)
    live = await archived(services, "all")
    clock.jump(400)
    clock.on(29)
    await Expiry(services.closing).erase_due()
    assert len(wall(live)) == 4


async def test_an_archive_without_a_day_gets_one_and_is_kept_as_long_as_any(
    services: Services, clock: Moves
) -> None:
    live, work = await archived(services, "all"), Expiry(services.closing)
    async with services.live.store.db.transaction() as tx:
        await tx.execute("UPDATE room SET notes_until = NULL, room_until = NULL")
    services.live.rooms.clear()
    await work.erase_due()
    entry = await services.live.store.room(live.id)
    assert entry and entry.until == live.entry.until


async def test_an_open_room_has_no_day(services: Services) -> None:
    live = await open_wall(services)
    assert live.entry.until is None
    await services.closing.close(live, "all")
    assert live.entry.until
    await services.closing.reopen(live)
    assert live.entry.until is None
    entry = await services.live.store.room(live.id)
    assert entry and entry.until is None


# A note that somebody wants removed


async def test_a_removed_note_is_at_no_moment_and_in_no_row(services: Services) -> None:
    live = await archived(services, "all")
    note = next(iter(live.room.wall.notes.values()))
    text = str(live.words[note.words])
    await services.closing.remove_note(live, note.id)
    log = await services.live.store.read(live.id)
    for at in range(len(log) + 1):
        board = board_at(log, live.words, at)
        shown = [c.text for lane in (board.unsorted, *board.clusters) for c in lane.cards]
        assert text not in shown, at
    assert text not in await texts(services, live)
    written = await services.live.store.db.fetch("SELECT room, words FROM forgotten")
    assert (live.id, note.words) in written
    with pytest.raises(Refused, match="note-unknown"):
        await services.closing.remove_note(live, note.id)


async def test_a_note_of_an_open_room_is_hidden_not_removed(services: Services) -> None:
    live = await open_wall(services)
    await fill(services, live)
    await reveal(services, live)
    with pytest.raises(Refused, match="not-closed"):
        await services.live.perform(live, RemoveNote(next(iter(live.room.wall.notes))))
