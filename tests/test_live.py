"""Rooms held in memory: how they come to be."""

import pytest

from atelier import live
from atelier.web.who import Services
from tests.desk import open_wall


async def test_a_room_gets_a_code_that_no_other_open_room_has(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter(["K7M4P2", "K7M4P2", "B8D3F6"])
    monkeypatch.setattr(live, "new_code", lambda: next(codes))
    assert [(await open_wall(services)).entry.code for _ in range(2)] == ["K7M4P2", "B8D3F6"]
    assert len(await services.live.keyring.names("room:")) == 2, "no key is left of the try"
