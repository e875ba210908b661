"""A document becomes a room again, whose export is that document; or it is refused, and where."""

import json
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

from atelier.exports.build import document_of
from atelier.exports.document import Document, Profile, from_json, to_json
from atelier.exports.history import history_of
from atelier.exports.method import cards_in_words
from atelier.rooms.board import board_of
from atelier.rooms.commands import CloseRoom, DissolveCluster, FormCluster, ReopenRoom
from atelier.rooms.events import Recorded, RoomClosed, Untimed
from atelier.rooms.ids import ClusterId
from atelier.rooms.reading import reading_of
from atelier.rooms.timeline import timeline_of
from tests.rooms.random_rooms import RandomRoom

MONEY = Path(__file__).parent / "golden" / "money-facilitator.json"


def ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"{next(numbers):032x}"


def money() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(MONEY.read_text())
    return data


def read(data: object) -> Document:
    return from_json(json.dumps(data).encode())


def exported(room: Any, words: Any, log: list[Recorded], opened: int, profile: Profile) -> Document:
    return document_of(board_of(room, words), timeline_of(log), room, words, opened, profile)


def back(document: Document) -> Document:
    found = history_of(document, ids())
    return exported(found.room, found.words, found.recorded, found.opened, document.profile)


@pytest.mark.parametrize("profile", ["group", "facilitator"])
def test_the_money_session_comes_back_byte_for_byte(profile: str) -> None:
    document = read({**money(), "profile": profile})
    assert to_json(back(document)) == to_json(document)


@pytest.mark.parametrize("seed", range(150))
def test_random_rooms_come_back_byte_for_byte(seed: int) -> None:
    document = random_export(seed)
    assert to_json(back(document)) == to_json(document)


def random_export(seed: int) -> Document:
    """Of a room closed in the end, or still open, or closed with the clusters alone."""
    grown = RandomRoom(seed).grow(60)
    chance = Random(seed)
    if grown.room.closed:
        grown.perform(ReopenRoom())
    ending = chance.choice(["all", "reduced", "open"])
    if ending != "open":
        grown.perform(CloseRoom(ending))  # type: ignore[arg-type]
    minute, log = 0, []
    for seq, event in enumerate(grown.events, start=1):
        minute += chance.choice([0, 0, 1, 7])
        log.append(Recorded(seq, event, None if isinstance(event, Untimed) else minute))
    return exported(grown.room, grown.words, log, 1_795_000_000, "facilitator")


def test_letters_with_gaps_and_out_of_order_come_back() -> None:
    grown = RandomRoom(1)
    grown.events, log = grown.events[:], []
    first = [ClusterId(f"{n:032x}") for n in range(3)]
    for cluster in first:
        grown.perform(FormCluster(cluster, grown.lay("Grappe"), ()))
    grown.perform(DissolveCluster(first[0]))
    grown.perform(DissolveCluster(first[1]))
    grown.perform(FormCluster(ClusterId("f" * 32), grown.lay("Grappe"), ()))
    grown.perform(CloseRoom("all"))
    log = [Recorded(seq, event, seq) for seq, event in enumerate(grown.events, start=1)]
    document = exported(grown.room, grown.words, log, 0, "group")
    assert [cluster.letter for cluster in document.clusters] == ["C", "A"]
    assert back(document) == document


def test_ids_of_another_program_are_given_anew() -> None:
    data = json.loads(json.dumps(money()).replace('"n1"', '"first"').replace('"c2"', '"quiet"'))
    assert back(read(data)) == read(money())


def test_a_file_from_before_the_closing_becomes_a_closed_room_without_that_minute() -> None:
    data = money()
    data["timeline"].pop()
    data["steps"][1]["run_min"] = 0
    document = read(data)
    found = history_of(document, ids())
    assert found.room.closed == "all"
    assert found.recorded[-1] == Recorded(len(found.recorded), RoomClosed("all"), None)
    assert back(document) == document


def test_a_file_from_before_closings_told_the_decision_comes_back_with_it() -> None:
    data = money()
    data["timeline"][-1]["what"] = ""
    assert back(read(data)) == read(money())
    data["notes"], data["clusters"] = [], [each | {"notes": []} for each in data["clusters"]]
    assert back(read(data)).timeline[-1].what == "Ne garder que les grappes"


