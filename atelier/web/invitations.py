"""Accepting an invitation to facilitate a room with its owner: signed in, signing in, or with an
account that is made for it."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..rooms.refusals import Refused
from . import render
from .forms import fields, lead_to, one
from .language import language_of
from .signin import begin_sitting, recognise
from .who import account_of, services


async def show_invitation(request: Request) -> Response:
    """The page whose script moves the secret from the fragment into its forms."""
    account = await account_of(request)
    email = await services(request).accounts.email(account) if account else ""
    return HTMLResponse(render.page(request.scope, "invitation", language_of(request), email=email))


async def accept(request: Request) -> Response:
    form = await fields(request)
    secret = one(form, "secret")
    at = services(request)
    room = await at.live.open(await at.cofacilitation.invited_to(secret))
    response = lead_to(request, f"/r/{room.id}")
    account = await account_of(request)
    if account is None and form.get("new") == "1":
        account = await new_account(request, secret, form)
        await begin_sitting(request, response, account)
        return response
    if account is None:
        account = await recognise(request, one(form, "email"), one(form, "password"))
        if account is None:
            raise Refused("sign-in-failed")
        await begin_sitting(request, response, account)
    if account != room.entry.owner:
        await at.cofacilitation.accept(secret, account)
    return response


async def new_account(request: Request, secret: str, form: FormData) -> str:
    """Made for this invitation, and not kept when somebody else was faster to use it."""
    at = services(request)
    email = one(form, "email")
    at.throttle.before_sign_in(request.scope, email)  # else it tells at leisure who has an account
    account = await at.accounts.add(email, one(form, "password"))
    at.throttle.signed_in(request.scope, email)
    try:
        await at.cofacilitation.accept(secret, account)
    except Refused:
        await at.accounts.remove(account)
        raise
    return account
