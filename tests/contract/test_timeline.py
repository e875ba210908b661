"""`GET /r/{room}/timeline`, `board?at=` and the link for readers: who may look back."""

import re
from collections.abc import Callable

import httpx2
import pytest

from tests.contract.people import JSON, PASSWORD, SCRIPT, Facilitator, Note, Room, refused
from tests.contract.tree import Element, parse

PAST = ("timeline", "board?at=1", "export/group.json", "export/group.pdf")


@pytest.fixture
def filled(room: Room) -> Room:
    """Three notes, one of them in a cluster; one more was hidden, one taken back."""
    notes = room.revealed("un mot libre", "un mot rangé", "mot-masqué", "mot-retiré")
    room.cluster("La grappe", notes[1].note)
    room.hide(notes[2].note)
    taken_back(room, notes[3])
    return room


def taken_back(room: Room, note: Note) -> None:
    assert room.phone().take_back(note, now=True).status_code == 204


def reader(room: Room) -> httpx2.Client:
    """Somebody with the link that the facilitator handed out."""
    client = room.server.client(Origin=room.server.origin)
    answer = client.post(f"/a/{room.room}", data={"secret": reader_secret(room)})
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"] == f"{room.path}/timeline"
    return client


def reader_secret(room: Room) -> str:
    found = re.search(rf'href="/a/{room.room}#([\w-]{{43}})"', room.get("closing").text)
    assert found
    return found[1]


def projector(room: Room) -> httpx2.Client:
    client = room.server.client(Origin=room.server.origin)
    client.post(f"/p/{room.room}", data={"secret": room.projector.partition("#")[2]})
    return client


def statuses(client: httpx2.Client, room: Room, *paths: str) -> list[int]:
    return [client.get(f"{room.path}/{path}", headers=JSON).status_code for path in paths or PAST]


# The board as it stood


def test_the_board_at_a_number_is_the_board_as_it_stood(room: Room) -> None:
    assert room.seq() == 2, "opened, and in its only step"
    notes = room.revealed("un", "deux", "trois")
    room.cluster("La grappe", notes[0].note)
    sizes = [len(at(room, number).having("data-note")) for number in range(5)]
    assert sizes == [0, 0, 0, 3, 3]
    clusters = [len(at(room, number).having("data-cluster")) for number in range(5)]
    assert clusters == [0, 0, 0, 0, 1]
    assert [at(room, number)["data-seq"] for number in range(5)] == list("01234")


def test_the_last_number_is_the_board_as_it_is(filled: Room) -> None:
    assert filled.get(f"board?at={filled.seq()}").text == filled.get("board").text


@pytest.mark.parametrize("wrong", ["-1", "x", "", "1.5", "4711", "9" * 30, "٣"])
@pytest.mark.parametrize("page", ["board", "timeline"])
def test_a_moment_that_is_none_is_refused(room: Room, page: str, wrong: str) -> None:
    answer = room.facilitator.http.get(f"{room.path}/{page}", params={"at": wrong}, headers=JSON)
    refused(answer, 404)
    assert answer.headers["Atelier-Refused"] == "past-unknown"


def at(room: Room, number: int) -> Element:
    answer = room.get(f"board?at={number}")
    assert answer.status_code == 200, answer.text
    board = parse(answer.text).by_id("board")
    assert board is not None
    return board


@pytest.mark.parametrize("keep", ["", "all", "reduced", "nothing"])
def test_what_is_gone_is_in_no_byte_of_any_moment(filled: Room, keep: str) -> None:
    last = filled.seq()
    if keep:
        filled.close(keep)
    gone = ["mot-masqué", "mot-retiré"]
    gone += ["un mot libre", "un mot rangé"] if keep in ("reduced", "nothing") else []
    gone += ["La grappe"] if keep == "nothing" else []
    for number in range(last + 1):
        for page in (f"board?at={number}", f"timeline?at={number}"):
            text = filled.get(page).text
            assert not [words for words in gone if words in text], page
    assert ("La grappe" in filled.get("timeline").text) == (keep != "nothing")


# The page


def test_the_timeline_lists_the_acts_of_facilitation(filled: Room) -> None:
    filled.close("all")
    moments = re.findall(r"<span data-what>(.*?)</span></span>|<span data-what>([^<]*)</span>",
                         filled.get("timeline").text)  # fmt: skip
    said = [re.sub("<[^>]*>", "", "".join(found)) for found in moments]
    assert said == [
        "Salle ouverte",
        "Étape 1\u00a0: Salle",
        "Mur dévoilé, notes mélangées",
        "Grappe A nommée «\u00a0La grappe\u00a0»",
        "1 note masquée",
        "Séance close, le mur est gardé",
    ]


