"""Erasing a room from the desk, whatever state it is in."""

from starlette.requests import Request
from starlette.responses import Response

from .forms import DONE, lead_to
from .who import services, steered_room


async def erase(request: Request) -> Response:
    live = await steered_room(request)
    await services(request).closing.erase_now(live)
    if "text/html" in request.headers.get("accept", ""):
        return lead_to(request, "/desk")
    return Response(status_code=DONE)
