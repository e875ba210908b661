"""The shipped scripts are sound; a broken one is refused with file, step, field and what was
expected."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import yaml

from atelier.content import opening, scripts, shipped
from atelier.content.concepts import concepts
from atelier.content.faults import ScriptError
from atelier.content.reading import read_scripts

SHIPPED: dict[str, Any] = yaml.safe_load(shipped("scripts.yaml"))


def test_six_themes_two_methods_and_a_bare_wall_are_shipped_and_open_in_both_languages() -> None:
    families = [script.family for script in scripts().values()]
    assert families == ["theme"] * 6 + ["practice", "project", "wall"]
    for script in scripts().values():
        for language in ("fr", "en"):
            command, words = opening(script, language)
            assert len(command.steps) == len(script.steps)
            assert words[command.title] == script.title(language)


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
