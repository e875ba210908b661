"""Series, by request: sessions of one group in an order, threads between what they kept."""

import secrets

import httpx2
import pytest

from tests.contract.conftest import OpenRoom
from tests.contract.people import JSON, Facilitator, Room, refused
from tests.contract.tree import Element, parse


class Group:
    """A series in the hands of who keeps it."""

    def __init__(self, facilitator: Facilitator) -> None:
        self.http = facilitator.http
        answer = self.http.post("/series", data={"name": "Groupe du jeudi", "themes": "Le travail"})
        assert answer.status_code == 303, answer.text
        self.path = answer.headers["Location"]

    def page(self) -> Element:
        answer = self.http.get(self.path)
        assert answer.status_code == 200, answer.text
        return parse(answer.text)

    @property
    def rev(self) -> str:
        [found, *_] = [each for each in self.page().having("name") if each["name"] == "rev"]
        return found["value"]

    def do(self, noun: str, **form: str) -> httpx2.Response:
        return self.http.post(f"{self.path}{noun}", data={"rev": self.rev, **form}, headers=JSON)

    def done(self, noun: str, **form: str) -> None:
        answer = self.do(noun, **form)
        assert answer.status_code == 204, answer.text

    def cut(self, noun: str) -> httpx2.Response:
        return self.http.delete(f"{self.path}{noun}?rev={self.rev}", headers=JSON)

    @property
    def sessions(self) -> list[Element]:
        return [each for each in self.page().having("id") if each["id"].startswith("seance-")]

    @property
    def threads(self) -> list[tuple[str, str, str]]:
        found = self.page().having("data-kind")
        return [(each["data-kind"], each["data-a"], each["data-b"]) for each in found]


@pytest.fixture
def group(facilitator: Facilitator) -> Group:
    return Group(facilitator)


def closed(opened: OpenRoom, *titles: str, keep: str = "all") -> tuple[Room, list[str]]:
    room = opened()
    notes = room.revealed("une-note", "deux", "trois")
    clusters = [room.cluster(title, notes[0].note) for title in titles]
    room.close(keep)
    return room, clusters


def session(element: Element) -> str:
    return element["id"].removeprefix("seance-")


def test_a_series_shows_the_clusters_of_its_sessions_and_what_came_back(
    opened: OpenRoom, group: Group
) -> None:
    one, (holding, merit) = closed(opened, "Tenir", "Mériter")
    two, (again, _) = closed(opened, "tenir", "Dire non")
    for room in (one, two):
        group.done("/sessions", room=room.room)
    first, second = group.sessions
    assert [each["data-thing"] for each in first.having("data-groupe")] == [holding, merit]
    assert group.threads == [("same", holding, again)]
    group.done("/threads", a=merit, b=again)
    assert ("drawn", merit, again) in group.threads
    assert group.cut(f"/threads/{merit}/{again}").status_code == 204
    assert group.threads == [("same", holding, again)]
    group.done(f"/sessions/{session(second)}", way="earlier")
    assert group.threads == [("same", again, holding)]


def test_no_note_is_on_the_page(opened: OpenRoom, group: Group) -> None:
    room, _ = closed(opened, "Tenir")
    group.done("/sessions", room=room.room)
    assert "une-note" in room.get("timeline").text
    assert "une-note" not in group.page().text


def test_what_the_group_did_not_keep_does_not_come_back(opened: OpenRoom, group: Group) -> None:
    room, _ = closed(opened, "Tenir", keep="nothing")
    group.done("/sessions", room=room.room)
    assert "Tenir" not in group.page().text
    assert "le groupe n’a rien gardé" in group.page().text


def test_an_open_room_shows_nothing_of_its_wall_yet(opened: OpenRoom, group: Group) -> None:
    room = opened()
    notes = room.revealed("un", "deux", "trois")
    room.cluster("Tenir", notes[0].note)
    group.done("/sessions", room=room.room)
    assert "Tenir" not in group.page().text


