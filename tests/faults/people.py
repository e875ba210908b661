"""Phones and screens that follow the contract through a bad line, as the real ones do."""

import asyncio
import json
import random
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex, token_urlsafe
from typing import Any

import httpx2
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.contract.tree import Element, apply, parse
from tests.server import Phone, Server

PATIENCE_SECONDS = 0.8
"""A phone gives up waiting for an answer after this long (ten seconds in the real one)."""
FINAL = frozenset({200, 201, 202, 204, 401, 404, 409, 413, 422})


@dataclass
class Writer:
    """A phone: each note is sent until the answer is final, with the same id and secret."""

    server: Server
    port: int
    phone: Phone
    kept: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    secrets: dict[str, str] = field(default_factory=dict)
    tries: int = 0

    async def write(self, text: str) -> str:
        note = token_hex(16)
        self.secrets[note] = token_urlsafe(32)
        body = {"note": note, "text": text, "secret": self.secrets[note]}
        answer = await self.until_final("notes", body)
        assert answer in (200, 201), answer
        self.kept[note] = text
        return note

    async def take_back(self, note: str) -> None:
        body = {"note": note, "secret": self.secrets[note], "now": True}
        assert await self.until_final("withdrawals", body) == 204
        del self.kept[note]
        self.gone.add(note)

    async def until_final(self, what: str, body: dict[str, Any]) -> int:
        for _ in range(200):
            self.tries += 1
            try:
                status = await self.post(what, body)
            except (httpx2.HTTPError, OSError):
                status = 0
            if status in FINAL:
                return status
            await asyncio.sleep(random.uniform(0, 0.1))
        raise AssertionError("the line never let anything through")

    async def post(self, what: str, body: dict[str, Any]) -> int:
        """Over a connection of its own, as after a night's sleep."""
        async with httpx2.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            answer = await client.post(
                f"http://127.0.0.1:{self.port}/r/{self.phone.room}/{what}",
                json={**body, "pad": "0" * 1500},
                headers={
                    "Authorization": f"Bearer {self.phone.bearer}",
                    "Host": f"127.0.0.1:{self.server.port}",
                },
            )
        return answer.status_code


@dataclass
class Screen:
    """A page that follows the room: applies what fits its number, asks for the whole otherwise."""

    server: Server
    port: int
    cookies: str
    room: str
    board: Element = field(default_factory=lambda: Element("#root"))
    seq: int = 0
    epoch: str = ""
    resyncs: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def shown(self) -> list[str]:
        board = self.board.by_id("board")
        if board is not None:  # an update need not carry the board itself
            board.attributes["data-seq"] = str(self.seq)
        return self.board.canonical()

    async def follow(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(OSError, TimeoutError, WebSocketException):
                await self.connected()
            self.resyncs += 1
            await asyncio.sleep(random.uniform(0, 0.2))

    async def connected(self) -> None:
        async with connect(
            f"ws://127.0.0.1:{self.server.port}/r/{self.room}/live?after={self.seq}"
            f"&epoch={self.epoch}",
            host="127.0.0.1",
            port=self.port,
            additional_headers={"Cookie": self.cookies, "Origin": self.server.origin},
            open_timeout=PATIENCE_SECONDS,
            close_timeout=0.1,
            compression=None,
        ) as socket:
            while True:
                await socket.send('{"t":"ping"}')
                async with asyncio.timeout(PATIENCE_SECONDS):
                    while not self.take(json.loads(await socket.recv())):
                        pass

    def take(self, frame: dict[str, Any]) -> bool:
        """Whether the line is alive; raises `OSError` when the frames no longer fit."""
        match frame["t"]:
            case "pong":
                return True
            case "whole":
                if frame["epoch"] == self.epoch and frame["seq"] < self.seq:
                    self.wrong.append("the whole board goes back in time")
                self.board = parse(frame["html"])
                self.seq, self.epoch = frame["seq"], frame["epoch"]
            case "update" if frame["seq"] <= self.seq:
                pass
            case "update" if frame["from"] != self.seq:
                raise OSError("a gap")
            case "update":
                apply(self.board, frame["html"])
                self.seq = frame["seq"]
        return False
