"""Tensions, concept cards and tags: what the group makes of its wall, by request and on screens."""

import secrets

import httpx2
import pytest

from tests.contract.people import JSON, Note, Room, refused
from tests.contract.tree import Element


@pytest.fixture
def notes(room: Room) -> list[str]:
    """Four revealed notes, in the order of the wall."""
    room.revealed("un", "deux", "trois", "quatre")
    return list(room.wall())


def tension(room: Room, a: str, b: str, both: str = "tenir", **more: object) -> str:
    name = secrets.token_hex(16)
    room.done("tensions", tension=name, a=a, b=b, both=both, **{"and": "lâcher", **more})
    return name


def removed(room: Room, what: str) -> httpx2.Response:
    return room.facilitator.http.delete(f"{room.path}/{what}", headers=JSON)


def element(room: Room, name: str) -> Element:
    found = room.board().by_id(name)
    assert found is not None, f"no {name} on the board"
    return found


def test_a_tension_is_on_the_board_and_in_the_export(room: Room, notes: list[str]) -> None:
    cluster = room.cluster("Ce qui porte", notes[0])
    name = tension(room, cluster, notes[1], level=["times", "self"])
    shown = element(room, f"tension-{name}")
    assert (shown["data-a"], shown["data-b"], shown["data-levels"]) == (
        cluster, notes[1], "self times",
    )  # fmt: skip
    [both], [and_] = shown.having("data-both"), shown.having("data-and")
    assert (both.text, and_.text) == ("tenir", "lâcher")
    [exported] = room.export()["tensions"]
    assert exported == {
        "id": "t1", "a": "c1", "b": exported["b"], "both": "tenir", "and": "lâcher",
        "levels": ["self", "times"],
    }  # fmt: skip
    held = {note["id"]: note["text"] for note in room.export()["notes"]}
    assert held[exported["b"]] == room.wall()[notes[1]]


def test_a_tension_put_twice_is_named_once(room: Room, notes: list[str]) -> None:
    form = {"tension": secrets.token_hex(16), "a": notes[0], "b": notes[1]}
    for _ in range(2):
        room.done("tensions", **form, both="tenir", **{"and": "lâcher"})
    assert len(room.export()["tensions"]) == 1


def test_a_tension_is_reworded_removed_and_brought_back(room: Room, notes: list[str]) -> None:
    name = tension(room, notes[0], notes[1])
    room.done(f"tensions/{name}", both="partir", **{"and": "rester", "level": "organisation"})
    [said] = room.export()["tensions"]
    assert (said["both"], said["and"], said["levels"]) == ("partir", "rester", ["organisation"])
    assert removed(room, f"tensions/{name}").status_code == 204
    assert room.export()["tensions"] == []
    assert room.undo().is_success and room.export()["tensions"] == [said]


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ({"both": ""}, "half-empty"),
        ({"and": "x" * 121}, "half-too-long"),
        ({"level": "cosmos"}, "level-unknown"),
        ({"b": "0" * 32}, "end-unknown"),
        ({"tension": "court"}, "id-malformed"),
    ],
)
def test_a_tension_that_is_not_whole_is_refused(
    room: Room, notes: list[str], form: dict[str, str], key: str
) -> None:
    whole = {"tension": secrets.token_hex(16), "a": notes[0], "b": notes[1], "both": "x"}
    answer = room.do("tensions", **{**whole, "and": "y", **form})
    assert (answer.status_code, answer.headers["Atelier-Refused"]) == (422, key)
    assert room.export()["tensions"] == []


def test_a_note_that_its_writer_takes_back_leaves_the_tension_without_its_words(
    room: Room,
) -> None:
    notes: list[Note] = room.revealed("un secret", "deux", "trois", "quatre")
    name = tension(room, notes[0].note, notes[1].note)
    assert "un secret" in element(room, f"tension-{name}").text
    room.done("hides", note=notes[0].note)
    shown = element(room, f"tension-{name}")
    assert "un secret" not in shown.text and shown["data-a"] == ""
    assert room.export()["tensions"][0]["a"] == ""


