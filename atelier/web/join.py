"""Joining a room with its code: no account, no name."""

from itertools import islice

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from ..codes import read_code, spelled
from ..door import KNOCK_SECONDS
from ..i18n import translator
from ..live import LiveRoom, NoRoom
from ..rooms.ids import RoomId
from ..rooms.refusals import Refused
from . import render
from .errors import REFUSALS, refuse, wants_json
from .forms import by_htmx, fields, lead_out, lead_to
from .language import language_of
from .who import let_in, let_out, phone_cookies, phone_of, room_id, services

LOOKED_UP = 5
"""Cookies of rooms that one page looks at: a browser may bring as many as it likes."""


async def show_door(request: Request) -> Response:
    return await door(request)


async def join(request: Request) -> Response:
    at = services(request)
    form = await fields(request)
    given = str(form.get("code", ""))
    async with at.throttle.joining:  # many at once are no more tries than in turn
        at.throttle.before_join(request.scope)
        try:
            live = await at.live.open(await room_with(request, read_code(given)))
        except Refused as refusal:
            at.throttle.join_failed(request.scope)
            return await no_entry(request, refusal.reason, given)
    if shut(request, live):
        at.door.knock(live.id)
        at.announcer.stale.add(live.id)
        return await no_entry(request, "room-locked", given, retry=KNOCK_SECONDS)
    page = f"/r/{live.id}"
    response = lead_to(request, page)
    if wants_json(request):
        response = JSONResponse(
            {"room": live.id, "pass": live.keys.pass_, "live": f"{page}/live", "page": page}
        )
    let_in(request, response, live)
    at.announcer.stale.add(live.id)
    return response


def shut(request: Request, live: LiveRoom) -> bool:
    """Who is in may come back in; latecomers come in together."""
    is_in = phone_of(request, live) is not None
    return live.room.locked and not is_in and not services(request).door.admits(live.id)


async def leave(request: Request) -> Response:
    """The phone forgets that it is in the room. The room need not exist any more, and nothing of
    it is touched: a note is taken back with its secret alone."""
    response = lead_out(request, "/")
    let_out(request, response, room_id(request))
    return response


async def room_with(request: Request, code: str) -> RoomId:
    room = await services(request).live.store.find_code(code)
    if room is None:
        raise Refused("code-unknown")
    return room


async def no_entry(request: Request, key: str, code: str, retry: float | None = None) -> Response:
    if wants_json(request) or by_htmx(request):
        return refuse(request, key, retry)
    response = await door(request, key, code)
    response.headers["Atelier-Refused"] = key
    return response


async def door(request: Request, refused: str = "", code: str = "") -> Response:
    language = language_of(request)
    status, problem = REFUSALS[refused] if refused else (200, "")
    page = render.page(
        request.scope,
        "join",
        language,
        refused=refused,
        problem=translator(language)(problem) if problem else "",
        code=code[:12],
        rooms=[{"id": live.id, "code": spelled(live.entry.code)} for live in await inside(request)],
    )
    return HTMLResponse(page, status)


async def inside(request: Request) -> list[LiveRoom]:
    """The open rooms that this browser is in."""
    return [
        live
        for id in islice(phone_cookies(request), LOOKED_UP)
        if (live := await open_room(request, id)) and phone_of(request, live)
    ]


async def open_room(request: Request, id: RoomId) -> LiveRoom | None:
    try:
        live = await services(request).live.open(id)
    except NoRoom:
        return None
    return None if live.room.closed else live
