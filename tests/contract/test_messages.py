"""Messages as bytes: a length in doubt is refused, and no answer says what it was made with."""

import socket

import pytest

from tests.contract.people import Server

HEAD = (
    b"POST /join HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)


def answers(server: Server, message: bytes) -> bytes:
    """All that the server says until it closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
        line.sendall(message)
        return b"".join(iter(lambda: line.recv(65536), b""))


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 6\r\nContent-Length: 7\r\n",
        b"Content-Length: 6, 7\r\n",
        b"Content-Length: +6\r\n",
        b"Content-Length : 6\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ],
    ids=str,
)
def test_a_request_whose_length_is_in_doubt_ends_the_connection(
    server: Server, lengths: bytes
) -> None:
    said = answers(server, HEAD + lengths + b"\r\ncode=AGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1


def test_a_length_beside_chunks_is_refused(server: Server) -> None:
    body = b"7\r\ncode=ZZ\r\n0\r\n\r\n"
    second = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    said = answers(
        server, HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + body + second
    )
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1, "nothing of the rest is taken for a second request"


@pytest.mark.parametrize("path", ["/", "/nulle/part", "/healthz", "/static/mark.svg"])
def test_no_answer_names_a_program_or_its_version(server: Server, path: str) -> None:
    answer = server.client().get(path)
    assert not {"server", "x-powered-by", "via"} & set(answer.headers)
    for name in ("uvicorn", "starlette", "python", "sqlite"):
        assert name not in answer.text.lower() and name not in str(answer.headers).lower()


@pytest.mark.parametrize(
    "path", ["/static/", "/static/js/", "/.git/config", "/static/.git/config", "/static/js"]
)
def test_no_folder_is_listed_and_no_hidden_file_is_served(server: Server, path: str) -> None:
    answer = server.client().get(path)
    assert answer.status_code == 404
    assert "live.js" not in answer.text
