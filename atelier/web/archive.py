"""The session looked back on: its frise, the board at a moment, and the link to hand out.

The person who facilitates sees it at any time; whoever was given the link, once the room is closed.
"""

import time
from datetime import UTC, datetime
from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..i18n import translator
from ..live import LiveRoom
from ..rooms.events import Recorded
from ..rooms.refusals import Refused
from ..rooms.replay import Band, Moment, bands_of, board_at, moments_of
from . import downloads, render
from .forms import fields, lead_to
from .language import language_of
from .links import reader_link
from .screen import secret_link
from .who import Forbidden, attend, let_reader_in, live_room, services, viewer_of
from .words import KINDS, MOMENTS

HEADING = "Frise de la séance"
MINUTE = 60
LABELS = 8
"""Times below the ruler, at most."""
TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440)
SIGN = 0.85
"""The width of a sign of a band's name, in percent of the frise on a small board."""


async def show_timeline(request: Request) -> Response:
    live = await live_room(request)
    viewer = await viewer_of(request, live)
    if viewer == "facilitator":
        await attend(request, live)
    language = language_of(request)
    log = await services(request).live.store.read(live.id)
    moments = moments_of(log, live.words)
    last = last_minute(live, moments)
    board = live.board
    at = len(log)
    page = render.page(
        request.scope,
        "timeline",
        language,
        room={"id": live.id, "title": board.title, "theme": board.theme},
        viewer=viewer,
        closed=board.state == "closed",
        keep=board.keep,
        opened=datetime.fromtimestamp(live.entry.opened, UTC).isoformat(),
        last=last,
        moments=[moment_row(live, moment, last, language) for moment in moments],
        bands=[band_row(live, band, last, language) for band in bands_of(log, last)],
        ticks=ticks_of(last),
        parts=round(last / tick_of(last), 3),
        board=render.as_markup(render.board(board_at(log, at, live.words), at, live.entry.epoch)),
        exports=[
            export
            for export in downloads.links(live, language)
            if viewer == "facilitator" or export["profile"] == "group"
        ],
        link=reader_link(live) if viewer == "facilitator" and board.state == "closed" else "",
    )
    return HTMLResponse(page)


def last_minute(live: LiveRoom, moments: list[Moment]) -> int:
    """Where the frise ends: with the closing, or now."""
    if live.room.closed:
        return max(1, moments[-1].minute)
    return max(1, int(time.time() - live.entry.opened) // MINUTE)


def moment_row(live: LiveRoom, moment: Moment, last: int, language: str) -> dict[str, object]:
    """One line of the text, and one mark on the frise."""
    _ = translator(language)
    step = live.room.find_step(moment.step) if moment.step else None
    title = live.words.get(step.title, "") if step else ""
    return {
        "seq": moment.seq,
        "minute": moment.minute,
        "share": share(moment.minute, last),
        "name": moment.name,
        "cluster": moment.cluster or "",
        "letter": moment.letter,
        "says": _(MOMENTS[moment.name]),
        "quote": title
        if moment.name == "step"
        else live.words.get(moment.title, "")
        if moment.title
        else "",
        "step": title,
    }


def band_row(live: LiveRoom, band: Band, last: int, language: str) -> dict[str, object]:
    _ = translator(language)
    step = live.room.find_step(band.step) if band.step else None
    number = str(live.room.steps.index(step) + 1) if step else ""
    name = _(KINDS[step.kind]) if step else _("Accueil")
    width = share(band.end - band.start, last)
    fits = (len(f"{number} {name}") + 2) * SIGN <= width
    return {
        "start": band.start,
        "left": share(band.start, last),
        "width": width,
        "number": number,
        "name": name if fits else "",
        "title": str(live.words.get(step.title, "")) if step else name,
        "run": band.end - band.start,
        "planned": step.minutes if step else 0,
    }


def tick_of(last: int) -> int:
    """Minutes from one time below the ruler to the next."""
    return next((tick for tick in TICKS if last / tick <= LABELS), last)


def ticks_of(last: int) -> list[dict[str, object]]:
    return [{"minute": at, "share": share(at, last)} for at in range(0, last + 1, tick_of(last))]


def share(minutes: int, last: int) -> float:
    return round(100 * minutes / last, 2)


async def past_board(request: Request, live: LiveRoom, at: str) -> Response:
    """The board after event number `at`."""
    await viewer_of(request, live)
    log: list[Recorded] = await services(request).live.store.read(live.id)
    if not at.isdecimal() or not at.isascii() or int(at) > len(log):
        raise Refused("past-unknown")
    seq = int(at)
    html = render.board(board_at(log, seq, live.words), seq, live.entry.epoch)
    return HTMLResponse(html)


# The link


async def show_link(request: Request) -> Response:
    """The page whose script moves the secret from the fragment into a form."""
    live = await live_room(request)
    return secret_link(request, f"/a/{live.id}", HEADING)


async def open_link(request: Request) -> Response:
    live = await live_room(request)
    given = str((await fields(request)).get("secret", ""))
    if not live.room.closed or not compare_digest(given.encode(), live.keys.reader.encode()):
        raise Forbidden
    response = lead_to(request, f"/r/{live.id}/timeline")
    let_reader_in(request, response, live)
    return response
