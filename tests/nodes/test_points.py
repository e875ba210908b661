"""Killed at a named point on PostgreSQL, a process loses nothing that it had promised."""

from pathlib import Path

import pytest

from tests.clusters import Cluster
from tests.faults.points import check, killed_at

POINTS = (
    "its rows are gone, its key is not",
    "all is written to PostgreSQL, not committed",
    "PostgreSQL has committed, nobody knows",
)
"""Those that are its own; `bench.faults` takes all, and every time that they are passed."""

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


@pytest.mark.parametrize("point", POINTS)
def test_what_was_acknowledged_or_shown_survives_a_kill(
    point: str, tmp_path: Path, cluster: Cluster
) -> None:
    (tmp_path / "made").mkdir()
    kills = 0
    for settings, told in killed_at(
        point, tmp_path / "made", tmp_path / "cut", 1, cluster.database
    ):
        assert settings.database_url
        kills += 1
        check(settings, told)
    assert kills, "the point was never reached"
