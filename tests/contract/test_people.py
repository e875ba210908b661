"""Owner, co-facilitators, projectors, readers: what each may do, and how each right ends."""

import re
import sqlite3

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed

from tests.contract.conftest import StartServer
from tests.contract.people import JSON, PASSWORD, Facilitator, Room, Screen, Server, refused

STEERING = [
    ("steps", {"go": "next"}), ("reveals", {}), ("undos", {}), ("timers", {"minutes": "5"}),
    ("veils", {"on": "0"}), ("locks", {"on": "0"}), ("views", {"scene": "auto"}),
    ("admissions", {}), ("codes", {}), ("links", {"link": "screen"}), ("links", {"link": "reader"}),
]  # fmt: skip
LOOKING = ["access", "closing", "board", "board?at=0", "timeline", "export/group.json"]
OWNING = [("invitations", {}), ("revocations", {"invitation": "0"}), ("erasures", {})]


@pytest.fixture
def cofacilitator(room: Room, server: Server) -> Facilitator:
    return joins(server, room)


def invited(room: Room) -> str:
    answer = room.do("invitations", password=PASSWORD)
    assert answer.status_code == 201, answer.text
    path, _, secret = answer.json()["link"].partition("#")
    assert path == "/invitation"
    return str(secret)


def joins(server: Server, room: Room, email: str = "") -> Facilitator:
    """Somebody without an account, by an invitation."""
    person = Facilitator(server)
    form = {"secret": invited(room), "new": "1", "password": PASSWORD}
    form["email"] = email or f"{room.room[:12]}@example.org"
    answer = person.http.post("/invitation", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, room.page), answer.text
    return person


def post(person: httpx2.Client, room: Room, noun: str, form: dict[str, str]) -> httpx2.Response:
    return person.post(f"{room.path}/{noun}", data=form, headers=JSON)


def projector_of(room: Room, secret: str = "") -> httpx2.Client:
    machine = room.server.client(Origin=room.server.origin)
    path, _, given = room.projector.partition("#")
    answer = machine.post(path, data={"secret": secret or given})
    assert answer.status_code == 303
    return machine


def is_barred(screen: Screen) -> None:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            screen.socket.recv(timeout=5)
    assert closed.value.rcvd and closed.value.rcvd.code == 4401


def test_a_cofacilitator_does_everything_but_what_is_the_owners(
    room: Room, cofacilitator: Facilitator
) -> None:
    for noun, form in STEERING:
        assert post(cofacilitator.http, room, noun, form).status_code != 403, noun
    for path in LOOKING:
        assert cofacilitator.http.get(f"{room.path}/{path}").status_code == 200, path
    for noun, form in OWNING:
        given = form | {"password": PASSWORD}
        assert refused(post(cofacilitator.http, room, noun, given), 403) == "not-yours", noun
    assert post(cofacilitator.http, room, "closings", {"keep": "nothing"}).status_code == 204
    room.done("closings", undo="1")


def test_others_do_none_of_it(room: Room, stranger: Facilitator) -> None:
    visitor = room.server.client(Origin=room.server.origin)
    for other in (stranger.http, visitor, room.phone().http, projector_of(room)):
        for noun, form in STEERING + OWNING:
            refused(post(other, room, noun, form | {"password": PASSWORD}), 403)
        assert other.get(f"{room.path}/access").status_code == 403
        assert other.get(f"{room.path}/timeline").status_code == 403


def test_a_shared_room_is_on_the_desk_of_who_cofacilitates_and_not_theirs_to_erase(
    room: Room, cofacilitator: Facilitator
) -> None:
    desk = cofacilitator.http.get("/desk", headers={"Accept-Language": "fr"}).text
    assert room.room in desk and "co-animation" in desk
    assert f"{room.path}/erasures" not in desk
    assert "co-animation</span>" not in room.facilitator.http.get("/desk").text


