"""A script as YAML, in the form that `reading.py` reads back."""

from typing import Any

import msgspec
import yaml

from ..rooms.scripts import REGISTERS, Script, ScriptStep

FIRST = (
    "kind",
    "register",
    "min",
    "break_after",
    "mode",
    "limit",
    "phone",
    "projector",
    "concepts",
)
"""What a step is stands before what it says."""


def write_scripts(*scripts: Script) -> str:
    data = {"version": 1, "trames": [fields_of(script) for script in scripts]}
    return yaml.dump(
        data, Dumper=Plain, allow_unicode=True, sort_keys=False, width=100, default_flow_style=False
    )


def fields_of(script: Script) -> dict[str, Any]:
    fields = msgspec.to_builtins(script)
    return {**fields, "steps": [fields_of_step(step) for step in script.steps]}


def fields_of_step(step: ScriptStep) -> dict[str, Any]:
    """What differs from what a step is when nothing is said."""
    said = {
        known.name: getattr(step, known.name)
        for known in msgspec.structs.fields(step)
        if known.required or getattr(step, known.name) != known.default
    }
    said.pop("register", None)
    if step.register != REGISTERS[step.kind]:
        said["register"] = step.register
    return {name: plain(said[name]) for name in sorted(said, key=turn)}


def turn(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)


def plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


class Plain(yaml.SafeDumper):
    """Without anchors: the same list in two steps is written twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
