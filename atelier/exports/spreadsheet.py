"""The document as CSV for spreadsheets: one row per note, and no cell that is run as a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from typing import get_args

from ..rooms.commands import Audience
from .document import Document
from .labels import LABELS
from .method import cards_in_words, tension_in_words

SEPARATORS = {"fr": ";", "en": ","}
"""What a spreadsheet of that language expects."""

FORMULAS = frozenset("=+-@−")
"""What a formula begins with. The narrow, wide, small and raised forms are made one of these
first: spreadsheets do the same."""


def to_csv(document: Document) -> bytes:
    """UTF-8 with its mark, every cell quoted, rows end with CRLF."""
    text = io.StringIO(newline="")
    sheet = csv.writer(
        text,
        delimiter=SEPARATORS[document.language],
        quoting=csv.QUOTE_ALL,
        lineterminator="\r\n",
    )
    labels = LABELS[document.language]
    read = document.profile in get_args(Audience)
    sheet.writerow(labels["read" if read else "columns"].values())
    written = rows_read(document) if read else rows(document)
    sheet.writerows([inert(cell) for cell in row] for row in written)
    return text.getvalue().encode("utf-8-sig")


def rows(document: Document) -> Iterator[tuple[str, str, str, str]]:
    """Letter and title of the cluster, title of the step, text; a cluster without notes has one
    row, so that its title is not lost."""
    steps = {step.id: step.title for step in document.steps}
    notes = {note.id: note for note in document.notes}
    for cluster in document.clusters:
        held = [notes[id] for id in cluster.notes if id in notes]
        for note in held:
            yield cluster.letter, cluster.title, steps.get(note.step, ""), note.text
        if not held:
            yield cluster.letter, cluster.title, "", ""
    for note in document.notes:
        if note.cluster is None:
            yield "", "", steps.get(note.step, ""), note.text


def rows_read(document: Document) -> Iterator[tuple[str, str, str]]:
    """What was read together, in its order: a kind, the letters it belongs to, a text."""
    kinds = LABELS[document.language]["kinds"]
    letters = {cluster.id: cluster.letter for cluster in document.clusters}
    notes = {note.id: note.text for note in document.notes}
    for cluster in document.clusters:
        yield kinds["cluster"], cluster.letter, cluster.title
        for id in cluster.notes:
            yield kinds["excerpt"], cluster.letter, notes[id]
    for note in document.notes:
        if note.cluster is None:
            yield kinds["excerpt"], "", note.text
    for tension in document.tensions:
        ends = [letters[id] for id in (tension.a, tension.b) if id in letters]
        yield kinds["tension"], " ".join(ends), tension_in_words(document, tension)
    for card in cards_in_words(document):
        yield kinds["card"], "", f"{card.name} ({card.source})" if card.source else card.name


def inert(cell: str) -> str:
    """With an apostrophe first, a spreadsheet takes a formula for text."""
    return f"'{cell}" if is_formula(cell) else cell


def is_formula(cell: str) -> bool:
    begins = unicodedata.normalize("NFKC", cell[:8]).lstrip()[:1]
    return begins in FORMULAS or cell.startswith(("\t", "\r", "\n"))
