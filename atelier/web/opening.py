"""Opening a room: with a script that ships or is one's own, or a bare wall."""

from contextlib import nullcontext
from typing import get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..content import bare_wall, opening
from ..i18n import LANGUAGES, translator
from ..rooms.commands import OpenRoom
from ..rooms.ids import WordsId
from ..rooms.refusals import Refused
from ..rooms.scripts import Script
from ..rooms.steps import Mode
from ..rooms.words import TITLE_LIMIT, Words, title_words
from .errors import wants_json
from .forms import fields, lead_to
from .links import projector_link
from .scripts import script_to_open
from .who import services, signed_in_account
from .words import BARE_WALL_PROMPT, BARE_WALL_TITLE, REHEARSAL_TITLE

ROOMS_ACCOUNT = 1000
"""Rooms of one account that are not closed: each holds memory. A day without anybody closes one."""


async def open_room(request: Request) -> Response:
    account = await signed_in_account(request)
    await refuse_too_many(request, account)
    form = await fields(request)
    values = {name: str(form.get(name, "")).strip() for name in form}
    language = values.get("language") or services(request).settings.lang
    if language not in LANGUAGES:
        raise Refused("form-malformed")
    if id := values.get("script"):
        command, words = from_script(await script_to_open(request, account, id), values, language)
    else:
        command, words = wall(values, language)
    at = services(request)
    rehearse = values.get("rehearse") == "1"
    if rehearse:
        words[command.title] = rehearsal_title(words[command.title], language)
    async with at.rehearsals.another(account) if rehearse else nullcontext():
        live = await at.live.create(account, command, words)
        if live.room.step:
            at.presence.step_opened(live.id, live.room.step)
        if rehearse:
            await at.live.mark_rehearsal(live)
            at.rehearsals.start(live, values.get("script", ""))
    if wants_json(request):
        body = {
            "room": live.id,
            "code": live.entry.code,
            "page": f"/r/{live.id}",
            "projector": projector_link(live),
        }
        return JSONResponse(body, 201)
    return lead_to(request, f"/r/{live.id}")


async def refuse_too_many(request: Request, account: str) -> None:
    at = services(request)
    rooms = await at.live.store.rooms(account)
    if at.throttle.on and sum(not entry.finished for entry in rooms) >= ROOMS_ACCOUNT:
        raise Refused("too-many-rooms")


def from_script(
    script: Script, values: dict[str, str], language: str
) -> tuple[OpenRoom, dict[WordsId, Words]]:
    """A room with this script; a title or theme given here replaces the script's."""
    command, words = opening(script, language)
    if values.get("title"):
        words[command.title] = title_words(values["title"])
    if values.get("theme"):
        words[command.theme] = title_words(values["theme"])
    return command, words


def wall(values: dict[str, str], language: str) -> tuple[OpenRoom, dict[WordsId, Words]]:
    mode = values.get("mode") or "reveal"
    if mode not in get_args(Mode) or mode == "none":
        raise Refused("mode-unknown")
    _ = translator(language)
    title = title_words(values.get("title") or _(BARE_WALL_TITLE))
    theme = title_words(values["theme"]) if values.get("theme") else Words()
    known: Mode = mode  # type: ignore[assignment]  # checked against the same Literal above
    return bare_wall(title, theme, Words(_(BARE_WALL_PROMPT)), known, language)


def rehearsal_title(title: Words, language: str) -> Words:
    """Marked, so that nobody takes the room for a real one; cut when that makes it too long."""
    _ = translator(language)
    left = TITLE_LIMIT - len(_(REHEARSAL_TITLE, title=""))
    return title_words(_(REHEARSAL_TITLE, title=shortened(title, left)))


def shortened(text: str, limit: int) -> str:
    """At most `limit` signs, cut between two words where there are two."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:") + "…"
