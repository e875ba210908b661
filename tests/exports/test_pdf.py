"""The document on paper holds every word, and nothing more than it may tell."""

import json
import re
from hashlib import sha256
from io import BytesIO
from typing import Any, cast

import pytest
from pypdf import PdfReader
from pypdf.generic import TextStringObject

from atelier.exports.labels import LABELS
from atelier.exports.pdf import HERE, to_pdf
from tests.exports.documents import (
    FRENCH,
    LIKE_MARKUP,
    OTHER_WRITING,
    a_document,
    a_tension,
)

FONTS = HERE / "fonts"


def normalised(text: str) -> str:
    return " ".join(text.split())


def text_of(made: bytes) -> str:
    return normalised(" ".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages))


def is_accessible(made: bytes) -> bool:
    return b"<pdfuaid:part>1<" in made


@pytest.mark.parametrize("texts", [LIKE_MARKUP, FRENCH, OTHER_WRITING])
@pytest.mark.parametrize("clusters", [0, 3])
def test_every_note_is_on_the_page_as_it_was_written(texts: list[str], clusters: int) -> None:
    made = to_pdf(a_document(*texts, clusters=clusters))
    page = text_of(made)

    assert [text for text in texts if normalised(text) not in page] == []
    assert is_accessible(made)


def test_titles_and_tensions_are_no_markup_either() -> None:
    odd = '#panic("x") $ *y* @z'
    page = text_of(
        to_pdf(
            a_document(
                "x",
                title=odd,
                theme=f"thème {odd}",
                clusters=2,
                tensions=[a_tension(both=f"1 {odd}", **{"and": f"2 {odd}"})],
            )
        )
    )

    assert page.count(odd) == 4


def test_two_hundred_notes_flow_over_the_pages() -> None:
    texts = [f"{n} {FRENCH[n % 4]}" for n in range(200)]
    made = to_pdf(a_document(*texts, clusters=7))
    page = text_of(made)

    assert [text for text in texts if normalised(text) not in page] == []
    assert len(PdfReader(BytesIO(made)).pages) > 4


def test_a_band_is_said_again_on_each_page_that_its_notes_reach() -> None:
    texts = [f"{n} {FRENCH[1]}" for n in range(120)]
    pages = PdfReader(BytesIO(to_pdf(a_document(*texts, clusters=1)))).pages

    assert len(pages) > 2
    assert all("A Grappe 0" in normalised(page.extract_text()) for page in pages)


def test_notes_of_five_hundred_characters_are_whole() -> None:
    texts = [f"{n} {' '.join(FRENCH[:4] * 3)}"[:500].strip() for n in range(12)]
    page = text_of(to_pdf(a_document(*texts, clusters=2)))

    assert [text for text in texts if normalised(text) not in page] == []


@pytest.mark.parametrize("word", ["é" * 300, "W" * 60, "mot-" * 40, "😀" * 100])
def test_a_word_wider_than_its_paper_breaks_and_stays_on_it(word: str) -> None:
    made = to_pdf(a_document(word, clusters=1))
    lines = [line for line in text_lines(made) if set(line) <= set(word)]

    assert "".join(lines) == word
    assert len(lines) > 1


def text_lines(made: bytes) -> list[str]:
    return "\n".join(p.extract_text() for p in PdfReader(BytesIO(made)).pages).splitlines()


def test_the_unsorted_notes_are_under_a_title_of_their_own() -> None:
    assert "Notes seules Un sou est un sou." in text_of(to_pdf(a_document("Un sou est un sou.")))
    assert "Notes seules" not in text_of(to_pdf(a_document("Un sou est un sou.", clusters=1)))


def test_a_cluster_has_its_letter_before_its_title() -> None:
    page = text_of(to_pdf(a_document("un", "deux", clusters=2)))

    assert "A Grappe 0 un B Grappe 1 deux" in page


def test_a_tension_says_both_sides_with_their_letters_and_levels() -> None:
    tension = a_tension(both="recevoir", levels=["self", "times"], **{"and": "ne rien devoir"})
    page = text_of(to_pdf(a_document("un", "deux", clusters=2, tensions=[tension])))

    assert "A à la fois recevoir et B ne rien devoir moi époque" in page


def test_a_tension_without_words_says_what_it_stands_between() -> None:
    tension = a_tension(b="n1")
    page = text_of(to_pdf(a_document("un", "deux", clusters=2, tensions=[tension])))

    assert "A à la fois Grappe 0 et B deux" in page


def test_a_tension_with_something_erased_still_says_its_words() -> None:
    tension = a_tension(a="gone", both="recevoir", **{"and": "rendre"})

    assert "à la fois recevoir et" in text_of(to_pdf(a_document(clusters=2, tensions=[tension])))


def test_the_group_sees_the_month_and_no_byte_tells_the_day() -> None:
    made = to_pdf(a_document("Un sou est un sou."))

    assert "Restitution au groupe, novembre 2026" in text_of(made)
    assert b"20261122" not in made
    assert b"2026-11-22" not in made
    assert to_pdf(a_document("Un sou est un sou.", day="2026-11-05")) == made


