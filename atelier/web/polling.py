"""The updates of a room for lines that let no WebSocket through: a request that waits for news.

Nothing is known from one request to the next: a screen says what it has, and is told what it has
not. So nothing falls between two requests, and any process may answer any of them.
"""

import asyncio
from contextlib import ExitStack, suppress
from random import SystemRandom

from starlette.requests import Request
from starlette.responses import Response

from ..hub import GONE, framed, unframed
from ..live import LiveRoom, NoRoom
from ..now import Now
from . import render
from .live import counted, join, screen_is_behind
from .who import Forbidden, phone_of, services, signed

WAIT_SECONDS = 20.0, 25.0
"""Drawn anew for each answer, so that a room does not ask together; proxies give up after 30."""
GATHER_SECONDS = 0.3
"""What comes so soon after the first news goes into the same answer."""
BETWEEN_SECONDS = 10.0
"""How long a phone counts as there after an answer."""

chance = SystemRandom()


class Waiting:
    """A screen for the time of one request."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.ended = 0
        self.news = asyncio.Event()

    def put(self, frame: bytes) -> None:
        self.frames.append(unframed(frame))
        self.news.set()

    def end(self, code: int) -> None:
        self.ended = code
        self.news.set()

    def ping(self) -> None:
        """Its request ends within a round anyway."""


async def poll(request: Request) -> Response:
    """What the screen has not, at once; when it has all, what is published next, or nothing."""
    screen = Waiting()
    with ExitStack() as stack:
        live = await join(stack, request, screen)
        if screen_is_behind(request, live):
            screen.put(framed(render.Frames().whole(live.board, live.seq, live.entry.epoch)))
        elif not (screen.frames or lacks_now(request, live)):
            await news(request, screen)
        if screen.ended:
            raise NoRoom if screen.ended == GONE else Forbidden
        linger(request, live)
    return answer(request, live, screen)


def lacks_now(request: Request, live: LiveRoom) -> bool:
    return request.query_params.get("now") != mark(live, services(request).announcer.now(live))


def mark(live: LiveRoom, now: Now) -> str:
    """By which a screen says which `now` it has, as that has no number. Any process gives the
    same mark to the same state; it is signed, as it stands in URLs, and the code is part of it."""
    return signed(live.keys, f"now:{now!r}")[:16]


async def news(request: Request, screen: Waiting) -> None:
    left = asyncio.create_task(hung_up(request))
    left.add_done_callback(lambda _: screen.news.set())
    try:
        with suppress(TimeoutError):
            await asyncio.wait_for(screen.news.wait(), chance.uniform(*WAIT_SECONDS))
            if screen.frames:
                await asyncio.sleep(GATHER_SECONDS)
    finally:
        left.cancel()


async def hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def linger(request: Request, live: LiveRoom) -> None:
    """A phone is there between two requests too."""
    hold = ExitStack()
    hold.enter_context(counted(request, live, phone_of(request, live)))
    asyncio.get_running_loop().call_later(BETWEEN_SECONDS, hold.close)


def answer(request: Request, live: LiveRoom, screen: Waiting) -> Response:
    """Ends with the `now` of this moment if the screen has another, so that the mark is true."""
    now = services(request).announcer.now(live)
    if lacks_now(request, live):
        screen.put(framed(render.Frames().now(now)))
    body = b"[" + b",".join(screen.frames) + b"]"
    return Response(body, headers={"Atelier-Now": mark(live, now)}, media_type="application/json")
