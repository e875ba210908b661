"""One's own account: where one is signed in, and the password."""

from datetime import date

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..sittings import Sitting
from . import render
from .confirming import check_password, confirm
from .forms import answer, fields, one
from .language import language_of, spelled_day
from .who import services, signed_in_account, sitting_of

PAGE = "/account"


async def show_account(request: Request) -> Response:
    account = await signed_in_account(request)
    at = services(request)
    language = language_of(request)
    sittings = await at.sittings.of(account, sitting_of(request))
    page = render.page(
        request.scope,
        "account",
        language,
        email=await at.accounts.email(account),
        sittings=[row_of(sitting, language) for sitting in sittings],
        password_changed=request.query_params.get("done") == "password",
    )
    return HTMLResponse(page)


def row_of(sitting: Sitting, language: str) -> dict[str, object]:
    browser, _, system = sitting.device.partition("/")
    return {
        "id": sitting.id,
        "here": sitting.here,
        "browser": browser,
        "system": system,
        "since": day_told(sitting.since, language),
        "used": day_told(sitting.used, language),
    }


def day_told(day: str, language: str) -> str:
    return spelled_day(date.fromisoformat(day), language) if day else ""


async def end_sitting(request: Request) -> Response:
    """One sitting by its id, or all others."""
    account = await signed_in_account(request)
    form = await fields(request)
    ended = one(form, "sitting")
    await confirm(request, form)
    sittings = services(request).sittings
    if ended == "others":
        await sittings.end_others(account, sitting_of(request))
    else:
        await sittings.end(account, ended)
    return answer(request, PAGE)


async def change_password(request: Request) -> Response:
    """Asks for the present one however lately it was given; ends the other sittings."""
    account = await signed_in_account(request)
    form = await fields(request)
    new = one(form, "new")
    await check_password(request, str(form.get("password", "")))
    at = services(request)
    await at.accounts.set_password(account, new)
    await at.sittings.end_others(account, sitting_of(request))
    return answer(request, PAGE + "?done=password")
