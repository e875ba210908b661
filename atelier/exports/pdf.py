"""The document on paper: A4, tagged, made by typst from `page.typ`."""

import datetime
import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from atelier.exports.document import Document, Language, to_json

HERE = Path(__file__).parent
PAGE = (HERE / "page.typ").read_bytes()

LABELS: dict[Language, dict[str, Any]] = {
    "fr": {
        "months": "janvier février mars avril mai juin juillet août septembre octobre novembre"
        " décembre",
        "first": "1er",
        "kicker": {
            "group": "Restitution au groupe",
            "facilitator": "Séance, pour l’animation",
            "sponsor": "Restitution",
            "research": "Extraits pour la recherche",
        },
        "footer": {
            "group": "Profil Groupe. Notes sans nom. Ni ordre, ni heure.",
            "facilitator": "Profil Animation. Notes sans nom. Ni ordre, ni heure.",
            "sponsor": "Profil Commanditaire. Ni nom, ni ordre, ni heure.",
            "research": "Profil Recherche. Ni nom, ni ordre, ni heure.",
        },
        "unsorted": "À ranger",
        "clusters": "Grappes",
        "tensions": "Ce qui nous tient en tension",
        "both": "à la fois",
        "and": "et",
        "levels": {"self": "moi", "organisation": "organisation", "times": "époque"},
    },
    "en": {
        "months": "January February March April May June July August September October November"
        " December",
        "first": "1",
        "kicker": {
            "group": "Given back to the group",
            "facilitator": "Session, for the facilitator",
            "sponsor": "Report",
            "research": "Excerpts for research",
        },
        "footer": {
            "group": "Group profile. Notes without names. No order, no time.",
            "facilitator": "Facilitator profile. Notes without names. No order, no time.",
            "sponsor": "Sponsor profile. No name, no order, no time.",
            "research": "Research profile. No name, no order, no time.",
        },
        "unsorted": "To sort",
        "clusters": "Clusters",
        "tensions": "What holds us in tension",
        "both": "both",
        "and": "and",
        "levels": {"self": "me", "organisation": "organisation", "times": "our times"},
    },
}


def to_pdf(document: Document) -> bytes:
    """PDF/UA-1, or plain tagged PDF where that standard refuses what somebody wrote.

    The same document gives the same bytes. Nothing of it is ever read as markup.
    """
    try:
        return _compile(document, accessible=True)
    except typst.TypstError:
        return _compile(document, accessible=False)
    finally:
        _forget()


def _forget() -> None:
    """Let typst free what it laid out.

    It keeps that for its next ten runs: up to a gigabyte after some large documents, and notes
    that may be erased meanwhile. Empty pages count as runs and take a millisecond.
    """
    for _ in range(11):
        typst.compile(b"", format="svg", font_paths=_fonts(), ignore_system_fonts=True)


def _compile(document: Document, *, accessible: bool) -> bytes:
    shown = _shown_day(document)
    labels = LABELS[document.language]
    data = {
        "labels": labels | {"day": _day_in_words(shown, document, labels)},
        "date": [shown.year, shown.month, shown.day],
    }
    return typst.compile(
        PAGE,
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        pdf_standards="ua-1" if accessible else None,
        sys_inputs={"document": to_json(document).decode(), "page": json.dumps(data)},
    )


def _shown_day(document: Document) -> datetime.date:
    """The day that the file may tell, in its text and in its metadata."""
    if document.profile == "facilitator":
        return document.day
    return document.day.replace(day=1)


def _day_in_words(day: datetime.date, document: Document, labels: dict[str, Any]) -> str:
    month = f"{labels['months'].split()[day.month - 1]} {day.year}"
    if document.profile != "facilitator":
        return month
    return f"{labels['first'] if day.day == 1 else day.day} {month}"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"]
    )