def test_a_removed_cofacilitator_is_refused_at_once_and_their_screen_ends(
    room: Room, cofacilitator: Facilitator
) -> None:
    [account] = re.findall(r'name="cofacilitator" value="(\w+)"', room.get("access").text)
    with Screen(room.server, f"{room.path}/live", cofacilitator.http.cookies, {}) as screen:
        screen.frame("whole")
        room.done("revocations", cofacilitator=account, password=PASSWORD)
        for noun, form in STEERING + OWNING:
            refused(post(cofacilitator.http, room, noun, form | {"password": PASSWORD}), 403)
        for path in LOOKING:
            assert cofacilitator.http.get(f"{room.path}/{path}").status_code == 403, path
        is_barred(screen)
    assert room.room not in cofacilitator.http.get("/desk").text
    assert room.board()["data-state"] == "open"


def test_an_invitation_is_used_once_and_can_be_withdrawn(
    room: Room, stranger: Facilitator, server: Server
) -> None:
    for attempt in ({"secret": "x"}, {"secret": ""}):
        answer = stranger.http.post("/invitation", data=attempt, headers=JSON)
        assert refused(answer, 403) == "invitation-spent"
    withdrawn = {"secret": invited(room)}
    [id] = re.findall(r'name="invitation" value="(\w+)"', room.get("access").text)
    room.done("revocations", invitation=id)
    refused(stranger.http.post("/invitation", data=withdrawn, headers=JSON), 403)
    used = {"secret": invited(room)}
    assert stranger.http.post("/invitation", data=used).status_code == 303
    assert stranger.http.get(f"{room.path}/board").status_code == 200
    late = used | {"email": "tard@example.org", "password": PASSWORD, "new": "1"}
    refused(server.client(Origin=server.origin).post("/invitation", data=late, headers=JSON), 403)


def test_who_has_an_account_signs_in_with_the_invitation(room: Room, server: Server) -> None:
    server.add(f"connue-{room.room[:8]}@example.org")
    form = {"secret": invited(room), "email": f"connue-{room.room[:8]}@example.org"}
    person = Facilitator(server)
    wrong = person.http.post("/invitation", data=form | {"password": "autre"}, headers=JSON)
    assert refused(wrong, 403) == "sign-in-failed"
    known = {"password": PASSWORD, "new": "1"}
    answer = person.http.post("/invitation", data=form | known, headers=JSON)
    assert refused(answer, 409) == "account-exists"
    assert person.http.post("/invitation", data=form | {"password": PASSWORD}).status_code == 303
    assert person.http.get(f"{room.path}/board").status_code == 200


def test_the_owner_who_opens_an_invitation_does_not_spend_it(
    room: Room, stranger: Facilitator
) -> None:
    secret = {"secret": invited(room)}
    assert room.facilitator.http.post("/invitation", data=secret).status_code == 303
    assert stranger.http.post("/invitation", data=secret).status_code == 303


def test_a_renewed_projector_link_ends_the_one_before_its_cookies_and_its_screens(
    room: Room,
) -> None:
    old = projector_of(room)
    path = room.projector.partition("#")[0]
    with Screen(room.server, f"{room.path}/live", old.cookies, {}) as screen:
        screen.frame("whole")
        link = room.do("links", link="screen").json()["link"]
        assert link != room.projector and link.startswith(path)
        assert old.get(f"{room.path}/board").status_code == 403
        assert old.get(f"{room.path}/qr.svg").status_code == 403
        is_barred(screen)
    machine = room.server.client(Origin=room.server.origin)
    stale = machine.post(path, data={"secret": room.projector.partition("#")[2]}, headers=JSON)
    refused(stale, 403)
    fresh = projector_of(room, link.partition("#")[2])
    assert fresh.get(f"{room.path}/board").status_code == 200


def test_a_renewed_link_for_readers_ends_the_one_before(room: Room) -> None:
    first = room.do("links", link="reader").json()["link"]
    room.close("all")
    path, _, secret = first.partition("#")
    reader = room.server.client(Origin=room.server.origin)
    assert reader.post(path, data={"secret": secret}).status_code == 303
    assert reader.get(f"{room.path}/timeline").status_code == 200
    room.done("links", link="reader")
    assert reader.get(f"{room.path}/timeline").status_code == 403
    refused(reader.post(path, data={"secret": secret}, headers=JSON), 403)


