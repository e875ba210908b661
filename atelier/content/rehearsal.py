"""What the imagined group of a rehearsal writes."""

from functools import cache
from importlib.resources import files

import msgspec
import yaml

WALL = "wall"


class Line(msgspec.Struct, frozen=True):
    fr: str
    en: str


@cache
def lines() -> dict[str, dict[str, list[Line]]]:
    """By script and by step, `wall` for a bare wall."""
    text = files(__package__).joinpath("rehearsal.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), dict[str, dict[str, list[Line]]])


def lines_for(script: str, step: str, language: str) -> list[str]:
    """One text for each note; an unwritten step is written on like a bare wall."""
    found = lines().get(script, {}).get(step) or lines()[WALL][WALL]
    return [line.en if language == "en" else line.fr for line in found]
