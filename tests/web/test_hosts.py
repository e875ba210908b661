"""The installation answers to its own address, and to nobody else's name for it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.web.inside import EMAILS, Browser, Inside, inside
from tests.web.rooms import TABLE, Rooms, asked

FOREIGN = ("ailleurs.example", "atelier.example.ailleurs.example", "atelier.example:8000",
           "10.0.0.7", "localhost.ailleurs.example", "127.0.0.1.ailleurs.example", "")  # fmt: skip


@pytest.fixture(scope="module")
def hosted() -> Iterator[Inside]:
    chosen = "https://Atelier.example:443"
    with TemporaryDirectory() as folder, inside(Path(folder), origin=chosen) as installation:
        yield installation


@pytest.mark.parametrize("host", FOREIGN)
def test_no_route_answers_to_another_name(rooms: Rooms, host: str) -> None:
    room = rooms.make("sealed")
    before = room.seq()
    for name in TABLE:
        if name.startswith("SOCKET"):
            followed = room.inside.follow(f"/r/{room.id}/live", room.owner, {"host": host})
            assert followed.short == "not opened 4403"
        elif name != "GET /healthz":
            headers = {"host": host, "sec-fetch-site": "same-origin"}
            assert asked(room, name, room.owner, headers).refused == "host-unknown", name
    assert room.seq() == before


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:9"])
def test_who_is_on_this_machine_is_served_by_any_of_its_names(rooms: Rooms, host: str) -> None:
    room = rooms.make("sealed")
    browser = Browser(room.owner.cookies, origin=f"http://{host.lower()}", host=host)
    assert asked(room, "GET /r/{room}", browser).status == 200
    assert asked(room, "POST /r/{room}/veils", browser).status == 204


def test_a_page_of_this_machine_is_foreign_to_the_installations_own_name(hosted: Inside) -> None:
    form = {"email": EMAILS[0], "password": "x" * 12}
    asks = Browser(origin="http://localhost:8000", host="atelier.example")
    assert hosted.ask("POST", "/signin", asks, form).refused == "origin-foreign"
    own = Browser(origin="https://atelier.example", host="atelier.example")
    assert hosted.ask("POST", "/signin", own, form).refused == "sign-in-failed"


def test_the_origin_is_read_as_browsers_write_it(hosted: Inside) -> None:
    for host in ("atelier.example", "atelier.example:443", "ATELIER.example"):
        assert hosted.ask("GET", "/", Browser(host=host)).status == 200


def test_a_platforms_probe_is_answered_by_any_name(hosted: Inside) -> None:
    assert hosted.ask("GET", "/healthz", Browser(host="10.0.0.7")).body == b'{"status":"ok"}'
