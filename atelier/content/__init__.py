"""The scripts that ship with the product, read and checked once."""

from functools import cache
from importlib.resources import files
from typing import Literal, get_args
from uuid import uuid4

import msgspec
import yaml

from ..rooms.commands import OpenRoom
from ..rooms.ids import StepId, WordsId
from ..rooms.steps import Kind, Mode, Register, Step
from ..rooms.words import NOTE_LIMIT, Words

Sensitivity = Literal["low", "medium", "high"]

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
LIMIT_MAX = 500


class ScriptError(Exception):
    """A script that cannot be used; says which file, step and field, and what was expected."""


class ScriptStep(msgspec.Struct, frozen=True):
    kind: Kind
    min: int
    title_fr: str
    title_en: str
    prompt_fr: str
    prompt_en: str
    hint_fr: str = ""
    hint_en: str = ""
    break_after: int = 0
    concepts: tuple[str, ...] = ()
    mode: Mode | None = None
    limit: int = NOTE_LIMIT

    @property
    def register(self) -> Register:
        return REGISTERS[self.kind]

    @property
    def writing(self) -> Mode:
        """A `post` step keeps its notes face down unless the script says otherwise."""
        return self.mode or ("reveal" if self.kind == "post" else "none")


class Script(msgspec.Struct, frozen=True):
    """A script in two languages; `total_min` counts minutes, breaks included."""

    id: str
    theme_fr: str
    theme_en: str
    title_fr: str
    title_en: str
    purpose_fr: str
    purpose_en: str
    total_min: int
    sensitivity: Sensitivity
    archive_default: str
    steps: tuple[ScriptStep, ...]

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_fr

    def theme(self, language: str) -> str:
        return self.theme_en if language == "en" else self.theme_fr


@cache
def scripts() -> dict[str, Script]:
    """The shipped scripts by id. Raises `ScriptError`."""
    name = "scripts.yaml"
    raw = yaml.safe_load(files(__package__).joinpath(name).read_text(encoding="utf-8"))
    return {script.id: script for script in map(parse, [name] * len(raw["trames"]), raw["trames"])}


def parse(name: str, raw: dict[str, object]) -> Script:
    try:
        script = msgspec.convert(raw, Script)
    except msgspec.ValidationError as error:
        raise ScriptError(f"{name}: script {raw.get('id')!r}: {error}") from None
    for number, step in enumerate(script.steps, start=1):
        if step.kind not in get_args(Kind):
            raise ScriptError(f"{name}: {script.id}: step {number}: kind {step.kind!r} is unknown")
        if not 1 <= step.limit <= LIMIT_MAX:
            raise ScriptError(
                f"{name}: {script.id}: step {number}: limit: expected 1 to {LIMIT_MAX},"
                f" found {step.limit}"
            )
    return script


def opening(script: Script, language: str) -> tuple[OpenRoom, dict[WordsId, Words]]:
    """The command that opens a room with `script`, and the texts that go beside it."""
    words: dict[WordsId, Words] = {}

    def lay(text: str) -> WordsId:
        id = WordsId(uuid4().hex)
        words[id] = Words(text)
        return id

    english = language == "en"
    steps = tuple(
        Step(
            id=StepId(f"{number}-{step.kind}"),
            kind=step.kind,
            register=step.register,
            mode=step.writing,
            title=lay(step.title_en if english else step.title_fr),
            prompt=lay(step.prompt_en if english else step.prompt_fr),
            minutes=step.min,
            limit=step.limit,
            hint=lay(hint) if (hint := step.hint_en if english else step.hint_fr) else None,
            concepts=step.concepts,
        )
        for number, step in enumerate(script.steps, start=1)
    )
    title, theme = lay(script.title(language)), lay(script.theme(language))
    return OpenRoom(title, theme, language, steps), words


def bare_wall(
    title: Words, theme: Words, prompt: Words, mode: Mode, language: str
) -> tuple[OpenRoom, dict[WordsId, Words]]:
    """A room with one step, `wall`, where everything happens."""
    ids = [WordsId(uuid4().hex) for _ in range(3)]
    wall = Step(StepId("wall"), "wall", "collectif", mode, title=ids[0], prompt=ids[2])
    return OpenRoom(ids[0], ids[1], language, (wall,)), dict(
        zip(ids, (title, theme, prompt), strict=True)
    )
