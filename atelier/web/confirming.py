"""Acts that want the password again, unless it was given a few minutes ago.

Never an act that a facilitator needs in front of a group.
"""

from starlette.datastructures import FormData
from starlette.requests import Request

from ..rooms.refusals import Refused
from .who import services, signed_in_account, sitting_of


async def confirm(request: Request, form: FormData) -> None:
    """`Refused` when the password is wanted and not in the form."""
    if not await services(request).sittings.fresh(sitting_of(request)):
        await check_password(request, str(form.get("password", "")))


async def check_password(request: Request, password: str) -> None:
    """`Refused` unless this is the password of who is signed in; slowed down as signing in is."""
    if not password:
        raise Refused("password-needed")
    account = await signed_in_account(request)
    at = services(request)
    at.throttle.before_password(account)
    if not await at.accounts.knows(account, password):
        raise Refused("password-wrong")
    at.throttle.password_given(account)
    await at.sittings.refresh(sitting_of(request))
