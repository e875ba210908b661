"""Catalogues and typography: French is the language of the source, others are translated."""

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("fr", "en")
LOCALE = Path(__file__).parent / "locale"
NBSP = "\u00a0"

BEFORE = re.compile(r" ([;:!?»])")
AFTER = re.compile(r"« ")
UNITS = re.compile(r"(?<=[\d}]) (?=(?:h|min|s)\b)")


class Translator:
    """`_("Étape {n}", n=3)`: the message in one language, its values filled in."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.messages = catalogue(language)

    def __call__(self, message: str, **values: object) -> str:
        text = self.messages.get(message, message)
        if self.language == "fr":
            text = typography(text)
        return text.format(**values) if values else text


@cache
def translator(language: str) -> Translator:
    return Translator(language if language in LANGUAGES else LANGUAGES[0])


@cache
def catalogue(language: str) -> dict[str, str]:
    """The messages of one language; French has itself."""
    path = LOCALE / language / "LC_MESSAGES" / "atelier.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}


def typography(text: str) -> str:
    """French spaces that must not break, as U+00A0: our fonts have no narrow one."""
    return UNITS.sub(NBSP, AFTER.sub(f"«{NBSP}", BEFORE.sub(rf"{NBSP}\1", text)))


def preferred(accept_language: str, default: str) -> str:
    """The first language of the header that we speak."""
    for part in accept_language.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return default
