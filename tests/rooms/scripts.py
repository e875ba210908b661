"""Random scripts: everything that a facilitator could have written."""

from typing import get_args

from hypothesis import strategies as st

from atelier.rooms.scripts import Archive, Family, GroupSize, Script, ScriptStep, with_steps
from atelier.rooms.steps import Kind, Mode, Register, Sensitivity, Shown
from atelier.rooms.words import clean

CONCEPTS = ("habitus", "honte-sociale", "reconnaissance")


def texts(most: int, least: int = 1) -> st.SearchStrategy[str]:
    """As they are after cleaning, which may leave nothing, or more than there was."""
    anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
        ["oui", "null", "1", "0x1", "2026-11-23", "a: b", "- a", "« : »", "# non", "é\n\n  ligne"]
    )
    return anything.map(clean).filter(lambda text: least <= len(text) <= most)


@st.composite
def steps(draw: st.DrawFn) -> ScriptStep:
    return ScriptStep(
        kind=draw(st.sampled_from(get_args(Kind))),
        min=draw(st.integers(0, 600)),
        title_fr=draw(texts(120)),
        title_en=draw(texts(120)),
        prompt_fr=draw(texts(2000)),
        prompt_en=draw(texts(2000)),
        hint_fr=draw(texts(2000, 0)),
        hint_en=draw(texts(2000, 0)),
        register=draw(st.sampled_from(get_args(Register))),
        break_after=draw(st.integers(0, 120)),
        concepts=tuple(draw(st.lists(st.sampled_from(CONCEPTS), max_size=3))),
        mode=draw(st.none() | st.sampled_from(get_args(Mode))),
        limit=draw(st.integers(1, 500)),
        phone=draw(st.sampled_from(get_args(Shown))),
        projector=draw(st.sampled_from(get_args(Shown))),
    )


@st.composite
def scripts(draw: st.DrawFn) -> Script:
    least, ideal, most = sorted(draw(st.tuples(*[st.integers(1, 300)] * 3)))
    script = Script(
        id=draw(st.from_regex("[a-z0-9-]{1,64}", fullmatch=True)),
        theme_fr=draw(texts(120)),
        theme_en=draw(texts(120)),
        title_fr=draw(texts(120)),
        title_en=draw(texts(120)),
        purpose_fr=draw(texts(2000)),
        purpose_en=draw(texts(2000)),
        total_min=0,
        group_size=GroupSize(least, ideal, most),
        sensitivity=draw(st.sampled_from(get_args(Sensitivity))),
        archive_default=draw(st.sampled_from(get_args(Archive))),
        family=draw(st.sampled_from(get_args(Family))),
        steps=(),
    )
    return with_steps(script, tuple(draw(st.lists(steps(), min_size=1, max_size=5))))
