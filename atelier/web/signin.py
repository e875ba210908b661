"""Signing in and out, and choosing a password with a one-time link."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..i18n import translator
from ..rooms.refusals import Refused
from . import render
from .device import device
from .errors import REFUSALS, refuse, wants_json
from .forms import by_htmx, fields, lead_out, lead_to
from .language import language_of
from .who import SITTING, drop_cookie, remember_sitting, services, sitting_of


async def show_sign_in(request: Request) -> Response:
    return entrance(request, "signin")


async def sign_in(request: Request) -> Response:
    form = await fields(request)
    email, password = str(form.get("email", "")), str(form.get("password", ""))
    account = await recognise(request, email, password)
    if account is None:
        return entrance(request, "signin", "sign-in-failed", email)
    return await to_desk(request, account)


async def recognise(request: Request, email: str, password: str) -> str | None:
    """The account; each failure makes the next try slower."""
    at = services(request)
    at.throttle.before_sign_in(request.scope, email)
    account = await at.accounts.sign_in(email, password)
    if account is not None:
        at.throttle.signed_in(request.scope, email)
    return account


async def show_welcome(request: Request) -> Response:
    return entrance(request, "welcome")


async def choose_password(request: Request) -> Response:
    form = await fields(request)
    email, password = str(form.get("email", "")), str(form.get("password", ""))
    try:
        account = await services(request).accounts.redeem(
            str(form.get("token", "")), email, password
        )
    except Refused as refusal:
        return entrance(request, "welcome", refusal.reason, email, str(form.get("token", "")))
    return await to_desk(request, account)


async def sign_out(request: Request) -> Response:
    await services(request).sittings.leave(sitting_of(request))
    response = lead_out(request, "/signin")
    drop_cookie(request, response, SITTING)
    return response


async def to_desk(request: Request, account: str) -> Response:
    response = lead_to(request, "/desk")
    await begin_sitting(request, response, account)
    return response


async def begin_sitting(request: Request, response: Response, account: str) -> None:
    """In place of the one that this browser had, if it had one."""
    sittings = services(request).sittings
    await sittings.leave(sitting_of(request))
    name = device(request.headers.get("user-agent", ""))
    remember_sitting(request, response, await sittings.open(account, name))


def entrance(
    request: Request, name: str, problem: str = "", email: str = "", token: str = ""
) -> Response:
    """The sign-in or welcome page, with what went wrong above the form."""
    if problem and (wants_json(request) or by_htmx(request)):
        return refuse(request, problem)
    language = language_of(request)
    status, message = REFUSALS[problem] if problem else (200, "")
    says = translator(language)(message) if message else ""
    page = render.page(request.scope, name, language, problem=says, email=email, token=token)
    headers = {"Atelier-Refused": problem} if problem else {}
    return HTMLResponse(page, status, headers)
