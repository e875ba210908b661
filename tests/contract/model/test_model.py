"""The contract against its model: whatever people do, and whenever the power goes.

On SQLite, or with `ATELIER_TEST_ENGINE=postgresql` on PostgreSQL.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.clusters import running
from tests.contract.model.bending import Bending
from tests.contract.model.choosing import Choosing
from tests.contract.model.installation import OnPostgres, OnSqlite
from tests.contract.model.machine import SUBJECTS, machine
from tests.contract.model.planted import (
    OF_AN_INBOX_APART,
    OF_BENDING,
    OF_CHOOSING,
    OF_RESTITUTING,
    QUICK,
    RARE,
    Plant,
)
from tests.contract.model.play import Play, Start
from tests.contract.model.profiles import APART, FOUND, PROFILE, SHORT
from tests.contract.model.restituting import Restituting


@pytest.fixture(scope="module")
def start(folder: Path) -> Iterator[Start]:
    if os.environ.get("ATELIER_TEST_ENGINE") == "postgresql":
        with running() as cluster:
            yield Start.on(OnPostgres(folder / "model", cluster))
    else:
        yield Start.on(OnSqlite(folder / "model"))


def test_a_room_is_what_the_model_says(start: Start) -> None:
    run_state_machine_as_test(machine(start), settings=PROFILE)


@pytest.mark.parametrize("play", SUBJECTS, ids=lambda play: str(play.__name__))
def test_so_it_is_for_each_subject_alone(start: Start, play: type[Play]) -> None:
    run_state_machine_as_test(machine(start, play=play), settings=APART)


PLANTS = QUICK if PROFILE is SHORT else QUICK + RARE
OF_SUBJECTS = [
    *((plant, Bending) for plant in OF_BENDING),
    *((plant, Choosing) for plant in OF_CHOOSING),
    *((plant, Restituting) for plant in OF_RESTITUTING),
]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: str(plant.__name__))
def test_a_fault_is_found(start: Start, plant: Plant) -> None:
    if plant in OF_AN_INBOX_APART and isinstance(start.engine, OnPostgres):
        pytest.skip("the inbox is no database of its own there")
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine(start, plant), settings=FOUND)


@pytest.mark.parametrize(("plant", "play"), OF_SUBJECTS, ids=lambda each: str(each.__name__))
def test_a_fault_of_one_subject_is_found(start: Start, plant: Plant, play: type[Play]) -> None:
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine(start, plant, play), settings=FOUND)
