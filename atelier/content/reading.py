"""Reading scripts: an error names the file, the step and the field, and what was expected."""

from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
import yaml

from ..rooms.steps import Kind, Mode, Register, Sensitivity
from ..rooms.words import NOTE_LIMIT, TITLE_LIMIT

Archive = Literal["clusters_tensions", "clusters_tensions_notes"]

REGISTERS: dict[Kind, Register] = {
    "wall": "collectif",
    "accueil": "collectif",
    "carnet": "personnel",
    "post": "personnel",
    "revelation": "collectif",
    "regroupement": "collectif",
    "tension": "collectif",
    "apport": "theorique",
    "echange": "collectif",
    "trajectoire": "personnel",
    "cloture": "collectif",
}

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=TITLE_LIMIT)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Hint = Annotated[str, msgspec.Meta(max_length=2000)]
Id = Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]{1,64}$")]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=600)]
Break = Annotated[int, msgspec.Meta(ge=0, le=120)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=500)]
People = Annotated[int, msgspec.Meta(ge=1, le=300)]


class ScriptError(ValueError):
    """A script that cannot be used."""


class ScriptStep(msgspec.Struct, frozen=True):
    kind: Kind
    min: Minutes
    title_fr: Title
    title_en: Title
    prompt_fr: Text
    prompt_en: Text
    hint_fr: Hint = ""
    hint_en: Hint = ""
    break_after: Break = 0
    concepts: tuple[Id, ...] = ()
    mode: Mode | None = None
    limit: Limit = NOTE_LIMIT

    @property
    def register(self) -> Register:
        return REGISTERS[self.kind]

    @property
    def writing(self) -> Mode:
        """A `post` step keeps its notes face down unless the script says otherwise."""
        return self.mode or ("reveal" if self.kind == "post" else "none")

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_fr


class GroupSize(msgspec.Struct, frozen=True):
    min: People
    ideal: People
    max: People


class Script(msgspec.Struct, frozen=True):
    """A script in two languages; `total_min` counts minutes, breaks included."""

    id: Id
    theme_fr: Title
    theme_en: Title
    title_fr: Title
    title_en: Title
    purpose_fr: Text
    purpose_en: Text
    total_min: Minutes
    group_size: GroupSize
    sensitivity: Sensitivity
    archive_default: Archive
    steps: tuple[ScriptStep, ...]

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_fr

    def theme(self, language: str) -> str:
        return self.theme_en if language == "en" else self.theme_fr

    def purpose(self, language: str) -> str:
        return self.purpose_en if language == "en" else self.purpose_fr

    @property
    def balance(self) -> dict[Register, int]:
        """Minutes in each register; breaks belong to none."""
        return {
            register: sum(step.min for step in self.steps if step.register == register)
            for register in ("personnel", "collectif", "theorique")
        }


def read_scripts(file: str, text: str, concepts: frozenset[str]) -> dict[str, Script]:
    """The scripts of a YAML text by id. Raises `ScriptError`."""
    raw = read_yaml(file, text)
    if not isinstance(raw, dict) or not isinstance(raw.get("trames"), list):
        raise ScriptError(f"{file}: trames: expected a list of scripts")
    found: dict[str, Script] = {}
    for number, each in enumerate(raw["trames"], start=1):
        script = read_script(file, number, each, concepts)
        if script.id in found:
            raise ScriptError(f"{file}: script {number}: id: {script.id!r} is taken already")
        found[script.id] = script
    return found


def read_yaml(file: str, text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ScriptError(f"{file}: line {line}: expected YAML: {error.problem}") from None
    except yaml.YAMLError:
        raise ScriptError(f"{file}: expected YAML without control characters") from None


def read_script(file: str, number: int, raw: Any, concepts: frozenset[str]) -> Script:
    name = raw["id"] if isinstance(raw, dict) and isinstance(raw.get("id"), str) else number
    where = f"{file}: script {name}"
    given = dict(fields(where, raw, Script))
    steps = given.get("steps")
    if not isinstance(steps, list) or not steps:
        raise ScriptError(f"{where}: steps: expected a list of at least one step, found {steps!r}")
    size = read(f"{where}: group_size", given.get("group_size"), GroupSize)
    read_steps = [read_step(where, n, step, concepts) for n, step in enumerate(steps, start=1)]
    script = read(where, {**given, "steps": read_steps, "group_size": size}, Script)
    if not size.min <= size.ideal <= size.max:
        raise ScriptError(f"{where}: group_size: expected min, ideal and max in this order")
    total = sum(step.min + step.break_after for step in script.steps)
    if script.total_min != total:
        raise ScriptError(
            f"{where}: total_min: expected {total}, as steps and breaks add up,"
            f" found {script.total_min}"
        )
    return script


def read_step(where: str, number: int, raw: Any, concepts: frozenset[str]) -> ScriptStep:
    where = f"{where}: step {number}"
    step = read(where, raw, ScriptStep)
    for concept in step.concepts:
        if concept not in concepts:
            raise ScriptError(f"{where}: concepts: expected ids of concepts, found {concept!r}")
    return step


# Fields

Kept = TypeVar("Kept", bound=msgspec.Struct)


def read(where: str, raw: Any, kind: type[Kept]) -> Kept:
    """Field by field, so that an error can name it."""
    given = fields(where, raw, kind)
    known = {field.name: field for field in msgspec.structs.fields(kind)}
    for name, value in given.items():
        wanted = known[name].type
        try:
            given[name] = msgspec.convert(value, wanted)
        except msgspec.ValidationError:
            raise ScriptError(
                f"{where}: {name}: expected {said(wanted)}, found {value!r}"
            ) from None
    return kind(**given)


def fields(where: str, raw: Any, kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The fields as they are written: none unknown, none missing."""
    if not isinstance(raw, dict):
        raise ScriptError(f"{where}: expected fields and values, found {raw!r}")
    known = msgspec.structs.fields(kind)
    names = [field.name for field in known]
    for name in raw:
        if name not in names:
            raise ScriptError(f"{where}: {name}: unknown; expected one of {', '.join(names)}")
    for field in known:
        if field.required and field.name not in raw:
            raise ScriptError(f"{where}: {field.name}: missing; expected {said(field.type)}")
    return dict(raw)


def said(wanted: Any) -> str:
    """What a field expects, in words."""
    if get_origin(wanted) is Annotated:
        return said_of_meta(wanted.__origin__, wanted.__metadata__[0])
    if get_origin(wanted) is Literal:
        return f"one of {', '.join(get_args(wanted))}"
    if get_origin(wanted) in (Union, UnionType):
        return said(get_args(wanted)[0])
    if get_origin(wanted) is tuple:
        return "a list"
    return "fields and values"


def said_of_meta(kind: type, meta: msgspec.Meta) -> str:
    if kind is int:
        return f"a whole number from {meta.ge} to {meta.le}"
    if meta.pattern:
        return "an id of lower-case letters, digits and hyphens"
    return f"a text of {meta.min_length or 0} to {meta.max_length} characters"
