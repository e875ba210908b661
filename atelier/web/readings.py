"""What is read together before the closing, on every screen: the choices, or what would go out."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..live import LiveRoom
from ..retention import suggested, undecided
from ..rooms.commands import Audience
from ..rooms.reading import Reading, reading_of
from ..rooms.refusals import Refused
from . import render
from .language import language_of
from .retention import of_a_closing
from .who import live_room

CLOSING = "closing"


async def show_reading(request: Request) -> Response:
    """A fragment for a screen of the room; as new as the room, so it is asked for again."""
    live = await live_room(request)
    if live.room.closed:
        raise Refused("room-closed")
    language = language_of(request)
    if request.path_params["reading"] == CLOSING:
        until = await of_a_closing(request, live)
        sensitivity = live.room.sensitivity
        told = suggested(sensitivity), undecided(sensitivity)
        return HTMLResponse(render.component(language, "choices", until, *told))
    reading = read_now(live, audience_of(request.path_params["reading"]))
    return HTMLResponse(render.component(language, "reading", reading))


def read_now(live: LiveRoom, audience: Audience) -> Reading:
    """Raises `Refused` when nothing was proposed to this audience."""
    reading = reading_of(live.room, live.words, audience)
    if reading is None:
        raise Refused("restitution-unknown")
    return reading


def audience_of(name: str) -> Audience:
    found: Audience | None = next((each for each in get_args(Audience) if each == name), None)
    if found is None:
        raise Refused("restitution-unknown")
    return found


def may_be_read(live: LiveRoom, what: str) -> bool:
    """Whether there is anything of this to project."""
    return what == CLOSING or any(what == audience for audience in live.room.proposed)
