"""How one gets into a room: its code, its QR, the projector's own link and the readers'."""

import segno
from markupsafe import Markup
from starlette.requests import Request

from ..codes import spelled
from ..live import LiveRoom
from .who import services

QR_DARK = "#191e33"


def room_links(request: Request, live: LiveRoom) -> dict[str, object]:
    """How to get into the room: code, host, link, QR, and the projector's own link."""
    settings = services(request).settings
    url = f"{settings.origin}/J#{live.entry.code}"
    return {
        "code": spelled(live.entry.code),
        "host": settings.host,
        "join_url": url,
        "projector": projector_link(live),
        "qr": qr_svg(url.upper()),
    }


def projector_link(live: LiveRoom) -> str:
    """A read-only link; its secret is in the fragment, which no log sees."""
    return f"/p/{live.id}#{live.keys.screen}"


def reader_link(live: LiveRoom) -> str:
    """A link to read the session back, once it is closed; its secret is in the fragment too."""
    return f"/a/{live.id}#{live.keys.reader}"


def qr_svg(url: str) -> Markup:
    """An upper-case address keeps the code small; the image comes from segno, not from people."""
    code = segno.make_qr(url, error="m")
    svg = code.svg_inline(dark=QR_DARK, border=0, omitsize=True)
    return Markup(svg)  # noqa: S704 - drawn by segno from our own address
