"""What holds and opposes: two things on the wall, in one sentence of two halves."""

from typing import cast, get_args
from uuid import uuid4

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from ..live import Beside
from ..rooms.commands import Level, NameTension, RemoveTension, RewordTension
from ..rooms.ids import TensionId, WordsId, is_id
from ..rooms.refusals import Refused
from ..rooms.words import half_words
from .forms import fields, one
from .steer import act
from .who import steered_room


async def name_tension(request: Request) -> Response:
    live = await steered_room(request)
    form = await fields(request)
    tension = one(form, "tension")
    if not is_id(tension):
        raise Refused("id-malformed")
    both, and_, beside = halves(form)
    command = NameTension(
        TensionId(tension), one(form, "a"), one(form, "b"), both, and_, levels_of(form)
    )
    return await act(request, live, command, beside=beside)


async def reword_tension(request: Request) -> Response:
    live = await steered_room(request)
    form = await fields(request)
    both, and_, beside = halves(form)
    command = RewordTension(tension_of(request), both, and_, levels_of(form))
    return await act(request, live, command, beside=beside)


async def remove_tension(request: Request) -> Response:
    return await act(request, await steered_room(request), RemoveTension(tension_of(request)))


def halves(form: FormData) -> tuple[WordsId, WordsId, Beside]:
    """Their words lie beside the log."""
    both, and_ = WordsId(uuid4().hex), WordsId(uuid4().hex)
    said = {both: half_words(one(form, "both")), and_: half_words(one(form, "and"))}
    return both, and_, Beside(words=said)


def levels_of(form: FormData) -> tuple[Level, ...]:
    """In the order of the screens, each once."""
    given = [level for level in form.getlist("level") if level]
    if any(level not in get_args(Level) for level in given):
        raise Refused("level-unknown")
    return cast(tuple[Level, ...], tuple(each for each in get_args(Level) if each in given))


def tension_of(request: Request) -> TensionId:
    return TensionId(request.path_params["tension"])
