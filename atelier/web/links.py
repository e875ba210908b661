"""How one gets into a room: its code, its QR, the projector's own link and the readers'."""

import io

import segno
from markupsafe import Markup
from starlette.requests import Request

from ..codes import spelled
from ..live import LiveRoom
from .who import link_secret, services

QR_DARK = "#191e33"


def room_links(request: Request, live: LiveRoom) -> dict[str, object]:
    """How to get into the room: code, host, link, QR, and the projector's own link."""
    url = join_url(request, live)
    return {
        "code": spelled(live.entry.code),
        "host": services(request).settings.host,
        "join_url": url,
        "projector": projector_link(live),
        "qr": qr_svg(url.upper()),
    }


def join_url(request: Request, live: LiveRoom) -> str:
    """The code is in the fragment, which no log sees."""
    return f"{services(request).settings.origin}/J#{live.entry.code}"


def projector_link(live: LiveRoom) -> str:
    """A read-only link; its secret is in the fragment, which no log sees."""
    return f"/p/{live.id}#{link_secret(live, 'screens')}"


def reader_link(live: LiveRoom) -> str:
    """A link to read the session back, once it is closed; its secret is in the fragment too."""
    return f"/a/{live.id}#{link_secret(live, 'readers')}"


def qr_svg(url: str) -> Markup:
    """To be put into a page. An upper-case address keeps it small."""
    svg = segno.make_qr(url, error="m").svg_inline(dark=QR_DARK, border=0, omitsize=True)
    return Markup(svg)  # noqa: S704 - drawn by segno from our own address


def qr_file(url: str) -> bytes:
    """The same as a file."""
    out = io.BytesIO()
    segno.make_qr(url, error="m").save(out, kind="svg", dark=QR_DARK, border=0, omitsize=True)
    return out.getvalue()
