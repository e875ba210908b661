"""Concept cards: shown on every screen, and linked to what they shed light on."""

from starlette.requests import Request
from starlette.responses import Response

from ..content.concepts import concepts
from ..projection import Projection
from ..rooms.commands import PutCardAway, ShowCard
from ..rooms.ids import ConceptId
from ..rooms.refusals import Refused
from .forms import DONE, fields, one
from .steer import act, perform
from .who import services, steered_room


async def show_card(request: Request) -> Response:
    """On the wall, and on the projectors for as long as the step lasts."""
    live = await steered_room(request)
    form = await fields(request)
    concept = ConceptId(one(form, "concept"))
    if concept not in concepts():
        raise Refused("concept-unknown")
    await perform(
        request, live, ShowCard(concept, one(form, "target") if form.get("target") else None)
    )
    announcer = services(request).announcer
    announcer.projections.change(live, lambda projection: Projection("card", target=concept))
    announcer.refresh(live)
    return Response(status_code=DONE)


async def put_card_away(request: Request) -> Response:
    concept = ConceptId(request.path_params["concept"])
    return await act(request, await steered_room(request), PutCardAway(concept))
