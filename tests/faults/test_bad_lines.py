"""Thirty phones and a few screens behind lines that delay, trickle, cut, swallow and stall."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.faults.lines import session


# Lines that are cut in the midst leave ends that asyncio complains of when they are collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_behind_bad_lines_nothing_is_lost_nothing_is_there_twice_and_screens_agree(
    tmp_path: Path,
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # shown when it fails
    outcome = asyncio.run(session(tmp_path, seed, phones=30, notes=1))
    assert outcome.notes >= 35
    assert sum(outcome.faults.values()) > 60 and len(outcome.faults) == 8
    assert outcome.tries > outcome.notes, "or no line was bad"
