"""The notes of phones. What comes here has no sender any more: the guard took it away."""

from collections.abc import Awaitable, Callable
from hmac import compare_digest
from typing import Annotated, TypeVar

import msgspec
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from ..arrivals import Draft
from ..db import Unavailable
from ..i18n import translator
from ..live import LiveRoom
from ..log import log, where
from ..rooms.ids import NoteId, StepId, is_id, is_secret
from ..rooms.refusals import Refused
from ..rooms.words import clean, visible
from .errors import REFUSALS, RETRY_SECONDS
from .throttle import TooMany
from .who import live_room, services

Body = TypeVar("Body")
Rev = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


TEXT_MAX = 4 * 500
"""Code points of a text before cleaning; a step allows at most 500 after it."""


class NoteBody(msgspec.Struct, forbid_unknown_fields=True):
    note: str
    text: str
    secret: str
    step: str | None = None
    rev: Rev = 0
    pad: object = None


class WithdrawalBody(msgspec.Struct, forbid_unknown_fields=True):
    note: str
    secret: str
    now: bool = False
    pad: object = None


async def post_note(request: Request) -> Response:
    """201 kept, on disk; 200 when it was known already, or its holder's newer text is."""
    return await for_phone(request, keep)


async def keep(request: Request, live: LiveRoom) -> Response:
    body = await parse(request, NoteBody)
    if not is_id(body.note) or not is_secret(body.secret):
        raise Refused("id-malformed")
    if len(body.text) > TEXT_MAX:  # before anything looks at each character
        raise Refused("note-too-long")
    if not visible(clean(body.text)):
        raise Refused("note-empty")
    step = StepId(body.step) if body.step else None
    draft = Draft(NoteId(body.note), body.secret, body.text, step, body.rev)
    kept = await services(request).notes.post(live, draft)
    services(request).announcer.stale.add(live.id)
    return answer({"kept": True}, 201 if kept == "kept" else 200, "kept")


async def withdraw(request: Request) -> Response:
    """204 taken back; 202 it leaves the wall within a minute."""
    return await for_phone(request, take_back)


async def take_back(request: Request, live: LiveRoom) -> Response:
    body = await parse(request, WithdrawalBody)
    if not is_id(body.note) or not is_secret(body.secret):
        raise Refused("id-malformed")
    outcome = await services(request).notes.take_back(
        live, NoteId(body.note), body.secret, now=body.now
    )
    services(request).announcer.stale.add(live.id)
    if outcome == "gone":
        return Response(status_code=204, headers={"Atelier-Answer": "gone"})
    return answer({"leaving": True}, 202, "leaving")


Handler = Callable[[Request, LiveRoom], Awaitable[Response]]


async def for_phone(request: Request, handle: Handler) -> Response:
    """Let in who holds the room's pass; say refusals in the room's language, since nothing
    is known of the phone's."""
    live = await live_room(request)
    try:
        check_pass(request, live)
        request.scope["atelier.charge"]()
        return await handle(request, live)
    except Refused as refusal:
        return refused(live, refusal.reason)
    except TooMany as error:
        return refused(live, "too-many-tries", retry=error.seconds)
    except Unavailable as error:
        log.error("note-not-kept", error=type(error).__name__, where=where(error))
        return refused(live, "not-kept", retry=RETRY_SECONDS)


def check_pass(conn: HTTPConnection, live: LiveRoom) -> None:
    kind, _, given = conn.headers.get("authorization", "").partition(" ")
    known = live.keys.pass_
    if kind.lower() != "bearer" or not compare_digest(given.encode(), known.encode()):
        raise Refused("pass-wrong")


async def parse(request: Request, kind: type[Body]) -> Body:
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("body-malformed") from None


def refused(live: LiveRoom, key: str, retry: int | None = None) -> Response:
    status, message = REFUSALS[key]
    response = answer({"refused": key, "says": translator(live.room.language)(message)}, status)
    response.headers["Atelier-Refused"] = key
    if retry is not None:
        response.headers["Retry-After"] = str(retry)
    return response


def answer(body: object, status: int, settled: str = "") -> Response:
    """`settled` is what only we say: the page of a hotel's Wi-Fi is no answer to a phone."""
    headers = {"Atelier-Answer": settled} if settled else None
    return Response(msgspec.json.encode(body), status, headers, media_type="application/json")
