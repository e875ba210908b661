"""What is wrong with a script: each fault names the step and the field, says what was expected and
what came."""

import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Problem = Literal["wrong", "missing", "unknown", "taken", "unreadable"]

PROBLEMS: dict[Problem, str] = {
    "wrong": "expected {expected}, found {found}",
    "missing": "missing; expected {expected}",
    "unknown": "unknown; expected {expected}",
    "taken": "{found} is taken already",
    "unreadable": "expected {expected}",
}
EXPECTED = {
    "number": "a whole number from {least} to {most}",
    "text": "a text of {least} to {most} characters",
    "choice": "one of {names}",
    "id": "an id of lower-case letters, digits and hyphens",
    "list": "a list",
    "fields": "fields and values",
    "scripts": "a list of scripts",
    "steps": "a list of at least one step",
    "few-steps": "at most {most} steps",
    "concepts": "ids of concepts",
    "order": "min, ideal and max in this order",
    "sum": "{total}, as steps and breaks add up",
    "yaml": "YAML: {problem}",
    "plain-yaml": "YAML without control characters",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """A sentence of `EXPECTED`, and what is filled into it."""

    name: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return EXPECTED[self.name].format(**self.values)


ANYTHING = Expected("fields")


@dataclass(frozen=True, slots=True)
class Fault:
    """`script` is its id, or its number where it has none; `step` counts from 1. Both are empty for
    what is wrong with the file."""

    script: str
    step: int | None
    field: str
    problem: Problem
    expected: Expected = ANYTHING
    found: str = ""

    @property
    def where(self) -> str:
        script = f"script {self.script}" if self.script else ""
        step = f"step {self.step}" if self.step else ""
        return ": ".join(filter(None, (script, step, self.field)))

    def __str__(self) -> str:
        says = PROBLEMS[self.problem].format(expected=self.expected, found=self.found)
        return f"{self.where}: {says}" if self.where else says


class ScriptError(ValueError):
    """Scripts that cannot be used, and everything that is wrong with them."""

    def __init__(self, file: str, faults: list[Fault]) -> None:
        super().__init__("\n".join(f"{file}: {fault}" for fault in faults))
        self.faults = faults


HUGE = 10**15


class Short(reprlib.Repr):
    """A file may hold what would be endless if it were written out."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 2
        self.maxlist = self.maxdict = self.maxtuple = 3
        self.maxstring = self.maxother = 60

    def repr_int(self, x: int, level: int) -> str:
        return repr(x) if abs(x) < HUGE else "…"


SHOWN = Short()


def found(value: Any) -> str:
    return SHOWN.repr(value)
