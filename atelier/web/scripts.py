"""The library of scripts: those that ship, one's own, and what one does with a whole script."""

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..content import scripts
from ..content.concepts import Nameable
from ..content.faults import ScriptError
from ..content.reading import read_scripts
from ..content.writing import write_scripts
from ..i18n import translator
from ..rooms.refusals import Refused
from ..rooms.scripts import Script
from . import render
from .forms import answer, fields, lead_to, one
from .language import language_of
from .script_cards import card
from .script_faults import told
from .who import services, signed_in_account
from .words import SHELVES

LIBRARY = "/scripts"
FILE = "trame"
YAML = "application/yaml"


async def show_scripts(request: Request) -> Response:
    await signed_in_account(request)
    return HTMLResponse(await library(request))


async def library(request: Request, text: str = "", faults: list[str] | None = None) -> str:
    """The page; after an import that was refused, with what was to be imported."""
    at, language = services(request), language_of(request)
    own = await at.scripts.of(await signed_in_account(request))
    return render.page(
        request.scope,
        "scripts",
        language,
        own=[card(each.thing, language) for each in own],
        shipped=[
            (name, [card(s, language) for s in scripts().values() if shelf_of(s) == shelf])
            for shelf, name in SHELVES.items()
        ],
        room_language=at.settings.lang,
        text=text,
        faults=faults or [],
    )


def shelf_of(script: Script) -> str:
    return "theme" if script.family == "theme" else "method"


# A whole script


async def copy_script(request: Request) -> Response:
    """A script of one's own, made from any that one may see."""
    account = await signed_in_account(request)
    script = await find_script(request, account, one(await fields(request), "of"))
    [own] = await services(request).scripts.add(account, script)
    return lead_to(request, f"{LIBRARY}/{own.id}")


async def import_scripts(request: Request) -> Response:
    """All scripts of a YAML text, or none and everything that is wrong with it."""
    account = await signed_in_account(request)
    text = one(await fields(request), "yaml")
    try:
        # In a thread: a long file would keep everybody waiting.
        found = await asyncio.to_thread(read_scripts, FILE, text, Nameable())
    except ScriptError as error:
        faults = told(error.faults, translator(language_of(request)))
        page = await library(request, text, faults)
        return HTMLResponse(page, 422, {"Atelier-Refused": "script-malformed"})
    await services(request).scripts.add(account, *found.values())
    return answer(request, LIBRARY)


async def export_script(request: Request) -> Response:
    account = await signed_in_account(request)
    script = await find_script(request, account, request.path_params["script"])
    name = f'attachment; filename="{FILE}-{script.id}.yaml"'
    return Response(write_scripts(script), media_type=YAML, headers={"Content-Disposition": name})


async def remove_script(request: Request) -> Response:
    account = await signed_in_account(request)
    await services(request).scripts.remove(account, request.path_params["script"])
    return answer(request, LIBRARY)


async def find_script(request: Request, account: str, id: str) -> Script:
    """One that ships, or one's own. Raises `Refused`."""
    if id in scripts():
        return scripts()[id]
    return (await services(request).scripts.find(account, id)).thing


async def script_to_open(request: Request, account: str, id: str) -> Script:
    try:
        return await find_script(request, account, id)
    except Refused:
        raise Refused("script-unknown") from None