def test_the_facilitator_sees_the_day() -> None:
    def page(day: str, language: str) -> str:
        return text_of(to_pdf(a_document(profile="facilitator", day=day, language=language)))

    assert "22 novembre 2026" in page("2026-11-22", "fr")
    assert "1er août 2026" in page("2026-08-01", "fr")
    assert "1 August 2026" in page("2026-08-01", "en")


def test_the_page_speaks_the_language_of_the_document() -> None:
    made = to_pdf(a_document("one", language="en", tensions=[a_tension(both="x")]))

    assert "Given back to the group, November 2026" in text_of(made)
    assert "Notes on their own one What holds us in tension both x and" in text_of(made)
    assert PdfReader(BytesIO(made)).root_object["/Lang"] == TextStringObject("en")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("profile", ["group", "facilitator", "sponsor", "research"])
def test_every_profile_has_its_labels_in_both_languages(language: str, profile: str) -> None:
    made = to_pdf(a_document(clusters=2, language=language, profile=profile))
    labels = LABELS["fr" if language == "fr" else "en"]

    assert labels["kicker"][profile] in text_of(made)
    assert labels["footer"][profile] + " 1 / 1" in text_of(made)
    assert is_accessible(made)


def test_the_pages_are_tagged_titled_and_outlined() -> None:
    reader = PdfReader(BytesIO(to_pdf(a_document("un", clusters=1))))

    assert reader.metadata is not None
    assert reader.metadata.title == "L’argent"
    assert "/StructTreeRoot" in reader.root_object
    assert outline(reader.outline) == ["L’argent", ["Grappe 0"]]


def outline(entries: Any) -> list[Any]:
    return [outline(entry) if isinstance(entry, list) else str(entry.title) for entry in entries]


def test_an_empty_document_is_a_page_too() -> None:
    made = to_pdf(a_document(title=""))

    assert is_accessible(made)
    assert len(PdfReader(BytesIO(made)).pages) == 1


def test_the_same_document_gives_the_same_bytes() -> None:
    document = a_document(*LIKE_MARKUP, *OTHER_WRITING, clusters=3)

    assert to_pdf(document) == to_pdf(document)


def test_what_the_standard_refuses_costs_the_standard_and_not_the_page() -> None:
    made = to_pdf(a_document("une sonnette \a et la suite", "Un sou est un sou."))

    assert not is_accessible(made)
    assert "et la suite" in text_of(made)
    assert "Un sou est un sou." in text_of(made)
    assert b"/StructTreeRoot" in made


def test_a_character_that_no_font_draws_is_still_in_the_text() -> None:
    made = to_pdf(a_document("ꦗꦮ 中文 \U0001f9ff"))

    assert "中文 \U0001f9ff" in text_of(made)
    assert is_accessible(made)


def test_only_the_fonts_beside_the_page_are_used() -> None:
    made = PdfReader(BytesIO(to_pdf(a_document(*FRENCH, *OTHER_WRITING, clusters=2))))
    resources = [cast(dict[str, Any], page["/Resources"]) for page in made.pages]
    fonts = [entry.get_object() for part in resources for entry in part["/Font"].values()]
    used = {re.split("[+-]", font["/BaseFont"])[1] for font in fonts}

    assert used <= {path.stem.split("-")[0] for path in FONTS.glob("*.ttf")}
    assert {"AtkinsonHyperlegibleNext", "BricolageGrotesque", "NotoEmoji"} <= used


def test_the_fonts_are_those_that_the_list_names() -> None:
    listed = json.loads((FONTS / "FONTS.json").read_text(encoding="utf-8"))
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.ttf")}

    assert {font["file"]: font["sha256"] for font in listed} == found
    assert all(
        font["licence"] == "LICENSE of atelier" or (FONTS / font["licence"]).is_file()
        for font in listed
    )


COURSE: dict[str, Any] = {
    "steps": [
        {"id": "s1", "kind": "post", "register": "personnel", "title": "Récolte", "prompt": "?"}
        | {"planned_min": 8, "run_min": 11}
    ],
    "timeline": [
        {"minute": 3, "act": "step", "what": "Récolte"},
        {"minute": 14, "act": "reveal", "what": ""},
    ],
}


def test_the_facilitator_finds_how_it_went_on_a_last_page() -> None:
    made = to_pdf(a_document("un", profile="facilitator", **COURSE))
    first, last = (normalised(page.extract_text()) for page in PdfReader(BytesIO(made)).pages)

    assert "Déroulé" not in first
    assert "Étape Prévu (min) Réel (min) Récolte 8 11" in last
    assert "3 Étape Récolte 14 Mur dévoilé" in last
    assert is_accessible(made)


def test_the_group_is_not_told_how_it_went() -> None:
    assert "Déroulé" not in text_of(to_pdf(a_document("un", **COURSE)))


def test_a_tension_may_hold_a_note_in_no_cluster() -> None:
    tension = a_tension(a="n0", b="", both="tenir", **{"and": "lâcher"})
    assert to_pdf(a_document("Une note seule", tensions=[tension])).startswith(b"%PDF-")
