"""Role by route by state of the room, from the route table: what nobody allowed is refused.

`rights.txt` holds the answers that are allowed, as they were reviewed; every other cell has the
refusal that follows from the right of its line. To see the answers of today:
`python -m tests.web.test_rights`.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from starlette.routing import Route

from atelier.web.rights import anyone, routes_of
from tests.web.inside import EMAILS, Browser, inside
from tests.web.rooms import GONE, ROLES, SAFE, STATES, TABLE, Room, Rooms, asked, outcome

REVIEWED = Path(__file__).with_name("rights.txt")

MAY: dict[str, tuple[str, ...]] = {
    "anyone": ROLES,
    "signed_in": ("other facilitator", "co-facilitator", "owner"),
    "enters_room": ("phone", "projector", "co-facilitator", "owner"),
    "in_room": ("phone", "projector", "co-facilitator", "owner"),
    "sees_board": ("phone", "projector", "co-facilitator", "owner"),
    "holds_pass": ("bearer",),
    "steers": ("co-facilitator", "owner"),
    "owns": ("owner",),
    "looks_back": ("co-facilitator", "owner", "reader"),
}
"""The roles of each right. Whoever asks from a foreign page has the owner's cookies."""
AT_THE_DOOR = (
    "POST /join", "POST /r/{room}/notes", "POST /r/{room}/withdrawals", "POST /r/{room}/ballots",
)  # fmt: skip
"""Where a program without a cookie need not say which page it comes from."""
LAST = ("POST /r/{room}/reveals", "POST /r/{room}/closings", "POST /r/{room}/erasures")
"""What the owner does last in each room, as it changes the state that is looked at."""

Cell = tuple[str, str, str]


def refusal(name: str, role: str, state: str) -> str | None:
    """The answer when the cell is not allowed; None when it is."""
    method, right = name.partition(" ")[0], TABLE[name].right.name
    socket = method == "SOCKET"
    if method not in SAFE and (
        role == "foreign page" or (role == "bearer" and name not in AT_THE_DOOR)
    ):
        return "403 origin-foreign"
    if socket and role == "foreign page":
        return "not opened 4403"
    if right == "anyone":
        return None
    if "{room}" in name and state in GONE:
        return "closed 4404" if socket else "404 room-unknown"
    allowed = MAY[right] + (("foreign page",) if "owner" in MAY[right] else ())
    if right == "looks_back" and role == "reader" and state not in ("closing", "closed"):
        return "403 still-open"
    if role in allowed:
        return None
    if socket:
        return "closed 4401"
    elsewhere = TABLE[name].right.elsewhere
    if elsewhere and method == "GET":
        return f"303 {elsewhere}"
    return "401 pass-wrong" if right == "holds_pass" else "403 not-yours"


def cells(state: str) -> list[Cell]:
    """Routes without a room do not depend on its state: they are asked in the first one."""
    found = [
        (name, role, state)
        for name in TABLE
        for role in ROLES
        if "{room}" in name or name == "POST /join" or state == STATES[0]
    ]
    return sorted(found, key=turn)


def turn(cell: Cell) -> tuple[bool, int]:
    name, role, _ = cell
    return role == "owner", LAST.index(name) if name in LAST else -1


def places(rooms: Rooms, state: str) -> dict[str, Room]:
    """The room that each role stands before. The co-facilitator acts in one of its own: what it
    does there must not change what the owner finds."""
    return dict.fromkeys(ROLES, rooms.make(state)) | {"co-facilitator": rooms.make(state)}


def answers(rooms: Rooms, state: str) -> dict[Cell, str]:
    before = places(rooms, state)
    return {cell: outcome(before[cell[1]], cell[0], cell[1]) for cell in cells(state)}


def reviewed() -> dict[Cell, str]:
    lines = (line.split(" | ") for line in REVIEWED.read_text(encoding="utf-8").splitlines())
    return {(name, role, state): answer for name, role, state, answer in lines}


@pytest.mark.parametrize("state", STATES)
def test_every_cell_answers_as_reviewed_and_what_is_not_allowed_changes_nothing(
    rooms: Rooms, state: str
) -> None:
    before_whom, allowed = places(rooms, state), reviewed()
    for cell in cells(state):
        name, role, _ = cell
        room, no = before_whom[role], refusal(*cell)
        before = room.seq() if no else None
        expected = no or allowed.get(cell, "refused by default: it is not in rights.txt")
        assert outcome(room, name, role) == expected, cell
        if no:
            assert room.seq() == before, cell


def test_nothing_is_reviewed_that_is_not_allowed() -> None:
    known = {cell for state in STATES for cell in cells(state)}
    for cell in reviewed():
        assert cell in known, cell
        assert refusal(*cell) is None, cell


def test_an_erased_room_and_one_that_never_was_answer_the_same_bytes(rooms: Rooms) -> None:
    erased, absent = rooms.make("erased"), rooms.make("absent")
    for name, role, _ in cells("erased"):
        if "{room}" in name and not name.startswith("SOCKET"):
            assert bytes_of(erased, name, role) == bytes_of(absent, name, role), (name, role)


