"""A cookie opens what it was given for, and nothing else."""

import re
from itertools import permutations

import httpx2

from tests.contract.people import JSON, PASSWORD, Room, Server, atelier


def by_link(room: Room, kind: str, secret: str) -> httpx2.Client:
    client = room.server.client(Origin=room.server.origin)
    answer = client.post(f"/{kind}/{room.room}", data={"secret": secret})
    assert answer.status_code == 303, answer.text
    return client


def reader_secret(room: Room) -> str:
    [secret] = re.findall(rf'href="/a/{room.room}#([\w-]{{43}})"', room.get("closing").text)
    return str(secret)


def opens(room: Room, cookie: str) -> tuple[int, int, int]:
    """What the page, the board and the timeline say to this cookie."""
    client = room.server.client(Cookie=cookie, **JSON)
    return (
        client.get(room.page).status_code,
        client.get(f"{room.path}/board").status_code,
        client.get(f"{room.path}/timeline").status_code,
    )


def test_a_cookie_of_one_kind_is_none_of_another(room: Room) -> None:
    phone = room.phone().http
    screen = by_link(room, "p", room.projector.partition("#")[2])
    room.close("all")
    reader = by_link(room, "a", reader_secret(room))
    [[phones], [screens], [readers]] = [
        [(name, value) for name, value in client.cookies.items() if room.room in name]
        for client in (phone, screen, reader)
    ]
    assert opens(room, "=".join(phones)) == (200, 200, 403)
    assert opens(room, "=".join(screens)) == (200, 200, 403)
    assert opens(room, "=".join(readers)) == (303, 403, 200)
    for (name, _), (_, value) in permutations((phones, screens, readers), 2):
        assert opens(room, f"{name}={value}") == (303, 403, 403), name
        assert opens(room, f"{name}=x.{value.rpartition('.')[2]}") == (303, 403, 403), name


def test_no_cookie_of_a_sitting_and_no_one_time_link_is_on_disk(server: Server) -> None:
    server.add("disque@example.org")
    form = {"email": "disque@example.org", "password": PASSWORD}
    cookie = server.client(Origin=server.origin).post("/signin", data=form).cookies["sitting"]
    printed = atelier("facilitator", "link", "disque@example.org", data=server.data).stdout
    [link] = re.findall(r"#([\w-]{43})", printed)
    files = [path for path in server.data.rglob("*") if path.is_file()]
    assert len(files) > 3
    for path in files:
        held = path.read_bytes()
        assert cookie.encode() not in held and link.encode() not in held, path
        assert PASSWORD.encode() not in held, path
