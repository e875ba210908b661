"""The outermost layer: nothing reaches a handler that it must not know, nothing leaves without
its headers.

For the notes of phones it applies the limits first, then takes away whoever is asking: address,
cookies, user agent, referer, forwarded addresses, languages.
"""

import os
import re
from collections.abc import Awaitable, Callable
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from ..hub import Hub
from ..keys import token
from ..settings import Settings
from .errors import BodyTooLarge, refuse
from .hosts import is_own, knows_host
from .throttle import Throttle

UNSIGNED = re.compile(r"/r/[^/]*/(notes|withdrawals|ballots)")
"""What phones send without a cookie: the notes themselves."""
PROBE = "/healthz"
"""Platforms ask it by whatever address they know; it tells nothing of anybody."""
DOWNLOAD = re.compile(r"/r/[^/]*/export/")
NOTE_BYTES = 16 * 1024
BODY_BYTES = 256 * 1024
KEPT_HEADERS = frozenset({b"authorization", b"content-type", b"content-length", b"accept", b"host"})
NOT_USED = (
    b"accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(),"
    b" magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
)
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OWN_SITES = ("same-origin", "none")


class Guard:
    def __init__(self, app: Starlette, settings: Settings, throttle: Throttle, hub: Hub) -> None:
        self.app = app
        self.hub = hub
        self.settings = settings
        self.throttle = throttle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        scope["app"] = self.app
        scope["atelier.nonce"] = token(os.urandom(16))
        if scope["type"] == "websocket":
            return await self.websocket(scope, receive, send)
        await self.http(scope, receive, with_headers(scope, send, self.settings))

    async def websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request({**scope, "type": "http", "method": "GET"})
        if not (knows_host(request, self.settings) and self.own_origin(request)):
            await receive()
            return await send({"type": "websocket.close", "code": 4403})
        await self.app(scope, receive, send)

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        unsigned = UNSIGNED.fullmatch(scope["path"]) is not None
        limit = NOTE_BYTES if unsigned else BODY_BYTES
        if problem := self.problem(request, unsigned=unsigned, limit=limit):
            return await refuse(request, problem)(scope, receive, send)
        if unsigned:
            # Charged once the pass is known to be right: strangers must not spend it.
            charge = partial(self.throttle.before_note, self.throttle.address(scope))
            scope = {**without_sender(scope), "atelier.charge": charge}
        await self.app(scope, limited(receive, limit), send)

    def problem(self, request: Request, *, unsigned: bool, limit: int) -> str | None:
        if not (knows_host(request, self.settings) or request.scope["path"] == PROBE):
            return "host-unknown"
        checked = request.method in UNSAFE and self.must_be_own(request, unsigned)
        if checked and not self.own_origin(request):
            return "origin-foreign"
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > limit:
            return "body-too-large"
        return None

    def must_be_own(self, request: Request, unsigned: bool) -> bool:
        """Wherever a cookie is sent; without one only if the request says where it is from,
        and everywhere but at the door."""
        says = "origin" in request.headers or "sec-fetch-site" in request.headers
        at_the_door = unsigned or request.url.path == "/join"
        return says or "cookie" in request.headers or not at_the_door

    def own_origin(self, request: Request) -> bool:
        """The browser's own word counts first: with `no-referrer`, a plain form of ours has the
        origin `null`."""
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site in OWN_SITES
        origin = request.headers.get("origin")
        if origin is None:
            return request.method not in UNSAFE  # no browser: a program with its own cookies
        if origin == "null":
            return request.url.path == "/join"  # older phones; it lets nobody do anything
        return is_own(origin, request, self.settings)


def limited(receive: Receive, limit: int) -> Receive:
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise BodyTooLarge
        return message

    return counted


def without_sender(scope: Scope) -> Scope:
    """The request as if nobody had sent it."""
    headers = [(name, value) for name, value in scope["headers"] if name in KEPT_HEADERS]
    return {**scope, "client": None, "headers": headers, "query_string": b"", "state": {}}


Sender = Callable[[Message], Awaitable[None]]


def with_headers(scope: Scope, send: Send, settings: Settings) -> Sender:
    """Security headers on every answer, errors included."""
    headers = {
        b"content-security-policy": content_policy(scope["atelier.nonce"], settings),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"no-referrer",
        b"cross-origin-resource-policy": b"same-origin",
        b"permissions-policy": NOT_USED,
        b"x-frame-options": b"DENY",
    }
    if settings.secure:  # without HTTPS browsers ignore these, and say so
        headers[b"strict-transport-security"] = b"max-age=31536000"
        headers[b"cross-origin-opener-policy"] = b"same-origin"
        headers[b"cross-origin-embedder-policy"] = b"require-corp"
    if not scope["path"].startswith("/static/"):
        headers[b"cache-control"] = b"no-store"
    if DOWNLOAD.match(scope["path"]):  # shown instead of stored, nothing in it would run
        headers[b"content-security-policy"] += b"; sandbox"

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [(k, v) for k, v in message.get("headers", []) if k.lower() not in headers]
            message = {**message, "headers": [*own, *headers.items()]}
        await send(message)

    return send_with_headers


def content_policy(nonce: str, settings: Settings) -> bytes:
    """Own scripts and styles only, none inline, HTML parsed through our policies alone.

    h11 refuses a header that ends with "; ".
    """
    socket = ("wss://" if settings.secure else "ws://") + settings.host
    parts = [
        "default-src 'none'",
        f"script-src 'self' 'nonce-{nonce}'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        f"connect-src 'self' {socket}",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types atelier htmx",
    ]
    return "; ".join(parts).encode()
