"""What is read together before the closing, on every screen: the choices, or what would go out."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..live import LiveRoom
from ..projection import Projection
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


def projected(live: LiveRoom, what: str) -> Projection:
    """On every screen. What follows the point in its target changes when the text does, or what
    the group says of it, so that screens ask for it again.

    Raises `Refused` when there is nothing of this to read.
    """
    if what == CLOSING:
        return Projection("reading", target=CLOSING)
    proposed = next((each for who, each in live.room.proposed.items() if who == what), None)
    if proposed is None:
        raise Refused("target-unknown")
    said = "accepted" if proposed.audience in live.room.accepted else "proposed"
    return Projection("reading", target=f"{what}.{proposed.title[:8]}-{said}")
