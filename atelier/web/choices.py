"""Choosing together which clusters to work on: opened and told by who facilitates."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ..choosing import Ballot
from ..live import LiveRoom
from ..projection import Projection
from ..rooms.commands import OpenChoice
from ..rooms.ids import ChoiceId, ClusterId, NoteId, is_id, is_secret
from ..rooms.refusals import Refused
from .forms import DONE, fields, one
from .notes import Rev, answer, for_phone, parse
from .steer import perform, settled
from .tailoring import whole
from .who import services, steered_room

CLUSTERS_MAX = 26


class BallotBody(msgspec.Struct, forbid_unknown_fields=True):
    choice: str
    ballot: str
    secret: str
    clusters: list[str]
    rev: Rev = 0
    pad: object = None


async def choose(request: Request) -> Response:
    """200, on disk, whether it is the first or a newer one: nothing tells which."""
    return await for_phone(request, keep)


async def keep(request: Request, live: LiveRoom) -> Response:
    body = await parse(request, BallotBody)
    ids = (body.choice, body.ballot)
    if not all(map(is_id, ids)) or not is_secret(body.secret):
        raise Refused("id-malformed")
    if len(body.clusters) > CLUSTERS_MAX:
        raise Refused("choice-out-of-range")
    clusters = tuple(ClusterId(each) for each in body.clusters)
    ballot = Ballot(ChoiceId(body.choice), NoteId(body.ballot), body.secret, clusters, body.rev)
    await services(request).choosing.choose(live, ballot)
    return answer({"kept": True}, 200, "kept")


async def open_choice(request: Request) -> Response:
    live = await steered_room(request)
    form = await fields(request)
    choice = ChoiceId(one(form, "choice"))
    if not is_id(choice):
        raise Refused("id-malformed")
    await perform(request, live, OpenChoice(choice, whole(one(form, "most"))))
    return project(request, live)


async def tell_choice(request: Request) -> Response:
    live = await steered_room(request)
    choice = ChoiceId(one(await fields(request), "choice"))
    await services(request).choosing.tell(live, choice)
    await settled(request, live)
    return project(request, live)


async def drop_choice(request: Request) -> Response:
    live = await steered_room(request)
    await services(request).choosing.drop(live, ChoiceId(request.path_params["choice"]))
    await settled(request, live)
    return Response(status_code=DONE)


def project(request: Request, live: LiveRoom) -> Response:
    announcer = services(request).announcer
    announcer.projections.change(live, lambda projection: Projection("choice"))
    announcer.refresh(live)
    return Response(status_code=DONE)
