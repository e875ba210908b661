"""Concept cards that a facilitator wrote: a library of their own, and rooms that showed them."""

from typing import Any

import pytest
from httpx2 import Response

from tests.contract.people import JSON, Facilitator, Room, Server, refused
from tests.contract.tree import Element

IDEA = {
    "name": "La bonne distance",
    "definition": "Être assez près pour entendre,\nassez loin pour penser.",
    "author": "Zoé Martin",
    "work": "Carnets de terrain",
    "year": "2019",
}


@pytest.fixture(scope="module")
def claire(server: Server) -> Facilitator:
    return server.facilitator("reperes@example.org")


@pytest.fixture
def opened(claire: Facilitator) -> Room:
    return claire.open(mode="direct")


def send(who: Facilitator, path: str = "", **form: Any) -> Response:
    return who.http.post(f"/cards{path}", data=form, headers=JSON)


def held(who: Facilitator) -> dict[str, dict[str, object]]:
    found = who.http.get("/cards", headers=JSON).json()["cards"]
    return {card["concept"]: card for card in found}


def written(who: Facilitator, **changed: str) -> str:
    before = set(held(who))
    assert send(who, **(IDEA | changed)).status_code == 204
    [concept] = set(held(who)) - before
    return concept


def shown(room: Room, concept: str) -> Element:
    found = room.board().by_id(f"card-{concept}")
    assert found is not None
    return found


def test_a_card_is_written_changed_and_erased(claire: Facilitator) -> None:
    concept = written(claire)
    assert held(claire)[concept] == {"concept": concept, **IDEA, "doubtful": False}
    assert send(claire, f"/{concept}", **IDEA, doubtful="1", rev=0).status_code == 204
    assert held(claire)[concept]["doubtful"] is True
    assert refused(send(claire, f"/{concept}", **IDEA, rev=0), 409) == "card-changed"
    page = claire.http.get("/cards").text
    assert "La bonne distance" in page and "Marcel Mauss" in page
    assert claire.http.delete(f"/cards/{concept}", headers=JSON).status_code == 204
    assert concept not in held(claire)
    assert refused(send(claire, f"/{concept}", **IDEA, rev=1), 404) == "card-not-yours"


def test_half_a_reference_is_refused_and_none_is_fine(claire: Facilitator) -> None:
    before = held(claire)
    assert refused(send(claire, **IDEA | {"year": ""}), 422) == "reference-incomplete"
    assert held(claire) == before
    concept = written(claire, author="", work="", year="")
    room = claire.open(mode="direct")
    room.done("cards", concept=concept)
    assert "Zoé" not in shown(room, concept).text


def test_a_card_is_shown_linked_exported_and_named_in_the_timeline(
    claire: Facilitator, opened: Room
) -> None:
    concept = written(claire, doubtful="1")
    opened.phones(1)[0].write("une note")
    cluster = opened.cluster("Près", *opened.wall())
    opened.done("cards", concept=concept)
    opened.done("cards", concept=concept, target=cluster)
    said = shown(opened, concept).text
    for part in ("La bonne distance", "assez loin pour penser", "Zoé Martin", "date à vérifier",
                 "Près"):  # fmt: skip
        assert part in said
    document = opened.export()
    assert document["cards"] == [{"concept": "k1", "target": "c1"}]
    assert document["concepts"] == [{"id": "k1", **IDEA, "doubtful": True}]
    assert concept not in str(document)
    told = [act["what"] for act in document["timeline"] if act["act"] == "card"]
    assert told == ["La bonne distance"]
    assert "La bonne distance" in opened.get("timeline").text


def test_a_room_keeps_a_card_as_it_was_until_it_is_shown_there_again(
    claire: Facilitator, opened: Room
) -> None:
    concept = written(claire)
    opened.done("cards", concept=concept)
    before = opened.export()
    assert send(claire, f"/{concept}", **IDEA | {"name": "Autrement"}, rev=0).is_success
    assert opened.export()["concepts"] == before["concepts"]
    opened.done("cards", concept=concept)
    assert opened.export()["concepts"][0]["name"] == "Autrement"
    assert opened.undo().is_success
    assert opened.export()["concepts"] == before["concepts"]


def test_a_card_that_was_erased_stays_where_it_was_shown_and_can_still_be_linked(
    claire: Facilitator, opened: Room
) -> None:
    concept = written(claire)
    opened.phones(1)[0].write("une note")
    cluster = opened.cluster("Près", *opened.wall())
    opened.done("cards", concept=concept)
    assert claire.http.delete(f"/cards/{concept}", headers=JSON).is_success
    opened.done("cards", concept=concept, target=cluster)
    opened.done("views", scene="card", target=concept)
    assert opened.export()["cards"] == [{"concept": "k1", "target": "c1"}]
    elsewhere = claire.open(mode="direct")
    assert refused(elsewhere.do("cards", concept=concept), 422) == "concept-unknown"
    opened.close("reduced")
    assert opened.export()["concepts"][0]["definition"] == IDEA["definition"]


def test_what_was_put_away_leaves_the_exports(claire: Facilitator, opened: Room) -> None:
    concept = written(claire)
    opened.done("cards", concept=concept)
    opened.done("cards", concept=concept)
    path = f"{opened.path}/cards/{concept}"
    assert opened.facilitator.http.delete(path, headers=JSON).status_code == 204
    assert "concepts" not in opened.export()


def test_nobody_else_sees_changes_or_shows_a_card(claire: Facilitator, server: Server) -> None:
    concept = written(claire)
    other = server.facilitator("autre-repere@example.org")
    assert held(other) == {}
    assert refused(send(other, f"/{concept}", **IDEA, rev=0), 404) == "card-not-yours"
    answer = other.http.delete(f"/cards/{concept}", headers=JSON)
    assert refused(answer, 404) == "card-not-yours"
    answer = other.open(mode="direct").do("cards", concept=concept)
    assert refused(answer, 422) == "concept-unknown"
    assert concept in held(claire)
