"""A TCP proxy that does to its connections what a bad line does, by a seeded lot for each one."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Literal

Fault = Literal[
    "none",
    "delay",
    "trickle",
    "cut going out",
    "cut coming back",
    "answer lost",
    "black hole",
    "stall",
]
FAULTS: tuple[Fault, ...] = (
    "none", "delay", "trickle", "cut going out", "cut coming back", "answer lost", "black hole",
    "stall",
)  # fmt: skip
DELAY_SECONDS = 0.05
STALL_SECONDS = 0.4
TRICKLE_BYTES = 97
CHUNK = 65_536


@dataclass
class Proxy:
    """Between people and a server on this machine. Each connection draws one of `faults`."""

    to: int
    random: Random
    faults: Sequence[Fault]
    port: int = 0
    drawn: Counter[Fault] = field(default_factory=Counter)
    lines: set["asyncio.Task[None]"] = field(default_factory=set)

    async def accept(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        fault = self.random.choice(self.faults)
        self.drawn[fault] += 1
        line = asyncio.current_task()
        assert line
        self.lines.add(line)
        line.add_done_callback(self.lines.discard)
        try:
            await self.carry(fault, near, back)
        except (OSError, asyncio.CancelledError):  # the line is no more
            pass
        finally:
            back.transport.abort()

    async def carry(
        self, fault: Fault, near: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> None:
        if fault == "black hole":  # takes everything, gives nothing
            while await near.read(CHUNK):
                pass
            return
        far, out = await asyncio.open_connection("127.0.0.1", self.to)
        ends = (self.one_way(fault, near, out), self.other_way(fault, far, back))
        ways = [asyncio.ensure_future(each) for each in ends]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait(ways, timeout=0.2)  # what is on its way still arrives
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            out.transport.abort()

    async def one_way(
        self, fault: Fault, near: asyncio.StreamReader, out: asyncio.StreamWriter
    ) -> None:
        """What people send."""
        left = self.random.randrange(200, 3000)
        while data := await near.read(CHUNK):
            if fault == "cut going out" and (left := left - len(data)) < 0:
                out.write(data[:left])
                with suppress(OSError):
                    await out.drain()
                return
            await self.slowly(fault, data, out)

    async def other_way(
        self, fault: Fault, far: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> None:
        """What the server sends."""
        left = self.random.randrange(20, 2000)
        while data := await far.read(CHUNK):
            if fault == "answer lost":  # the server did what was asked, and nobody hears of it
                return
            if fault == "cut coming back" and (left := left - len(data)) < 0:
                back.write(data[:left])
                with suppress(OSError):
                    await back.drain()
                return
            await self.slowly(fault, data, back)

    async def slowly(self, fault: Fault, data: bytes, to: asyncio.StreamWriter) -> None:
        match fault:
            case "delay":
                await asyncio.sleep(self.random.uniform(0, 2 * DELAY_SECONDS))
            case "stall" if self.random.random() < 0.2:
                await asyncio.sleep(STALL_SECONDS)
        size = TRICKLE_BYTES if fault == "trickle" else CHUNK
        for start in range(0, len(data), size):
            to.write(data[start : start + size])
            await to.drain()
            if fault == "trickle":
                await asyncio.sleep(0.002)


@asynccontextmanager
async def bad_line(to: int, seed: int, faults: Sequence[Fault] = FAULTS) -> AsyncIterator[Proxy]:
    proxy = Proxy(to, Random(seed), faults)
    listening = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    proxy.port = listening.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        listening.close()
        for line in list(proxy.lines):
            line.cancel()
        await asyncio.gather(*proxy.lines, return_exceptions=True)