def test_every_screen_is_told_of_tensions_and_cards_in_small_updates(
    room: Room, notes: list[str]
) -> None:
    with room.phone().screen() as phone, room.screen() as steering:
        for screen in (phone, steering):
            screen.frame("whole")
        name = tension(room, notes[0], notes[1])
        room.done("cards", concept="habitus", target=name)
        room.done(f"tensions/{name}", both="partir", **{"and": "rester"})
        for screen in (phone, steering):
            while screen.seq < room.seq():
                assert screen.frame("update")["html"].startswith("<li")
            assert screen.board.canonical() == room.board().canonical()


def test_a_concept_card_is_shown_and_linked_and_put_away(room: Room, notes: list[str]) -> None:
    cluster = room.cluster("Ce qui porte", notes[0])
    room.done("cards", concept="don-contre-don")
    assert "Marcel Mauss" in element(room, "card-don-contre-don").text
    room.done("cards", concept="don-contre-don", target=cluster)
    name = tension(room, notes[0], notes[1])
    room.done("cards", concept="don-contre-don", target=name)
    assert room.export()["cards"] == [
        {"concept": "don-contre-don", "target": "c1"},
        {"concept": "don-contre-don", "target": "t1"},
    ]
    assert removed(room, "cards/don-contre-don").status_code == 204
    assert room.export()["cards"] == []
    refused(removed(room, "cards/don-contre-don"), 422)


def test_a_card_that_nobody_knows_is_refused(room: Room) -> None:
    for form, key in (
        ({"concept": "astrologie"}, "concept-unknown"),
        ({"concept": "habitus", "target": "0" * 32}, "target-unknown"),
    ):
        answer = room.do("cards", **form)
        assert (answer.status_code, answer.headers["Atelier-Refused"]) == (422, key)


def test_a_doubtful_year_says_so(room: Room) -> None:
    room.done("cards", concept="noeud-sociopsychique")
    assert "date à vérifier" in element(room, "card-noeud-sociopsychique").text


def test_projectors_show_one_tension_or_one_card(room: Room, notes: list[str]) -> None:
    name = tension(room, notes[0], notes[1])
    room.done("views", scene="tension", target=name)
    assert f'data-scene="tension" data-page="1" data-target="{name}"' in page(room)
    room.done("cards", concept="habitus")
    assert 'data-scene="card" data-page="1" data-target="habitus"' in page(room)
    answer = room.do("views", scene="tension", target="0" * 32)
    assert answer.headers["Atelier-Refused"] == "target-unknown"


def page(room: Room) -> str:
    return room.facilitator.http.get(room.path).text


def test_tags_are_of_clusters_and_come_with_a_title_or_alone(room: Room, notes: list[str]) -> None:
    cluster = room.cluster("Avant", notes[0])
    assert room.rename(cluster, "Après", "social", "corps").is_success
    [exported] = room.export()["clusters"]
    assert (exported["title"], exported["tags"]) == ("Après", ["social", "corps"])
    assert element(room, f"tags-{cluster}").text == "social, corps et sexualité"
    room.done(f"clusters/{cluster}", tag="epoque")
    assert room.export()["clusters"][0]["tags"] == ["epoque"]
    room.done(f"clusters/{cluster}", tag="")
    assert room.export()["clusters"][0]["tags"] == []


def test_a_tag_that_nobody_knows_is_refused_and_the_title_stays(
    room: Room, notes: list[str]
) -> None:
    cluster = room.cluster("Avant", notes[0])
    answer = room.rename(cluster, "Après", "argent")
    assert (answer.status_code, answer.headers["Atelier-Refused"]) == (422, "tag-unknown")
    assert room.export()["clusters"][0]["title"] == "Avant"


def test_clusters_merge_and_change_places(room: Room, notes: list[str]) -> None:
    first, second = room.cluster("Une", notes[0]), room.cluster("Deux", notes[1])
    room.done("places", cluster=second, before=first)
    assert [c["letter"] for c in room.export()["clusters"]] == ["B", "A"]
    room.done("merges", cluster=second, into=first)
    assert room.lanes()[first] == [notes[0], notes[1]]
    assert room.undo().is_success and second in room.lanes()
    refused(room.do("merges", cluster=second, into="0" * 32), 422)
