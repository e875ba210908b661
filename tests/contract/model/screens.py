"""Screens that follow a room in this process, each with the page that it keeps."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message

from atelier.wire import EXTENSION
from tests.contract.people import board_of
from tests.contract.tree import Element, apply, parse
from tests.desk import Watching
from tests.web.inside import Browser, Inside


class Wire(Watching):
    """A connection. When it ends, whichever side ends it, whoever wrote to it is told once."""

    def end(self, code: int) -> None:
        super().end(code)
        asyncio.get_running_loop().call_soon(self.hang_up)

    def hang_up(self) -> None:
        left, self.left = self.left, lambda: None
        left()


@dataclass
class Screen:
    """Keeps its page and its number through broken lines, by the rules of the contract."""

    path: str
    browser: Browser
    wire: Wire | None = None
    page: Element = field(default_factory=lambda: Element("#root"))
    seq: int = -1
    epoch: str = ""
    taken: int = 0
    """How many of the frames of this connection it has taken."""

    def connect(self, inside: Inside) -> None:
        query = f"?after={self.seq}&epoch={self.epoch}" if self.epoch else ""
        scope = inside.scope("websocket", "GET", self.path + query, self.browser.headers())
        self.wire, self.taken = Wire(), 0
        inside.run(inside.guard({**scope, "extensions": {EXTENSION: self.wire}}, asks, ignore))
        assert self.wire.told, "refused"

    def leave(self, inside: Inside) -> None:
        if self.wire is not None:
            inside.run(self.hung_up(self.wire))
            self.wire = None

    async def hung_up(self, wire: Wire) -> None:
        wire.hang_up()

    def frames(self) -> list[str]:
        """Takes what has come since the last time. It is cut off for good when it must."""
        if self.wire is None:
            return []
        told = self.wire.told[self.taken :]
        self.taken += len(told)
        frames = [each for each in told if isinstance(each, str)]
        for frame in frames:
            self.take(json.loads(frame))
        return frames

    @property
    def ended(self) -> int:
        """The close code, 0 while it follows."""
        codes = [each for each in self.wire.told if isinstance(each, int)] if self.wire else []
        return codes[0] if codes else 0

    def take(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "whole":
            self.page = parse(frame["html"])
            self.seq, self.epoch = frame["seq"], frame["epoch"]
        if frame["t"] == "update" and frame["seq"] > self.seq:
            assert frame["from"] == self.seq, f"a gap: at {self.seq}, got {frame['from']}"
            apply(self.page, frame["html"])
            self.seq = frame["seq"]

    @property
    def board(self) -> Element:
        board = board_of(self.page)
        # An update need not carry the board itself: the number of the page is that of the frame.
        board.attributes["data-seq"] = str(self.seq)
        return board


async def asks() -> Message:
    return {"type": "websocket.connect"}


async def ignore(message: Message) -> None:
    """What the handler says to the connection itself."""
