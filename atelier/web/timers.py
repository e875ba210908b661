"""The timer of a room: started, changed, paused, put away. It informs; it closes nothing."""

import math
from collections.abc import Callable

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from ..rooms.refusals import Refused
from ..rooms.timer import Timer
from .forms import DONE, fields, one
from .who import services, steered_room

Change = Callable[[Timer | None, float], Timer | None]


async def set_timer(request: Request) -> Response:
    live = await steered_room(request)
    change = change_of(await fields(request))
    at = services(request)
    await at.live.set_timer(live, change)
    at.announcer.refresh(live)
    return Response(status_code=DONE)


def change_of(form: FormData) -> Change:
    """`minutes` starts one, `add` lengthens or shortens it, `pause` is 1 or 0, `stop` is 1."""
    if "minutes" in form:
        minutes = number(one(form, "minutes"))
        return lambda timer, now: Timer.started(minutes, now)
    if "add" in form:
        more = number(one(form, "add"))
        return lambda timer, now: there(timer).extended(more, now)
    if form.get("pause") in ("0", "1"):
        change = Timer.paused if form["pause"] == "1" else Timer.resumed
        return lambda timer, now: change(there(timer), now)
    if form.get("stop") == "1":
        return lambda timer, now: None
    raise Refused("form-malformed")


def number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise Refused("minutes-out-of-range") from None
    if not math.isfinite(value):
        raise Refused("minutes-out-of-range")
    return value


def there(timer: Timer | None) -> Timer:
    if timer is None:
        raise Refused("no-timer")
    return timer
