"""Two processes on one PostgreSQL: any screen on any of them."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.clusters import Cluster, programs, running
from tests.nodes.pairs import Pair, pair


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    if programs() is None:
        pytest.skip("no PostgreSQL: sudo apt-get install postgresql")
    with running() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def nodes(cluster: Cluster) -> Iterator[Pair]:
    with TemporaryDirectory() as folder, pair(cluster, Path(folder)) as found:
        yield found


@pytest.fixture
def own_nodes(cluster: Cluster) -> Iterator[Pair]:
    """Of this test alone, to be stopped, killed or cut off."""
    with TemporaryDirectory() as folder, pair(cluster, Path(folder)) as found:
        yield found
