"""One installation in this process for each file of tests."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.web.inside import EMAILS, Inside, inside
from tests.web.rooms import Rooms


@pytest.fixture(scope="module")
def installation() -> Iterator[Inside]:
    """In memory where there is such a place: no test here takes the plug out of the machine."""
    memory = Path("/dev/shm")
    folder = TemporaryDirectory(dir=memory if memory.is_dir() else None)
    with folder as name, inside(Path(name)) as installation:
        yield installation


@pytest.fixture(scope="module")
def rooms(installation: Inside) -> Rooms:
    return Rooms(installation, *(installation.signs_in(email) for email in EMAILS))
