"""`POST /r/{room}/erasures`: whatever state a room is in, it is gone."""

import pytest
from websockets.exceptions import ConnectionClosed

from tests.contract.people import JSON, PASSWORD, Facilitator, Note, Room, refused


@pytest.mark.parametrize("state", ["lobby", "open", "closing"])
def test_an_erased_room_is_nowhere_any_more(facilitator: Facilitator, state: str) -> None:
    room = facilitator.open(script="rapport-au-travail" if state == "lobby" else "")
    phone = room.phone()
    if state == "closing":
        room.close("all")
    assert room.do("erasures", password=PASSWORD).status_code == 200
    for path in (room.page, f"{room.path}/board", f"{room.path}/export/group.json"):
        assert facilitator.http.get(path).status_code == 404, path
    assert phone.post(Note(text="trop tard")).status_code == 404
    assert phone.http.get(room.page).status_code == 404
    refused(room.server.join(room.code), 404)
    refused(room.do("erasures"), 404)
    assert room.room not in facilitator.http.get("/desk").text


def test_a_browser_is_led_back_to_the_desk(room: Room) -> None:
    form, headers = {"password": PASSWORD}, {"Accept": "text/html"}
    answer = room.facilitator.http.post(f"{room.path}/erasures", data=form, headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")


def test_what_was_destroyed_is_told_without_a_word_of_the_room(room: Room) -> None:
    room.revealed("un secret", "deux", "trois")
    answer = room.do("erasures", password=PASSWORD)
    assert answer.status_code == 200
    told = "\n".join(answer.json()["report"])
    assert f"Salle {room.room} effacée" in told
    assert "Clés détruites\u00a0: 1" in told and ".keys" in told
    assert "secret" not in told


def test_every_screen_is_told_that_the_room_is_gone(room: Room) -> None:
    with room.screen() as screen, room.phone().screen() as other:
        screen.frame("whole")
        other.frame("whole")
        room.done("erasures", password=PASSWORD)
        for each in (screen, other):
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    each.socket.recv(timeout=5)
            assert closed.value.rcvd and closed.value.rcvd.code == 4404


def test_only_its_facilitator_erases_a_room(room: Room, stranger: Facilitator) -> None:
    for http in (stranger.http, room.phone().http, room.server.client(Origin=room.server.origin)):
        refused(http.post(f"{room.path}/erasures", headers=JSON), 403)
    foreign = {"Origin": "https://ailleurs.example", **JSON}
    refused(room.facilitator.http.post(f"{room.path}/erasures", headers=foreign), 403)
    assert room.board()["data-state"] == "open"
