"""The server process: starts, prints where to click, and says goodbye before it stops."""

import gc
import io
import os
import socket
import sys
from collections.abc import Awaitable, Callable

import segno
import uvicorn

from .app import create_app
from .i18n import translator
from .log import log, set_up
from .settings import Settings
from .web.guard import Guard
from .web.render import Frames
from .web.who import Services
from .wire import UNREAD_SECONDS, Http, WebSockets, allow_many_files

GRACE_SECONDS = 10
BYE_RETRY_MS = 1500
"""When screens may come back; each adds up to as much again, by chance."""
BYE_MS_SCREEN = 1
"""The more there are, the longer: a thousand screens a second is a third of what we can greet."""
NO_TRAFFIC = ("203.0.113.1", 9)
"""A documentation address: connecting a datagram socket to it sends nothing, and tells which of
our addresses the way out has."""


Ready = Callable[[Services], Awaitable[None]]


class Server(uvicorn.Server):
    """uvicorn closes sockets before the lifespan ends: screens are told before that."""

    def __init__(self, config: uvicorn.Config, guard: Guard, ready: Ready) -> None:
        super().__init__(config)
        self.guard = guard
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            settle_down()
            await self.ready(self.guard.app.state.services)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        hub = self.guard.hub
        hub.part(Frames().bye(max(BYE_RETRY_MS, hub.crowd * BYE_MS_SCREEN)))
        await super().shutdown(sockets)
        self._captured_signals.clear()  # raised again, it would make a good end look like a bad one


async def serve_forever(
    settings: Settings, host: str, port: int, ready: Ready | None = None
) -> None:
    """Serve until a signal; raises `OSError` when the address is taken.

    `ready` is called once the server answers; it says where to click.
    """
    os.umask(0o077)
    allow_many_files()
    set_up()
    listener = listen(host, port)
    guard = create_app(settings)
    config = uvicorn.Config(
        guard,
        http=Http,
        ws=WebSockets,
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # the hub asks
        ws_max_size=4096,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    log.info("serving", origin=settings.origin)
    await Server(config, guard, ready or print_where).serve(sockets=[listener])


def settle_down() -> None:
    """What was loaded stays: the garbage collector need not look at it again, nor at every screen
    each few hundred requests. With ten thousand screens it took a fifth of the time.

    And who waits for the interpreter asks for it sooner, so that a commit does not wait for a
    request (`bench.idle`: together they halve the time to the last screen).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 1_000)
    sys.setswitchinterval(0.0005)


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sets TCP_NODELAY: without, each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise OSError(f"cannot listen on {host}:{port}: {error.strerror}") from None
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; every connection inherits it
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
    listener.listen(2048)
    return listener


async def print_where(services: Services) -> None:
    """Three lines: where phones join, where to facilitate, and the first one-time link."""
    settings, accounts = services.settings, services.accounts
    _ = translator(settings.lang)
    first = await accounts.link(None) if await accounts.empty() else None
    if settings.lan:
        print(qr_text(settings.origin.upper()))
    print(_("Rejoindre une salle : {url}", url=f"{settings.origin}/"))
    print(_("Animer une séance : {url}", url=f"{settings.origin}/signin"))
    if first:
        link = f"{settings.origin}/welcome#{first}"
        print(_("Première connexion (valable 30 minutes, une fois) : {url}", url=link))
    sys.stdout.flush()


def qr_text(url: str) -> str:
    out = io.StringIO()
    segno.make_qr(url).terminal(out, compact=True)
    return out.getvalue()


def lan_address() -> str:
    """The address that others on this network reach us by; raises `OSError` when there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(NO_TRAFFIC)
        except OSError:
            raise OSError("no local network found: connect to one, or set ATELIER_ORIGIN") from None
        address: str = probe.getsockname()[0]
        return address
