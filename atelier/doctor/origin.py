"""The way from outside: encryption, the proxy, the WebSocket."""

import http.client
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException
from websockets.sync.client import connect

from ..settings import Settings, is_this_machine
from .finding import Finding

SECONDS = 5
NO_ROOM = "0" * 32
ROOM_GONE, NOT_ALLOWED = 4404, 4401
"""How the server ends a socket that asked for no room, or had no right to one."""


def check_origin(settings: Settings) -> Iterator[Finding]:
    yield check_encryption(settings)
    yield check_proxy_log(settings)
    try:
        status, headers = ask(settings, "GET", "/healthz")
    except ssl.SSLError as error:
        yield Finding("error", f"proxy: {settings.origin}: {error.reason}", "mend the certificate")
        return
    except (OSError, http.client.HTTPException):
        yield Finding(
            "warning",
            f"proxy and WebSocket: no server answers at {settings.origin}, not checked",
            "start the server and its proxy, then ask again",
        )
        return
    yield check_answer(settings, status, headers)
    yield check_sender(settings)
    yield check_websocket(settings)


def check_encryption(settings: Settings) -> Finding:
    found = f"origin: {settings.origin}"
    if settings.secure or is_this_machine(urlsplit(settings.origin).hostname or ""):
        return Finding("ok", found)
    return Finding(
        "warning",
        f"{found} is not encrypted",
        "put HTTPS before it, and https:// in ATELIER_ORIGIN",
    )


def check_proxy_log(settings: Settings) -> Finding:
    """Nobody can look into a proxy from here; what phones promise follows what is said of it."""
    if settings.proxy_log == "none":
        return Finding("ok", "proxy log: said to hold no address; phones say the whole promise")
    if not settings.secure:
        return Finding("ok", "proxy log: no HTTPS, so no proxy is expected")
    return Finding(
        "warning",
        "proxy log: unknown; phones say that a trace of a connection may be kept",
        "when the proxy writes no address, set ATELIER_PROXY_LOG=none",
    )


def check_answer(settings: Settings, status: int, headers: dict[str, str]) -> Finding:
    """Pages say in their policy which origin the server takes for its own."""
    moved = headers.get("location", "")
    if moved:
        return Finding(
            "error", f"proxy: {settings.origin} leads to {moved}", "set ATELIER_ORIGIN to that"
        )
    policy = headers.get("content-security-policy", "")
    if status != http.client.OK or "connect-src 'self' " not in policy:
        return Finding(
            "error",
            f"proxy: what answers at {settings.origin} is not atelier, or not well ({status})",
            "look at the proxy's target, and let it pass on our headers",
        )
    believed = policy.partition("connect-src 'self' ")[2].partition(";")[0]
    if believed != socket_origin(settings):
        return Finding(
            "error",
            f"proxy: the server takes itself for {believed}, expected {socket_origin(settings)}",
            "give the server the same ATELIER_ORIGIN, scheme and host",
        )
    return Finding("ok", f"proxy: the server behind {settings.origin} knows that address")


def check_sender(settings: Settings) -> Finding:
    """A form sent from our own origin, by somebody who is nobody: it may not look foreign."""
    headers = {"Origin": settings.origin, "Content-Length": "0"}
    try:
        status, answer = ask(settings, "POST", "/signout", headers)
    except (OSError, http.client.HTTPException) as error:
        return Finding("error", f"proxy: it lets no form through: {error!r}", "look at its limits")
    if answer.get("atelier-refused") == "origin-foreign" or status >= http.client.BAD_REQUEST:
        return Finding(
            "error",
            f"proxy: forms from {settings.origin} are refused ({status})",
            "pass on Host and Origin, and set ATELIER_ORIGIN to what people type",
        )
    return Finding("ok", f"proxy: forms from {settings.origin} are taken for our own")


def check_websocket(settings: Settings) -> Finding:
    """A real handshake for a room that is not there: the server itself has to say so."""
    url = f"{socket_origin(settings)}/r/{NO_ROOM}/live"
    try:
        with connect(
            url,
            additional_headers={"Origin": settings.origin},
            open_timeout=SECONDS,
            close_timeout=1,
            proxy=None,
        ) as socket:
            socket.recv(timeout=SECONDS)
        code = 0
    except ConnectionClosed as closed:
        code = closed.rcvd.code if closed.rcvd else 0
    except (OSError, InvalidHandshake, WebSocketException) as error:
        return Finding(
            "error",
            f"WebSocket: {url} does not open: {error}",
            "let the proxy pass on Upgrade and Connection, with HTTP/1.1",
        )
    if code not in (ROOM_GONE, NOT_ALLOWED):
        return Finding(
            "error", f"WebSocket: {url} opened, and was ended with {code}", "look at the proxy"
        )
    return Finding("ok", "WebSocket: it passes through")


def socket_origin(settings: Settings) -> str:
    return ("wss://" if settings.secure else "ws://") + settings.host


def ask(
    settings: Settings, method: str, path: str, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str]]:
    """Status and headers of an answer; redirections are not followed."""
    kind = http.client.HTTPSConnection if settings.secure else http.client.HTTPConnection
    connection = kind(settings.host, timeout=SECONDS)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()
