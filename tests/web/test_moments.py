"""Every act of the timeline has its sentence, in both languages."""

from typing import get_args

import pytest

from atelier.rooms.timeline import ActName
from atelier.web import render


def names(kind: object) -> list[str]:
    """Those of a `Literal`, also of one within another."""
    return [each for part in get_args(kind) for each in (names(part) or [part])]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", names(ActName))
def test_an_act_is_told_in_a_sentence(name: str, language: str) -> None:
    moment = {
        "name": name, "title": "Titre", "letter": "A", "count": 2, "keep": "all",
        "audience": "sponsor", "step": {"number": 1},
    }  # fmt: skip
    said = str(render.macro(language, "moment", "moment_text")(moment, "fr")).strip()
    assert len(said) > 4
