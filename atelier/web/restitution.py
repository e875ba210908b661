"""Giving back: what would leave the room is written, read together, and accepted or not."""

from uuid import uuid4

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..live import Beside, LiveRoom
from ..projection import AS_THE_STEP_SAYS, Projection
from ..rooms.commands import (
    AcceptRestitution,
    Audience,
    Command,
    ProposeRestitution,
    WithdrawRestitution,
)
from ..rooms.ids import ClusterId, NoteId, TensionId, WordsId
from ..rooms.reading import reading_of
from ..rooms.refusals import Refused
from ..rooms.restitution import words_read
from ..rooms.words import Words, half_words, note_words, title_words
from . import render
from .drafts import draft_of, quoting
from .errors import refuse
from .forms import answer, fields, one
from .language import language_of
from .readings import audience_of, projected, read_now
from .steer import settled
from .who import services, steered_room

EXCERPT_LIMIT = 500


async def show_restitution(request: Request) -> Response:
    live = await steered_room(request)
    audience = audience_of(request.path_params["audience"])
    reading = reading_of(live.room, live.words, audience)
    page = render.page(
        request.scope,
        "restitution",
        language_of(request),
        room={"id": live.id, "title": live.board.title},
        audience=audience,
        closed=live.board.state == "closed",
        room_language=live.room.language,
        reading=reading,
        version=live.room.proposed[audience].title if reading else "",
        draft=draft_of(live, audience, reading),
    )
    return HTMLResponse(page)


async def propose(request: Request) -> Response:
    """What is proposed is shown at once, on every screen: it is there to be read."""
    live = await steered_room(request)
    audience = audience_of(request.path_params["audience"])
    command, words = written(await fields(request), audience)
    if said := quoting(live, audience, words.values()):
        return refuse(request, "note-quoted", about=said[0])
    await perform(request, live, command, words)
    show(request, live, projected(live, audience))
    return answer(request, page_of(live, audience))


async def agree(request: Request) -> Response:
    """The group's agreement, or its end: nobody is asked why."""
    live = await steered_room(request)
    audience = audience_of(request.path_params["audience"])
    form = await fields(request)
    if form.get("withdraw") == "1":
        await perform(request, live, WithdrawRestitution(audience))
        if is_shown(request, live, audience):
            show(request, live, AS_THE_STEP_SAYS)
        return answer(request, page_of(live, audience))
    if any(form.get(point) != "1" for point in asked_of(audience)):
        raise Refused("agreement-missing")
    lines = () if live.room.closed else read_now(live, audience).lines
    if said := quoting(live, audience, lines):
        return refuse(request, "note-quoted", about=said[0])
    await perform(request, live, AcceptRestitution(audience, WordsId(one(form, "title"))))
    if is_shown(request, live, audience):
        show(request, live, projected(live, audience))
    return answer(request, page_of(live, audience))


def asked_of(audience: Audience) -> tuple[str, ...]:
    """Research is agreed to apart, and with what its ethics ask for."""
    return ("heard", "apart", "ethics") if audience == "research" else ("heard",)


async def perform(
    request: Request, live: LiveRoom, command: Command, words: dict[WordsId, Words] | None = None
) -> None:
    """What was proposed before to this audience goes, unless it is what was accepted."""
    async with live.lock:
        before = None
        if isinstance(command, ProposeRestitution | WithdrawRestitution):
            before = live.room.proposed.get(command.audience)
        forget = words_read(before) if before else frozenset()
        await services(request).live.act(live, command, Beside(words=words or {}, forget=forget))
    await settled(request, live)


def is_shown(request: Request, live: LiveRoom, audience: Audience) -> bool:
    shown = services(request).announcer.projections.of(live)
    return shown.scene == "reading" and shown.target.startswith(f"{audience}.")


def show(request: Request, live: LiveRoom, projection: Projection) -> None:
    announcer = services(request).announcer
    announcer.projections.change(live, lambda _: projection)
    announcer.refresh(live)


def page_of(live: LiveRoom, audience: Audience) -> str:
    return f"/r/{live.id}/restitutions/{audience}"


# The form


def written(form: FormData, audience: Audience) -> tuple[ProposeRestitution, dict[WordsId, Words]]:
    """The command and the texts beside it: of clusters and tensions those that are ticked, of
    notes those that something was written for."""
    words: dict[WordsId, Words] = {}

    def lay(text: Words) -> WordsId:
        id = WordsId(uuid4().hex)
        words[id] = text
        return id

    title = lay(title_words(one(form, "title")))
    clusters = tuple(
        (ClusterId(id), lay(title_words(one(form, f"title-{id}"))))
        for id in ticked(form, "cluster")
    )
    tensions = tuple(
        (
            TensionId(id),
            lay(half_words(one(form, f"both-{id}"))),
            lay(half_words(one(form, f"and-{id}"))),
        )
        for id in ticked(form, "tension")
    )
    excerpts = tuple(
        (NoteId(name.removeprefix("excerpt-")), lay(note_words(str(text), EXCERPT_LIMIT)))
        for name, text in form.multi_items()
        if name.startswith("excerpt-") and str(text).strip()
    )
    return ProposeRestitution(audience, title, clusters, tensions, excerpts), words


def ticked(form: FormData, name: str) -> list[str]:
    return list(dict.fromkeys(str(id) for id in form.getlist(name)))
