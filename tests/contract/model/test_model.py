"""The contract against its model: whatever people do, and whenever the power goes.

On SQLite, or with `ATELIER_TEST_ENGINE=postgresql` on PostgreSQL.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.clusters import running
from tests.contract.model.installation import OnPostgres, OnSqlite
from tests.contract.model.machine import Start, machine
from tests.contract.model.planted import QUICK, RARE, Plant
from tests.contract.model.profiles import FOUND, PROFILE, SHORT


@pytest.fixture(scope="module")
def start(folder: Path) -> Iterator[Start]:
    if os.environ.get("ATELIER_TEST_ENGINE") == "postgresql":
        with running() as cluster:
            yield Start.on(OnPostgres(folder / "model", cluster))
    else:
        yield Start.on(OnSqlite(folder / "model"))


def test_a_room_is_what_the_model_says(start: Start) -> None:
    run_state_machine_as_test(machine(start), settings=PROFILE)


PLANTS = QUICK if PROFILE is SHORT else QUICK + RARE


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: str(plant.__name__))
def test_a_fault_is_found(start: Start, plant: Plant) -> None:
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine(start, plant), settings=FOUND)
