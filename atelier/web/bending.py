"""The script of a room while it runs: its steps and the time that is left, and what bends them."""

import time
from dataclasses import replace
from typing import cast, get_args
from uuid import uuid4

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..content import as_script
from ..i18n import LANGUAGES, translator
from ..live import MINUTE, NOTHING, Beside, LiveRoom
from ..rooms.commands import ChangeStep, DropStep, InsertStep, MoveStep
from ..rooms.ids import StepId, WordsId, is_id
from ..rooms.pace import Pace, pace_of
from ..rooms.refusals import Refused
from ..rooms.scripts import REGISTERS as REGISTER_OF
from ..rooms.steps import Kind, Mode, Step
from ..rooms.timeline import timeline_of
from ..rooms.timer import LONGEST_MINUTES
from ..rooms.words import Words, prompt_words, title_words
from . import render
from .forms import answer, fields, one
from .language import language_of
from .scripts import LIBRARY
from .steer import act
from .who import services, signed_in_account, steered_room
from .words import KINDS, MODES, REGISTER_ICONS, REGISTERS, SCRIPT_AS_IT_WENT


async def show_steps(request: Request) -> Response:
    """The list of steps alone, for a page that has it and follows the room."""
    live = await steered_room(request)
    return HTMLResponse(
        render.component(language_of(request), "steps", await script_told(request, live))
    )


async def insert_step(request: Request) -> Response:
    """A new one, or with `again` one of the steps that the room opened with."""
    live = await steered_room(request)
    form = await fields(request)
    step, beside = planned_again(live, form) if "again" in form else new_step(form)
    return await act(request, live, InsertStep(step, before_of(form)), beside=beside)


async def change_step(request: Request) -> Response:
    """The fields that are there; the others stay as they are."""
    live = await steered_room(request)
    known = live.room.find_step(step_of(request))
    if known is None:
        raise Refused("step-unknown")
    step, beside = said_otherwise(live, known, await fields(request))
    return await act(request, live, ChangeStep(step), beside=beside)


async def drop_step(request: Request) -> Response:
    return await act(request, await steered_room(request), DropStep(step_of(request)))


async def move_step(request: Request) -> Response:
    live = await steered_room(request)
    form = await fields(request)
    return await act(request, live, MoveStep(StepId(one(form, "step")), before_of(form)))


async def keep_script(request: Request) -> Response:
    """The script as it is now, among those of who asks."""
    live = await steered_room(request)
    account = await signed_in_account(request)
    purpose = {language: translator(language)(SCRIPT_AS_IT_WENT) for language in LANGUAGES}
    [own] = await services(request).scripts.add(account, as_script(live.room, live.words, purpose))
    return answer(request, f"{LIBRARY}/{own.id}")


# What is asked


def step_of(request: Request) -> StepId:
    return StepId(request.path_params["step"])


def before_of(form: FormData) -> StepId | None:
    return StepId(one(form, "before")) if form.get("before") else None


def planned_again(live: LiveRoom, form: FormData) -> tuple[Step, Beside]:
    wanted = one(form, "again")
    step = next((each for each in live.room.planned if each.id == wanted), None)
    if step is None:
        raise Refused("step-unknown")
    return step, NOTHING


def new_step(form: FormData) -> tuple[Step, Beside]:
    if not is_id(one(form, "step")):
        raise Refused("id-malformed")
    kind = kind_of(form)
    title, prompt = fresh_id(), fresh_id()
    words = {title: title_words(one(form, "title")), prompt: prompt_words(one(form, "prompt"))}
    step = Step(
        StepId(one(form, "step")),
        kind,
        REGISTER_OF[kind],
        mode_of(form),
        title,
        prompt,
        minutes_of(form),
    )
    return step, Beside(words=words)


def said_otherwise(live: LiveRoom, known: Step, form: FormData) -> tuple[Step, Beside]:
    """Texts that say the same keep their id: then nothing has changed."""
    step, words = known, dict[WordsId, Words]()
    if "kind" in form and form["kind"] != known.kind:
        step = replace(step, kind=kind_of(form), register=REGISTER_OF[kind_of(form)])
    if "mode" in form:
        step = replace(step, mode=mode_of(form))
    if "minutes" in form:
        step = replace(step, minutes=minutes_of(form))
    if "title" in form and (title := title_words(one(form, "title"))) != live.words[known.title]:
        step = replace(step, title=fresh_id())
        words[step.title] = title
    if "prompt" in form:
        prompt = prompt_words(one(form, "prompt"))
        if prompt != live.words[known.prompt]:
            step = replace(step, prompt=fresh_id())
            words[step.prompt] = prompt
    return step, Beside(words=words)


def fresh_id() -> WordsId:
    return WordsId(uuid4().hex)


def kind_of(form: FormData) -> Kind:
    if one(form, "kind") not in get_args(Kind):
        raise Refused("kind-unknown")
    return cast(Kind, form["kind"])


def mode_of(form: FormData) -> Mode:
    if one(form, "mode") not in get_args(Mode):
        raise Refused("mode-unknown")
    return cast(Mode, form["mode"])


def minutes_of(form: FormData) -> int:
    """Whole minutes; 0 for a step that takes the time it takes."""
    text = one(form, "minutes")
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise Refused("minutes-out-of-range")
    if int(text) > LONGEST_MINUTES:
        raise Refused("minutes-out-of-range")
    return int(text)


# What is shown


async def script_told(request: Request, live: LiveRoom) -> dict[str, object]:
    """The steps as they are, when the coming ones start, and what the room opened with."""
    log = await services(request).live.store.read(live.id)
    now = int(time.time() - live.entry.opened) // MINUTE
    pace = pace_of(live.room, timeline_of(log).visits, now)
    return {
        "steps": [step_row(live, each, n, pace, now) for n, each in enumerate(live.room.steps, 1)],
        "planned": planned_rows(live),
        "bends": live.room.bends,
        "ends_in": None if pace.end is None else pace.end - now,
        "shift": pace.shift,
    }


def step_row(live: LiveRoom, step: Step, number: int, pace: Pace, now: int) -> dict[str, object]:
    """One line of the script, as the facilitator sees it."""
    words, start = live.words, pace.starts.get(step.id)
    return {
        "id": step.id,
        "number": number,
        "title": words.get(step.title, ""),
        "prompt": words.get(step.prompt, ""),
        "kind": step.kind,
        "kind_name": KINDS[step.kind],
        "register": step.register,
        "register_name": REGISTERS[step.register],
        "register_icon": REGISTER_ICONS[step.register],
        "minutes": step.minutes,
        "pause": step.break_after,
        "mode": step.mode,
        "mode_name": MODES[step.mode],
        "concepts": step.concepts,
        "hint": words.get(step.hint, "") if step.hint else "",
        "entered": step.id in live.room.entered,
        "starts_in": None if start is None else start - now,
        "bent": bent(live, step),
    }


def bent(live: LiveRoom, step: Step) -> str:
    """`new`, `changed`, or empty for a step that is as it was planned."""
    planned = next((each for each in live.room.planned if each.id == step.id), None)
    if planned is None:
        return "new"
    return "" if planned == step else "changed"


def planned_rows(live: LiveRoom) -> list[dict[str, object]]:
    there = {step.id for step in live.room.steps}
    return [
        {
            "id": step.id,
            "title": live.words.get(step.title, ""),
            "minutes": step.minutes,
            "dropped": step.id not in there,
        }
        for step in live.room.planned
    ]
