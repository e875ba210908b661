"""`POST /join`, from JSON and from the form."""

import re
import time
from statistics import quantiles

import pytest

from tests.contract.people import JSON, PASSWORD, Facilitator, Room, Server, refused
from tests.contract.tree import parse


def spelled(code: str) -> list[str]:
    return [code, code.lower(), f"{code[:3]} {code[3:]}", f" {code[:2]}-{code[2:]} ".lower()]


def test_joining_by_json_gives_room_pass_socket_and_page(room: Room) -> None:
    answer = room.server.join(room.code)
    assert answer.status_code == 200
    joined = answer.json()
    assert set(joined) == {"room", "pass", "live", "page"}
    assert joined["room"] == room.room
    assert joined["page"] == f"/r/{room.room}"
    assert joined["live"] == f"/r/{room.room}/live"
    assert "set-cookie" in answer.headers


def test_joining_by_form_leads_to_the_page_with_a_cookie(room: Room) -> None:
    answer = room.server.client().post("/join", data={"code": room.code})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/r/{room.room}"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite" in cookie


def test_case_spaces_and_hyphens_of_a_code_are_ignored(room: Room) -> None:
    for code in spelled(room.code):
        assert room.server.join(code).status_code == 200, code


def test_the_whole_room_shares_one_pass_and_each_phone_has_its_cookie(room: Room) -> None:
    first, second = room.phone(), room.phone()
    assert first.joined["pass"] == second.joined["pass"]
    assert dict(first.http.cookies) != dict(second.http.cookies)


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_an_unknown_and_a_closed_code_get_the_same_bytes(room: Room, accept: str) -> None:
    assert room.close("all").is_success
    client = room.server.client(Accept=accept)
    closed = client.post("/join", data={"code": room.code})
    # The form gives the code back, so that both have to be typed the same way.
    unknown = client.post("/join", data={"code": "ZZZZZZ"})
    assert closed.status_code == unknown.status_code == 404
    assert closed.headers["Atelier-Refused"] == unknown.headers["Atelier-Refused"]
    assert set(closed.headers) == set(unknown.headers)
    bodies = [
        answer.content.replace(code.encode(), b"").replace(nonce(answer.text), b"")
        for answer, code in ((closed, room.code), (unknown, "ZZZZZZ"))
    ]
    assert bodies[0] == bodies[1]


def nonce(html: str) -> bytes:
    _, mark, rest = html.partition('nonce="')
    return rest.split('"')[0].encode() if mark else b"\0"


@pytest.mark.parametrize(
    "code", ["", "   ", "nope", "é" * 6, "A" * 4000, "\x00" * 6, "' OR 1=1 --", "🙂🙂🙂🙂🙂🙂"]
)
def test_a_code_of_no_room_is_refused_and_nothing_breaks(server: Server, code: str) -> None:
    answer = server.join(code)
    assert answer.status_code in (404, 413, 422), answer.status_code
    assert answer.json()["refused"] == answer.headers["Atelier-Refused"]


def test_joining_without_a_code_is_refused(server: Server) -> None:
    assert server.client(**JSON).post("/join", data={}).status_code in (404, 422)
    assert server.client(**JSON).post("/join").status_code in (404, 422)


def test_a_locked_room_lets_nobody_more_in(room: Room) -> None:
    inside = room.phone()
    room.done("locks", on="1")
    refused(room.server.join(room.code), 423)
    form = room.server.client().post("/join", data={"code": room.code})
    assert form.status_code == 423
    assert form.headers["Atelier-Refused"]
    assert "<html" in form.text
    inside.write("déjà là")
    room.done("locks", on="0")
    assert room.server.join(room.code).status_code == 200


def test_those_who_wait_before_a_locked_room_are_let_in_together(room: Room) -> None:
    room.done("locks", on="1")
    answer = room.server.join(room.code)
    assert refused(answer, 423) == "room-locked"
    assert int(answer.headers["Retry-After"]) > 0
    with room.screen() as screen:
        while 'data-knocking="1"' not in screen.frame("now", within=15)["html"]:
            pass
    room.done("admissions")
    assert [room.server.join(room.code).status_code for _ in range(3)] == [200] * 3
    assert room.board()["data-locked"] == "1"
    room.done("locks", on="0")
    room.done("locks", on="1")
    refused(room.server.join(room.code), 423)


