"""Senders that never read, and requests made to be slow, cost their own connection only."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

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
    request = b"GET /static/mark.svg HTTP/1.1\r\nHost: x\r\n\r\n" * 500
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
