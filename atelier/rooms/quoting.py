"""Whether a line that leaves the room says what somebody wrote on a note, word for word.

Case, accents of writing and punctuation do not count. A run of fewer than three words is nobody's
sentence: it counts only where line and note are the same.
"""

import unicodedata
from collections.abc import Iterable

LEAST = 3
"""Words that make a sentence somebody could be known by."""


def quotes(line: str, note: str) -> bool:
    """Whether one is the other, or a piece of it."""
    return holds(line, note) or holds(note, line)


def holds(line: str, note: str) -> bool:
    """Whether the whole of `note` is in `line`."""
    said, written = spoken(line), spoken(note)
    if not written:
        return False
    if len(written) < LEAST:
        return said == written
    runs = range(len(said) - len(written) + 1)
    return any(said[start : start + len(written)] == written for start in runs)


def quoted(lines: Iterable[str], notes: Iterable[str], *, whole: bool) -> str | None:
    """The first line that quotes a note; with `whole`, only one that holds all of it: notes are
    rewritten by taking words away, too."""
    written = list(notes)
    found = holds if whole else quotes
    return next((line for line in lines if any(found(line, note) for note in written)), None)


def spoken(text: str) -> list[str]:
    """Its words, as they sound."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = (char for char in plain if not unicodedata.combining(char))
    return "".join(char if counts(char) else " " for char in letters).split()


def counts(char: str) -> bool:
    """Letters, digits, and what is drawn: a note may be a picture alone."""
    return char.isalnum() or unicodedata.category(char) == "So"
