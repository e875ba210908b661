"""Taking one note out of the archive of a closed session, because somebody asks for it."""

from starlette.requests import Request
from starlette.responses import Response

from ..rooms.ids import NoteId
from .forms import DONE, fields, lead_to, one
from .who import services, steered_room


async def remove_note(request: Request) -> Response:
    live = await steered_room(request)
    note = NoteId(one(await fields(request), "note"))
    await services(request).closing.remove_note(live, note)
    if "text/html" in request.headers.get("accept", ""):
        return lead_to(request, f"/r/{live.id}/timeline?removed=1#removal")
    return Response(status_code=DONE)
