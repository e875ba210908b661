"""The projector's own link: read-only, without an account, because the laptop in the venue is
not ours."""

from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from . import render
from .forms import fields, lead_to
from .language import language_of
from .who import Forbidden, let_in_by, link_secret, live_room

HEADING = "Vue projetée"


async def show_link(request: Request) -> Response:
    """The page whose script moves the secret from the fragment into a form."""
    live = await live_room(request)
    return secret_link(request, f"/p/{live.id}", HEADING)


def secret_link(request: Request, path: str, heading: str) -> Response:
    language = language_of(request)
    page = render.page(request.scope, "secret_link", language, path=path, heading=heading)
    return HTMLResponse(page)


async def open_screen(request: Request) -> Response:
    live = await live_room(request)
    given = str((await fields(request)).get("secret", ""))
    if not compare_digest(given.encode(), link_secret(live, "screens").encode()):
        raise Forbidden
    response = lead_to(request, f"/r/{live.id}?view=projector")
    let_in_by(request, response, live, "screens")
    return response
