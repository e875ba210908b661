"""The document drawn by typst from `page.typ`: tagged A4 pages, or one tall page as a picture."""

import json
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from .document import Document, to_json
from .labels import LABELS, day_in_words, decision_of, lead_of, shown_day, unsorted_of
from .method import cards_in_words, chosen_in_words

HERE = Path(__file__).parent
PAGE = (HERE / "page.typ").read_bytes()

POINTS_PER_INCH = 72
PIXELS_PER_INCH = 144.0
MOST_PIXELS = 30_000
"""How tall a picture may be: many programs refuse more than 32,767 pixels."""


def to_pdf(document: Document) -> bytes:
    """PDF/UA-1, or plain tagged PDF where that standard refuses what somebody wrote.

    The same document gives the same bytes. Nothing of it is ever read as markup.
    """
    try:
        return _compile(document, "pdf", standard="ua-1")
    except typst.TypstError:
        return _compile(document, "pdf")
    finally:
        _forget()


def to_svg(document: Document) -> bytes:
    """One tall page; letters are drawn as shapes, so that it looks the same everywhere."""
    try:
        return _compile(document, "svg")
    finally:
        _forget()


def to_png(document: Document) -> bytes:
    """One tall page, in as many pixels as a viewer takes."""
    try:
        tall = _height(_compile(document, "svg")) / POINTS_PER_INCH
        return _compile(document, "png", ppi=min(PIXELS_PER_INCH, MOST_PIXELS / tall))
    finally:
        _forget()


def _height(svg: bytes) -> float:
    found = re.search(rb'viewBox="0 0 \S+ ([0-9.]+)"', svg)
    assert found
    return float(found[1])


def _forget() -> None:
    """Let typst free what it laid out.

    It keeps that for its next ten runs: up to a gigabyte after some large documents, and notes
    that may be erased meanwhile. Empty pages count as runs and take a millisecond.
    """
    for _ in range(11):
        typst.compile(b"", format="svg", font_paths=_fonts(), ignore_system_fonts=True)


def _compile(
    document: Document,
    format: Literal["pdf", "png", "svg"],
    *,
    standard: Literal["ua-1"] | None = None,
    ppi: float | None = None,
) -> bytes:
    shown = shown_day(document)
    data = {
        "labels": LABELS[document.language] | {"day": day_in_words(document)},
        "date": [shown.year, shown.month, shown.day],
        "tall": format != "pdf",
        "lead": lead_of(document),
        "loose": unsorted_of(document),
        "decision": decision_of(document),
        "chosen": chosen_in_words(document),
        "cards": [asdict(card) for card in cards_in_words(document)],
    }
    made = typst.compile(
        PAGE,
        format=format,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        pdf_standards=standard,
        ppi=ppi,
        sys_inputs={"document": to_json(document).decode(), "page": json.dumps(data)},
    )
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"]
    )
