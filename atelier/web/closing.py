"""Closing a room as the group decided, and the way back."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..live import LiveRoom
from ..projection import Projection
from ..retention import suggested
from ..rooms.commands import Audience, Keep
from ..rooms.refusals import Refused
from . import render
from .downloads import links, offered
from .forms import DONE, fields, lead_to
from .language import language_of
from .links import reader_link
from .readings import CLOSING
from .retention import of_a_closing
from .who import services, steered_room


async def show_closing(request: Request) -> Response:
    live = await steered_room(request)
    at = services(request)
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
        projected=at.announcer.projections.of(live) == Projection("reading", target=CLOSING),
        restitutions={audience: state_of(live, audience) for audience in get_args(Audience)},
        until=await of_a_closing(request, live),
        pending=live.entry.finish_at is not None,
        finish_at=live.entry.finish_at or 0,
        exports=links(live, language_of(request), offered(live)) if live.room.closed else [],
        reader_url=reader_link(live),
    )
    return HTMLResponse(page)


def state_of(live: LiveRoom, audience: Audience) -> str:
    if audience not in live.room.proposed:
        return "none"
    return "accepted" if audience in live.room.accepted else "proposed"


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