def test_a_renewed_link_stays_renewed_after_a_restart(own_server: StartServer) -> None:
    server = own_server()
    room = server.facilitator("a@example.org").open()
    machine = projector_of(room)
    room.done("links", link="screen")
    server.stop()
    server.start()
    assert machine.get(f"{room.path}/board").status_code == 403


def test_sittings_are_listed_without_the_user_agent_and_end_one_by_one(
    server: Server,
) -> None:
    here = server.facilitator("assise@example.org")
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    away = Facilitator(server)
    away.http.headers["User-Agent"] = agent
    away.sign_in("assise@example.org")
    room = away.open()
    page = here.http.get("/account", headers={"Accept-Language": "fr"}).text
    assert "Firefox sur Linux" in page and "cet appareil" in page
    assert "Gecko" not in page and "140" not in page
    [id] = re.findall(r'name="sitting" value="(\w{64})"', page)
    with room.screen() as screen:
        screen.frame("whole")
        form = {"sitting": id, "password": PASSWORD}
        assert here.http.post("/account/sittings", data=form, headers=JSON).status_code == 204
        assert away.http.get("/account").headers["Location"] == "/signin"
        refused(room.do("veils", on="1"), 403)
        is_barred(screen)
    assert here.http.get("/account").status_code == 200


def test_a_new_password_wants_the_present_one_and_ends_the_other_sittings(server: Server) -> None:
    here = server.facilitator("change@example.org")
    other = Facilitator(server).sign_in("change@example.org")
    new = "une autre phrase que personne ne sait"

    def change(password: str) -> httpx2.Response:
        form = {"password": password, "new": new}
        return here.http.post("/account/password", data=form, headers=JSON)

    assert refused(change(""), 403) == "password-needed"
    assert refused(change("n’importe quoi"), 403) == "password-wrong"
    assert change(PASSWORD).status_code == 204
    assert here.http.get("/account").status_code == 200
    assert other.http.get("/account").status_code == 303
    Facilitator(server).sign_in("change@example.org", new)


def test_the_password_is_asked_again_to_erase_and_share_never_before_a_group(
    own_server: StartServer,
) -> None:
    server = own_server()
    owner = server.facilitator("a@example.org")
    room, rehearsal = owner.open(), owner.http.post("/rooms", data={"rehearse": "1"}, headers=JSON)
    forget_when_it_was_given(server)
    for noun, form in STEERING:
        assert post(owner.http, room, noun, form).status_code != 403, noun
    for noun in ("erasures", "invitations"):
        assert refused(room.do(noun), 403) == "password-needed"
        assert refused(room.do(noun, password="autre"), 403) == "password-wrong"
    assert refused(room.do("revocations", cofacilitator="0"), 403) == "password-needed"
    ended = owner.http.post("/account/sittings", data={"sitting": "others"}, headers=JSON)
    assert refused(ended, 403) == "password-needed"
    erased = owner.http.post(f"/r/{rehearsal.json()['room']}/erasures", headers=JSON)
    assert erased.status_code == 200, "a rehearsal asks for nothing"
    room.done("closings", keep="nothing")
    room.done("closings", undo="1")
    room.done("invitations", password=PASSWORD)
    room.done("erasures")  # given a moment ago


def forget_when_it_was_given(server: Server) -> None:
    server.stop()
    with sqlite3.connect(server.data / "atelier.db") as db:
        db.execute("UPDATE sitting SET fresh = 0")
    db.close()
    server.start()


def test_wrong_passwords_are_slowed_down_for_who_gives_them_and_the_group_is_not_kept_waiting(
    own_server: StartServer,
) -> None:
    server = own_server(ATELIER_RATE="on")
    owner = server.facilitator("a@example.org")
    room = owner.open()
    forget_when_it_was_given(server)
    for _ in range(5):
        refused(room.do("erasures", password="autre"), 403)
    answer = room.do("erasures", password=PASSWORD)
    assert refused(answer, 429) == "too-many-tries" and int(answer.headers["Retry-After"]) > 60
    room.done("veils", on="1")
    room.done("closings", keep="all")
