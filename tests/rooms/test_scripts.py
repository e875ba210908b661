"""A script stays one whatever is done to its steps, and its times and weights add up."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atelier.content.reading import read_script
from atelier.content.writing import fields_of
from atelier.rooms.refusals import Refused
from atelier.rooms.scripts import Script, ScriptStep, with_steps
from atelier.rooms.sequence import STEPS_MAX, changed, inserted, moved, removed
from tests.rooms.scripts import CONCEPTS, scripts, steps

PLACES = st.integers(-2, 8)
EDITS = st.one_of(
    st.tuples(st.just(inserted), PLACES, steps()),
    st.tuples(st.just(changed), PLACES, steps()),
    st.tuples(st.just(removed), PLACES),
    st.tuples(st.just(moved), PLACES, PLACES),
)
NAMED = {"step-unknown", "step-only", "too-many-steps"}


def step(minutes: int, register: str = "collectif", pause: int = 0) -> ScriptStep:
    return ScriptStep(
        kind="echange",
        min=minutes,
        title_fr="T",
        title_en="T",
        prompt_fr="P",
        prompt_en="P",
        register=register,  # type: ignore[arg-type]
        break_after=pause,
    )


@pytest.fixture(scope="module")
def script() -> Script:
    from atelier.content import scripts as shipped

    return shipped()["conditions"]


# Any sequence of edits


@settings(max_examples=25, deadline=None)
@given(scripts(), st.lists(EDITS, max_size=6))
def test_any_sequence_of_edits_keeps_a_valid_script_or_says_what_is_wrong(
    script: Script, edits: list[tuple[Callable[..., tuple[ScriptStep, ...]], *tuple[object, ...]]]
) -> None:
    for edit, *arguments in edits:
        before = script
        try:
            script = with_steps(script, edit(script.steps, *arguments))
        except Refused as refused:
            assert refused.reason in NAMED
            assert script == before
        found, faults = read_script(1, fields_of(script), frozenset(CONCEPTS))
        assert (found, faults) == (script, [])


@settings(max_examples=25)
@given(st.lists(st.integers(), min_size=2, max_size=8, unique=True), st.data())
def test_moving_changes_nothing_but_the_order(items: list[int], data: st.DataObject) -> None:
    places = st.integers(0, len(items) - 1)
    at, to = data.draw(places), data.draw(places)
    after = moved(tuple(items), at, to)
    assert sorted(after) == sorted(items)
    assert after[to] == items[at]
    assert moved(after, to, at) == tuple(items)
    assert removed(after, to) == removed(tuple(items), at)


@settings(max_examples=25)
@given(st.lists(st.integers(), max_size=8), st.data())
def test_what_was_put_in_can_be_taken_out(items: list[int], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(items)))
    after = inserted(tuple(items), at, 999)
    assert after[at] == 999
    if items:
        assert removed(after, at) == tuple(items)
        assert changed(after, at, items[0])[at] == items[0]


def test_a_script_keeps_one_step_and_has_no_more_than_forty() -> None:
    with pytest.raises(Refused, match="step-only"):
        removed((1,), 0)
    with pytest.raises(Refused, match="too-many-steps"):
        inserted(tuple(range(STEPS_MAX)), 0, 1)
    with pytest.raises(Refused, match="step-unknown"):
        removed((1, 2), 2)
    with pytest.raises(Refused, match="step-unknown"):
        moved((1, 2), 0, -1)


# Time and balance


def test_each_step_starts_when_the_one_before_and_its_break_are_over(script: Script) -> None:
    timed = with_steps(script, (step(10, pause=5), step(20), step(5)))
    assert timed.starts == (0, 15, 35)
    assert timed.total_min == 40


def test_after_a_step_without_time_nobody_knows_when_the_next_one_starts(script: Script) -> None:
    open_ended = with_steps(script, (step(10), step(0), step(5), step(5)))
    assert open_ended.starts == (0, 10, None, None)
    assert (open_ended.untimed, open_ended.total_min) == (1, 20)


@settings(max_examples=25, deadline=None)
@given(scripts())
def test_the_balance_and_the_breaks_are_the_whole_time(script: Script) -> None:
    assert sum(script.balance.values()) + script.breaks == script.total_min
    assert sum(script.tally.values()) == len(script.steps)
    assert len(script.starts) == len(script.steps)


def test_a_step_may_be_of_another_register_than_its_kind(script: Script) -> None:
    raw = fields_of(script)
    raw["steps"][0] |= {"kind": "echange", "register": "theorique"}
    assert "register" not in raw["steps"][1], "it follows from the kind"
    found, _ = read_script(1, raw, frozenset(s for step in script.steps for s in step.concepts))
    assert found
    assert [step.register for step in found.steps[:2]] == ["theorique", "personnel"]
