"""A lively room on data that go when it stops: to try atelier, or to show it."""

import sys
import tempfile
from functools import partial
from pathlib import Path
from secrets import token_urlsafe

from .codes import spelled
from .content import opening, scripts
from .i18n import translator
from .live import LiveRoom
from .rooms.commands import GoToStep
from .serve import qr_text, serve_forever
from .settings import Settings
from .web.links import projector_link
from .web.who import Services

SCRIPT = "rapport-a-l-argent"
EMAIL = "demo@example.org"


async def demo(settings: Settings, host: str, port: int, seconds: float) -> None:
    """Serve until a signal. The imagined group writes within `seconds` of each step."""
    with tempfile.TemporaryDirectory(prefix="atelier-") as folder:
        own = {"data": Path(folder), "key_file": None, "database_url": ""}
        settings = settings.model_copy(update=own)
        await serve_forever(settings, host, port, partial(furnish, seconds=seconds))


async def furnish(services: Services, seconds: float) -> None:
    """An account, and a room in which the group is already writing. Groups that are sent from the
    desk write as fast."""
    password = token_urlsafe(9)
    account = await services.accounts.add(EMAIL, password)
    command, words = opening(scripts()[SCRIPT], services.settings.lang)
    room = await services.live.create(account, command, words)
    while room.room.current is None or not room.room.takes_notes(room.room.current):
        await services.live.perform(room, GoToStep(None))
    assert room.room.step
    services.presence.step_opened(room.id, room.room.step)
    services.rehearsals.seconds = seconds
    services.rehearsals.start(room, SCRIPT)
    print_links(services.settings, room, password)


def print_links(settings: Settings, room: LiveRoom, password: str) -> None:
    _ = translator(settings.lang)
    join = f"{settings.origin}/J#{room.entry.code}"
    print(qr_text(join.upper()))
    print(_("Rejoindre la salle {code} : {url}", code=spelled(room.entry.code), url=join))
    print(_("Projeter le mur : {url}", url=settings.origin + projector_link(room)))
    print(_("Animer une séance : {url}", url=f"{settings.origin}/signin"))
    print(_("adresse {email}, mot de passe {password}", email=EMAIL, password=password))
    print(_("Douze personnes imaginées écrivent. Tout s’efface à l’arrêt (Ctrl+C)."))
    sys.stdout.flush()
