"""Exports of a room, for who facilitates it; the group's also for readers, once it is closed. What
is for others exists when the group has read and accepted it."""

import asyncio
from collections.abc import Iterable
from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from ..exports.build import document_of
from ..exports.document import Profile
from ..exports.formats import FORMATS, profile_of
from ..i18n import translator
from ..live import LiveRoom
from ..rooms.commands import Audience
from ..rooms.reading import reading_of
from ..rooms.refusals import Refused
from ..rooms.timeline import timeline_of
from .who import Forbidden, facilitates, past_of_room, services

NAMES = {
    "pdf": ("PDF", "file-text"),
    "png": ("PNG", "image"),
    "svg": ("SVG", "image"),
    "csv": ("CSV", "table-2"),
    "md": ("Markdown", "hash"),
    "json": ("JSON, pour les logiciels", "braces"),
    "html": ("HTML", "globe"),
}
"""What each format is called, and its drawing."""


async def download(request: Request) -> Response:
    live = await past_of_room(request)
    profile = profile_of(request.path_params["profile"])
    format = request.path_params["format"]
    if profile != "group" and not await facilitates(request, live):
        raise Forbidden
    if profile is None or format not in FORMATS:
        raise Refused("export-unknown")
    log = await services(request).live.store.read(live.id)
    document = document_of(
        live.board, timeline_of(log), live.room, live.words, live.entry.opened, profile
    )
    media_type, make = FORMATS[format]
    body = await asyncio.to_thread(make, document)
    day = document.day.strftime("%Y-%m" if document.profile in get_args(Audience) else "%Y-%m-%d")
    name = f"atelier-{day}-{profile}.{format}"
    return Response(
        body,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def offered(live: LiveRoom) -> list[Profile]:
    """What there is to take away now: for who was not there, what the group read and accepted."""
    outside = [
        audience
        for audience in get_args(Audience)
        if live.room.closed
        and (reading := reading_of(live.room, live.words, audience))
        and reading.accepted
    ]
    return ["group", "facilitator", *outside]


def links(live: LiveRoom, language: str, profiles: Iterable[Profile]) -> list[dict[str, object]]:
    """For each profile, what it can be taken away as."""
    _ = translator(language)
    return [
        {
            "profile": profile,
            "files": [
                {"href": f"/r/{live.id}/export/{profile}.{format}", "label": _(label), "icon": icon}
                for format, (label, icon) in NAMES.items()
            ],
        }
        for profile in profiles
    ]
