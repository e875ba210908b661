"""Erasing a room from the desk, whatever state it is in."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..erasure_report import report
from ..i18n import translator
from .confirming import confirm
from .forms import fields, lead_to, wants_page
from .language import language_of
from .who import owned_room, services


async def erase(request: Request) -> Response:
    """For the owner, with the password again; a rehearsal held nothing of anybody. What was
    destroyed is told in numbers, without a word of the room."""
    live = await owned_room(request)
    if not live.entry.rehearsal:
        await confirm(request, await fields(request))
    erased = await services(request).closing.erase_now(live)
    if wants_page(request):
        return lead_to(request, "/desk")
    told = report(translator(language_of(request)), live.id, erased)
    return JSONResponse({"report": told})
