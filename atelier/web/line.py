"""What lies between a phone and this server, and what may therefore be promised."""

from starlette.requests import HTTPConnection

from ..live import LiveRoom
from ..promise import APPEARS, CLAUSES, Line, paper_promise, promise, weakest
from ..settings import is_this_machine
from .who import services

FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-proto", "x-real-ip")


def promises(conn: HTTPConnection, live: LiveRoom) -> dict[str, object]:
    """What the pages that promise something are told: clauses, and which of them to show."""
    line = line_of(conn)
    modes = {str(step.mode) for step in live.room.steps}
    return {
        "clauses": CLAUSES,
        "promises": {mode: promise(mode, line) for mode in APPEARS if mode in modes},
        "before_entering": promise(weakest(modes), line),
        "on_paper": paper_promise(),
    }


def line_of(conn: HTTPConnection) -> Line:
    """As far as one request can tell: HTTPS is always a proxy's work, and so is a header that says
    for whom a request came. One proxy that keeps no address is all that `none` speaks of."""
    settings, others = services(conn).settings, services(conn).live.others
    proxy = settings.secure or any(name in conn.headers for name in FORWARDED)
    return Line(
        encrypted=settings.secure
        or (not settings.lan and is_this_machine(conn.url.hostname or "")),
        traced=proxy and settings.proxy_log != "none",
        journalled=others is not None and others.remembers(),
        timed=others is not None,
    )