@pytest.mark.parametrize(
    ("act", "what", "expected"),
    [
        ("close", "Garder un peu", "what the group decided to keep"),
        ("close", "Ne garder que les grappes", "as follows from the rest of the file"),
        ("restitution", "Presse", "the name of an audience"),
    ],
)
def test_a_decision_that_nobody_can_take_is_refused(act: str, what: str, expected: str) -> None:
    data = money()
    data["timeline"][-1] |= {"act": act, "what": what}
    with pytest.raises(ValueError, match=expected):
        history_of(read(data), ids())


def test_that_a_text_was_accepted_comes_back_without_the_text() -> None:
    data = money()
    data["timeline"].insert(-1, {"minute": 35, "act": "restitution", "what": "Commanditaire"})
    assert to_json(back(read(data))) == to_json(read(data))
    found = history_of(read(data), ids())
    assert reading_of(found.room, found.words, "sponsor") is None


def test_no_note_of_an_import_has_a_minute_of_its_own() -> None:
    data = money()
    data["timeline"] = [moment for moment in data["timeline"] if moment["act"] != "reveal"]
    found = history_of(read(data), ids())
    posted = [each for each in found.recorded if isinstance(each.event, Untimed)]
    assert len(posted) == 5 and all(each.minute is None for each in posted)


