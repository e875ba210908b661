"""The servers that the contract is checked against: real processes, reached as anybody would."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest

from tests.clusters import running
from tests.contract.people import THRESHOLD, Facilitator, Room, Server

OpenRoom = Callable[..., Room]
StartServer = Callable[..., Server]

SETTINGS = {"ATELIER_THRESHOLD": str(THRESHOLD), "ATELIER_RATE": "off"}


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """In memory where there is such a place: no test here takes the plug out of the machine."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def engine() -> Iterator[Callable[[], dict[str, str]]]:
    """What a server's environment says of its database. All of these tests run on PostgreSQL with
    `ATELIER_TEST_ENGINE=postgresql`; those that matter most there do so anyway."""
    if os.environ.get("ATELIER_TEST_ENGINE") != "postgresql":
        yield dict
        return
    with running() as cluster:
        yield lambda: {"DATABASE_URL": cluster.database()}


@pytest.fixture(scope="session")
def server(folder: Path, engine: Callable[[], dict[str, str]]) -> Iterator[Server]:
    """One server for most tests, each of which opens rooms of its own."""
    (folder / "shared").mkdir()
    server = Server(folder / "shared" / "var", {**SETTINGS, **engine()})
    try:
        yield server.start()
    finally:
        server.close()


@pytest.fixture(scope="session")
def facilitator(server: Server) -> Facilitator:
    return server.facilitator("claire@example.org")


@pytest.fixture(scope="session")
def stranger(server: Server) -> Facilitator:
    """A facilitator of other rooms."""
    return server.facilitator("ailleurs@example.org")


@pytest.fixture
def opened(facilitator: Facilitator) -> OpenRoom:
    return facilitator.open


@pytest.fixture
def room(facilitator: Facilitator) -> Room:
    """A bare wall whose notes stay sealed until a reveal."""
    return facilitator.open()


@pytest.fixture
def own_server(folder: Path, engine: Callable[[], dict[str, str]]) -> Iterator[StartServer]:
    """Servers of this test alone, to be stopped, killed, or set otherwise."""
    with ExitStack() as stack:

        def start(**variables: str) -> Server:
            server = Server(
                Path(mkdtemp(dir=folder)) / "var", {**SETTINGS, **engine(), **variables}
            )
            stack.callback(server.close)
            return server.start()

        yield start
