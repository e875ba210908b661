"""A spreadsheet shows what was written, and runs none of it."""

import csv
import io

import pytest
from msgspec.structs import replace

from atelier.exports.document import Cluster, Document
from atelier.exports.spreadsheet import to_csv
from tests.exports.documents import FORMULAS, HOSTILE, a_document

STEP = {"id": "s1", "kind": "post", "register": "personnel", "title": "Récolte", "prompt": ""}
STEPS = [STEP | {"planned_min": 8, "run_min": 9}]


def cells(document: Document, separator: str = ";") -> list[list[str]]:
    text = to_csv(document).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def titled(title: str, text: str) -> Document:
    """A cluster without notes, and a note without a cluster."""
    return replace(a_document(text), clusters=(Cluster("c0", "A", title, (), ()),))


def test_each_note_is_a_row_with_its_cluster_and_its_step() -> None:
    assert cells(a_document("un", "deux", clusters=2, steps=STEPS)) == [
        ["Grappe", "Titre", "Étape", "Note"],
        ["A", "Grappe 0", "Récolte", "un"],
        ["B", "Grappe 1", "Récolte", "deux"],
    ]


def test_an_unsorted_note_has_no_cluster_and_an_empty_cluster_keeps_its_title() -> None:
    held = cells(titled("Grappe 0", "un"))

    assert held[1:] == [["A", "Grappe 0", "", ""], ["", "", "", "un"]]


def test_the_file_is_marked_as_utf_8_and_its_rows_end_with_cr_lf() -> None:
    made = to_csv(a_document("une\nautre"))

    assert made.startswith(b'\xef\xbb\xbf"Grappe";')
    assert made.endswith(b'"\r\n')
    assert made.count(b"\r\n") == 2


def test_english_uses_commas() -> None:
    assert cells(a_document("one, two", language="en"), ",") == [
        ["Cluster", "Title", "Step", "Note"],
        ["", "", "", "one, two"],
    ]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_text_wherever_it_stands(formula: str) -> None:
    held = cells(titled(formula, formula))

    assert held[1][1] == held[2][3] == f"'{formula}"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_text_stays_in_its_cell(language: str) -> None:
    held = cells(a_document(*HOSTILE, language=language), ";" if language == "fr" else ",")

    assert {len(row) for row in held} == {4}
    assert [row[3].removeprefix("'") for row in held[1:]] == HOSTILE


def test_no_cell_starts_like_a_formula() -> None:
    for row in cells(a_document(*HOSTILE, clusters=3)):
        assert not any(cell.startswith(tuple("=+-@\t\r＝＋－＠")) for cell in row)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert to_csv(a_document(*HOSTILE)) == to_csv(a_document(*HOSTILE))
