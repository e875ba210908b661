"""Who may use a route: each line of the route table begins with one of these rights.

A right is asked for before the handler runs. Handlers ask `who.py` again for what they need to
know, so that a right which is too wide here opens nothing; a line without a right stops the start.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from ..hub import GONE
from ..live import NoRoom
from .crowd import Full
from .live import NOT_ALLOWED, TOO_MANY_SCREENS, allowed
from .notes import check_pass
from .who import (
    Forbidden,
    live_room,
    owned_room,
    past_of_room,
    signed_in_account,
    steered_room,
)

Ask = Callable[[Any], Awaitable[object]]
"""Given a request or a socket."""
Handler = Callable[[Request], Awaitable[Response]]
Follower = Callable[[WebSocket], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Right:
    """`ask` raises when the answer is no; a page then leads `elsewhere`, where there is a place."""

    name: str
    ask: Ask
    elsewhere: str = ""

    def get(self, path: str, handler: Handler) -> "Rule":
        return self.rule(path, handler, "GET")

    def post(self, path: str, handler: Handler) -> "Rule":
        return self.rule(path, handler, "POST")

    def delete(self, path: str, handler: Handler) -> "Rule":
        return self.rule(path, handler, "DELETE")

    def rule(self, path: str, handler: Handler, method: str) -> "Rule":
        async def ruled(request: Request) -> Response:
            try:
                await self.ask(request)
            except Forbidden:
                if self.elsewhere and request.method == "GET":
                    return RedirectResponse(self.elsewhere, 303)
                raise
            return await handler(request)

        return Rule(self, Route(path, ruled, methods=[method]))

    def socket(self, path: str, handler: Follower) -> "Rule":
        """Sockets are told by a close code, which needs a handshake first."""

        async def ruled(socket: WebSocket) -> None:
            await socket.accept()
            try:
                await self.ask(socket)
                await handler(socket)
            except NoRoom:
                await socket.close(GONE)
            except Forbidden:
                await socket.close(NOT_ALLOWED)
            except Full:
                await socket.close(TOO_MANY_SCREENS, "too many screens: close some")

        return Rule(self, WebSocketRoute(path, ruled))

    def folder(self, path: str, app: ASGIApp) -> "Rule":
        return Rule(self, Mount(path, app))


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the route table: the route, and who may use it."""

    right: Right
    route: BaseRoute


def routes_of(table: list[Rule]) -> list[BaseRoute]:
    """The routes of the table; raises `TypeError` for one that says nothing of who may use it."""
    for rule in table:
        if not isinstance(rule, Rule):
            raise TypeError(f"{rule!r}: expected a rule made by a right, as in `steers.post(…)`")
    return [rule.route for rule in table]


async def nothing(conn: HTTPConnection) -> None:
    """Whoever comes may."""


async def screen_of_room(conn: HTTPConnection) -> None:
    await allowed(conn, await live_room(conn))


async def pass_of_room(conn: HTTPConnection) -> None:
    """No cookie is looked at; a refusal speaks the room's language, as nobody is known here."""
    live = await live_room(conn)
    conn.scope["atelier.language"] = live.room.language
    check_pass(conn, live)


async def board_of_room(conn: Request) -> None:
    """The board of now is for every screen of the room, a past one for who may look back."""
    await (past_of_room if "at" in conn.query_params else screen_of_room)(conn)


anyone = Right("anyone", nothing)
signed_in = Right("signed_in", signed_in_account, elsewhere="/signin")
in_room = Right("in_room", screen_of_room)
enters_room = Right("enters_room", screen_of_room, elsewhere="/")
sees_board = Right("sees_board", board_of_room)
holds_pass = Right("holds_pass", pass_of_room)
steers = Right("steers", steered_room)
owns = Right("owns", owned_room)
looks_back = Right("looks_back", past_of_room)
