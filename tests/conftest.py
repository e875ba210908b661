"""What more than one test needs: a room's history in one line, and a small installation."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from atelier.app import build
from atelier.hub import Hub
from atelier.rooms.commands import Command
from atelier.rooms.decide import decide
from atelier.rooms.events import Event
from atelier.rooms.state import Room, replay
from atelier.settings import Settings
from atelier.web.throttle import Throttle
from atelier.web.who import Services


@dataclass
class Scenario:
    """`given(OPENED, REVEALED).when(FormCluster(...)) == [ClusterFormed(...)]`"""

    history: Sequence[Event]

    def when(self, command: Command) -> list[Event]:
        return decide(self.room, command)

    @property
    def room(self) -> Room:
        return replay(self.history)


@pytest.fixture
def given() -> Callable[..., Scenario]:
    return lambda *history: Scenario(history)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, threshold=3, rate="off")


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    """Everything behind the web, on databases of its own."""
    async with AsyncExitStack() as stack:
        yield await build(settings, Throttle(on=False), Hub(), stack)
