"""Killed at any named point, the server comes back with what it had promised, and nothing twice."""

from pathlib import Path

import pytest

from tests.faults.points import POINTS, check, killed_at

PASSINGS = 2
"""How often each point is let pass at most before the kill; `bench.faults` takes all."""

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


@pytest.mark.parametrize("point", POINTS)
def test_what_was_acknowledged_or_shown_survives_a_kill(point: str, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    kills = 0
    for settings, told in killed_at(point, tmp_path / "made", tmp_path / "cut", PASSINGS):
        kills += 1
        check(settings, told)
    assert kills, "the point was never reached"
