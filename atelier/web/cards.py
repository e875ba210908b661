"""Concept cards: shown on every screen, and linked to what they shed light on."""

from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from ..content.concepts import concepts
from ..live import NOTHING, Beside, LiveRoom
from ..projection import Projection
from ..rooms.commands import PutCardAway, ShowCard
from ..rooms.ids import ConceptId, WordsId
from ..rooms.own_cards import REFERENCE, CardWords, OwnCard, card_in_words
from ..rooms.refusals import Refused
from ..rooms.words import Words
from .forms import DONE, fields, one
from .steer import act, perform
from .who import account_of, services, steered_room


async def show_card(request: Request) -> Response:
    """On the wall, and on the projectors for as long as the step lasts."""
    live = await steered_room(request)
    form = await fields(request)
    concept = ConceptId(one(form, "concept"))
    target = one(form, "target") if form.get("target") else None
    said, beside = await words_of(request, live, concept, linked=target is not None)
    await perform(request, live, ShowCard(concept, target, said), beside=beside)
    announcer = services(request).announcer
    announcer.projections.change(live, lambda projection: Projection("card", target=concept))
    announcer.refresh(live)
    return Response(status_code=DONE)


async def put_card_away(request: Request) -> Response:
    concept = ConceptId(request.path_params["concept"])
    return await act(request, await steered_room(request), PutCardAway(concept))


async def words_of(
    request: Request, live: LiveRoom, concept: ConceptId, *, linked: bool
) -> tuple[CardWords | None, Beside]:
    """What a card of one's own says in this room: the words of the wall where it is only linked or
    is not in the library any more, else those of the library, copied into the room."""
    shown = live.room.wall.cards.get(concept)
    if concept in concepts() or (shown and linked):
        return None, NOTHING
    card = await own_card_of(request, concept)
    if card is None:
        if shown is None:
            raise Refused("concept-unknown")
        return None, NOTHING
    if shown and shown.said and card_in_words(concept, shown.said, live.words) == card:
        return None, NOTHING
    return laid(card)


async def own_card_of(request: Request, concept: ConceptId) -> OwnCard | None:
    """From the library of who asks; two who facilitate have one each."""
    account = await account_of(request)
    try:
        return (await services(request).cards.find(account, concept)).thing if account else None
    except Refused:
        return None


def laid(card: OwnCard) -> tuple[CardWords, Beside]:
    reference = [getattr(card, name) for name in REFERENCE] if card.author else []
    words = {WordsId(uuid4().hex): Words(text) for text in (card.name, card.definition, *reference)}
    name, definition, *rest = words
    return CardWords(name, definition, tuple(rest), card.doubtful), Beside(words=words)
