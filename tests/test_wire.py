"""A screen that stays, on a real connection."""

import asyncio
import os
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, suppress

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState
from websockets.asyncio.client import connect

from atelier import wire
from atelier.hub import ROUND_SECONDS, Hub, Screen, framed
from atelier.rooms.ids import RoomId
from atelier.wire import WebSockets, wire_of
from tests.desk import Watching


class Follower:
    """A handler that takes its time, says that it listens, and returns."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.left = asyncio.Event()
        self.returns = asyncio.Event()
        self.screen: WebSockets | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await self.returns.wait()
        self.screen = wire_of(scope)
        self.screen.stay(self.hear, self.left.set)

    def hear(self, said: str) -> None:
        assert self.screen
        self.heard.append(said)
        self.screen.put(framed(f"heard {said}"))


@asynccontextmanager
async def serving(app: Follower) -> AsyncIterator[str]:
    config = uvicorn.Config(
        app, http=wire.Http, ws=WebSockets, log_config=None, lifespan="off",
        ws_per_message_deflate=False,
    )  # fmt: skip
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: wire.Http(config, state, {}), "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield f"ws://127.0.0.1:{port}/"
    finally:
        listening.close()


async def test_what_a_screen_says_before_its_handler_returns_is_heard() -> None:
    app = Follower()
    async with serving(app) as url, connect(url) as screen:
        await screen.send("one")
        await screen.send("two")
        await asyncio.sleep(0.05)
        app.returns.set()
        async with asyncio.timeout(5):
            assert [await screen.recv(), await screen.recv()] == ["heard one", "heard two"]
        await screen.send("three")
        async with asyncio.timeout(5):
            assert await screen.recv() == "heard three"


async def test_a_screen_that_leaves_is_let_go_once() -> None:
    app = Follower()
    app.returns.set()
    async with serving(app) as url:
        async with connect(url) as screen:
            await screen.send("there")
            await screen.recv()
        async with asyncio.timeout(5):
            await app.left.wait()
        assert app.screen and app.screen.staying is None


async def test_a_screen_that_answers_pings_is_there_and_a_silent_one_is_cut_off() -> None:
    app = Follower()
    app.returns.set()
    async with serving(app) as url, connect(url) as screen:
        await screen.send("there")
        await screen.recv()
        assert app.screen
        for _ in range(3):
            app.screen.ping()
            await screen.send("there")
            async with asyncio.timeout(5):
                await screen.recv()
        assert app.screen.there
        screen.transport.pause_reading()  # its line is dead, and neither side is told
        app.screen.ping()
        await asyncio.sleep(0.05)
        assert not app.left.is_set()
        app.screen.ping()
        async with asyncio.timeout(5):
            await app.left.wait()


async def test_every_screen_is_asked_once_a_round() -> None:
    hub, asked = Hub(), Counter[Screen]()

    class Quiet(Watching):
        def ping(self) -> None:
            asked[self] += 1

    with ExitStack() as stack:
        for number in range(300):
            stack.enter_context(hub.subscribe(RoomId(f"{number:032x}"), Quiet()))
        turns: list[int] = []
        for turn in range(ROUND_SECONDS):
            hub.ping(turn)
            turns.append(asked.total())
    assert set(asked.values()) == {1} and asked.total() == 300
    assert turns[ROUND_SECONDS // 2] not in (0, 300), "not all at one time"


async def test_a_screen_that_left_before_its_handler_returned_is_let_go() -> None:
    app = Follower()
    async with serving(app) as url:
        async with connect(url):
            pass
        await asyncio.sleep(0.05)
        app.returns.set()
        async with asyncio.timeout(5):
            await app.left.wait()


LOOPS = [asyncio.new_event_loop, wire.new_event_loop]
"""The one of the standard library, and the one that serves here."""


@pytest.mark.parametrize("loop", LOOPS, ids=["asyncio", "here"])
def test_a_frame_for_a_screen_that_left_goes_into_no_file_that_took_its_number(
    loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    async def leaves() -> tuple[WebSockets, int]:
        app = Follower()
        app.returns.set()
        async with serving(app) as url:
            async with connect(url) as screen:
                await screen.send("there")
                await screen.recv()
                assert app.screen
                number = app.screen.file
            async with asyncio.timeout(5):
                await app.left.wait()
            await asyncio.sleep(0.05)
            assert not is_open(number)
        return app.screen, number

    with asyncio.Runner(loop_factory=loop) as runner:
        screen, number = runner.run(leaves())
        reading, writing = os.pipe()
        os.dup2(writing, number)
        with suppress(RuntimeError):  # of a loop that says so
            screen.put(framed("for somebody who left"))
        os.set_blocking(reading, False)
        with pytest.raises(BlockingIOError):
            os.read(reading, 1)
        for each in (reading, writing, number):
            os.close(each)


@pytest.mark.parametrize("loop", LOOPS, ids=["asyncio", "here"])
@pytest.mark.parametrize("ends", ["the screen leaves", "it is sent away", "it is cut off"])
def test_a_connection_is_lost_before_another_can_take_the_number_of_its_file(
    loop: Callable[[], asyncio.AbstractEventLoop], ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What frames written past the loop depend on: as long as anybody writes, the file is its."""
    seen = list[bool]()
    ended = asyncio.Event()

    def lost(self: WebSockets, exc: Exception | None) -> None:
        seen.append(is_open(self.file))
        ended.set()
        connection_lost(self, exc)

    connection_lost = WebSockets.connection_lost
    monkeypatch.setattr(WebSockets, "connection_lost", lost)

    async def play() -> None:
        app = Follower()
        app.returns.set()
        async with serving(app) as url, connect(url) as client:
            await client.send("there")
            await client.recv()
            assert app.screen
            if ends == "it is sent away":
                app.screen.end(1001)
            elif ends == "it is cut off":
                app.screen.transport.abort()
            else:
                await client.close()
            async with asyncio.timeout(5):
                await ended.wait()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(play())
    assert seen == [True]


@pytest.mark.parametrize("loop", LOOPS, ids=["asyncio", "here"])
def test_what_a_slow_screen_is_behind_with_comes_whole_and_in_order(
    loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    said = ["a whole board".ljust(150_000), *(str(number).ljust(3000) for number in range(30))]

    async def reads_late() -> list[str | bytes]:
        app = Follower()
        app.returns.set()
        async with serving(app) as url, connect(url, max_queue=None) as client:
            await client.send("there")
            await client.recv()
            assert app.screen
            connection = app.screen.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 20_000)
            client.transport.pause_reading()
            for text in said[:-5]:
                app.screen.put(framed(text))
            assert app.screen.behind() > 0, "the system took all of it at once"
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1_000_000)
            for text in said[-5:]:  # it would take these now
                app.screen.put(framed(text))
            client.transport.resume_reading()
            async with asyncio.timeout(10):
                return [await client.recv() for _ in said]

    with asyncio.Runner(loop_factory=loop) as runner:
        assert runner.run(reads_late()) == said


def is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
