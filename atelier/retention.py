"""How long what a group keeps is kept: by how near the theme comes to what people rarely say."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from .rooms.commands import Keep
from .rooms.steps import Sensitivity
from .store import Until

SENSITIVE_DAYS = 30
"""Notes of a sensitive theme are kept no longer, whatever the setting says."""


@dataclass(frozen=True, slots=True)
class Periods:
    """As the installation sets them: notes for days, clusters and the rest of a room for months."""

    notes: int
    room: int

    def notes_days(self, sensitivity: Sensitivity) -> int:
        return min(self.notes, SENSITIVE_DAYS) if sensitivity == "high" else self.notes

    def until(self, closed: date, sensitivity: Sensitivity, keep: Keep) -> Until:
        """The days are fixed at the closing: a setting that changes later moves no promise."""
        room = months_later(closed, self.room)
        if keep != "all":
            return Until(room, room)
        return Until(min(closed + timedelta(self.notes_days(sensitivity)), room), room)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, its last when it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def suggested(sensitivity: Sensitivity) -> Keep | None:
    """What the closing page proposes; None where the group starts from nothing."""
    return "reduced" if sensitivity == "high" else None


def undecided(sensitivity: Sensitivity) -> Keep:
    """What a room keeps that nobody closed: never a note, as nobody decided on them."""
    return "nothing" if sensitivity == "high" else "reduced"
