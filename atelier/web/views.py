"""What is projected: another scene than the step's, another page of a long wall."""

from collections.abc import Callable
from dataclasses import replace

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from ..projection import SCENES, Projection
from ..rooms.refusals import Refused
from .forms import DONE, fields, one
from .who import services, steered_room

TURNS = {"next": 1, "previous": -1}
LAST_PAGE = 999


async def set_view(request: Request) -> Response:
    live = await steered_room(request)
    change = change_of(await fields(request))
    if live.room.closed:
        raise Refused("room-closed")
    announcer = services(request).announcer
    announcer.projections.change(live, change)
    announcer.refresh(live)
    return Response(status_code=DONE)


def change_of(form: FormData) -> Callable[[Projection], Projection]:
    """`scene` opens at its first page, `page` turns what is there."""
    if "scene" in form:
        scene = one(form, "scene")
        if scene not in SCENES:
            raise Refused("form-malformed")
        return lambda projection: Projection(scene)
    page = one(form, "page")
    if page in TURNS:
        return lambda projection: replace(projection, page=projection.page + TURNS[page])
    if page.isascii() and page.isdecimal() and 1 <= int(page) <= LAST_PAGE:
        return lambda projection: replace(projection, page=int(page))
    raise Refused("form-malformed")
