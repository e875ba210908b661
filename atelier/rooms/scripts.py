"""Scripts (trames): what one holds, how long it takes, and how its three registers weigh.

A script is data in two languages. What may stand in a field is in its type; `content/reading.py`
turns data from outside into a script, or into a list of everything that is wrong with it.
"""

from typing import Annotated, Literal

import msgspec

from .sequence import STEPS_MAX
from .steps import Kind, Mode, Register, Sensitivity, Shown
from .words import NOTE_LIMIT, PROMPT_LIMIT, TITLE_LIMIT

Archive = Literal["clusters_tensions", "clusters_tensions_notes"]
Family = Literal["theme", "practice", "project", "wall"]
"""What a script comes from: a theme of a group, practice analysis, a project, or nothing but a
wall."""

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
"""The register of a kind where a step names none."""
IN_ORDER: tuple[Register, ...] = ("personnel", "collectif", "theorique")

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=TITLE_LIMIT)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=PROMPT_LIMIT)]
Hint = Annotated[str, msgspec.Meta(max_length=2000)]
Id = Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]{1,64}$")]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=600)]
Total = Annotated[int, msgspec.Meta(ge=0, le=600 * STEPS_MAX + 120 * STEPS_MAX)]
Break = Annotated[int, msgspec.Meta(ge=0, le=120)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=500)]
People = Annotated[int, msgspec.Meta(ge=1, le=300)]


class ScriptStep(msgspec.Struct, frozen=True):
    """`min` is advisory, 0 for a step that takes the time it takes. `phone` and `projector` say
    what a screen shows when the step opens; `hint_fr` and `hint_en` are for who facilitates."""

    kind: Kind
    min: Minutes
    title_fr: Title
    title_en: Title
    prompt_fr: Text
    prompt_en: Text
    hint_fr: Hint = ""
    hint_en: Hint = ""
    register: Register = "collectif"
    break_after: Break = 0
    concepts: tuple[Id, ...] = ()
    mode: Mode | None = None
    limit: Limit = NOTE_LIMIT
    phone: Shown = "auto"
    projector: Shown = "auto"

    @property
    def writing(self) -> Mode:
        """A `post` step keeps its notes face down unless the script says otherwise."""
        return self.mode or ("reveal" if self.kind == "post" else "none")

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_fr

    def prompt(self, language: str) -> str:
        return self.prompt_en if language == "en" else self.prompt_fr

    def hint(self, language: str) -> str:
        return self.hint_en if language == "en" else self.hint_fr


class GroupSize(msgspec.Struct, frozen=True):
    min: People
    ideal: People
    max: People

    @property
    def sound(self) -> bool:
        return self.min <= self.ideal <= self.max


class Script(msgspec.Struct, frozen=True):
    """A script in two languages; `total_min` counts minutes, breaks included."""

    id: Id
    theme_fr: Title
    theme_en: Title
    title_fr: Title
    title_en: Title
    purpose_fr: Text
    purpose_en: Text
    total_min: Total
    group_size: GroupSize
    sensitivity: Sensitivity
    archive_default: Archive
    steps: tuple[ScriptStep, ...]
    family: Family = "theme"

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
            for register in IN_ORDER
        }

    @property
    def tally(self) -> dict[Register, int]:
        """Steps in each register: the balance of a script whose steps take the time they take."""
        return {
            register: sum(step.register == register for step in self.steps) for register in IN_ORDER
        }

    @property
    def bare(self) -> bool:
        """A wall and nothing else: it has no lobby."""
        return len(self.steps) == 1 and self.steps[0].kind == "wall"

    @property
    def breaks(self) -> int:
        return sum(step.break_after for step in self.steps)

    @property
    def untimed(self) -> int:
        """How many steps take the time they take."""
        return sum(step.min == 0 for step in self.steps)

    @property
    def starts(self) -> tuple[int | None, ...]:
        """The minute at which each step starts, breaks between; None after a step without time, as
        nobody knows."""
        starts: list[int | None] = [0]
        for step in self.steps[:-1]:
            start = starts[-1]
            if start is not None:
                start = start + step.min + step.break_after if step.min else None
            starts.append(start)
        return tuple(starts)


def with_steps(script: Script, steps: tuple[ScriptStep, ...]) -> Script:
    """The same script with these steps, and the time that they take together."""
    total = sum(step.min + step.break_after for step in steps)
    return msgspec.structs.replace(script, steps=steps, total_min=total)