@pytest.mark.parametrize("steps", [0, 1, 99])
def test_a_script_has_a_timeline_from_its_lobby_to_its_end(
    facilitator: Facilitator, steps: int
) -> None:
    room = facilitator.open(script=SCRIPT)
    for _ in range(steps):
        if not room.do("steps", go="next").is_success:
            break
    answer = room.get("timeline")
    assert answer.status_code == 200
    assert "Séance en cours." in answer.text and f'href="{room.path}"' in answer.text


def test_the_page_holds_no_time_of_a_note_and_no_number_of_people(filled: Room) -> None:
    text = filled.get("timeline").text
    assert set(re.findall(r"datetime=\"([^\"]*)\"", text)) == set(
        re.findall(r"datetime=\"(\d{4}-\d\d-\d\dT\d\d:\d\dZ)\"", text)
    ), "one time alone, in whole minutes: the opening"
    assert "téléphone" not in text and "personnes" not in text


def test_the_page_is_kept_by_no_cache(filled: Room) -> None:
    filled.close("all")
    for page in (f"{filled.path}/timeline", f"/a/{filled.room}"):
        assert "no-store" in filled.facilitator.http.get(page).headers["Cache-Control"]


# Who may look back

CLOSED: list[Callable[[Room], object]] = [
    lambda room: None,
    lambda room: room.close("all"),
    lambda room: (room.close("all"), room.do("closings", undo="1")),
]


@pytest.mark.parametrize("prepare", CLOSED, ids=["open", "closed", "reopened"])
def test_who_facilitates_looks_back_at_any_time_and_nobody_else_does(
    filled: Room, stranger: Facilitator, prepare: Callable[[Room], object]
) -> None:
    phone, screen = filled.phone().http, projector(filled)
    prepare(filled)
    assert statuses(filled.facilitator.http, filled) == [200] * 4
    for client in (phone, screen, stranger.http, filled.server.client()):
        assert statuses(client, filled) == [403] * 4


def test_a_reader_sees_the_closed_session_and_the_files_of_the_group(filled: Room) -> None:
    filled.close("all")
    client = reader(filled)
    assert statuses(client, filled) == [200] * 4
    assert "un mot rangé" in client.get(f"{filled.path}/timeline").text
    assert "/a/" not in client.get(f"{filled.path}/timeline").text, "handing out is not for readers"
    beyond = ("board", "closing", "export/facilitator.json", "export/facilitator.pdf")
    assert statuses(client, filled, *beyond) == [403] * 4


def test_a_reader_changes_nothing(filled: Room) -> None:
    filled.close("all")
    client, seq = reader(filled), filled.seq()
    for noun in ("steps", "reveals", "clusters", "moves", "hides", "undos", "closings", "erasures"):
        answer = client.post(f"{filled.path}/{noun}", data={"undo": "1"}, headers=JSON)
        assert answer.status_code == 403, noun
    assert filled.seq() == seq


def test_a_reopened_session_is_closed_to_readers_until_it_is_closed_again(filled: Room) -> None:
    filled.close("all")
    client, secret = reader(filled), reader_secret(filled)
    filled.do("closings", undo="1")
    for path in PAST:
        answer = client.get(f"{filled.path}/{path}", headers=JSON)
        assert (answer.status_code, answer.headers["Atelier-Refused"]) == (403, "still-open")
    late = client.post(f"/a/{filled.room}", data={"secret": secret}, headers=JSON)
    assert (late.status_code, late.headers["Atelier-Refused"]) == (403, "still-open")
    filled.close("reduced")
    assert statuses(client, filled) == [200] * 4


def test_a_wrong_secret_opens_nothing(filled: Room, facilitator: Facilitator) -> None:
    filled.close("all")
    other = facilitator.open()
    other.close("all")
    for wrong in ("", "x", "é", filled.projector.partition("#")[2], reader_secret(other)):
        client = filled.server.client(Origin=filled.server.origin)
        answer = client.post(f"/a/{filled.room}", data={"secret": wrong}, headers=JSON)
        assert (answer.status_code, answer.headers["Atelier-Refused"]) == (403, "not-yours")
        assert statuses(client, filled) == [403] * 4


def test_a_cookie_of_another_room_opens_nothing(filled: Room, facilitator: Facilitator) -> None:
    filled.close("all")
    other = facilitator.open()
    other.close("all")
    client = reader(other)
    (value,) = [value for name, value in client.cookies.items() if name.startswith("readers-")]
    client.cookies.set(f"readers-{filled.room}", value)
    assert statuses(client, filled) == [403] * 4


def test_an_unknown_or_erased_room_has_no_past(filled: Room) -> None:
    filled.close("all")
    client, secret = reader(filled), reader_secret(filled)
    filled.do("erasures", password=PASSWORD)
    for room in (filled.room, "0" * 32):
        assert client.get(f"/a/{room}").status_code == 404
        assert client.post(f"/a/{room}", data={"secret": secret}).status_code == 404
        assert client.get(f"/r/{room}/timeline").status_code == 404
        assert client.get(f"/r/{room}/board?at=0").status_code == 404
