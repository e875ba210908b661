"""Closing a room as the group decided, and the way back."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..live import LiveRoom
from ..retention import suggested
from ..rooms.commands import Keep
from ..rooms.refusals import Refused
from . import render
from .downloads import links
from .forms import DONE, fields, lead_to
from .language import language_of
from .links import reader_link
from .retention import Told, on_days
from .who import services, steered_room


async def show_closing(request: Request) -> Response:
    live = await steered_room(request)
    waiting = any(step.sealed and live.room.takes_notes(step) for step in live.room.steps)
    board = live.board
    page = render.page(
        request.scope,
        "closing",
        language_of(request),
        room={"id": live.id, "title": board.title, "theme": board.theme},
        board=board,
        waiting=waiting,
        suggested=suggested(live.room.sensitivity),
        sensitive=live.room.sensitivity == "high",
        until=await when(request, live),
        pending=live.entry.finish_at is not None,
        finish_at=live.entry.finish_at or 0,
        exports=links(live, language_of(request)) if live.room.closed else [],
        reader_url=reader_link(live),
    )
    return HTMLResponse(page)


async def when(request: Request, live: LiveRoom) -> Told:
    """The days on which what is kept goes; before the closing, those of a closing today."""
    at, language = services(request).closing, language_of(request)
    if live.entry.until:
        return on_days(live.entry.until, language)
    today = await at.days.today()
    return on_days(at.periods.until(today, live.room.sensitivity, "all"), language)


async def close(request: Request) -> Response:
    live = await steered_room(request)
    form = await fields(request)
    at = services(request)
    if form.get("undo") == "1":
        await at.closing.reopen(live)
    else:
        keep = str(form.get("keep", ""))
        if keep not in get_args(Keep):
            raise Refused("keep-unknown")
        decided: Keep = keep  # type: ignore[assignment]  # checked just above
        await at.closing.close(live, decided)
    at.announcer.refresh(live)
    if "text/html" in request.headers.get("accept", ""):
        return lead_to(request, f"/r/{live.id}/closing")
    return Response(status_code=DONE)
