"""The ruler of the timeline page: placed in percent, legible however long the session was."""

import pytest

from atelier.rooms.ids import StepId, WordsId
from atelier.rooms.steps import Step
from atelier.rooms.timeline import Act, Visit
from atelier.web.ruler import LABELS, Ruler

NINE = 9 * 3600
HOUR, NIGHT, WEEK, YEAR = 60, 16 * 60, 7 * 24 * 60, 365 * 24 * 60


def step(id: str, planned: int) -> Step:
    title, prompt = WordsId("t"), WordsId("p")
    return Step(StepId(id), "post", "collectif", "reveal", title, prompt, planned)


@pytest.mark.parametrize("minutes", [0, 1, 7, 9, 45, HOUR, 155, 3 * HOUR + 20, NIGHT, WEEK, YEAR])
def test_labels_are_few_whatever_the_length(minutes: int) -> None:
    labels = [each for each in Ruler(minutes, NINE).graduations() if each["label"]]
    assert 1 <= len(labels) <= LABELS + 1
    assert all(0 <= each["x"] <= 100 for each in labels)


@pytest.mark.parametrize(
    ("opened", "minutes", "labels"),
    [
        (NINE, 155, [0, 30, 60, 90, 120, 150]),
        (NINE + 7 * 60, 155, [23, 53, 83, 113, 143]),
        (NINE + 50 * 60, 6 * HOUR, [10, 70, 130, 190, 250, 310]),
    ],
)
def test_labels_stand_on_round_times_of_the_clock(
    opened: int, minutes: int, labels: list[int]
) -> None:
    graduations = Ruler(minutes, opened).graduations()
    assert [each["minute"] for each in graduations if each["label"]] == labels


def test_labels_at_the_ends_stay_inside() -> None:
    graduations = [each for each in Ruler(120, NINE).graduations() if each["label"]]
    anchors = [each["anchor"] for each in graduations]
    assert anchors[0] == "start" and anchors[-1] == "end"
    assert set(anchors[1:-1]) == {"middle"}


def test_bands_are_as_long_as_the_steps_ran() -> None:
    visits = [Visit(StepId("a"), 5, 25), Visit(StepId("b"), 25)]
    first, second = Ruler(100, NINE).bands(visits, (step("a", 30), step("b", 30)))
    assert (first["x"], first["width"], first["over"]) == (5, 20, 0)
    assert (second["start"], second["end"], second["width"]) == (25, 100, 75)


def test_what_a_step_lasted_beyond_its_plan_is_marked_off_over_all_its_visits() -> None:
    a, b = StepId("a"), StepId("b")
    visits = [Visit(a, 0, 20), Visit(b, 20, 30), Visit(a, 30, 50)]
    bands = Ruler(100, NINE).bands(visits, (step("a", 30), step("b", 0)))
    assert [(band["over_x"], band["over"]) for band in bands] == [(20, 0), (30, 0), (40, 10)]


def test_a_cluster_is_marked_by_its_letter_and_a_step_by_its_band() -> None:
    acts = [Act(1, 0, "step"), Act(2, 5, "cluster", letter="A"), Act(3, 10, "move")]
    marks = Ruler(10, NINE).marks(acts)
    assert [(mark["seq"], mark["x"], mark["head"]) for mark in marks] == [
        (2, 50, "letter"),
        (3, 100, "line"),
    ]
