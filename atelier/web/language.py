"""The language of the chrome: what the viewer chose on this device, else what the browser asks
for, else the installation's. The board speaks the room's language, whoever looks."""

import re
from datetime import date

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import Response

from ..i18n import LANGUAGES, preferred
from ..rooms.refusals import Refused
from .forms import fields, lead_to, one
from .who import cookie_name, services, set_cookie

COOKIE = "language"
YEAR = 365 * 24 * 3600
LOCAL = re.compile(r"(?!.*//)/[\w.~/?=&%-]{0,500}", re.ASCII)
"""A path of this server: two slashes, or a backslash, could name another."""


def language_of(request: Request) -> str:
    if "atelier.language" in request.scope:  # a phone's note: nothing is known of who sends it
        return str(request.scope["atelier.language"])
    chosen = request.cookies.get(cookie_name(request, COOKIE))
    if chosen in LANGUAGES:
        return chosen
    default = services(request).settings.lang
    return preferred(request.headers.get("accept-language", ""), default)


async def choose_language(request: Request) -> Response:
    form = await fields(request)
    language, back = one(form, "language"), str(form.get("back", "/"))
    if language not in LANGUAGES:
        raise Refused("language-unknown")
    response = lead_to(request, back if LOCAL.fullmatch(back) else "/")
    set_cookie(request, response, COOKIE, language, YEAR)
    return response


def spelled_day(day: date, language: str) -> str:
    """Written out, as in 22 novembre 2026."""
    return format_date(day, "long", locale=language)
