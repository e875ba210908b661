"""What is written as YAML reads back as it was; what is wrong in a file is said all at once."""

import pytest
import yaml
from hypothesis import given, settings

from atelier.content import scripts
from atelier.content.concepts import Nameable, concepts
from atelier.content.faults import ScriptError
from atelier.content.reading import FAULTS_MAX, read_scripts
from atelier.content.writing import write_scripts
from atelier.rooms.scripts import Script
from tests.rooms.scripts import CONCEPTS
from tests.rooms.scripts import scripts as any_script


@settings(max_examples=30, deadline=None)
@given(any_script())
def test_any_script_reads_back_as_it_was_written(script: Script) -> None:
    text = write_scripts(script)
    assert read_scripts("own.yaml", text, frozenset(CONCEPTS)) == {script.id: script}


def test_all_shipped_scripts_read_back_as_they_were_written() -> None:
    assert read_scripts("x", write_scripts(*scripts().values()), concepts()) == scripts()


def test_a_step_says_only_what_is_not_so_anyway() -> None:
    written = yaml.safe_load(write_scripts(scripts()["conditions"]))["trames"][0]["steps"]
    assert list(written[2]) == ["kind", "min", "title_fr", "title_en", "prompt_fr", "prompt_en"]
    assert written[10]["projector"] == "prompt"


def test_a_card_of_ones_own_goes_through_a_file_and_no_other_name_does() -> None:
    [raw, *_] = yaml.safe_load(write_scripts(scripts()["conditions"]))["trames"]
    raw["steps"][8]["concepts"] = ["habitus", "3f" * 16]
    read = read_scripts("own.yaml", yaml.safe_dump({"trames": [raw]}), Nameable())
    assert read["conditions"].steps[8].concepts == ("habitus", "3f" * 16)
    assert read_scripts("own.yaml", write_scripts(*read.values()), Nameable()) == read
    raw["steps"][8]["concepts"] = ["habitus", "3f" * 15]
    with pytest.raises(ScriptError, match="step 9: concepts: expected ids of concepts"):
        read_scripts("own.yaml", yaml.safe_dump({"trames": [raw]}), Nameable())


def test_every_fault_of_a_file_is_said_with_step_and_field() -> None:
    [raw, *_] = yaml.safe_load(write_scripts(scripts()["conditions"]))["trames"]
    raw["theme_en"] = ""
    raw["steps"][1]["min"] = "dix"
    raw["steps"][3] |= {"kind": "vote", "colour": "red"}
    del raw["steps"][3]["prompt_fr"]
    raw["steps"][8]["concepts"] = ["nulle-part"]
    with pytest.raises(ScriptError) as refused:
        read_scripts("own.yaml", yaml.safe_dump({"trames": [raw]}), concepts())
    places = {(fault.step, fault.field, fault.problem) for fault in refused.value.faults}
    assert places == {
        (None, "theme_en", "wrong"),
        (2, "min", "wrong"),
        (4, "kind", "wrong"),
        (4, "colour", "unknown"),
        (4, "prompt_fr", "missing"),
        (9, "concepts", "wrong"),
    }
    assert "script conditions: step 2: min: expected a whole number" in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["a: " + "[" * 50_000, "&a [*a]", "x: !!timestamp 99999-99-99", "x: !!float ''",
     "d: 2020-13-45", "x: " + "9" * 20000, "x: 0x" + "f" * 20000, "? [a]\n: b", "trames: [&a [*a]]",
     "trames: [{id: &b [*b], steps: [{min: 0x" + "f" * 9000 + "}]}]"],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_a_hostile_file_is_refused_like_any_other(text: str) -> None:
    with pytest.raises(ScriptError) as refused:
        read_scripts("own.yaml", text, frozenset())
    assert len(str(refused.value)) < 6000


def test_a_file_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(
        ScriptError, match="expected a text of 1 to 100000 characters, found 100001"
    ):
        read_scripts("own.yaml", "[" * 100_001, frozenset())


def test_what_is_short_in_a_file_stays_short() -> None:
    with pytest.raises(ScriptError, match="line 2: expected YAML: found an alias"):
        read_scripts("own.yaml", "a: &a [1]\nb: [*a, *a]", frozenset())
    with pytest.raises(ScriptError) as refused:
        read_scripts("own.yaml", "trames: [" + "1, " * 1000 + "]", frozenset())
    assert len(refused.value.faults) == FAULTS_MAX


def test_texts_come_in_as_they_will_stand_on_screens() -> None:
    text = write_scripts(scripts()["mur-vide"]).replace(
        "title_en: Wall", 'title_en: "  W\\u202eall\\a "'
    )
    assert read_scripts("x", text, concepts())["mur-vide"].title_en == "Wall"
