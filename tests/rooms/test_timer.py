import pytest
from hypothesis import given, strategies

from atelier.rooms.refusals import Refused
from atelier.rooms.timer import Timer

NOON = 1_800_000_000.0


def test_a_timer_counts_down_and_goes_on_below_zero() -> None:
    timer = Timer.started(8, NOON)
    assert [timer.left_at(NOON + passed) for passed in (0, 60, 480, 500)] == [480, 420, 0, -20]


def test_a_pause_keeps_what_is_left_however_long_it_lasts() -> None:
    timer = Timer.started(8, NOON).paused(NOON + 60)
    assert timer.left_at(NOON + 3600) == 420
    assert timer.resumed(NOON + 3600).left_at(NOON + 3660) == 360


def test_a_second_pause_or_resumption_changes_nothing() -> None:
    timer = Timer.started(8, NOON)
    assert timer.resumed(NOON + 60) == timer
    paused = timer.paused(NOON + 60)
    assert paused.paused(NOON + 120) == paused


def test_more_time_is_added_to_what_is_left_running_or_not() -> None:
    timer = Timer.started(8, NOON)
    assert timer.extended(5, NOON + 60).left_at(NOON + 60) == 720
    assert timer.paused(NOON + 60).extended(5, NOON + 90).left_at(NOON + 120) == 720


def test_time_added_after_the_end_counts_from_the_overrun() -> None:
    assert Timer.started(1, NOON).extended(5, NOON + 120).left_at(NOON + 120) == 240


def test_time_taken_away_stops_at_the_end() -> None:
    timer = Timer.started(8, NOON).extended(-30, NOON + 60)
    assert timer.left_at(NOON + 60) == 0
    assert timer.extended(-1, NOON + 90).left_at(NOON + 90) == -30, "an overrun stays as it is"


@pytest.mark.parametrize("minutes", [0, -5, 481, 1e300])
def test_a_timer_of_no_time_or_of_more_than_eight_hours_is_refused(minutes: float) -> None:
    with pytest.raises(Refused, match="minutes-out-of-range"):
        Timer.started(minutes, NOON)


def test_a_timer_cannot_grow_beyond_eight_hours() -> None:
    with pytest.raises(Refused, match="minutes-out-of-range"):
        Timer.started(470, NOON).extended(11, NOON)


@given(
    strategies.lists(
        strategies.one_of(
            strategies.floats(-10, 10).map(lambda m: ("add", m)),
            strategies.sampled_from([("pause", 0.0), ("resume", 0.0)]),
            strategies.integers(0, 600).map(lambda s: ("wait", float(s))),
        )
    )
)
def test_there_is_never_more_left_than_was_given(acts: list[tuple[str, float]]) -> None:
    timer, now = Timer.started(8, NOON), NOON
    for act, value in acts:
        match act:
            case "add":
                timer = timer.extended(value, now)
            case "pause":
                timer = timer.paused(now)
            case "resume":
                timer = timer.resumed(now)
            case _:
                now += value
        assert timer.left_at(now) <= timer.total
