"""The export document goes out as JSON and comes back as it was."""

import datetime
import json

import pytest

from atelier.exports.document import (
    Card,
    Cluster,
    Document,
    Moment,
    Note,
    Step,
    Tension,
    from_json,
    to_json,
)

DOCUMENT = Document(
    title="L’argent : ce qu’il dit de nous",
    theme="Le rapport à l’argent",
    day=datetime.date(2026, 11, 22),
    language="fr",
    profile="group",
    steps=(Step("s1", "notes", "collective", "Récolte", "Qu’est-ce que l’argent ?", 8, 9),),
    notes=(
        Note("n1", "s1", "Ça ne se demande pas 😀 \\ $x$", "c1"),
        Note("n2", "s1", "Un sou est un sou.", None),
    ),
    clusters=(Cluster("c1", "A", "Ce qui se tait", ("famille",), ("n1",)),),
    tensions=(Tension("t1", "c1", "n2", "se taire", "le dire", ("self", "times")),),
    cards=(Card("gift", "c1"), Card("shame", None)),
    timeline=(Moment(0, "step", "Récolte"),),
)


def test_a_document_comes_back_as_it_went() -> None:
    assert from_json(to_json(DOCUMENT)) == DOCUMENT


def test_the_keys_are_those_of_version_1_and_in_their_order() -> None:
    data = json.loads(to_json(DOCUMENT))

    assert list(data) == [
        *("atelier", "title", "theme", "day", "language", "profile"),
        *("steps", "notes", "clusters", "tensions", "cards", "timeline"),
    ]
    assert (data["atelier"], data["day"]) == (1, "2026-11-22")
    assert {key: list(data[key][0]) for key in list(data)[6:]} == {
        "steps": ["id", "kind", "register", "title", "prompt", "planned_min", "run_min"],
        "notes": ["id", "step", "text", "cluster"],
        "clusters": ["id", "letter", "title", "tags", "notes"],
        "tensions": ["id", "a", "b", "both", "and", "levels"],
        "cards": ["concept", "target"],
        "timeline": ["minute", "act", "what"],
    }
    assert data["notes"][1]["cluster"] is None


def test_the_file_is_for_people_to_read_too() -> None:
    lines = to_json(DOCUMENT).decode().splitlines()

    assert lines[1] == '  "atelier": 1,'
    assert '  "title": "L’argent : ce qu’il dit de nous",' in lines
    assert to_json(DOCUMENT).endswith(b"}\n")


def test_the_same_document_gives_the_same_bytes() -> None:
    assert to_json(DOCUMENT) == to_json(from_json(to_json(DOCUMENT)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"atelier": 2}, '"atelier": 1, got 2'),
        ({"atelier": "1"}, "Expected `int`, got `str` - at `$.atelier`"),
        ({"title": None}, "Expected `str`, got `null` - at `$.title`"),
        ({"day": "in November"}, "Invalid RFC3339 encoded date - at `$.day`"),
        ({"language": "de"}, "Invalid enum value 'de' - at `$.language`"),
        ({"author": "Zoé"}, "unknown field `author`"),
        ({"notes": [{"id": "n1", "text": "x"}]}, "missing required field `step` - at `$.notes[0]`"),
        ({"cards": [{"concept": "gift", "by": "Zoé"}]}, "unknown field `by`"),
    ],
)
def test_another_content_is_refused_with_what_was_expected(
    change: dict[str, object], said: str
) -> None:
    data = json.loads(to_json(DOCUMENT)) | change

    with pytest.raises(ValueError) as refused:
        from_json(json.dumps(data).encode())

    assert "expected" in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize("left_out", ["atelier", "title", "day", "notes", "timeline"])
def test_a_file_cut_short_is_refused(left_out: str) -> None:
    data = json.loads(to_json(DOCUMENT))
    del data[left_out]

    with pytest.raises(ValueError, match=f"missing required field `{left_out}`"):
        from_json(json.dumps(data).encode())


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"title;theme", b"{}"])
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="expected a JSON export of atelier, version 1"):
        from_json(data)
