"""Scripts as pages show them: what they take, how they weigh, and their steps."""

from ..rooms.scripts import Script, ScriptStep
from .words import KINDS, MODES, REGISTER_ICONS, REGISTERS, SENSITIVITIES

HOUR = 60


def card(script: Script, language: str) -> dict[str, object]:
    return {
        "id": script.id,
        "theme": script.theme(language),
        "title": script.title(language),
        "purpose": script.purpose(language),
        "bare": script.bare,
        "size": script.group_size,
        "sensitivity_name": SENSITIVITIES[script.sensitivity],
        "steps": [
            step_row(step, number, start, language)
            for number, (step, start) in enumerate(
                zip(script.steps, script.starts, strict=True), start=1
            )
        ],
        **weights(script),
    }


def weights(script: Script) -> dict[str, object]:
    """By minutes; by steps where they take the time they take."""
    timed = any(script.balance.values())
    return {
        "minutes": script.total_min,
        "balance": script.balance if timed else script.tally,
        "timed": timed,
        "breaks": script.breaks,
        "untimed": script.untimed,
    }


def step_row(step: ScriptStep, number: int, start: int | None, language: str) -> dict[str, object]:
    return {
        "number": number,
        "title": step.title(language),
        "start": None if start is None else f"{start // HOUR}:{start % HOUR:02}",
        "minutes": step.min,
        "pause": step.break_after,
        "register": step.register,
        "register_name": REGISTERS[step.register],
        "register_icon": REGISTER_ICONS[step.register],
        "kind_name": KINDS[step.kind],
        "mode": step.writing,
        "mode_name": MODES[step.writing],
    }
