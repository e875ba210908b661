"""The headers of every route, errors included, as they were reviewed in `headers.txt`.

To see those of today: `python -m tests.web.test_headers`. What is drawn anew for each answer, and
the length of a body, are left out.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.web.inside import EMAILS, Answer, Browser, inside
from tests.web.rooms import RECIPES, TABLE, Room, Rooms, asked

REVIEWED = Path(__file__).with_name("headers.txt")
VARIES = ("content-length", "etag", "last-modified")
OWN_ROLE = {"holds_pass": "bearer", "looks_back": "owner", "steers": "owner", "signed_in": "owner"}
ENDS = ("POST /r/{room}/reveals", "POST /r/{room}/closings", "POST /r/{room}/erasures")
ORIGINS = {"plain": "http://127.0.0.1:8000", "https": "https://atelier.example"}


def browsers(room: Room, name: str) -> dict[str, Browser]:
    """Who may, who may not, and a page of somebody else's."""
    right = TABLE[name].right.name
    role = OWN_ROLE.get(right, "phone" if "room" in right or right == "sees_board" else "nobody")
    return {
        "allowed": room.who[role],
        "nobody": room.who["nobody"],
        "foreign": room.who["foreign page"],
    }


def told(answer: Answer) -> list[str]:
    return [f"{answer.status}"] + [
        f"  {header}: {masked(header, value)}"
        for header, value in sorted(answer.raw_headers)
        if header not in VARIES
    ]


def masked(header: str, value: str) -> str:
    value = re.sub(r"nonce-[\w-]+", "nonce-…", re.sub(r"[0-9a-f]{32}", "{room}", value))
    if header == "set-cookie":
        value = re.sub(r"^([^=]+)=[^;]+", r"\1=…", value)
        value = re.sub(r"expires=[^;]+", "expires=…", value)
    if header == "atelier-now":
        return "…"
    return re.sub(r"atelier-\d{4}-\d\d-\d\d-", "atelier-{day}-", value)


def snapshot(rooms: Rooms) -> Iterator[str]:
    """First what every answer has, then what each has beyond that."""
    found = list(every_answer(rooms))
    common = set.intersection(*(set(lines[1:]) for _, lines in found))
    yield "every answer"
    yield from sorted(common)
    for what, lines in found:
        yield f"{what}: {lines[0]}"
        yield from (line for line in lines[1:] if line not in common)


def every_answer(rooms: Rooms) -> Iterator[tuple[str, list[str]]]:
    room = rooms.make("sealed")
    for name in TABLE:
        if name.startswith("SOCKET"):
            continue
        for who, browser in browsers(room, name).items():
            yield f"{name}, {who}", told(asked(room, name, browser))
        if name in ENDS:
            room = rooms.make("sealed")
    room = rooms.make("sealed")
    for what, answer in errors(room).items():
        yield what, told(answer)


def errors(room: Room) -> dict[str, Answer]:
    def ask(method: str, path: str, **headers: str) -> Answer:
        return room.inside.ask(method, path, Browser(), {}, headers=headers)

    return {
        "no such page": ask("GET", "/nulle/part"),
        "no such page, as JSON": ask("GET", "/nulle/part", accept="application/json"),
        "no such room": ask("GET", f"/r/{'0' * 32}"),
        "no such file": ask("GET", "/static/rien.js"),
        "another method": ask("PATCH", "/signin"),
        "another host": ask("GET", "/", host="ailleurs.example"),
        "too large": ask("POST", "/join", **{"content-length": "99999999"}),
        "the probe, by another host": ask("GET", "/healthz", host="10.0.0.7"),
    }


def today(origin: str) -> list[str]:
    with TemporaryDirectory() as folder, inside(Path(folder), origin=origin) as installation:
        rooms = Rooms(installation, *(installation.signs_in(email) for email in EMAILS))
        return list(snapshot(rooms))


def all_of_today() -> str:
    return "\n".join(
        line for name, origin in ORIGINS.items() for line in (f"== {name}", *today(origin), "")
    )


def test_every_route_sends_the_headers_that_were_reviewed() -> None:
    assert (
        all_of_today().rstrip().splitlines()
        == REVIEWED.read_text(encoding="utf-8").rstrip().splitlines()
    )


def test_every_unsafe_route_is_in_the_recipes() -> None:
    unsafe = {name for name in TABLE if name.split()[0] not in ("GET", "SOCKET", "FOLDER")}
    assert unsafe == set(RECIPES)


@pytest.mark.parametrize(
    "header",
    [
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "x-frame-options: DENY",
        "cross-origin-resource-policy: same-origin",
    ],
)
def test_no_answer_is_without(header: str) -> None:
    for section in REVIEWED.read_text(encoding="utf-8").split("\n== "):
        every = section.partition("every answer\n")[2].partition("\nGET /")[0]
        assert f"  {header}" in every


def test_cookies_over_https_are_bound_to_this_host() -> None:
    plain, https = REVIEWED.read_text(encoding="utf-8").split("== https")
    cookies = re.findall(r"set-cookie: (.+)", https)
    assert cookies
    for cookie in cookies:
        assert re.match(r"__Host-[\w{}-]+=", cookie), cookie
        assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(cookie.split("; ")), cookie
    for cookie in re.findall(r"set-cookie: (.+)", plain):
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; ")), cookie


def test_who_leaves_takes_the_kept_pages_along_and_nothing_else() -> None:
    """Storage would hold notes for another room that are not sent yet."""
    _, https = REVIEWED.read_text(encoding="utf-8").split("== https")
    asked_for = set(re.findall(r"clear-site-data: (.+)", https))
    assert asked_for == {'"cache"'}
    for name in ("POST /r/{room}/leave, nobody", "POST /signout, nobody"):
        assert "clear-site-data" in https.partition(f"\n{name}")[2][:300], name


if __name__ == "__main__":
    sys.stdout.write(all_of_today().rstrip() + "\n")
