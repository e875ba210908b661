"""Signing in and out: what the cookie is, and how long it lets one in."""

import re
from pathlib import Path

import httpx2
import pytest

from tests.contract.conftest import StartServer
from tests.contract.people import JSON, PASSWORD, Server, atelier

TEMPLATES = Path(__file__).parent.parent.parent / "atelier" / "templates"


def attributes(answer: httpx2.Response) -> set[str]:
    return {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}


def signed_in(server: Server, email: str, password: str = PASSWORD) -> httpx2.Response:
    client = server.client(Origin=server.origin)
    return client.post("/signin", data={"email": email, "password": password})


def desk(server: Server, cookie: str) -> int:
    return server.client(Cookie=f"sitting={cookie}").get("/desk").status_code


def test_the_cookie_of_a_sitting_is_out_of_reach_of_scripts_and_other_sites(
    server: Server,
) -> None:
    server.add("biscuit@example.org")
    answer = signed_in(server, "biscuit@example.org")
    assert {"httponly", "samesite=lax", "path=/"} <= attributes(answer)
    assert len(answer.cookies["sitting"]) >= 43, "256 bits"


def test_over_https_every_cookie_is_bound_to_this_host(own_server: StartServer) -> None:
    server = own_server(ATELIER_ORIGIN="https://atelier.example")
    server.add("claire@example.org")
    client = server.client(Host="atelier.example", Origin="https://atelier.example")
    form = {"email": "claire@example.org", "password": PASSWORD}
    sitting = client.post("/signin", data=form)
    name, _, value = sitting.headers["set-cookie"].partition(";")[0].partition("=")
    room = client.post("/rooms", data={}, headers={**JSON, "Cookie": f"{name}={value}"}).json()
    path, _, secret = room["projector"].partition("#")
    for answer in (
        sitting,
        client.post("/join", data={"code": room["code"]}),
        client.post(path, data={"secret": secret}),
    ):
        assert answer.headers["set-cookie"].startswith("__Host-")
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= attributes(answer)
        assert not any(part.startswith("domain") for part in attributes(answer))


def test_signing_out_ends_the_sitting_on_the_server_too(server: Server) -> None:
    server.add("sortie@example.org")
    cookie = signed_in(server, "sortie@example.org").cookies["sitting"]
    assert desk(server, cookie) == 200
    leaving = server.client(Origin=server.origin, Cookie=f"sitting={cookie}").post("/signout")
    assert "max-age=0" in attributes(leaving)
    assert desk(server, cookie) == 303


def test_each_sign_in_has_a_cookie_of_its_own(server: Server) -> None:
    server.add("encore@example.org")
    first, second = (signed_in(server, "encore@example.org").cookies["sitting"] for _ in range(2))
    assert first != second


def test_signing_in_again_ends_the_sitting_that_this_browser_had(server: Server) -> None:
    server.add("de-nouveau@example.org")
    browser = server.client(Origin=server.origin)
    form = {"email": "de-nouveau@example.org", "password": PASSWORD}
    first, second = (browser.post("/signin", data=form).cookies["sitting"] for _ in range(2))
    assert (desk(server, first), desk(server, second)) == (303, 200)


@pytest.mark.parametrize(
    "password", ["123456789012", "  Éà, ✿ 漢字, des espaces" + "x" * 99 + "  "]
)
def test_a_password_is_taken_as_it_is_whatever_it_is_made_of(server: Server, password: str) -> None:
    email = f"{len(password)}@example.org"
    added = atelier(
        "facilitator", "add", email, "--password-stdin", data=server.data, stdin=password + "\n"
    )
    assert added.returncode == 0, added.stderr
    assert signed_in(server, email, password).status_code == 303
    for other in (password[:-1], password.swapcase() + " "):
        assert signed_in(server, email, other).status_code == 403


def test_every_password_is_masked_and_left_to_the_password_manager() -> None:
    fields = [
        field
        for template in TEMPLATES.rglob("*.html")
        for field in re.findall(r"<input[^>]*>", template.read_text(encoding="utf-8"))
        if "password" in field
    ]
    assert len(fields) > 1
    for field in fields:
        assert 'type="password"' in field
        assert re.search('autocomplete="(current|new)-password"', field), field
        assert not re.search(r"\son\w+=", field), field
