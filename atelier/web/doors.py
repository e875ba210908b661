"""The door of a room, for who facilitates it: locked, opened for who waits, another code."""

from starlette.requests import Request
from starlette.responses import Response

from ..rooms.commands import Lock
from ..rooms.refusals import Refused
from .forms import DONE
from .links import join_url, qr_file
from .live import allowed
from .steer import switch
from .who import live_room, room_id, services, steered_room


async def lock(request: Request) -> Response:
    """Locked or not; either way, who was being let in is no more."""
    done = await switch(request, Lock)
    services(request).door.shut(room_id(request))
    return done


async def admit(request: Request) -> Response:
    """Let in, together, those who wait before the locked door."""
    live = await steered_room(request)
    if live.room.closed:
        raise Refused("room-closed")
    at = services(request)
    at.door.admit(live.id)
    at.announcer.refresh(live)
    return Response(status_code=DONE)


async def change_code(request: Request) -> Response:
    """Another code: the one before opens nothing any more. Who is in stays in."""
    live = await steered_room(request)
    at = services(request)
    await at.live.change_code(live)
    at.announcer.refresh(live)
    return Response(status_code=DONE)


async def show_qr(request: Request) -> Response:
    """The QR of the code as it is now, for the screens of the room."""
    live = await live_room(request)
    await allowed(request, live)
    return Response(qr_file(join_url(request, live).upper()), media_type="image/svg+xml")
