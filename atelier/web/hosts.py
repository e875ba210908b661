"""The addresses that this installation answers to.

A page of another site can give its own name our address (DNS rebinding), and a careless proxy
passes on any name; what such a request asks is refused before anything looks at it.
"""

import re

from starlette.requests import Request

from ..settings import DEFAULT_PORTS, Settings

THIS_MACHINE = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")
"""Served whatever the origin is: no other site can have these names, and who has just started
the server types them."""


def knows_host(request: Request, settings: Settings) -> bool:
    host = host_of(request)
    own = host.removesuffix(DEFAULT_PORTS[settings.scheme]) == settings.host
    return own or THIS_MACHINE.fullmatch(host) is not None


def is_own(origin: str, request: Request, settings: Settings) -> bool:
    """Whether a page at `origin` is ours: of the installation, or, on this machine, of the host
    asked. Any other host asked proves nothing."""
    host = host_of(request)
    here = THIS_MACHINE.fullmatch(host) is not None and origin == f"http://{host}"
    return here or origin == settings.origin


def host_of(request: Request) -> str:
    return request.headers.get("host", "").lower()
