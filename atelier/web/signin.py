"""Signing in and out, and choosing a password with a one-time link."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..i18n import translator
from ..rooms.refusals import Refused
from . import render
from .errors import REFUSALS, refuse, wants_json
from .forms import by_htmx, fields, lead_out, lead_to
from .language import language_of
from .who import SITTING, cookie_name, drop_cookie, remember_sitting, services


async def show_sign_in(request: Request) -> Response:
    return entrance(request, "signin")


async def sign_in(request: Request) -> Response:
    form = await fields(request)
    email, password = str(form.get("email", "")), str(form.get("password", ""))
    at = services(request)
    at.throttle.before_sign_in(request.scope, email)
    account = await at.accounts.sign_in(email, password)
    if account is None:
        return entrance(request, "signin", "sign-in-failed", email)
    at.throttle.signed_in(request.scope, email)
    return await to_desk(request, account)


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
    if secret := request.cookies.get(cookie_name(request, SITTING)):
        await services(request).accounts.leave(secret)
    response = lead_out(request, "/signin")
    drop_cookie(request, response, SITTING)
    return response


async def to_desk(request: Request, account: str) -> Response:
    response = lead_to(request, "/desk")
    remember_sitting(request, response, await services(request).accounts.sit(account))
    return response


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
