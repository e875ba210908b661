"""What forms send, and where they lead."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..rooms.refusals import Refused

DONE = 204
FIELDS_MAX = 5000
"""A facilitator may move a whole wall at once."""


async def fields(request: Request) -> FormData:
    """The form of a request, in UTF-8: some other codecs take seconds to decode."""
    content_type = request.headers.get("content-type", "").lower().replace(" ", "")
    if "charset=" in content_type and "charset=utf-8" not in content_type.replace('"', ""):
        raise Refused("form-malformed")
    return await request.form(max_fields=FIELDS_MAX)


def one(form: FormData, name: str) -> str:
    """The field that must be there, once."""
    value = form.get(name)
    if not isinstance(value, str):
        raise Refused("form-malformed")
    return value


def by_htmx(request: Request) -> bool:
    return "hx-request" in request.headers


def lead_out(request: Request, url: str) -> Response:
    """`lead_to` for who leaves: pages that the browser kept to go back to are dropped. Storage is
    not, as it may hold a note for another room that is not sent yet."""
    response = lead_to(request, url)
    if request.app.state.services.settings.secure:  # without HTTPS browsers ignore it, and say so
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


def answer(request: Request, url: str) -> Response:
    """Done: a form of a page leads to `url`, programs are told so."""
    return lead_to(request, url) if wants_page(request) else Response(status_code=DONE)


def wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") or by_htmx(request)


def lead_to(request: Request, url: str) -> Response:
    """Another page; htmx would follow a 303 by itself and put that page into this one."""
    if by_htmx(request):
        return Response(status_code=DONE, headers={"HX-Redirect": url})
    return RedirectResponse(url, 303)
