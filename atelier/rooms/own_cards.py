"""A concept card that somebody wrote: what it may say, and how a room keeps it as it was."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from .ids import ConceptId, WordsId
from .refusals import Refused
from .words import LINES, Lexicon, clean, title_words, visible

NAME_LIMIT = 80
DEFINITION_LIMIT = 400
"""What a projector of 1280 by 720 shows whole, beside the longest name and reference."""
YEAR_LIMIT = 40
REFERENCE = ("author", "work", "year")


class OwnCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An idea, and where it comes from: author, work and year, or none of the three. `doubtful`
    says that the year was not checked."""

    id: ConceptId
    name: str
    definition: str
    author: str = ""
    work: str = ""
    year: str = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class CardWords:
    """Where the words of such a card lie beside the log. `reference` has author, work and year, or
    nothing."""

    name: WordsId
    definition: WordsId
    reference: tuple[WordsId, ...] = ()
    doubtful: bool = False

    @property
    def all(self) -> tuple[WordsId, ...]:
        return (self.name, self.definition, *self.reference)


def own_card(id: ConceptId, given: Mapping[str, str], *, doubtful: bool) -> OwnCard:
    """Cleaned: a name and years of one line (80 and 40 characters at most), a definition of six
    (400). Raises `Refused`; also for half a reference, as one that cannot be found is none."""
    name = str(title_words(given.get("name", "")))
    if len(name) > NAME_LIMIT:
        raise Refused("card-name-too-long")
    definition = definition_words(given.get("definition", ""))
    reference = {key: clean(given.get(key, "")) for key in REFERENCE}
    if not any(map(visible, reference.values())):
        return OwnCard(id, name, definition)
    if not all(map(visible, reference.values())):
        raise Refused("reference-incomplete")
    said = {key: str(title_words(text)) for key, text in reference.items()}
    if len(said["year"]) > YEAR_LIMIT:
        raise Refused("year-too-long")
    return OwnCard(id, name, definition, **said, doubtful=doubtful)


def definition_words(text: str) -> str:
    cleaned = clean(text)
    if not visible(cleaned):
        raise Refused("definition-empty")
    if len(cleaned) > DEFINITION_LIMIT or cleaned.count("\n") >= LINES:
        raise Refused("definition-too-long")
    return cleaned


def card_in_words(id: ConceptId, said: CardWords, words: Lexicon) -> OwnCard | None:
    """None when any of it was erased: half a card would say something else."""
    if not all(each in words for each in said.all):
        return None
    reference = dict(zip(REFERENCE, (words[each] for each in said.reference), strict=False))
    return OwnCard(
        id, words[said.name], words[said.definition], **reference, doubtful=said.doubtful
    )
