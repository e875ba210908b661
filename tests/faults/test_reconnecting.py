"""Three hundred screens that come back at once to a server that was killed, or said goodbye."""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from bench.crowd import cookies
from tests.server import Facilitator, Phone, Server, serving

SCREENS = 300
PATIENCE_SECONDS = 30


@dataclass
class Screen:
    """Follows by the contract's rules, and comes back at once whatever ends its line."""

    server: Server
    room: str
    cookie: str
    seq: int = 0
    epoch: str = ""
    came: int = 0
    byes: list[dict[str, Any]] = field(default_factory=list)

    async def follow(self) -> None:
        while True:
            try:
                async with connect(self.url, additional_headers={"Cookie": self.cookie}) as line:
                    self.came += 1
                    await self.read(line)
            except (OSError, WebSocketException):
                await asyncio.sleep(0.05)

    @property
    def url(self) -> str:
        address = self.server.origin.replace("http", "ws")
        return f"{address}/r/{self.room}/live?after={self.seq}&epoch={self.epoch}"

    async def read(self, line: ClientConnection) -> None:
        async for said in line:
            frame = json.loads(said)
            if frame["t"] == "bye":
                self.byes.append(frame)
            elif frame["t"] == "whole":
                self.seq, self.epoch = frame["seq"], frame["epoch"]
            elif frame["t"] == "update":
                assert frame["from"] <= self.seq, "a gap"
                self.seq = max(self.seq, frame["seq"])


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true():  # noqa: ASYNC110 - of three hundred screens, and of a process
            await asyncio.sleep(0.02)


def test_three_hundred_screens_come_back_at_once_and_miss_nothing(tmp_path: Path) -> None:
    with serving(tmp_path / "var") as server:
        facilitator = Facilitator(server)
        room = facilitator.open_room(title="Amphi", mode="direct")
        writer = Phone(server, room["code"])
        rested = descriptors(server)
        asyncio.run(session(server, writer, rested))
        log = server.log.read_text()
    assert '"level": "error"' not in log and "Traceback" not in log


async def session(server: Server, writer: Phone, rested: int) -> None:
    phones = cookies(server, [writer.code] * SCREENS)
    screens = [Screen(server, writer.room, cookie) for cookie in phones]
    async with asyncio.TaskGroup() as group:
        following = [group.create_task(screen.follow()) for screen in screens]
        await asyncio.to_thread(writer.write, "avant")
        await until(lambda: {screen.seq for screen in screens} == {3})

        server.kill()
        server.start()
        assert (await asyncio.to_thread(writer.write, "après la panne")).status_code == 201
        await until(lambda: {screen.seq for screen in screens} == {4})
        assert {screen.came for screen in screens} == {2}

        assert await asyncio.to_thread(server.stop) == 0
        assert all(len(screen.byes) == 1 for screen in screens), "everybody was told"
        assert {screen.byes[0]["retry_ms"] >= 1500 for screen in screens} == {True}
        server.start()
        assert (await asyncio.to_thread(writer.write, "après l’arrêt")).status_code == 201
        await until(lambda: {screen.seq for screen in screens} == {5})
        for task in following:
            task.cancel()
    await until(lambda: descriptors(server) <= rested + 5)


def descriptors(server: Server) -> int:
    assert server.process
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))