def with_(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Sets the value at `notes.0.step`."""
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]

    def change(data: Any) -> None:
        for part in way:
            data = data[part]
        data[last] = value

    return change


def without(path: str) -> Callable[[dict[str, Any]], None]:
    name, number = path.split(".")
    return lambda data: data[name].pop(int(number))


TENSION = {"id": "t1", "a": "c1", "b": "c2", "both": "x", "and": "y", "levels": []}
CARD = {"concept": "habitus", "target": "c1"}


OWN = {"id": "k1", "name": "Une idée", "definition": "Ce qu’elle dit,\nen deux lignes.",
       "author": "Zoé Martin", "work": "Sans titre", "year": "2001 ; 2003",
       "doubtful": True}  # fmt: skip
BARE = {"id": "k2", "name": "Don et contre-don", "definition": "À nous.", "author": "", "work": "",
        "year": "", "doubtful": False}  # fmt: skip


def with_own_cards() -> dict[str, Any]:
    data = money()
    data["cards"] += [{"concept": "k1", "target": "c1"}, {"concept": "k1", "target": "t1"},
                      {"concept": "k2", "target": None}]  # fmt: skip
    data["concepts"] = [dict(OWN), dict(BARE)]
    minute = data["timeline"][-2]["minute"]
    data["timeline"][-1:-1] = [
        {"minute": minute, "act": "card", "what": each["name"]} for each in (OWN, BARE)
    ]
    return data


def test_cards_of_ones_own_come_back_in_their_own_words_beside_one_of_the_same_name() -> None:
    document = read(with_own_cards())
    assert back(document) == document
    assert [each.name for each in cards_in_words(document)][-2:] == [OWN["name"], BARE["name"]]
    source = cards_in_words(document)[-2].source
    assert source == "Zoé Martin, Sans titre, 2001 ; 2003 (date à vérifier)"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (with_("concepts.0.id", "habitus"), "concepts[0].id: expected an id that no card of ours"),
        (with_("concepts.0.id", "k9"), "concepts[0].id: expected the concept of one of the cards"),
        (with_("concepts.1.id", "k1"), "concepts[].id: expected each only once"),
        (with_("concepts.0.name", "x" * 81), "concepts[0].name: expected at most 80"),
        (with_("concepts.0.definition", "x" * 401), "concepts[0].definition: expected at most"),
        (with_("concepts.0.work", ""), "concepts[0].work: expected a text"),
        (with_("concepts.1.doubtful", True), "concepts[1].author: expected a text"),
        (without("timeline.8"), "timeline: expected an act for the card 'k1'"),
    ],
)
def test_own_cards_that_cannot_be_kept_as_they_are_are_refused(
    change: Callable[[dict[str, Any]], None], said: str
) -> None:
    data = with_own_cards()
    change(data)
    with pytest.raises(ValueError, match=re.escape(said)):
        history_of(read(data), ids())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (with_("profile", "sponsor"), "profile: expected one of group, facilitator"),
        (without("timeline.5"), "timeline: expected an act for the tension 't1'"),
        (with_("timeline.5.what", "x"), "timeline[5].what: expected the two halves of a tension"),
        (with_("tensions", [TENSION | {"b": "c9"}]), "tensions[0].b: expected the id of a cluster"),
        (with_("tensions", [TENSION | {"and": ""}]), "tensions[0].and: expected a text"),
        (with_("cards", [{"concept": "don"}]), "cards[0].concept: expected one of roman-familial"),
        (without("timeline.6"), "timeline: expected an act for the card 'don-contre-don'"),
        (with_("timeline.6.what", "x"), "timeline[6].what: expected the name of a concept card"),
        (
            with_("cards", [CARD | {"target": "n1"}]),
            "cards[0].target: expected the id of a cluster",
        ),
        (with_("cards", [CARD, CARD]), "cards[]: expected each only once"),
        (with_("clusters.0.tags", ["famille"]), "clusters[0].tags: expected one of social"),
        (with_("title", ""), "title: expected a text, found ''"),
        (with_("title", "x" * 121), "title: expected at most 120 characters, found 121"),
        (with_("title", "a\nb"), "title: expected at most 1 line, found 2"),
        (with_("theme", "a\u202eb"), "theme: expected text in NFC without control"),
        (with_("steps", []), "steps: expected 1 to 100 of them, found 0"),
        (with_("steps.1.id", "s1"), "steps[].id: expected each only once, found 's1'"),
        (with_("steps.0.id", "a/b"), "steps[0].id: expected 1 to 64 letters"),
        (with_("steps.0.kind", "vote"), "steps[0].kind: expected one of wall, accueil"),
        (with_("steps.0.register", "x"), "steps[0].register: expected one of collectif"),
        (with_("steps.0.planned_min", -1), "steps[0].planned_min: expected minutes from 0"),
        (with_("steps.1.run_min", 24), "steps[1].run_min: expected 25, as follows from"),
        (with_("notes.0.step", "s9"), "notes[0].step: expected the id of a step, found 's9'"),
        (with_("notes.0.text", "x" * 501), "notes[0].text: expected at most 500 characters"),
        (with_("notes.0.text", "\n" * 6 + "x"), "notes[0].text: expected at most 6 lines"),
        (with_("notes.0.text", " "), "notes[0].text: expected a text"),
        (with_("notes.0.cluster", "c9"), "notes[0].cluster: expected the id of a cluster"),
        (with_("notes.0.cluster", None), "notes[0].cluster: expected 'c1', which lists it"),
        (with_("notes.0.cluster", "c2"), "notes[0].cluster: expected a cluster that lists"),
        (with_("notes.4.cluster", "c1"), "notes[4].cluster: expected a cluster that lists"),
        (with_("clusters.0.notes.0", "n9"), "notes[0].cluster: expected a cluster that lists"),
        (with_("clusters.0.notes", ["n1", "n2", "n9"]), "clusters[0].notes[2]: expected the id"),
        (with_("clusters.1.notes.0", "n1"), "clusters[].notes: expected each only once"),
        (with_("clusters.1.letter", "A"), "clusters[].letter: expected each only once"),
        (with_("clusters.1.letter", "é"), "clusters[1].letter: expected a letter from A to Z"),
        (with_("clusters.1.title", ""), "clusters[1].title: expected a text"),
        (with_("timeline.1.act", "vote"), "timeline[1].act: expected one of step, reveal"),
        (with_("timeline.1.minute", 99), "timeline[2].minute: expected 99 or later, found 11"),
        (with_("timeline.0.what", "Rien"), "timeline[0].what: expected the title of another"),
        (with_("timeline.3.what", "Rien"), "timeline[3].what: expected 'Être à l’abri'"),
        (with_("timeline.1.what", "x"), "timeline[1].what: expected ''"),
        (without("timeline.4"), "timeline: expected an act for the cluster 'c2'"),
        (without("timeline.0"), "steps[0].run_min: expected 0, as follows from"),
        (with_("timeline", []), "notes[0].step: expected a step that the timeline enters"),
        (without("clusters.1"), "notes[2].cluster: expected the id of a cluster"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_come_back_is_refused_with_its_place(
    change: Callable[[dict[str, Any]], None], said: str
) -> None:
    data = money()
    change(data)
    with pytest.raises(ValueError) as refused:
        history_of(read(data), ids())
    assert said in str(refused.value)


def test_more_clusters_than_letters_are_refused() -> None:
    data = money()
    data["clusters"] = [{**data["clusters"][0], "id": f"c{n}", "notes": []} for n in range(27)]
    with pytest.raises(ValueError, match="clusters: expected 0 to 26 of them, found 27"):
        history_of(read(data), ids())
