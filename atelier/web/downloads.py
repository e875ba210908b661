"""Exports of a room, for who facilitates it."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from ..exports.build import document_of
from ..exports.document import Document, to_json
from ..exports.pdf import to_pdf
from ..live import LiveRoom
from ..rooms.refusals import Refused
from ..rooms.timeline import timeline_of
from .who import services, steered_room

FORMATS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "pdf": ("application/pdf", to_pdf),
    "json": ("application/json", to_json),
}
PROFILES = ("group",)


async def download(request: Request) -> Response:
    live = await steered_room(request)
    profile, format = request.path_params["profile"], request.path_params["format"]
    if profile not in PROFILES or format not in FORMATS:
        raise Refused("export-unknown")
    log = await services(request).live.store.read(live.id)
    document = document_of(live.board, timeline_of(log), live.room, live.words, live.entry.opened)
    media_type, make = FORMATS[format]
    body = await asyncio.to_thread(make, document)
    name = f"atelier-{document.day}-{profile}.{format}"
    return Response(
        body,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def links(live: LiveRoom) -> list[dict[str, str]]:
    return [
        {"href": f"/r/{live.id}/export/group.{format}", "format": format, "label": format.upper()}
        for format in FORMATS
    ]
