"""`POST /r/{room}/leave`: a phone forgets that it is in the room."""

import pytest

from tests.contract.people import JSON, Note, Room, refused


def test_a_phone_that_leaves_is_outside(room: Room) -> None:
    phone = room.phone()
    assert phone.http.get(room.page).status_code == 200
    answer = phone.http.post(f"{room.path}/leave")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert f"phone-{room.room}" in cookie
    assert "max-age=0" in cookie and "httponly" in cookie and "path=/" in cookie
    assert phone.http.get(room.page).headers["Location"] == "/"


def test_its_notes_stay_where_they_are(room: Room) -> None:
    phones = room.phones()
    notes = [phone.write(f"Note {n}") for n, phone in enumerate(phones)]
    phones[0].http.post(f"{room.path}/leave")
    room.reveal()
    assert sorted(room.wall()) == sorted(note.note for note in notes)


def test_only_the_cookie_of_this_room_goes(room: Room) -> None:
    other = room.facilitator.open()
    phone = room.phone()
    phone.http.post("/join", data={"code": other.code})
    phone.http.post(f"{room.path}/leave")
    assert phone.http.get(other.page).status_code == 200


def test_a_room_that_is_gone_can_be_left(room: Room) -> None:
    gone = "0" * 32
    answer = room.phone().http.post(f"/r/{gone}/leave")
    assert answer.status_code == 303
    assert f"phone-{gone}" in answer.headers["set-cookie"]


@pytest.mark.parametrize("id", ["x", "0" * 31, "A" * 32, "0" * 31 + "%0d%0aSet-Cookie:%20a=b"])
def test_what_is_no_room_gets_no_cookie(room: Room, id: str) -> None:
    answer = room.phone().http.post(f"/r/{id}/leave", headers=JSON)
    assert refused(answer, 404) == "room-unknown"
    assert "set-cookie" not in answer.headers


def test_another_site_cannot_make_a_phone_leave(room: Room) -> None:
    phone = room.phone()
    headers = {**JSON, "Origin": "https://evil.example"}
    assert refused(phone.http.post(f"{room.path}/leave", headers=headers), 403) == "origin-foreign"


def test_leaving_is_no_way_to_withdraw_a_note(room: Room) -> None:
    phone = room.phone()
    note: Note = phone.write("Un sou est un sou.")
    phone.http.post(f"{room.path}/leave")
    assert phone.take_back(note).status_code == 204
