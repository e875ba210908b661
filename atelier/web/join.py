"""Joining a room with its code: no account, no name."""

import secrets

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from ..i18n import translator
from ..rooms.ids import RoomId
from ..rooms.refusals import Refused
from . import render
from .errors import REFUSALS, refuse, wants_json
from .forms import by_htmx, fields, lead_to
from .language import language_of
from .who import let_in, let_out, phone_of, room_id, services

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""28 signs that cannot be mistaken for one another, nor spell words."""
CODE_LENGTH = 6


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def spelled(code: str) -> str:
    """As it is shown: two groups of three."""
    return f"{code[:3]} {code[3:]}"


def read_code(text: str) -> str:
    """Case, spaces and hyphens do not count."""
    return "".join(text.split()).replace("-", "").upper()


async def show_door(request: Request) -> Response:
    return door(request)


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
            return no_entry(request, refusal.reason, given)
    if live.room.locked and not phone_of(request, live):  # who is in may come back in
        return no_entry(request, "room-locked", given)
    page = f"/r/{live.id}"
    response = lead_to(request, page)
    if wants_json(request):
        response = JSONResponse(
            {"room": live.id, "pass": live.keys.pass_, "live": f"{page}/live", "page": page}
        )
    let_in(request, response, live)
    at.announcer.stale.add(live.id)
    return response


async def leave(request: Request) -> Response:
    """The phone forgets that it is in the room. The room need not exist any more, and nothing of
    it is touched: a note is taken back with its secret alone."""
    response = lead_to(request, "/")
    let_out(request, response, room_id(request))
    return response


async def room_with(request: Request, code: str) -> RoomId:
    room = await services(request).live.store.find_code(code)
    if room is None:
        raise Refused("code-unknown")
    return room


def no_entry(request: Request, key: str, code: str) -> Response:
    if wants_json(request) or by_htmx(request):
        return refuse(request, key)
    status, message = REFUSALS[key]
    return door(request, message, code, status, {"Atelier-Refused": key})


def door(
    request: Request,
    problem: str = "",
    code: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    language = language_of(request)
    says = translator(language)(problem) if problem else ""
    page = render.page(request.scope, "join", language, problem=says, code=code[:12])
    return HTMLResponse(page, status, headers)
