"""The steps of a script, as a room keeps them."""

from dataclasses import dataclass
from typing import Literal

from .ids import StepId, WordsId
from .words import NOTE_LIMIT

Kind = Literal[
    "wall", "accueil", "carnet", "post", "revelation", "regroupement",
    "tension", "apport", "echange", "trajectoire", "cloture",
]  # fmt: skip
Register = Literal["collectif", "personnel", "theorique"]
Mode = Literal["reveal", "waves", "direct", "none"]
"""What becomes of the notes of a step: face down until one reveal, face down until each of
several, straight to the wall, or no notes at all."""

Shown = Literal["auto", "prompt", "wall"]
"""What a phone or a projector shows when a step opens: `auto` is what fits the step."""

Sensitivity = Literal["low", "medium", "high"]
"""How near a script comes to what people rarely say: it decides what is kept, and how long."""

SEALED: tuple[Mode, ...] = ("reveal", "waves")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `minutes` are planned and advisory, 0 for a step that takes the time it takes, like
    the break that follows; `limit` is in code points."""

    id: StepId
    kind: Kind
    register: Register
    mode: Mode
    title: WordsId
    prompt: WordsId
    minutes: int = 0
    limit: int = NOTE_LIMIT
    hint: WordsId | None = None
    concepts: tuple[str, ...] = ()
    phone: Shown = "auto"
    projector: Shown = "auto"
    break_after: int = 0

    @property
    def sealed(self) -> bool:
        return self.mode in SEALED
