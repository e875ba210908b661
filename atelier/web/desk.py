"""The facilitator's desk: my rooms by what is to be done with them, and the scripts."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Literal

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..codes import spelled
from ..content import themes
from ..live import LiveRoom, NoRoom
from ..store import Entry
from . import render
from .language import language_of, spelled_day
from .retention import on_days
from .script_cards import card
from .who import services, signed_in_account
from .words import STATES

Place = Literal["lobby", "session", "to-close", "closing", "archived"]
"""What is to be done with a room: `closing` while its two minutes run."""

GROUPS: dict[str, tuple[Place, ...]] = {
    "open": ("session", "lobby"),
    "to-close": ("to-close", "closing"),
    "archived": ("archived",),
}
DAY = 24 * 3600
SHOWN_ARCHIVES = 6
"""The others are one click away: thirty sessions must not bury the one of today."""
PAPERS = "BAGFCD"
"""The colours of the six themes, always the same."""


async def show_desk(request: Request) -> Response:
    account = await signed_in_account(request)
    at = services(request)
    language = language_of(request)
    rooms = [row async for row in rows(request, account)]
    page = render.page(
        request.scope,
        "desk",
        language,
        email=await at.accounts.email(account),
        groups=[(name, [row for row in rooms if row["place"] in places])
                for name, places in GROUPS.items()],
        in_session=only([row for row in rooms if row["place"] == "session"]),
        shown_archives=SHOWN_ARCHIVES,
        scripts=[card(script, language) | {"paper": paper}
                 for script, paper in zip(themes(), PAPERS, strict=True)],
        room_language=at.settings.lang,
        problem="",
    )  # fmt: skip
    return HTMLResponse(page)


# Rooms

Row = dict[str, object]


async def rows(request: Request, account: str) -> AsyncIterator[Row]:
    """Those of one's own, and those one co-facilitates; the newest first."""
    at = services(request)
    shared = [await at.live.store.room(id) for id in await at.cofacilitation.rooms(account)]
    entries = [*await at.live.store.rooms(account), *filter(None, shared)]
    for entry in sorted(entries, key=lambda entry: -entry.opened):
        try:
            live = await at.live.open(entry.id)
        except NoRoom:
            continue  # its key was destroyed: nothing of it can be shown
        yield row_of(live, language_of(request)) | {"mine": entry.owner == account}


def row_of(live: LiveRoom, language: str) -> Row:
    place = place_of(live, time.time())
    return {
        "id": live.id,
        "title": live.words.get(live.room.title, ""),
        "theme": live.words.get(live.room.theme, ""),
        "day": spelled_day(day_of(live.entry), language),
        "iso_day": day_of(live.entry).isoformat(),
        "code": spelled(live.entry.code),
        "place": place,
        "until": live.entry.until and on_days(live.entry.until, language),
        "keep": live.room.closed,
        "state_name": STATES.get(place, ""),
        "holds": place == "archived" or bool(live.room.wall.notes or live.room.wall.clusters),
    }


def place_of(live: LiveRoom, now: float) -> Place:
    """To close: its last step was reached, or it is still open on another day."""
    room = live.room
    if room.closed:
        return "closing" if live.entry.finish_at is not None else "archived"
    last_reached = len(room.steps) > 1 and room.steps[-1].id in room.entered
    if last_reached or live.entry.opened // DAY < now // DAY:
        return "to-close"
    return "lobby" if room.step is None else "session"


def day_of(entry: Entry) -> date:
    return datetime.fromtimestamp(entry.opened, UTC).date()


def only(found: list[Row]) -> Row | None:
    """The one that there is; none when one would have to choose."""
    return found[0] if len(found) == 1 else None