def test_a_changed_code_lets_in_and_the_one_before_is_unknown(room: Room) -> None:
    inside = room.phone()
    with room.screen() as screen:
        screen.frame("now")
        room.done("codes")
        frame = screen.frame("now")["html"]
    refused(room.server.join(room.code), 404)
    [code] = re.findall(r'id="door"[^>]* data-code="([^"]*)"', frame)
    assert room.server.join(code).status_code == 200
    inside.write("toujours là")
    drawn = inside.http.get(f"{room.path}/qr.svg")
    assert drawn.headers["Content-Type"].startswith("image/svg+xml")
    assert room.server.client().get(f"{room.path}/qr.svg").status_code == 403
    assert room.close("all").is_success
    refused(room.do("codes"), 409)
    refused(room.do("admissions"), 409)


def test_an_unknown_and_an_erased_code_get_the_same_bytes(room: Room) -> None:
    assert room.do("erasures", password=PASSWORD).is_success
    erased, unknown = room.server.join(room.code), room.server.join("ZZZZZZ")
    assert erased.status_code == unknown.status_code == 404
    assert erased.content == unknown.content
    assert set(erased.headers) == set(unknown.headers)


def test_unknown_closed_and_erased_codes_take_the_same_time(facilitator: Facilitator) -> None:
    """Asked in turn, and the quick answers of each compared, which a busy machine slows least;
    a code that told something would be slower every time, so one even round is enough."""
    closed, erased = facilitator.open(), facilitator.open()
    assert closed.close("all").is_success
    assert erased.do("erasures", password=PASSWORD).is_success
    codes = (closed.code, erased.code, "ZZZZZZ")
    rounds = [quick_answers(closed.server, codes) for _ in range(4)]
    assert any(max(quick) < 1.25 * min(quick) for quick in rounds), rounds


def quick_answers(server: Server, codes: tuple[str, ...]) -> list[float]:
    """Seconds that the fastest tenth of the answers to each code took."""
    client = server.client(**JSON)
    took: dict[str, list[float]] = {code: [] for code in codes}
    for _ in range(60):
        for code, times in took.items():
            start = time.perf_counter()
            assert client.post("/join", data={"code": code}).status_code == 404
            times.append(time.perf_counter() - start)
    return [quantiles(times, n=10)[0] for times in took.values()]


def test_the_page_of_a_phone_is_the_rooms_and_a_stranger_sees_nothing(
    facilitator: Facilitator,
) -> None:
    room = facilitator.open(title="Titre à ne pas montrer dehors")
    page = room.phone().http.get(room.page)
    assert page.status_code == 200
    assert 'id="board"' in page.text
    outside = room.server.client().get(room.page)
    assert outside.status_code != 200 or "<form" in outside.text
    assert "à ne pas montrer" not in outside.text


def test_a_phone_of_another_room_does_not_see_this_one(facilitator: Facilitator) -> None:
    here, there = facilitator.open(), facilitator.open()
    assert there.phone().http.get(f"{here.path}/board").status_code in (401, 403, 404)


def test_joining_twice_keeps_one_phone(room: Room) -> None:
    """Else one person who reloads would count for three at the threshold."""
    phone = room.phone()
    for _ in range(3):
        phone.join()
    for number in range(3):
        phone.write(f"seule {number}")
    refused(room.do("reveals"), 409)


def test_participants_get_the_board(room: Room) -> None:
    notes = room.revealed("un", "deux", "trois")
    answer = room.phone().http.get(f"{room.path}/board")
    assert answer.status_code == 200
    assert all(note.note in answer.text for note in notes)
    assert answer.text == room.get("board").text


def test_the_door_leads_back_to_the_open_rooms_that_this_phone_is_in(
    room: Room, facilitator: Facilitator
) -> None:
    phone, other, gone = room.phone(), facilitator.open(), facilitator.open()
    for code in (other.code, gone.code):
        phone.http.post("/join", data={"code": code})
    assert back(phone.http.get("/").text) == {room.page, other.page, gone.page}
    assert back(phone.http.post("/join", data={"code": "222222"}).text) >= {room.page}
    gone.done("erasures", password=PASSWORD)
    other.close("all")
    room.done("locks", on="1")
    assert back(phone.http.get("/").text) == {room.page}


def test_the_door_leads_nobody_else_into_a_room(room: Room) -> None:
    forged = {"Cookie": f"phone-{room.room}=AAAA.AAAA; phone-{'0' * 32}=AAAA.AAAA; phone-x=y"}
    page = room.server.client(**forged).get("/")
    assert page.status_code == 200
    assert back(page.text) == set()
    assert page.headers["Cache-Control"] == "no-store"


def back(page: str) -> set[str]:
    links = (each.attributes.get("href") or "" for each in parse(page).every())
    return {link for link in links if link.startswith("/r/")}