def test_a_session_to_come_takes_an_open_thread_and_then_its_room(
    opened: OpenRoom, group: Group
) -> None:
    one, (holding,) = closed(opened, "Tenir")
    two, _ = closed(opened, "La place")
    group.done("/sessions", room=one.room)
    group.done("/sessions", title="La place", when="en janvier")
    _, coming = group.sessions
    assert "en janvier" in coming.text
    group.done("/threads", a=holding, b=session(coming))
    assert group.threads == [("open", holding, session(coming))]
    group.done(f"/sessions/{session(coming)}", room=two.room)
    assert [session(each) for each in group.sessions][1] == session(coming)
    assert group.threads == [], "it was open, and the group draws it anew"


def test_an_erased_room_leaves_its_place_and_no_word(opened: OpenRoom, group: Group) -> None:
    room, _ = closed(opened, "Tenir")
    group.done("/sessions", room=room.room)
    room.done("erasures")
    [gone] = group.sessions
    assert "Séance effacée" in gone.text and "Tenir" not in gone.text
    assert group.cut(f"/sessions/{session(gone)}").status_code == 204
    assert group.sessions == []


def test_the_rooms_of_others_are_not_put_into_a_series(group: Group, stranger: Facilitator) -> None:
    theirs = stranger.open()
    assert refused(group.do("/sessions", room=theirs.room), 404) == "room-unknown"
    assert refused(group.do("/sessions", room="f" * 32), 404) == "room-unknown"


def test_a_series_is_nobody_elses(group: Group, stranger: Facilitator) -> None:
    assert stranger.http.get(group.path, headers=JSON).status_code == 404
    form = {"rev": "0", "name": "À moi"}
    assert refused(stranger.http.post(group.path, data=form, headers=JSON), 404)
    assert refused(stranger.http.delete(group.path, headers=JSON), 404)
    assert "Groupe du jeudi" not in stranger.http.get("/series").text


def test_notes_and_names_change_and_a_stale_change_is_refused(group: Group) -> None:
    stale = group.rev
    group.done("", name="Groupe du vendredi", themes="", notes="Reprendre la honte.")
    page = group.page()
    assert "Groupe du vendredi" in page.text and "Reprendre la honte." in page.text
    answer = group.http.post(group.path, data={"rev": stale, "name": "Trop tard"}, headers=JSON)
    assert refused(answer, 409) == "series-changed"


@pytest.mark.parametrize(
    ("noun", "form", "reason"),
    [
        ("", {"name": " "}, "title-empty"),
        ("", {"name": "x" * 121}, "title-too-long"),
        ("", {"name": "x", "notes": "y" * 4001}, "series-notes-too-long"),
        ("/sessions", {"title": ""}, "title-empty"),
        ("/sessions/aucune", {"way": "later"}, "session-unknown"),
        ("/sessions/aucune", {"way": "up"}, "form-malformed"),
        ("/threads", {"a": "x", "b": "y"}, "thread-end-unknown"),
    ],
)
def test_what_is_wrong_is_named(group: Group, noun: str, form: dict[str, str], reason: str) -> None:
    assert refused(group.do(noun, **form), 422) == reason


def test_erasing_a_series_leaves_its_rooms(opened: OpenRoom, group: Group) -> None:
    room, _ = closed(opened, "Tenir")
    group.done("/sessions", room=room.room)
    assert group.http.delete(group.path, headers=JSON).status_code == 204
    assert group.http.get(group.path, headers=JSON).status_code == 404
    assert room.get("timeline").status_code == 200


def test_nothing_of_a_series_is_readable_in_the_database(opened: OpenRoom, group: Group) -> None:
    secret = f"mot {secrets.token_hex(6)}"
    group.done("", name=secret, notes=secret)
    server = opened().server
    for path in server.data.glob("*.db"):
        assert secret.encode() not in path.read_bytes()
