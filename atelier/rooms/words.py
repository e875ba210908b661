"""What people wrote: cleaned once at the door, and never printed by accident."""

import re
import unicodedata
from collections.abc import Mapping

from .ids import WordsId
from .refusals import Refused

NOTE_LIMIT = 200
"""Code points of a note when its step says nothing else; a step may go up to 500."""
TITLE_LIMIT = 120
PROMPT_LIMIT = 2000
LINES = 6
MARKS = 8
"""Combining marks in a row; more than that paints over the neighbours."""

JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiner: emoji families and Persian words need them."""


class Words(str):
    """A text that somebody wrote. Its `repr` keeps it out of logs and tracebacks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<words>"


PLAIN = re.compile(r"[ -~\u00a0-\u00ac\u00ae-\u017f\u2013-\u2026\n]*")
"""Latin letters and the usual punctuation, composed already (NFC)."""

Lexicon = Mapping[WordsId, Words]
"""The texts that lie beside the log of one room. An id that is missing was erased."""


def note_words(text: str, limit: int = NOTE_LIMIT) -> Words:
    """Clean the text of a note; raise `Refused` when nothing is left or too much is.

    `limit` is in code points after cleaning, at most six lines.
    """
    cleaned = clean(text)
    if not visible(cleaned):
        raise Refused("note-empty")
    if len(cleaned) > limit:
        raise Refused("note-too-long")
    if cleaned.count("\n") >= LINES:
        raise Refused("note-too-many-lines")
    return Words(cleaned)


def title_words(text: str, limit: int = TITLE_LIMIT) -> Words:
    """Clean a title to one line; raise `Refused` when it is empty or too long."""
    cleaned = " ".join(clean(text).split("\n"))
    if not visible(cleaned):
        raise Refused("title-empty")
    if len(cleaned) > limit:
        raise Refused("title-too-long")
    return Words(cleaned)


def prompt_words(text: str) -> Words:
    """Clean what a step asks, several lines; raise `Refused` when it is empty or too long."""
    cleaned = clean(text)
    if not visible(cleaned):
        raise Refused("prompt-empty")
    if len(cleaned) > PROMPT_LIMIT:
        raise Refused("prompt-too-long")
    return Words(cleaned)


def half_words(text: str) -> Words:
    """Clean one half of a tension to one line; raise `Refused` when it is empty or too long."""
    try:
        return title_words(text)
    except Refused as refusal:
        keys = {"title-empty": "half-empty", "title-too-long": "half-too-long"}
        raise Refused(keys.get(refusal.reason, refusal.reason)) from None


def clean(text: str) -> str:
    """NFC, plain line ends, no control or direction characters, few marks in a row, trimmed."""
    if PLAIN.fullmatch(text):  # the usual case: nothing else to do
        return text.strip()
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise Refused("text-malformed")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    text = "".join(char for char in text if allowed(char))
    return few_marks(unicodedata.normalize("NFC", text)).strip().strip(JOINERS).strip()


def allowed(char: str) -> bool:
    if char == "\n" or char in JOINERS:
        return True
    # Unassigned code points (Cn) stay: emoji younger than this Python are among them.
    control_format_private = ("Cc", "Cf", "Co")
    noncharacter = ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef"
    return unicodedata.category(char) not in control_format_private and not noncharacter


def visible(text: str) -> bool:
    return any(not char.isspace() and char not in JOINERS for char in text)


def few_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if run <= MARKS:
            kept.append(char)
    return "".join(kept)
