"""The shipped scripts are sound; a broken one is refused with file, step, field and what was
expected."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import yaml
from hypothesis import given, settings

from atelier.content import as_script, opening, scripts, shipped
from atelier.content.concepts import concepts
from atelier.content.faults import ScriptError
from atelier.content.reading import read_scripts
from atelier.content.writing import write_scripts
from atelier.rooms.decide import decide
from atelier.rooms.scripts import Script
from atelier.rooms.state import Room, replay
from tests.rooms.scripts import CONCEPTS
from tests.rooms.scripts import scripts as any_script

SHIPPED: dict[str, Any] = yaml.safe_load(shipped("scripts.yaml"))


def test_six_themes_two_methods_and_a_bare_wall_are_shipped_and_open_in_both_languages() -> None:
    families = [script.family for script in scripts().values()]
    assert families == ["theme"] * 6 + ["practice", "project", "wall"]
    for script in scripts().values():
        for language in ("fr", "en"):
            command, words = opening(script, language)
            assert len(command.steps) == len(script.steps)
            assert words[command.title] == script.title(language)


@settings(max_examples=40, deadline=None)
@given(any_script())
def test_a_room_gives_its_script_back_in_its_own_language(script: Script) -> None:
    command, words = opening(script, "fr")
    room = replay(decide(Room(), command))
    again = as_script(room, words, {"fr": "pour", "en": "for"})
    assert read_scripts("x", write_scripts(again), frozenset(CONCEPTS)) == {again.id: again}
    assert (again.title_fr, again.total_min) == (script.title_fr, script.total_min)
    for step, planned in zip(again.steps, script.steps, strict=True):
        assert (step.title_fr, step.prompt_fr, step.hint_fr) == (
            planned.title_fr,
            planned.prompt_fr,
            planned.hint_fr,
        )
        assert step.title_en == step.title_fr
        for name in ("kind", "min", "register", "break_after", "concepts", "writing", "limit"):
            assert getattr(step, name) == getattr(planned, name)


def test_a_room_without_words_gives_a_script_that_can_be_read() -> None:
    command, _ = opening(scripts()["mur-vide"], "fr")
    again = as_script(replay(decide(Room(), command)), {}, {"fr": "pour", "en": "for"})
    assert read_scripts("x", write_scripts(again), frozenset()) == {again.id: again}


def test_the_balance_of_a_script_is_its_minutes_without_breaks() -> None:
    money = scripts()["rapport-a-l-argent"]
    assert money.balance == {"personnel": 43, "collectif": 85, "theorique": 12}
    for script in scripts().values():
        breaks = sum(step.break_after for step in script.steps)
        assert sum(script.balance.values()) + breaks == script.total_min


def broken(change: Callable[[dict[str, Any]], object]) -> str:
    """The shipped scripts with one change in the first, and what is said of it."""
    data = deepcopy(SHIPPED)
    change(data["trames"][0])
    with pytest.raises(ScriptError) as refused:
        read_scripts("own.yaml", yaml.safe_dump(data, allow_unicode=True), frozenset(concepts()))
    return str(refused.value)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("kind", "vote", "kind: expected one of wall, accueil,"),
        ("min", "dix", "min: expected a whole number from 0 to 600, found 'dix'"),
        ("min", -1, "min: expected a whole number from 0 to 600, found -1"),
        ("title_fr", "", "title_fr: expected a text of 1 to 120 characters, found ''"),
        ("title_en", "x" * 121, "title_en: expected a text of 1 to 120 characters"),
        ("prompt_en", None, "prompt_en: expected a text of 1 to 2000 characters, found None"),
        ("hint_fr", 3, "hint_fr: expected a text of 0 to 2000 characters, found 3"),
        ("break_after", -1, "break_after: expected a whole number from 0 to 120, found -1"),
        ("concepts", "don", "concepts: expected a list, found 'don'"),
        ("concepts", ["nulle-part"], "concepts: expected ids of concepts, found 'nulle-part'"),
        ("mode", "secret", "mode: expected one of reveal, waves, direct, none, found 'secret'"),
        ("limit", 501, "limit: expected a whole number from 1 to 500, found 501"),
        ("colour", "red", "colour: unknown; expected one of kind, min,"),
    ],
)
def test_a_broken_step_is_refused_with_its_number_and_field(
    field: str, value: object, said: str
) -> None:
    message = broken(lambda script: script["steps"][2].update({field: value}))
    assert message.startswith(f"own.yaml: script rapport-au-travail: step 3: {said}")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("id", "Le travail", "script Le travail: id: expected an id of lower-case letters"),
        ("id", 7, "script 1: id: expected an id of lower-case letters"),
        ("id", "quete-de-sens", "script 5: id: 'quete-de-sens' is taken already"),
        ("theme_fr", [], "theme_fr: expected a text of 1 to 120 characters, found []"),
        ("total_min", 149, "total_min: expected 150, as steps and breaks add up, found 149"),
        ("sensitivity", "secret", "sensitivity: expected one of low, medium, high"),
        ("archive_default", "all", "archive_default: expected one of clusters_tensions,"),
        ("group_size", {"min": 9, "ideal": 3, "max": 4}, "group_size: expected min, ideal"),
        ("group_size", {"min": 3}, "group_size: ideal: missing; expected a whole number"),
        ("steps", [], "steps: expected a list of at least one step, found []"),
        ("steps", ["accueil"], "step 1: expected fields and values, found 'accueil'"),
        ("author", "x", "author: unknown; expected one of id,"),
    ],
)
def test_a_broken_script_is_refused_with_its_field(field: str, value: object, said: str) -> None:
    message = broken(lambda script: script.update({field: value}))
    assert message.startswith("own.yaml: script ") and said in message


@pytest.mark.parametrize("field", ["kind", "min", "title_en", "prompt_fr"])
def test_a_step_without_a_field_is_refused(field: str) -> None:
    message = broken(lambda script: script["steps"][2].pop(field))
    assert f"step 3: {field}: missing; expected " in message


@pytest.mark.parametrize("field", ["id", "purpose_en", "total_min", "group_size", "steps"])
def test_a_script_without_a_field_is_refused(field: str) -> None:
    assert f"{field}: missing; expected " in broken(lambda script: script.pop(field))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("trames: [", "own.yaml: line 1: expected YAML"),
        ("a: b\nc: d: e", "own.yaml: line 2: expected YAML"),
        ("a: \x07", "own.yaml: expected YAML without control characters"),
        ("", "own.yaml: trames: expected a list of scripts"),
        ("trames: {}", "own.yaml: trames: expected a list of scripts"),
        ("- a", "own.yaml: trames: expected a list of scripts"),
    ],
)
def test_a_file_that_holds_no_scripts_is_refused(text: str, said: str) -> None:
    with pytest.raises(ScriptError) as refused:
        read_scripts("own.yaml", text, frozenset())
    assert str(refused.value).startswith(said)
