"""The ruler of the timeline page: bands, marks and graduations, placed in percent of its length."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Any

from ..rooms.ids import StepId
from ..rooms.steps import Step
from ..rooms.timeline import Act, ActName, Visit

DAY_MINUTES = 24 * 60
GRADUATIONS = ((1, 1), (2, 1), (5, 1), (10, 2), (15, 5), (30, 5), (60, 10), (120, 30), (240, 60),
               (360, 60), (720, 120), (DAY_MINUTES, 240))  # fmt: skip
"""Minutes from one label to the next, and from one line to the next."""
LABELS = 8
EDGE = 4
"""Percent: a label nearer to an end than this does not stand in the middle of its line."""

HEADS: dict[ActName, str] = {"reveal": "disc", "cluster": "letter", "close": "square"}
"""The acts that are found again from afar; the others are a line."""


@dataclass(frozen=True, slots=True)
class Ruler:
    """`minutes` is the length of the session, `opened` its start in Unix seconds."""

    minutes: int
    opened: int

    @property
    def length(self) -> int:
        return max(1, self.minutes)

    def place(self, minute: float) -> float:
        return round(100 * minute / self.length, 3)

    def bands(self, visits: Iterable[Visit], steps: tuple[Step, ...]) -> list[dict[str, Any]]:
        """One band for each stay in a step; what it lasted beyond its plan is marked off."""
        left: dict[StepId, float] = {step.id: step.minutes or inf for step in steps}
        bands: list[dict[str, Any]] = []
        for visit in visits:
            end = self.minutes if visit.end is None else visit.end
            planned = min(left[visit.step], end - visit.start)
            left[visit.step] -= planned
            bands.append(
                {
                    "step": visit.step,
                    "start": visit.start,
                    "end": end,
                    "x": self.place(visit.start),
                    "width": self.place(end - visit.start),
                    "over_x": self.place(visit.start + planned),
                    "over": self.place(end - visit.start - planned),
                }
            )
        return bands

    def marks(self, acts: Iterable[Act]) -> list[dict[str, Any]]:
        return [
            {
                "seq": act.seq,
                "x": self.place(act.minute),
                "head": HEADS.get(act.name, "line"),
                "letter": act.letter,
            }
            for act in acts
            if act.name != "step"
        ]

    def graduations(self) -> list[dict[str, Any]]:
        """Lines on round times of the clock; the ones that carry a label say which minute."""
        label, line = self.interval
        start = self.opened // 60
        return [
            {"minute": minute, "x": self.place(minute), "label": (start + minute) % label == 0,
             "anchor": anchor(self.place(minute))}
            for minute in range(-start % line, self.length + 1, line)
        ]  # fmt: skip

    @property
    def interval(self) -> tuple[int, int]:
        for label, line in GRADUATIONS:
            if self.length <= label * LABELS:
                return label, line
        days = -(-self.length // (DAY_MINUTES * LABELS))
        return days * DAY_MINUTES, days * DAY_MINUTES


def anchor(place: float) -> str:
    if place < EDGE:
        return "start"
    return "end" if place > 100 - EDGE else "middle"
