"""Making a script one's own: every field, and the steps in another order.

A page shows one step, or the script itself (step 0). What its script sends is answered by what has
changed in it; a plain form, by the page again. A change names the revision that it was made on.
"""

from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from ..content.concepts import Nameable, concepts
from ..content.faults import Fault
from ..content.reading import read_script, read_step
from ..content.writing import fields_of
from ..i18n import translator
from ..owned import Own
from ..rooms.refusals import Refused
from ..rooms.scripts import IN_ORDER, Script, ScriptStep, with_steps
from ..rooms.sequence import changed, inserted, moved, removed
from . import render
from .errors import REFUSALS, wants_json
from .forms import fields, lead_to, one
from .language import language_of
from .script_cards import card
from .script_faults import what
from .scripts import LIBRARY
from .who import services, signed_in_account
from .words import (
    KINDS,
    MODES,
    NEW_STEP_PROMPT,
    NEW_STEP_TITLE,
    REGISTER_ICONS,
    REGISTERS,
    SENSITIVITIES,
    SHOWN,
)

NUMBERS = ("min", "break_after", "limit")
SIZES = ("min", "ideal", "max")
NEW_MINUTES = 10

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is looked at: a script, one of its steps (0 is the script itself), the fields as they
    were sent when something is wrong with them, and what."""

    own: Own[Script]
    number: int = 0
    cards: dict[str, str] = field(default_factory=dict)
    """The names of one's own cards, by id."""
    given: Raw | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def values(self) -> Raw:
        kept = msgspec.to_builtins(self.step if self.number else self.own.thing)
        return cast(Raw, {**kept, **(self.given or {})})

    @property
    def step(self) -> ScriptStep:
        return self.own.thing.steps[self.number - 1]


async def show_script(request: Request) -> Response:
    own = await own_script(request)
    number = whole(request.query_params.get("step", "1"))
    if not 0 <= number <= len(own.thing.steps):
        number = 1
    return HTMLResponse(page(request, Sheet(own, number, await own_cards(request))))


async def change_script(request: Request) -> Response:
    """What is said of the script as a whole."""
    own, form = await own_script(request), await fields(request)
    given = raw_script(form)
    script, faults = read_script(1, {**fields_of(own.thing), **given}, Nameable())
    if script is None:
        return wrong(request, Sheet(own, 0, given=given, faults=faults))
    return right(request, await keep(request, form, script), 0)


async def insert_step(request: Request) -> Response:
    """A new one after step `at`, 0 for the beginning."""
    own, form = await own_script(request), await fields(request)
    at = whole(one(form, "at"))
    script = with_steps(own.thing, inserted(own.thing.steps, at, new_step()))
    return right(request, await keep(request, form, script), at + 1)


async def change_step(request: Request) -> Response:
    own, form = await own_script(request), await fields(request)
    number = number_in(request, own)
    given = raw_step(form)
    step, faults = read_step(given, Nameable(), number)
    if step is None:
        return wrong(request, Sheet(own, number, await own_cards(request), given, faults))
    script = with_steps(own.thing, changed(own.thing.steps, number - 1, step))
    return right(request, await keep(request, form, script), number)


async def remove_step(request: Request) -> Response:
    own = await own_script(request)
    number = number_in(request, own)
    script = with_steps(own.thing, removed(own.thing.steps, number - 1))
    kept = await keep(request, request.query_params, script)
    return right(request, kept, min(number, len(script.steps)))


async def move_step(request: Request) -> Response:
    """Step `step` becomes step `to`; step `shown` stays in sight wherever it goes."""
    own, form = await own_script(request), await fields(request)
    at, to = whole(one(form, "step")) - 1, whole(one(form, "to")) - 1
    script = with_steps(own.thing, moved(own.thing.steps, at, to))
    places = moved(tuple(range(1, len(script.steps) + 1)), at, to)
    shown = whole(one(form, "shown"))
    kept = await keep(request, form, script)
    return right(request, kept, places.index(shown) + 1 if shown in places else 0)


# What is asked


async def own_script(request: Request) -> Own[Script]:
    account = await signed_in_account(request)
    return await services(request).scripts.find(account, request.path_params["script"])


async def own_cards(request: Request) -> dict[str, str]:
    own = await services(request).cards.of(await signed_in_account(request))
    return {each.thing.id: each.thing.name for each in own}


