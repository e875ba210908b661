"""A few sessions of the model on PostgreSQL; the many are in `tests/contract/model`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis.stateful import run_state_machine_as_test

from tests.clusters import Cluster
from tests.contract.model.installation import OnPostgres
from tests.contract.model.machine import machine
from tests.contract.model.play import Start
from tests.contract.model.profiles import FEW


def test_a_room_is_what_the_model_says(cluster: Cluster) -> None:
    with TemporaryDirectory() as folder:
        start = Start.on(OnPostgres(Path(folder), cluster))
        run_state_machine_as_test(machine(start), settings=FEW)