def bytes_of(room: Room, name: str, role: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body, without the room's id and what is drawn anew for each answer."""
    answer = asked(room, name, room.who[role])
    nonce = answer.headers["content-security-policy"].partition("nonce-")[2].partition("'")[0]
    headers = {k: v.replace(nonce, "").replace(room.id, "") for k, v in answer.raw_headers}
    return answer.status, headers, answer.text.replace(nonce, "").replace(room.id, "")


FOREIGN: tuple[dict[str, str], ...] = (
    {"origin": "https://ailleurs.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:8001"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8000"},
    {},
)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("cookie", [True, False], ids=["with cookies", "without"])
def test_no_unsafe_route_is_done_for_a_foreign_page(
    rooms: Rooms, headers: dict[str, str], cookie: bool
) -> None:
    room = rooms.make("sealed")
    before = room.seq()
    cookies = {**room.who["phone"].cookies, **room.owner.cookies} if cookie else {}
    for name in TABLE:
        if name.partition(" ")[0] in SAFE:
            continue
        # A bearer, or a code, without a cookie is a program: it is checked if it says where from.
        if name in AT_THE_DOOR and not cookie and (not headers or name == "POST /join"):
            continue
        if name == "POST /join" and headers.get("origin") == "null":
            continue  # plain forms of older phones, under `no-referrer`
        browser = Browser(cookies, room.pass_, origin=None)
        assert asked(room, name, browser, headers).refused == "origin-foreign", (name, headers)
    assert room.seq() == before


@pytest.mark.parametrize("headers", FOREIGN[:-1], ids=str)
def test_no_socket_opens_for_a_foreign_page(rooms: Rooms, headers: dict[str, str]) -> None:
    room = rooms.make("sealed")
    for role in ("phone", "owner", "projector"):
        browser = Browser(room.who[role].cookies, origin=None)
        followed = room.inside.follow(f"/r/{room.id}/live", browser, headers)
        assert followed.short == "not opened 4403", role


def test_ids_of_another_room_do_nothing(rooms: Rooms) -> None:
    there, here = rooms.make("revealed"), rooms.make("revealed")
    note, before = there.notes[0], (there.seq(), here.seq())
    script = rooms.make("lobby")
    step = script.inside.run(script.inside.services.live.open(script.id)).room.steps[0].id  # type: ignore[arg-type]
    tried: tuple[tuple[str, str, dict[str, str], str], ...] = (
        (
            "POST",
            "clusters",
            {"cluster": "c" * 32, "title": "A", "note": note.note},
            "note-unknown",
        ),
        ("POST", f"clusters/{there.cluster}", {"title": "B"}, "cluster-unknown"),
        ("DELETE", f"clusters/{there.cluster}", {}, "cluster-unknown"),
        ("POST", "moves", {"note": note.note, "cluster": here.cluster}, "note-unknown"),
        (
            "POST",
            "moves",
            {"note": here.notes[0].note, "cluster": there.cluster},
            "cluster-unknown",
        ),
        ("POST", "places", {"cluster": there.cluster}, "cluster-unknown"),
        ("POST", "merges", {"cluster": there.cluster, "into": here.cluster}, "cluster-unknown"),
        ("POST", "merges", {"cluster": here.cluster, "into": there.cluster}, "cluster-unknown"),
        (
            "POST",
            "tensions",
            {"tension": "d" * 32, "a": here.cluster, "b": note.note, "both": "x", "and": "y"},
            "end-unknown",
        ),
        ("POST", f"tensions/{there.tension}", {"both": "x", "and": "y"}, "tension-unknown"),
        ("DELETE", f"tensions/{there.tension}", {}, "tension-unknown"),
        ("POST", "cards", {"concept": "habitus", "target": there.tension}, "target-unknown"),
        ("POST", "views", {"scene": "tension", "target": there.tension}, "target-unknown"),
        ("POST", "hides", {"note": note.note}, "note-unknown"),
        ("POST", "steps", {"go": step}, "step-unknown"),
        ("POST", "reveals", {"step": step}, "step-unknown"),
    )
    for method, noun, form, key in tried:
        answer = here.inside.ask(method, f"/r/{here.id}/{noun}", here.owner, form)
        assert answer.refused == key, (noun, answer.short)
    assert (there.seq(), here.seq()) == before


def test_a_note_of_another_room_cannot_be_taken_back_from_here(rooms: Rooms) -> None:
    there, here = rooms.make("revealed"), rooms.make("revealed")
    before, note = there.seq(), there.notes[0]
    body = {"note": note.note, "secret": note.secret, "now": True}
    path = f"/r/{here.id}/withdrawals"
    assert here.inside.ask("POST", path, here.who["bearer"], body=body).status == 204
    assert there.seq() == before
    stolen = here.inside.ask("POST", f"/r/{there.id}/withdrawals", here.who["bearer"], body=body)
    assert stolen.refused == "pass-wrong"


def test_a_route_that_does_not_say_who_may_use_it_stops_the_start() -> None:
    async def handler(request: object) -> None: ...

    with pytest.raises(TypeError, match="expected a rule made by a right"):
        routes_of([anyone.get("/", handler), Route("/new", handler)])  # type: ignore[arg-type, list-item]


def test_every_right_of_the_table_has_its_roles() -> None:
    assert {line.right.name for line in TABLE.values()} == set(MAY)


def today() -> None:
    with TemporaryDirectory() as folder, inside(Path(folder)) as installation:
        rooms = Rooms(installation, *(installation.signs_in(email) for email in EMAILS))
        for state in STATES:
            for cell, answer in answers(rooms, state).items():
                if refusal(*cell) is None:
                    sys.stdout.write(" | ".join((*cell, answer)) + "\n")


if __name__ == "__main__":
    today()