def number_in(request: Request, own: Own[Script]) -> int:
    number = whole(request.path_params["number"])
    if not 1 <= number <= len(own.thing.steps):
        raise Refused("step-unknown")
    return number


async def keep(request: Request, form: Any, script: Script) -> Own[Script]:
    account = await signed_in_account(request)
    seen = whole(str(form.get("rev", "")))
    return await services(request).scripts.change(account, seen, script)


def whole(text: str) -> int:
    number = as_number(text)
    if not isinstance(number, int):
        raise Refused("form-malformed")
    return number


def as_number(text: str) -> int | str:
    """The number, or the text as it came, so that it can be shown."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else text


def raw_step(form: FormData) -> Raw:
    """The fields of a step that were sent; a time that is left empty is none."""
    known = {each.name for each in msgspec.structs.fields(ScriptStep)} - {"concepts"}
    raw: Raw = {name: str(form[name]) for name in form if name in known}
    raw |= {name: as_number(raw[name]) for name in NUMBERS if name in raw}
    raw |= {name: 0 for name in ("min", "break_after") if raw.get(name) == ""}
    return raw | {"concepts": [str(each) for each in form.getlist("concepts")]}


def raw_script(form: FormData) -> Raw:
    known = {each.name for each in msgspec.structs.fields(Script)} - {"id", "steps", "total_min"}
    raw: Raw = {name: str(form[name]) for name in form if name in known}
    if any(f"size_{name}" in form for name in SIZES):
        raw["group_size"] = {n: as_number(str(form.get(f"size_{n}", ""))) for n in SIZES}
    return raw


def new_step() -> ScriptStep:
    fr, en = translator("fr"), translator("en")
    return ScriptStep(
        kind="echange",
        min=NEW_MINUTES,
        title_fr=fr(NEW_STEP_TITLE),
        title_en=en(NEW_STEP_TITLE),
        prompt_fr=fr(NEW_STEP_PROMPT),
        prompt_en=en(NEW_STEP_PROMPT),
    )


# What is answered


def right(request: Request, own: Own[Script], number: int) -> Response:
    if not wants_json(request):
        return lead_to(request, f"{LIBRARY}/{own.thing.id}?step={number}")
    seen, language = view(request, Sheet(own, number)), language_of(request)
    parts = [render.component(language, name, seen, file="tailoring") for name in PARTS]
    return JSONResponse({"rev": own.rev, "step": number, "html": "".join(parts)})


PARTS = ("plan", "sheet_head", "previews")
"""What a change may change beside the fields themselves."""


def wrong(request: Request, sheet: Sheet) -> Response:
    key = "script-malformed"
    headers = {"Atelier-Refused": key}
    if not wants_json(request):
        return HTMLResponse(page(request, sheet), 422, headers)
    says = translator(language_of(request))(REFUSALS[key][1])
    body = {"refused": key, "says": says, "faults": faults_by_field(request, sheet)}
    return JSONResponse(body, 422, headers)


def page(request: Request, sheet: Sheet) -> str:
    language = language_of(request)
    return render.page(request.scope, "script", language, seen=view(request, sheet))


def view(request: Request, sheet: Sheet) -> dict[str, object]:
    language = language_of(request)
    return {
        **card(sheet.own.thing, language),
        "rev": sheet.own.rev,
        "number": sheet.number,
        "step": sheet.step if sheet.number else None,
        "script": sheet.own.thing,
        "values": sheet.values,
        "faults": faults_by_field(request, sheet),
        "kinds": KINDS,
        "registers": {name: REGISTERS[name] for name in IN_ORDER},
        "register_icons": REGISTER_ICONS,
        "modes": MODES,
        "shown": SHOWN,
        "sensitivities": SENSITIVITIES,
        "concepts": names(language, sheet.cards),
        "room_language": services(request).settings.lang,
    }


def names(language: str, cards: dict[str, str]) -> dict[str, str]:
    """Those of the concepts that ship and of one's own cards, by id, in the order of the names."""
    found = {str(id): concept.name(language) for id, concept in concepts().items()} | cards
    return dict(sorted(found.items(), key=lambda item: item[1].casefold()))


def faults_by_field(request: Request, sheet: Sheet) -> dict[str, str]:
    _ = translator(language_of(request))
    return {fault.field: what(fault, _) for fault in sheet.faults}
