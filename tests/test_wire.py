"""A screen that stays, on a real connection."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

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
