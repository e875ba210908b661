"""uvicorn's protocols, with the limits that it leaves out.

Without them one socket that repeats requests without reading answers, or floods us with pings,
fills the memory; and a thousand half-sent requests keep everybody else out.
"""

import asyncio
import os
import resource
from asyncio import BaseTransport
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

REQUEST_SECONDS = 20.0
"""A request must have come whole within this time: slow Wi-Fi yes, a trickle no."""
HEADER_BYTES = 16 * 1024
"""Of one request, its first line included: the cookies of a hundred rooms fit in."""
UNREAD_SECONDS = 60
"""What was sent and is not taken for so long ends the connection: whoever stops reading would hold
memory for ever. A phone that slept comes back by itself."""
AHEAD = 16
"""Requests that a connection may send ahead of our answers; browsers send none."""
BEHIND_BYTES = 256 * 1024
"""What may wait for one screen, or two frames if these are larger: a whole board and the next."""
EXTENSION = "atelier.wire"
CLOSED = -1
"""No file has this number."""
PING = b"\x89\x00"
"""A whole frame of a server (RFC 6455, section 5.5.2), without a payload."""


class Http(HttpToolsProtocol):
    """HTTP/1.1 that gives up on requests that never end, and on senders that never read."""

    deadline: asyncio.TimerHandle | None = None
    head: int | None = None
    """Bytes of a head that has not come whole."""
    whole = False
    """Whether the last request that began has come whole."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.expect_request()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return self.expect_nothing()
        if self.head is not None:
            self.head += len(data)
            if self.head > HEADER_BYTES:
                return self.send_400_response("Expected a smaller head of the request.")
        if len(self.pipeline) > AHEAD:
            return self.transport.abort()
        if self.whole:
            self.expect_nothing()
        else:
            self.expect_request()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.head, self.whole = 0, False

    def on_headers_complete(self) -> None:
        self.head = None
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > HEADER_BYTES:  # the parser makes an answer 400 of it
            raise ValueError(f"expected a head of {HEADER_BYTES} bytes at most, got {size}")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self.whole = True
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self.expect_nothing()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        self.expect_nothing()
        super().handle_websocket_upgrade()

    def expect_request(self) -> None:
        if self.deadline is None:
            self.deadline = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def expect_nothing(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None


class Stay(NamedTuple):
    """Who listens to a screen once its handler has returned."""

    heard: Callable[[str], None]
    left: Callable[[], None]


class Nowhere:
    """What nobody receives any more."""

    def put_nowait(self, message: object) -> None: ...


class WebSockets(WebSocketsSansIOProtocol):
    """Hands itself to the handler, which says who listens and returns: ready frames are written
    to it, and thousands of screens that stay need no task, no request and no headers."""

    __slots__ = ("behind", "careful", "file", "staying", "there", "write")

    write: Callable[[bytes], None]
    behind: Callable[[], int]
    """How many bytes wait that the system has not taken."""
    file: int
    """Of the socket, for as long as the connection lasts: then another may have its number."""
    careful: bool
    """Whether much waits already, or the end was said."""
    staying: Stay | None
    there: bool
    """Whether anything has come since the last ping."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.write, self.behind = self.transport.write, self.transport.get_write_buffer_size
        self.file = self.transport.get_extra_info("socket").fileno()
        self.careful, self.staying = False, None
        self.there = True

    def data_received(self, data: bytes) -> None:
        self.there = True
        super().data_received(data)

    def pause_writing(self) -> None:
        self.careful = True
        super().pause_writing()

    def resume_writing(self) -> None:
        self.careful = self.close_sent
        super().resume_writing()

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"] = {EXTENSION: self}  # type: ignore[dict-item]

    def stay(self, heard: Callable[[str], None], left: Callable[[], None]) -> None:
        """Keep the connection when the handler returns; `left` is called once, when it ends."""
        self.staying = Stay(heard, left)

    async def run_asgi(self) -> None:
        with suppress(ClientDisconnected):
            try:
                await self.app(self.scope, self.receive, self.send)
            except Exception:  # whatever it is, it ends this connection and no other
                self.logger.exception("Exception in ASGI application\n")
                self.leave()
        if not self.handshake_complete:
            self.send_500_response()
        if self.staying is None:
            if self.close_timer is None:
                self.transport.close()
        elif self.disconnected:
            self.leave()
        else:
            self.listen(self.staying)

    def listen(self, staying: Stay) -> None:
        """From now on without a queue; what was said before the handler returned is heard first."""
        del self.scope, self.request, self.response
        said, self.queue = self.queue, Nowhere()  # type: ignore[assignment]
        while not said.empty():
            if text := said.get_nowait().get("text"):
                staying.heard(str(text))
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    def send_receive_event_to_app(self) -> None:
        if self.staying is None:
            return super().send_receive_event_to_app()
        said, self.frames = b"".join(self.frames), []
        self.staying.heard(said.decode(errors="replace"))

    def connection_lost(self, exc: Exception | None) -> None:
        self.file = CLOSED
        super().connection_lost(exc)
        self.leave()

    def leave(self) -> None:
        if self.staying is not None:
            left, self.staying = self.staying.left, None
            left()

    def put(self, frame: bytes) -> None:
        if self.careful:
            if self.close_sent:
                return
            if self.behind() > max(BEHIND_BYTES, 2 * len(frame)):
                return self.transport.abort()
        taken = 0 if self.behind() else self.taken_at_once(frame)
        if taken < len(frame):
            self.write(frame[taken:])

    def taken_at_once(self, frame: bytes) -> int:
        """How many bytes the system takes from here: by way of the loop each frame costs as much
        again. Nothing when it wants the loop to wait, or the connection is broken: that is for the
        loop to find out."""
        try:
            return os.write(self.file, frame)
        except OSError:
            return 0

    def ping(self) -> None:
        if not self.there:
            return self.transport.abort()
        self.there = False
        self.put(PING)

    def end(self, code: int) -> None:
        if self.close_sent or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code})
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = self.careful = True
        self.transport.resume_reading()  # for the answer to the close
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.close)
        self.leave()

    def handle_ping(self) -> None:
        if not self.writable.is_set():
            return self.transport.abort()
        super().handle_ping()


def wire_of(scope: Scope) -> WebSockets:
    """The connection of a socket's handler."""
    found: WebSockets = scope["extensions"][EXTENSION]
    return found


def new_event_loop() -> asyncio.AbstractEventLoop:
    """The fastest there is here: uvloop has no Windows."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def allow_many_files() -> None:
    """Every screen is an open file: take as many as the system grants this process."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
