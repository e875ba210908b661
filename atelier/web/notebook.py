"""Mon carnet: the empty page of what stays on a phone. Nothing is ever sent here to be kept."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from . import render
from .language import language_of


async def show_notebook(request: Request) -> Response:
    return HTMLResponse(render.page(request.scope, "notebook", language_of(request)))
