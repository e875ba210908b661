"""Whose address counts: a proxy on this machine is believed, anybody else speaks for themselves."""

import http.client
from urllib.parse import urlencode

from tests.contract.conftest import StartServer
from tests.contract.people import Server

PROXY, ELSEWHERE = "127.0.0.1", "127.0.0.2"
TRIES = 7


def signing_in_from(server: Server, source: str, email: str) -> list[int]:
    """The answers to wrong passwords, each said to come from another address."""
    answers = []
    for number in range(TRIES):
        line = http.client.HTTPConnection(PROXY, server.port, 5, source_address=(source, 0))
        headers = {
            "Origin": server.origin,
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"198.51.100.{number}",
        }
        line.request("POST", "/signin", urlencode({"email": email, "password": "non"}), headers)
        answers.append(line.getresponse().status)
        line.close()
    return answers


def test_a_forwarded_address_counts_only_from_the_proxy(own_server: StartServer) -> None:
    server = own_server(ATELIER_RATE="on")
    assert set(signing_in_from(server, PROXY, "claire@example.org")) == {403}
    assert signing_in_from(server, ELSEWHERE, "jean@example.org")[5:] == [429, 429]
