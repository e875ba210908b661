"""Erasing a room from the desk, whatever state it is in."""

from starlette.requests import Request
from starlette.responses import Response

from .confirming import confirm
from .forms import answer, fields
from .who import owned_room, services


async def erase(request: Request) -> Response:
    """For the owner, with the password again; a rehearsal held nothing of anybody."""
    live = await owned_room(request)
    if not live.entry.rehearsal:
        await confirm(request, await fields(request))
    await services(request).closing.erase_now(live)
    return answer(request, "/desk")
