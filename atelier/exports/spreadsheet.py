"""The document as CSV for spreadsheets: one row per note, and no cell that is run as a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterator

from .document import Document
from .labels import LABELS

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
    sheet.writerow(LABELS[document.language]["columns"].values())
    sheet.writerows([inert(cell) for cell in row] for row in rows(document))
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


def inert(cell: str) -> str:
    """With an apostrophe first, a spreadsheet takes a formula for text."""
    return f"'{cell}" if is_formula(cell) else cell


def is_formula(cell: str) -> bool:
    begins = unicodedata.normalize("NFKC", cell[:8]).lstrip()[:1]
    return begins in FORMULAS or cell.startswith(("\t", "\r", "\n"))
