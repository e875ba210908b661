"""Opening a room: with a shipped script, or a bare wall."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..content import bare_wall, opening, scripts
from ..db import Conflict
from ..i18n import LANGUAGES, translator
from ..live import LiveRoom
from ..rooms.commands import OpenRoom
from ..rooms.ids import WordsId
from ..rooms.refusals import Refused
from ..rooms.steps import Mode
from ..rooms.words import Words, title_words
from .errors import wants_json
from .forms import fields, lead_to
from .join import new_code
from .links import projector_link
from .who import Forbidden, account_of, services
from .words import BARE_WALL_PROMPT, BARE_WALL_TITLE

CODE_TRIES = 20


async def open_room(request: Request) -> Response:
    account = await account_of(request)
    if account is None:
        raise Forbidden
    form = await fields(request)
    values = {name: str(form.get(name, "")).strip() for name in form}
    language = values.get("language") or services(request).settings.lang
    if language not in LANGUAGES:
        raise Refused("form-malformed")
    command, words = (
        from_script(values, language) if values.get("script") else wall(values, language)
    )
    live = await create(request, account, command, words)
    at = services(request)
    if live.room.step:
        at.presence.step_opened(live.id, live.room.step)
    if wants_json(request):
        body = {
            "room": live.id,
            "code": live.entry.code,
            "page": f"/r/{live.id}",
            "projector": projector_link(live),
        }
        return JSONResponse(body, 201)
    return lead_to(request, f"/r/{live.id}")


def from_script(values: dict[str, str], language: str) -> tuple[OpenRoom, dict[WordsId, Words]]:
    """A room with a shipped script; a title or theme of one's own replaces the script's."""
    script = scripts().get(values["script"])
    if script is None:
        raise Refused("script-unknown")
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


async def create(
    request: Request, account: str, command: OpenRoom, words: dict[WordsId, Words]
) -> LiveRoom:
    for _ in range(CODE_TRIES):
        try:
            return await services(request).live.create(account, new_code(), command, words)
        except Conflict:
            continue  # another open room has this code
    raise Refused("failed")
