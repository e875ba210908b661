"""What the person who facilitates does, one handler per act.

Success is 204: the screens change through the socket.
"""

from collections.abc import Callable
from typing import cast, get_args
from uuid import uuid4

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from ..db import Unavailable
from ..live import NOTHING, Beside, LiveRoom
from ..log import log, where
from ..rooms.commands import (
    Command,
    DissolveCluster,
    FormCluster,
    GoToStep,
    HideNote,
    MergeClusters,
    MoveNotes,
    PlaceCluster,
    RenameCluster,
    Tag,
    TagCluster,
    Undo,
    Veil,
)
from ..rooms.ids import ClusterId, NoteId, StepId, WordsId, is_id
from ..rooms.refusals import Refused
from ..rooms.words import title_words
from .errors import refuse
from .forms import DONE, fields, one
from .who import services, steered_room


async def enter_step(request: Request) -> Response:
    live = await steered_room(request)
    go = one(await fields(request), "go")
    entered, before = live.room.entered, live.room.step
    await perform(request, live, GoToStep(None if go == "next" else StepId(go)))
    if live.room.step == before:
        return Response(status_code=DONE)  # pressed twice: the step keeps its timer
    at = services(request)
    if live.room.step and live.room.step not in entered:
        at.presence.step_opened(live.id, live.room.step)
    await at.live.set_timer(live, lambda timer, now: None)  # the time was given to the step before
    at.announcer.refresh(live)
    return Response(status_code=DONE)


async def reveal(request: Request) -> Response:
    live = await steered_room(request)
    form = await fields(request)
    at = services(request)
    anyway = form.get("anyway") == "1"
    named = frozenset(StepId(str(step)) for step in form.getlist("step"))
    try:
        await at.notes.reveal(live, named, anyway=anyway)
    except Refused as refusal:
        if not (anyway and refusal.reason == "below-threshold"):
            raise
        wait = at.notes.announcements.announce(live.id, named)
        at.announcer.refresh(live)
        return refuse(request, "announced", retry=wait)
    await settled(request, live)
    at.announcer.revealed(live)
    return Response(status_code=DONE)


async def form_cluster(request: Request) -> Response:
    live = await steered_room(request)
    form = await fields(request)
    cluster = one(form, "cluster")
    if not is_id(cluster):
        raise Refused("id-malformed")
    title, beside = titled(one(form, "title"))
    command = FormCluster(ClusterId(cluster), title, notes_of(form))
    return await act(request, live, command, beside=beside)


async def describe_cluster(request: Request) -> Response:
    """A title, tags, or both; an empty `tag` alone takes all tags off."""
    live = await steered_room(request)
    form = await fields(request)
    if "title" not in form and "tag" not in form:
        raise Refused("form-malformed")
    cluster, beside = cluster_of(request), NOTHING
    commands: list[Command] = []
    if "title" in form:
        title, beside = titled(one(form, "title"))
        commands.append(RenameCluster(cluster, title))
    if "tag" in form:
        commands.append(TagCluster(cluster, tags_of(form)))
    return await act(request, live, *commands, beside=beside)


async def place_cluster(request: Request) -> Response:
    live = await steered_room(request)
    form = await fields(request)
    before = ClusterId(one(form, "before")) if form.get("before") else None
    return await act(request, live, PlaceCluster(ClusterId(one(form, "cluster")), before))


async def merge_clusters(request: Request) -> Response:
    live = await steered_room(request)
    form = await fields(request)
    command = MergeClusters(ClusterId(one(form, "cluster")), ClusterId(one(form, "into")))
    return await act(request, live, command)


async def dissolve_cluster(request: Request) -> Response:
    live = await steered_room(request)
    return await act(request, live, DissolveCluster(cluster_of(request)))


async def move_notes(request: Request) -> Response:
    live = await steered_room(request)
    form = await fields(request)
    target = ClusterId(one(form, "cluster")) if form.get("cluster") else None
    return await act(request, live, MoveNotes(notes_of(form), target))


async def hide_note(request: Request) -> Response:
    live = await steered_room(request)
    return await act(request, live, HideNote(NoteId(one(await fields(request), "note"))))


async def undo(request: Request) -> Response:
    return await act(request, await steered_room(request), Undo())


async def veil(request: Request) -> Response:
    return await switch(request, Veil)


async def switch(request: Request, command: Callable[[bool], Command]) -> Response:
    live = await steered_room(request)
    on = one(await fields(request), "on")
    if on not in ("0", "1"):
        raise Refused("form-malformed")
    return await act(request, live, command(on == "1"))


async def act(
    request: Request, live: LiveRoom, *commands: Command, beside: Beside = NOTHING
) -> Response:
    await perform(request, live, *commands, beside=beside)
    return Response(status_code=DONE)


async def perform(
    request: Request, live: LiveRoom, *commands: Command, beside: Beside = NOTHING
) -> None:
    """All of them, or none."""
    async with live.lock:
        await services(request).live.act_together(live, commands, beside)
    await settled(request, live)


async def settled(request: Request, live: LiveRoom) -> None:
    """Late changes of phones go along with the facilitator's act; if they cannot now, their own
    time comes, and the act is done all the same."""
    try:
        await services(request).notes.settle(live)
    except Unavailable as error:
        log.error("late-changes-wait", error=type(error).__name__, where=where(error))


def notes_of(form: FormData) -> tuple[NoteId, ...]:
    return tuple(NoteId(str(note)) for note in form.getlist("note"))


def cluster_of(request: Request) -> ClusterId:
    return ClusterId(request.path_params["cluster"])


def tags_of(form: FormData) -> tuple[Tag, ...]:
    given = [str(tag) for tag in form.getlist("tag") if tag]
    if any(tag not in get_args(Tag) for tag in given):
        raise Refused("tag-unknown")
    return cast(tuple[Tag, ...], tuple(given))


def titled(text: str) -> tuple[WordsId, Beside]:
    """A title gets an id; its words lie beside the log."""
    id = WordsId(uuid4().hex)
    return id, Beside(words={id: title_words(text)})
