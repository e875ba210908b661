"""Senders that never read, and requests made to be slow, cost their own connection only."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import uvicorn
from uvicorn.server import ServerState

from atelier import wire
from atelier.serve import listen
from tests.server import Facilitator, Phone, Server, serving

FLOOD_BYTES = 60 * 1024 * 1024
GRACE_MEGABYTES = 40


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path) as server:
        yield server


def memory(server: Server) -> int:
    """Resident memory of the server, in megabytes."""
    assert server.process
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) // 1024


def flood(connection: socket.socket, chunk: bytes) -> int:
    """Send without ever reading, until the server has had enough."""
    connection.settimeout(2)
    sent = 0
    try:
        while sent < FLOOD_BYTES:
            sent += connection.send(chunk)
    except OSError:
        pass
    return sent


def test_requests_repeated_without_reading_answers_do_not_fill_the_memory(
    server: Server,
) -> None:
    before = memory(server)
    request = b"GET /static/mark.svg HTTP/1.1\r\nHost: localhost\r\n\r\n" * 500
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        assert flood(connection, request) < FLOOD_BYTES, "the connection was cut"
    assert memory(server) - before < GRACE_MEGABYTES


def test_pings_that_nobody_waits_for_do_not_fill_the_memory(server: Server) -> None:
    before = memory(server)
    room = Facilitator(server).open_room(title="Essai", mode="reveal")
    phone = Phone(server, room["code"])
    cookie = "; ".join(f"{name}={value}" for name, value in phone.client.cookies.items())
    handshake = (
        f"GET /r/{phone.room}/live HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Cookie: {cookie}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    ping = b"\x89\xfd\x00\x00\x00\x00" + b"x" * 125
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(handshake.encode())
        time.sleep(0.3)
        assert flood(connection, ping * 500) < FLOOD_BYTES, "the connection was cut"
    assert memory(server) - before < GRACE_MEGABYTES


def test_a_form_in_a_slow_codec_is_refused_at_once(server: Server) -> None:
    boundary = "B"
    slow = ("😀" * 3).encode("punycode") + b"a" * 200_000
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="code"\r\n\r\n'.encode()
        + slow
        + f"\r\n--{boundary}--\r\n".encode()
    )
    began = time.monotonic()
    answer = server.client({}).post(
        "/join",
        content=body,
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}; charset=punycode"},
    )
    assert answer.status_code == 422
    assert time.monotonic() - began < 2


def test_headers_without_end_are_refused(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.settimeout(5)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: b\r\n" * 4000)
        assert b" 400 " in connection.recv(200)


def test_a_request_that_dribbles_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Headers, or a body, that come one by one: the clock runs from the first byte."""
    monkeypatch.setattr(wire, "REQUEST_SECONDS", 0.4)
    for start in (
        b"GET / HT",
        b"POST /join HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
    ):
        assert asyncio.run(seconds_until_cut(start)) < 3


async def seconds_until_cut(start: bytes) -> float:
    async def app(scope: object, receive: object, send: object) -> None:
        await asyncio.Future()

    config = uvicorn.Config(app, http=wire.Http, log_config=None, lifespan="off")
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: wire.Http(config, state, {}), "127.0.0.1", 0)
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
    try:
        writer.write(start)
        while time.monotonic() - began < 5:
            await asyncio.sleep(0.1)
            writer.write(b"a")
            if reader.at_eof() or reader.exception():
                break
            with suppress(TimeoutError):
                if not await asyncio.wait_for(reader.read(100), 0.05):
                    break
    except ConnectionError:
        pass
    finally:
        writer.close()
        listening.close()
        for task in state.tasks:
            task.cancel()
    return time.monotonic() - began


def test_what_nobody_takes_ends_the_connection() -> None:
    """The system's own clock for it, on every connection: whoever stops reading is cut."""
    if not hasattr(socket, "TCP_USER_TIMEOUT"):
        pytest.skip("only on Linux")
    with listen("127.0.0.1", 0) as listener:
        with socket.create_connection(listener.getsockname()):
            accepted, _ = listener.accept()
            with accepted:
                waits = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        assert waits == wire.UNREAD_SECONDS * 1000
