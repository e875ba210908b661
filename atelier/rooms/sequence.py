"""Steps in an order: put one in, take one out, move one, change one.

Places count from 0. Nothing here asks what a step is, so that a script on the desk and the steps of
a room are bent by the same four functions.
"""

from typing import TypeVar

from .refusals import Refused

STEPS_MAX = 40

Each = TypeVar("Each")


def inserted(steps: tuple[Each, ...], at: int, step: Each) -> tuple[Each, ...]:
    """With `step` at this place: 0 is the first, as many as there are is the end."""
    if not 0 <= at <= len(steps):
        raise Refused("step-unknown")
    if len(steps) >= STEPS_MAX:
        raise Refused("too-many-steps")
    return (*steps[:at], step, *steps[at:])


def removed(steps: tuple[Each, ...], at: int) -> tuple[Each, ...]:
    refuse_unknown(steps, at)
    if len(steps) == 1:
        raise Refused("step-only")
    return (*steps[:at], *steps[at + 1 :])


def moved(steps: tuple[Each, ...], at: int, to: int) -> tuple[Each, ...]:
    """The step at `at` stands at `to` afterwards."""
    refuse_unknown(steps, at)
    refuse_unknown(steps, to)
    rest = (*steps[:at], *steps[at + 1 :])
    return (*rest[:to], steps[at], *rest[to:])


def changed(steps: tuple[Each, ...], at: int, step: Each) -> tuple[Each, ...]:
    refuse_unknown(steps, at)
    return (*steps[:at], step, *steps[at + 1 :])


def refuse_unknown(steps: tuple[Each, ...], at: int) -> None:
    if not 0 <= at < len(steps):
        raise Refused("step-unknown")
