"""When what is kept goes, as people read it."""

from starlette.requests import Request

from ..i18n import translator
from ..live import LiveRoom
from ..retention import Periods
from ..store import Until
from .language import language_of, spelled_day
from .who import services

Told = dict[str, str]
"""When the notes go, and when the clusters and the rest do: words to put into a sentence."""


def told(live: LiveRoom, periods: Periods, language: str) -> Told:
    """The days of a closed room; of one that is open, how long after its closing."""
    if live.entry.until:
        return on_days(live.entry.until, language)
    _ = translator(language)
    days, months = periods.notes_days(live.room.sensitivity), periods.room
    return {
        "notes": _("au bout de {n} jours", n=days) if days > 1 else _("au bout d’un jour"),
        "room": _("au bout de {n} mois", n=months) if months > 1 else _("au bout d’un mois"),
    }


async def of_a_closing(request: Request, live: LiveRoom) -> Told:
    """The days on which what is kept goes; before the closing, those of a closing today."""
    language = language_of(request)
    if live.entry.until:
        return on_days(live.entry.until, language)
    closing = services(request).closing
    today = await closing.days.today()
    return on_days(closing.periods.until(today, live.room.sensitivity, "all"), language)


def on_days(until: Until, language: str) -> Told:
    _ = translator(language)
    return {
        "notes": _("le {day}", day=spelled_day(until.notes, language)),
        "room": _("le {day}", day=spelled_day(until.room, language)),
    }
