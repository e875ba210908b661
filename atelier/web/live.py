"""The room's page for whoever asks, and the socket that tells it what has changed."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.websockets import WebSocket

from ..content.concepts import concepts
from ..db import Unavailable
from ..hub import Screen, framed
from ..i18n import translator
from ..live import LiveRoom
from ..rooms.refusals import Refused
from ..rooms.replay import board_at
from ..wire import wire_of
from . import render
from .bending import script_told
from .errors import REFUSALS
from .language import language_of
from .line import promises
from .links import room_links
from .retention import told
from .who import (
    Forbidden,
    attend,
    facilitates,
    is_screen,
    live_room,
    past_of_room,
    phone_of,
    services,
)
from .words import KINDS, MODES, PLEDGE, RULES

NOT_ALLOWED = 4401
TOO_MANY_SCREENS = 4429
WATCH_SECONDS = 1.0
MOMENT = re.compile(r"[0-9]{1,9}")
PONG = framed('{"t":"pong"}')
OF_NOTES = (
    "step-closed", "note-id-taken", "note-taken-back", "secret-wrong", "pass-wrong", "room-unknown",
    "note-empty", "note-too-long", "note-too-many-lines", "text-malformed", "body-too-large",
    "room-full",
)  # fmt: skip
"""What a phone may be told of its notes, in the language of who holds it: the answer itself, which
knows nobody, is in the room's."""
FRAME_LIMIT = 256
"""Characters of the longest thing a screen may say; it is a ping."""


async def show_room(request: Request) -> Response:
    """The page that fits the cookie: facilitator's board, phone, or projector."""
    live = await live_room(request)
    view = request.query_params.get("view")
    if view != "phone" and await facilitates(request, live):
        return await (projector_page if view == "projector" else steer_page)(request, live)
    phone = phone_of(request, live)
    if phone and view != "projector":
        services(request).presence.saw(live.id, phone)
        return await phone_page(request, live)
    if is_screen(request, live):
        return await projector_page(request, live)
    return RedirectResponse("/", 303)


async def phone_page(request: Request, live: LiveRoom) -> Response:
    board = live.board
    return await room_page(
        request,
        live,
        "phone",
        room={"id": live.id, "title": board.title, "theme": board.theme,
              "pass_": live.keys.pass_},
        **promises(request, live),
        until=told(live, services(request).closing.periods, language_of(request)),
        rules=[{"icon": icon, "text": text} for icon, text in RULES],
        pledge=PLEDGE,
        why={key: translator(language_of(request))(REFUSALS[key][1]) for key in OF_NOTES},
    )  # fmt: skip


async def steer_page(request: Request, live: LiveRoom) -> Response:
    await attend(request, live)
    links = room_links(request, live)
    board = live.board
    return await room_page(
        request,
        live,
        "steer",
        room={"id": live.id, "title": board.title, "theme": board.theme,
              "code": links["code"], "join_url": links["join_url"]},
        told=await script_told(request, live),
        kinds=KINDS,
        modes=MODES,
        qr=links["qr"],
        k=services(request).settings.threshold,
        projector_url=links["projector"],
        concepts=list(concepts().values()),
    )  # fmt: skip


async def projector_page(request: Request, live: LiveRoom) -> Response:
    links = room_links(request, live)
    board = live.board
    room = {"id": live.id, "title": board.title, "code": links["code"], "host": links["host"]}
    return await room_page(request, live, "projector", room=room, qr=links["qr"])


async def room_page(request: Request, live: LiveRoom, name: str, **context: object) -> Response:
    now = services(request).announcer.now(live)
    page = render.page(
        request.scope,
        name,
        language_of(request),
        view=name,
        board=live.board,
        parts=render.shared(live.board, live.seq, live.entry.epoch, now),
        **context,
    )
    return HTMLResponse(page)


async def show_board(request: Request) -> Response:
    """The board alone: as it is now, for every screen of the room, or as it stood."""
    if "at" in request.query_params:
        return await show_past_board(request)
    live = await live_room(request)
    await allowed(request, live)
    return HTMLResponse(render.board(live.board, live.seq, live.entry.epoch))


async def show_past_board(request: Request) -> Response:
    live = await past_of_room(request)
    log = await services(request).live.store.read(live.id)
    at = moment_asked(request, last=len(log))
    return HTMLResponse(render.board(board_at(log, live.words, at), at, live.entry.epoch))


def moment_asked(request: Request, last: int) -> int:
    """The event number that `at` names, the last one if there is none; refuses any other."""
    at = request.query_params.get("at", str(last))
    if not MOMENT.fullmatch(at) or int(at) > last:
        raise Refused("past-unknown")
    return int(at)


# Following, by socket or by waiting requests


async def follow(socket: WebSocket) -> None:
    screen = wire_of(socket.scope)
    with ExitStack() as stack:
        live = await join(stack, socket, screen)
        greet(socket, live, screen)
        screen.stay(partial(answer_ping, screen), stack.pop_all().close)


async def join(stack: ExitStack, conn: HTTPConnection, screen: Screen) -> LiveRoom:
    """Let the screen follow its room until the stack is closed."""
    live = await live_room(conn)
    phone = await allowed(conn, live)
    if not await facilitates(conn, live):
        throttle = services(conn).throttle
        stack.enter_context(throttle.crowd.seat(live.id, throttle.address(conn.scope)))
    stack.enter_context(services(conn).hub.subscribe(live.id, screen))
    stack.enter_context(counted(conn, live, phone))
    if phone is None:
        watch = asyncio.create_task(watch_right(conn, live, screen))
        stack.callback(watch.cancel)
    return live


async def allowed(conn: HTTPConnection, live: LiveRoom) -> str | None:
    """The phone, or None for a facilitator or a projector; raises `Forbidden`."""
    phone = phone_of(conn, live)
    if phone or is_screen(conn, live) or await facilitates(conn, live):
        return phone
    raise Forbidden


async def watch_right(conn: HTTPConnection, live: LiveRoom, screen: Screen) -> None:
    """A sitting may end, a co-facilitator be removed, a projector's link be renewed, anywhere: who
    follows is asked again and again. A phone's cookie is good for as long as its room is."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            with suppress(Unavailable):  # asked again in a moment
                await allowed(conn, live)
        except Forbidden:
            return screen.end(NOT_ALLOWED)


@contextmanager
def counted(conn: HTTPConnection, live: LiveRoom, phone: str | None) -> Iterator[None]:
    at = services(conn)
    if phone is None:
        yield
        return
    at.presence.joined(live.id, phone)
    at.announcer.stale.add(live.id)
    try:
        yield
    finally:
        at.presence.left(live.id, phone)
        at.announcer.stale.add(live.id)


def greet(conn: HTTPConnection, live: LiveRoom, screen: Screen) -> None:
    """What the screen does not have yet. Nothing awaits, so no frame comes before it."""
    if screen_is_behind(conn, live):
        screen.put(framed(render.Frames().whole(live.board, live.seq, live.entry.epoch)))
    now = services(conn).announcer.now(live)
    screen.put(framed(render.Frames().now(now)))


def screen_is_behind(conn: HTTPConnection, live: LiveRoom) -> bool:
    known = conn.query_params.get("after"), conn.query_params.get("epoch")
    return known != (str(live.seq), live.entry.epoch)


def answer_ping(screen: Screen, said: str) -> None:
    """Screens speak over HTTP; here they only ask whether we are still there."""
    if len(said) <= FRAME_LIMIT and '"ping"' in said:
        screen.put(PONG)
