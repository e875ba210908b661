"""Whether a line that leaves the room says what somebody wrote on a note, word for word.

Case, accents of writing and punctuation do not count. A run of fewer than three words is nobody's
sentence: it counts only where line and note are the same.
"""

import unicodedata
from collections.abc import Iterable

LEAST = 3
"""Words that make a sentence somebody could be known by."""
NOTHING = "  "
"""What a text without words sounds like."""


def quoted(lines: Iterable[str], notes: Iterable[str], *, whole: bool) -> list[str]:
    """Those of these lines that quote a note; with `whole`, only those that hold all of it: notes
    are rewritten by taking words away, too."""
    written = {spoken(note) for note in notes} - {NOTHING}
    sentences = [note for note in written if is_sentence(note)]
    everything = "\n".join(written)

    def quotes(said: str) -> bool:
        piece = not whole and is_sentence(said) and said in everything
        return said in written or piece or any(note in said for note in sentences)

    return [line for line in lines if quotes(spoken(line))]


def is_sentence(said: str) -> bool:
    return said.count(" ") > LEAST


def spoken(text: str) -> str:
    """Its words as they sound, with a space before, between and after them."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = (char for char in plain if not unicodedata.combining(char))
    words = "".join(char if counts(char) else " " for char in letters).split()
    return f" {' '.join(words)} "


def counts(char: str) -> bool:
    """Letters, digits, and what is drawn: a note may be a picture alone."""
    return char.isalnum() or unicodedata.category(char) == "So"
