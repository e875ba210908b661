"""What is projected: another scene than the step's, another page of a long wall."""

from collections.abc import Callable
from dataclasses import replace

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from ..live import LiveRoom
from ..projection import ONE_OF_MANY, SCENES, Projection, said_by_step
from ..rooms.refusals import Refused
from .forms import DONE, by_htmx, fields, lead_to, one, wants_page
from .readings import projected
from .who import services, steered_room

TURNS = {"next": 1, "previous": -1}
LAST_PAGE = 999


async def set_view(request: Request) -> Response:
    live = await steered_room(request)
    change = change_of(await fields(request), live)
    if live.room.closed:
        raise Refused("room-closed")
    announcer = services(request).announcer
    announcer.projections.change(live, change)
    announcer.refresh(live)
    if by_htmx(request):
        return Response(status_code=DONE, headers={"HX-Refresh": "true"})
    return lead_to(request, f"/r/{live.id}") if wants_page(request) else Response(status_code=DONE)


def change_of(form: FormData, live: LiveRoom) -> Callable[[Projection], Projection]:
    """`scene` opens at its first page, `auto` is what the step says; `page` turns what is there."""
    if "scene" in form:
        scene = one(form, "scene")
        if scene not in SCENES:
            raise Refused("form-malformed")
        if scene == "reading":
            reading = projected(live, one(form, "target"))
            return lambda _: reading
        if scene == "auto":
            return lambda _: said_by_step(live.room)
        target = target_of(form, live) if scene in ONE_OF_MANY else ""
        return lambda projection: Projection(scene, target=target)
    page = one(form, "page")
    if page in TURNS:
        return lambda projection: replace(projection, page=projection.page + TURNS[page])
    if page.isascii() and page.isdecimal() and 1 <= int(page) <= LAST_PAGE:
        return lambda projection: replace(projection, page=int(page))
    raise Refused("form-malformed")


def target_of(form: FormData, live: LiveRoom) -> str:
    target = one(form, "target")
    if target not in live.room.wall.tensions and target not in live.room.wall.cards:
        raise Refused("target-unknown")
    return target
