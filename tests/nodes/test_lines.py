"""A server on PostgreSQL that is killed under load, or serves phones behind bad lines."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.clusters import Cluster
from tests.faults.lines import session
from tests.faults.test_kill import killed_under_load


def test_no_acknowledged_note_is_lost_when_the_server_is_killed(
    tmp_path: Path, cluster: Cluster
) -> None:
    killed_under_load(tmp_path, random.randrange(1, 60), DATABASE_URL=cluster.database())


# Lines that are cut in the midst leave ends that asyncio complains of when they are collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_behind_bad_lines_nothing_is_lost_nothing_is_there_twice_and_screens_agree(
    tmp_path: Path, cluster: Cluster
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # shown when it fails
    database = cluster.database()
    outcome = asyncio.run(session(tmp_path, seed, phones=12, notes=1, DATABASE_URL=database))
    assert outcome.notes >= 14
    assert outcome.tries > outcome.notes, "or no line was bad"
