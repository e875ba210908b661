"""The library of concept cards: those that ship, and those that somebody wrote."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from ..content.concepts import concepts
from ..owned import Own
from ..rooms.ids import ConceptId
from ..rooms.own_cards import REFERENCE, OwnCard, own_card
from . import render
from .errors import wants_json
from .forms import answer, fields, one
from .language import language_of
from .tailoring import whole
from .who import services, signed_in_account

LIBRARY = "/cards"
FIELDS = ("name", "definition", *REFERENCE)


async def show_cards(request: Request) -> Response:
    """The page; as JSON one's own alone, which is what a board does not have yet."""
    own = await services(request).cards.of(await signed_in_account(request))
    if wants_json(request):
        return JSONResponse({"cards": [told(each) for each in own]})
    page = render.page(
        request.scope,
        "cards",
        language_of(request),
        own=own,
        shipped=list(concepts().values()),
    )
    return HTMLResponse(page)


def told(own: Own[OwnCard]) -> dict[str, object]:
    card = own.thing
    return {
        "concept": card.id,
        **{name: getattr(card, name) for name in FIELDS},
        "doubtful": card.doubtful,
    }


async def write_card(request: Request) -> Response:
    account, form = await signed_in_account(request), await fields(request)
    await services(request).cards.add(account, card_in(form, ConceptId("")))
    return answer(request, LIBRARY)


async def change_card(request: Request) -> Response:
    """A room that showed it goes on showing what it said then."""
    account, form = await signed_in_account(request), await fields(request)
    card = card_in(form, ConceptId(request.path_params["card"]))
    await services(request).cards.change(account, whole(one(form, "rev")), card)
    return answer(request, LIBRARY)


async def remove_card(request: Request) -> Response:
    account = await signed_in_account(request)
    await services(request).cards.remove(account, request.path_params["card"])
    return answer(request, LIBRARY)


def card_in(form: FormData, id: ConceptId) -> OwnCard:
    given = {name: str(form.get(name, "")) for name in FIELDS}
    return own_card(id, given, doubtful=form.get("doubtful") == "1")
