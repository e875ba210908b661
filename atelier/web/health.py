"""Whether the server can do its work."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..db import Unavailable
from .who import services


async def health(request: Request) -> Response:
    """200 when every database answers, else 503."""
    at = services(request)
    databases = (at.live.store.db, at.live.keyring.db, at.notes.inbox.db)
    try:
        for db in databases:
            await db.fetch("SELECT number FROM migration LIMIT 1")
    except Unavailable:
        return JSONResponse({"status": "unavailable"}, 503)
    return JSONResponse({"status": "ok"})
