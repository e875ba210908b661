"""Reading scripts: data from outside becomes a script, or all that is wrong with it."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
import yaml
from yaml.composer import ComposerError

from ..rooms.refusals import Refused
from ..rooms.scripts import REGISTERS, GroupSize, Script, ScriptStep
from ..rooms.sequence import STEPS_MAX
from ..rooms.words import clean
from .faults import Expected, Fault, Problem, ScriptError, found

FILE_LIMIT = 100_000
"""Characters of a file: the longest script that ships has about nine thousand."""
FAULTS_MAX = 200
"""No one mends more at once; the others are said when these are."""


def read_scripts(file: str, text: str, concepts: Container[str]) -> dict[str, Script]:
    """The scripts of a YAML text by id. Raises `ScriptError`, which has every fault."""
    faults: list[Fault] = []
    try:
        if len(text) > FILE_LIMIT:
            expected = Expected("text", {"least": 1, "most": FILE_LIMIT})
            raise Unreadable(Fault("", None, "", "wrong", expected, str(len(text))))
        raw = read_yaml(text)
        if not isinstance(raw, dict) or not isinstance(raw.get("trames"), list):
            raise Unreadable(Fault("", None, "trames", "wrong", Expected("scripts"), found(raw)))
    except Unreadable as error:
        raise ScriptError(file, [error.fault]) from None
    scripts: dict[str, Script] = {}
    for number, each in enumerate(raw["trames"], start=1):
        script, wrong = read_script(number, each, concepts)
        faults += wrong
        if script and script.id in scripts:
            where = Fault(str(number), None, "id", "taken")
            faults.append(replace(where, found=found(script.id)))
        elif script:
            scripts[script.id] = script
    if faults:
        raise ScriptError(file, faults[:FAULTS_MAX])
    return scripts


class Unreadable(Exception):
    """A text that holds no scripts at all."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Short(yaml.SafeLoader):
    """Without aliases, which make much of a short file. Not the loader in C: depth without end
    would stop the process."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise ComposerError(None, None, "found an alias", mark)
        return super().compose_node(parent, index)


LETS_THROUGH = (ValueError, RecursionError, AttributeError, IndexError, KeyError, OverflowError)
"""What the YAML library says of dates that are none, of tags over nothing, of depth without end."""


def read_yaml(text: str) -> Any:
    try:
        return Short(text).get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        line = min(line, len(text.splitlines()))  # the end may be told as the line after it
        expected = Expected("yaml", {"problem": error.problem or "unreadable"})
        raise Unreadable(Fault("", None, f"line {line}", "unreadable", expected)) from None
    except (yaml.YAMLError, *LETS_THROUGH):
        raise Unreadable(Fault("", None, "", "unreadable", Expected("plain-yaml"))) from None


# A script


def read_script(
    number: int, raw: Any, concepts: Container[str]
) -> tuple[Script | None, list[Fault]]:
    """The script, or None and what is wrong. `number` names it as long as it has no id."""
    given = Given.of(raw, Fault(named(number, raw), None, "", "wrong"), Script)
    if not isinstance(raw, dict):
        return None, given.faults
    steps = given.raw.get("steps")
    read_steps: list[ScriptStep | None] = []
    if not isinstance(steps, list) or not steps:
        given.says("steps", Expected("steps"), steps)
    elif len(steps) > STEPS_MAX:
        given.says("steps", Expected("few-steps", {"most": STEPS_MAX}), len(steps))
    else:
        for n, step in enumerate(steps, start=1):
            one, wrong = read_step(step, concepts, n, given.where.script)
            read_steps.append(one)
            given.faults += wrong
    size = None
    if "group_size" in given.raw:
        group = Given.of(given.raw["group_size"], given.at("group_size"), GroupSize)
        size = group.read()
        given.faults += group.faults
    if size and not size.sound:
        given.says("group_size", Expected("order"), [size.min, size.ideal, size.max])
    script = given.read(steps=tuple(read_steps), group_size=size)
    if script:
        total = sum(step.min + step.break_after for step in script.steps)
        if script.total_min != total:
            given.says("total_min", Expected("sum", {"total": total}), script.total_min)
    return (None if given.faults else script), given.faults


def named(number: int, raw: Any) -> str:
    known = isinstance(raw, dict) and isinstance(raw.get("id"), str) and raw["id"]
    return str(known or number)


def read_step(
    raw: Any, concepts: Container[str], number: int = 1, script: str = ""
) -> tuple[ScriptStep | None, list[Fault]]:
    """One step; what it does not say of its register follows from its kind."""
    given = Given.of(raw, Fault(script, number, "", "wrong"), ScriptStep)
    if "register" not in given.raw and (kind := given.raw.get("kind")) in tuple(REGISTERS):
        given.raw["register"] = REGISTERS[kind]
    step = given.read()
    for concept in step.concepts if step else ():
        if concept not in concepts:
            given.says("concepts", Expected("concepts"), concept)
    return (None if given.faults else step), given.faults


# Fields

Kept = TypeVar("Kept", bound=msgspec.Struct)


@dataclass(slots=True)
class Given:
    """Fields as they came, where they stand, and what was found wrong with them."""

    raw: dict[str, Any]
    where: Fault
    kind: type[Any]
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def of(cls, raw: Any, where: Fault, kind: type[Kept]) -> "Given":
        """None unknown, none missing, or it is a fault."""
        if not isinstance(raw, dict):
            fault = replace(where, expected=Expected("fields"), found=found(raw))
            return cls({}, where, kind, [fault])
        given = cls(dict(raw), where, kind)
        names = given.names()
        for name in raw:
            if name not in names:
                expected = Expected("choice", {"names": ", ".join(names)})
                given.faults.append(replace(given.at(name, "unknown"), expected=expected))
        for name, known in names.items():
            if known.required and name not in raw:
                fault = replace(given.at(name, "missing"), expected=wanted(known.type))
                given.faults.append(fault)
        return given

    def names(self) -> Mapping[str, msgspec.structs.FieldInfo]:
        return {known.name: known for known in msgspec.structs.fields(self.kind)}

    def at(self, name: object, problem: Problem = "wrong") -> Fault:
        name = ": ".join(filter(None, (self.where.field, str(name))))
        return replace(self.where, field=name, problem=problem)

    def says(self, name: str, expected: Expected, value: object) -> None:
        fault = replace(self.at(name), expected=expected, found=found(value))
        if not any(known.field == fault.field for known in self.faults if known.step == fault.step):
            self.faults.append(fault)

    def read(self, **read: Any) -> Any:
        """What these fields make, with those that were `read` already; None when one is wrong."""
        values = dict(self.fields(read))
        return None if self.faults else self.kind(**values)

    def fields(self, read: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for name, known in self.names().items():
            if name in read:
                yield name, read[name]
            elif name in self.raw:
                try:
                    yield name, msgspec.convert(cleaned(self.raw[name]), known.type)
                except (msgspec.ValidationError, Refused):
                    self.says(name, wanted(known.type), self.raw[name])


def cleaned(value: Any) -> Any:
    """Texts as they will stand on screens: without control and direction characters, trimmed."""
    return clean(value) if isinstance(value, str) else value


def wanted(kind: Any) -> Expected:
    """What a field expects."""
    if get_origin(kind) is Annotated:
        return wanted_by(kind.__metadata__[0])
    if get_origin(kind) is Literal:
        return Expected("choice", {"names": ", ".join(get_args(kind))})
    if get_origin(kind) in (Union, UnionType):
        return wanted(get_args(kind)[0])
    return Expected("list" if get_origin(kind) is tuple else "fields")


def wanted_by(meta: msgspec.Meta) -> Expected:
    if meta.ge is not None:
        return Expected("number", {"least": meta.ge, "most": meta.le})
    if meta.pattern:
        return Expected("id")
    return Expected("text", {"least": meta.min_length or 0, "most": meta.max_length})
