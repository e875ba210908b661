"""Who gets at a room beside the group: co-facilitators, projectors, readers of a closed one."""

from datetime import date
from typing import get_args

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from ..rooms.refusals import Refused
from ..store import Link
from . import render
from .confirming import confirm
from .errors import wants_json
from .forms import answer, fields, lead_to, one
from .language import language_of, spelled_day
from .links import projector_link, qr_svg, reader_link
from .who import owned_room, owns, services, steered_room

LINKS: dict[str, Link] = {"screen": "screens", "reader": "readers"}
assert set(LINKS.values()) == set(get_args(Link))


async def show_access(request: Request) -> Response:
    live = await steered_room(request)
    at = services(request)
    language = language_of(request)
    projector = projector_link(live)
    page = render.page(
        request.scope,
        "access",
        language,
        room={"id": live.id, "title": live.board.title},
        mine=await owns(request, live),
        owner=await at.accounts.email(live.entry.owner),
        cofacilitators=await at.cofacilitation.of_room(live.id),
        invitations=[{"id": each.id, "day": spelled_day(date.fromisoformat(each.day), language)}
                     for each in await at.cofacilitation.pending(live.id)],
        projector=projector,
        projector_qr=qr_svg(at.settings.origin + projector),
        reader=reader_link(live) if live.room.closed and live.room.closed != "nothing" else "",
        closed=bool(live.room.closed),
    )  # fmt: skip
    return HTMLResponse(page)


async def renew_link(request: Request) -> Response:
    """Links handed out before open nothing any more, and who came by them is out."""
    live = await steered_room(request)
    link = LINKS.get(one(await fields(request), "link"))
    if link is None:
        raise Refused("form-malformed")
    await services(request).live.renew_link(live, link)
    if wants_json(request):
        return JSONResponse(
            {"link": projector_link(live) if link == "screens" else reader_link(live)}
        )
    return lead_to(request, page_of(request))


async def invite(request: Request) -> Response:
    """The secret is told this once: only its hash stays here."""
    live = await owned_room(request)
    await confirm(request, await fields(request))
    secret = await services(request).cofacilitation.invite(live.id)
    return JSONResponse({"link": f"/invitation#{secret}"}, 201)


async def revoke(request: Request) -> Response:
    """An invitation that is not used yet, or the right of a co-facilitator."""
    live = await owned_room(request)
    form = await fields(request)
    at = services(request)
    if "invitation" in form:
        await at.cofacilitation.withdraw(live.id, one(form, "invitation"))
    else:
        account = one(form, "cofacilitator")
        await confirm(request, form)
        await at.cofacilitation.remove(live.id, account)
    return answer(request, page_of(request))


def page_of(request: Request) -> str:
    return f"/r/{request.path_params['room']}/access"
