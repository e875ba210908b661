"""Erasing a room from the desk, whatever state it is in."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..erasure_report import report
from ..i18n import translator
from . import render
from .forms import DONE
from .language import language_of
from .who import services, steered_room


async def erase(request: Request) -> Response:
    live = await steered_room(request)
    erased = await services(request).closing.erase_now(live)
    if "text/html" in request.headers.get("accept", ""):
        language = language_of(request)
        told = report(translator(language), live.id, erased)
        return HTMLResponse(render.page(request.scope, "erased", language, report=told))
    return Response(status_code=DONE)
