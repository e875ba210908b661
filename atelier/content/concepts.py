"""The concept cards that ship with the product."""

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import yaml

from ..rooms.ids import ConceptId, is_id

CONCEPTS = "concepts.yaml"


class Concept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An idea and where it comes from; `year_status` says whether the year was checked, `note`
    what a reader of the file should know."""

    id: ConceptId
    name_fr: str
    name_en: str
    def_fr: str
    def_en: str
    author: str
    work: str
    year: int | str
    year_status: Literal["sure", "doubtful"]
    themes: tuple[str, ...]
    note: str = ""

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_fr

    def definition(self, language: str) -> str:
        return self.def_en if language == "en" else self.def_fr


@cache
def concepts() -> dict[ConceptId, Concept]:
    """By id, in the order of the file. Raises `msgspec.ValidationError`: the server does not start
    with it."""
    text = files(__package__).joinpath(CONCEPTS).read_text(encoding="utf-8")
    found = msgspec.convert(yaml.safe_load(text)["concepts"], list[Concept])
    return {concept.id: concept for concept in found}


class Nameable:
    """What a step of one's own script may name: a concept that ships, or a card of one's own by
    its id. Whether that card is still there, and whose it is, matters when it is shown: a script
    that goes to a colleague names what that colleague does not have."""

    def __contains__(self, id: object) -> bool:
        return id in concepts() or (isinstance(id, str) and is_id(id))
