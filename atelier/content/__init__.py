"""What ships with the product: the scripts, read and checked once, and the rooms they open."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from uuid import uuid4

from ..rooms.commands import OpenRoom
from ..rooms.ids import StepId, WordsId
from ..rooms.scripts import GroupSize, Script, ScriptStep, with_steps
from ..rooms.state import Room
from ..rooms.steps import Mode, Step
from ..rooms.words import Lexicon, Words
from .concepts import concepts
from .reading import read_scripts

SCRIPTS = "scripts.yaml"
GROUP = GroupSize(6, 10, 14)
"""The groups that a script is for when nobody said so."""
EMPTY = "…"


@cache
def scripts() -> dict[str, Script]:
    """The shipped scripts by id. Raises `ScriptError`: the server does not start with it."""
    return read_scripts(SCRIPTS, shipped(SCRIPTS), concepts())


def themes() -> list[Script]:
    """The six of the desk; the others are one click away."""
    return [script for script in scripts().values() if script.family == "theme"]


def shipped(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def opening(script: Script, language: str) -> tuple[OpenRoom, dict[WordsId, Words]]:
    """The command that opens a room with `script`, and the texts that go beside it."""
    words: dict[WordsId, Words] = {}

    def lay(text: str) -> WordsId:
        id = WordsId(uuid4().hex)
        words[id] = Words(text)
        return id

    steps = tuple(
        Step(
            id=StepId("wall" if script.bare else f"{number}-{step.kind}"),
            kind=step.kind,
            register=step.register,
            mode=step.writing,
            title=lay(step.title(language)),
            prompt=lay(step.prompt(language)),
            minutes=step.min,
            limit=step.limit,
            hint=lay(hint) if (hint := step.hint(language)) else None,
            concepts=step.concepts,
            phone=step.phone,
            projector=step.projector,
            break_after=step.break_after,
        )
        for number, step in enumerate(script.steps, start=1)
    )
    title, theme = lay(script.title(language)), lay(script.theme(language))
    return OpenRoom(title, theme, language, steps, script.sensitivity), words


def bare_wall(
    title: Words, theme: Words, prompt: Words, mode: Mode, language: str
) -> tuple[OpenRoom, dict[WordsId, Words]]:
    """A room with one step, `wall`, where everything happens."""
    ids = [WordsId(uuid4().hex) for _ in range(3)]
    wall = Step(StepId("wall"), "wall", "collectif", mode, title=ids[0], prompt=ids[2])
    return OpenRoom(ids[0], ids[1], language, (wall,)), dict(
        zip(ids, (title, theme, prompt), strict=True)
    )


def as_script(room: Room, words: Lexicon, purpose: Mapping[str, str]) -> Script:
    """The script that this room went along, bends included, as one that can be used again.

    A room speaks one language: both languages of the script say the same words, but for
    `purpose`, which is given by language.
    """
    title, theme = said(words, room.title), said(words, room.theme)
    script = Script(
        id="room",
        theme_fr=theme,
        theme_en=theme,
        title_fr=title,
        title_en=title,
        purpose_fr=purpose["fr"],
        purpose_en=purpose["en"],
        total_min=0,
        group_size=GROUP,
        sensitivity=room.sensitivity,
        archive_default="clusters_tensions",
        steps=(),
    )
    return with_steps(script, tuple(as_script_step(step, words) for step in room.steps))


def as_script_step(step: Step, words: Lexicon) -> ScriptStep:
    title, prompt = said(words, step.title), said(words, step.prompt)
    hint = str(words.get(step.hint, "")) if step.hint else ""
    return ScriptStep(
        kind=step.kind,
        min=step.minutes,
        title_fr=title,
        title_en=title,
        prompt_fr=prompt,
        prompt_en=prompt,
        hint_fr=hint,
        hint_en=hint,
        register=step.register,
        break_after=step.break_after,
        concepts=step.concepts,
        mode=step.mode,
        limit=step.limit,
        phone=step.phone,
        projector=step.projector,
    )


def said(words: Lexicon, id: WordsId) -> str:
    """A script has no empty text; a room that was imported may."""
    return str(words.get(id) or EMPTY)
