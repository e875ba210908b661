"""uvicorn's protocols, with the limits that it leaves out.

Without them one socket that repeats requests without reading answers, or floods us with pings,
fills the memory; and a thousand half-sent requests keep everybody else out.
"""

import asyncio
import resource

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

REQUEST_SECONDS = 20.0
"""A request must have come whole within this time: slow Wi-Fi yes, a trickle no."""
HEADER_BYTES = 16 * 1024
"""Of one request, its first line included: the cookies of a hundred rooms fit in."""
UNREAD_SECONDS = 60
"""What was sent and is not taken for so long ends the connection: whoever stops reading would hold
memory for ever. A phone that slept comes back by itself."""
BACKLOG_BYTES = 320 * 1024
"""What a connection may send ahead of our answers: more than our largest body."""


class Http(H11Protocol):
    """HTTP/1.1 that gives up on requests that never end, and on senders that never read."""

    deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.expect_request()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return self.expect_nothing()
        if len(self.conn.trailing_data[0]) > BACKLOG_BYTES:
            return self.transport.abort()
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self.expect_request()
        else:
            self.expect_nothing()

    def connection_lost(self, exc: Exception | None) -> None:
        self.expect_nothing()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self.expect_nothing()
        super().handle_websocket_upgrade(event)

    def expect_request(self) -> None:
        if self.deadline is None:
            self.deadline = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def expect_nothing(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None


class WebSockets(WebSocketsSansIOProtocol):
    """Answers pings only to who reads the answers."""

    def handle_ping(self) -> None:
        if not self.writable.is_set():
            return self.transport.abort()
        super().handle_ping()


def allow_many_files() -> None:
    """Every screen is an open file: take as many as the system grants this process."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
