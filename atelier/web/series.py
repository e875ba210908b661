"""Series: which sessions are of one group, and what came back from one to the next."""

from collections.abc import Callable, Mapping
from uuid import uuid4

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..content.concepts import concepts
from ..live import LiveRoom, NoRoom
from ..owned import Own
from ..rooms.board import Board
from ..rooms.ids import RoomId
from ..rooms.refusals import Refused
from ..rooms.series import (
    Series,
    Session,
    Shown,
    moved,
    renamed,
    series_of,
    session_to_come,
    shown,
    threads_of,
    with_drawn,
    with_room,
    with_session,
    without_drawn,
    without_session,
)
from . import render
from .desk import day_of, rows
from .forms import answer, fields, lead_to, one
from .language import language_of, spelled_day
from .tailoring import whole
from .who import facilitates, services, signed_in_account

SHELF = "/series"
WAYS = {"earlier": -1, "later": 1}

Told = dict[str, object]


async def show_all(request: Request) -> Response:
    own = await services(request).series.of(await signed_in_account(request))
    return HTMLResponse(render.page(request.scope, "all_series", language_of(request), own=own))


async def begin(request: Request) -> Response:
    account, form = await signed_in_account(request), await fields(request)
    fresh = series_of("", one(form, "name"), str(form.get("themes", "")))
    [own] = await services(request).series.add(account, fresh)
    return lead_to(request, f"{SHELF}/{own.id}")


async def show_one(request: Request) -> Response:
    own = await found(request)
    frieze = [await Sitting.of(request, each) for each in own.thing.sessions]
    taken = {session.room for session in own.thing.sessions}
    account = await signed_in_account(request)
    page = render.page(
        request.scope,
        "series",
        language_of(request),
        series=own.thing,
        rev=own.rev,
        frieze=[sitting.told(number) for number, sitting in enumerate(frieze, start=1)],
        threads=threads_told(own.thing, frieze),
        rooms=[row async for row in rows(request, account) if row["id"] not in taken],
    )
    return HTMLResponse(page)


async def rename(request: Request) -> Response:
    form = await fields(request)
    said = [str(form.get(name, "")) for name in ("name", "themes", "notes")]
    return await change(request, form, lambda series: renamed(series, *said))


async def remove(request: Request) -> Response:
    """The rooms stay."""
    account = await signed_in_account(request)
    await services(request).series.remove(account, request.path_params["series"])
    return answer(request, SHELF)


# Sessions


async def put_session(request: Request) -> Response:
    """A `room` of one's own or co-facilitated, or a session to come, with its `title`."""
    form = await fields(request)
    if form.get("room"):
        session = Session(uuid4().hex, room=(await room_in(request, form)).id)
    else:
        session = session_to_come(uuid4().hex, one(form, "title"), str(form.get("when", "")))
    return await change(request, form, lambda series: with_session(series, session))


async def change_session(request: Request) -> Response:
    """With `room`: it was to come, and is that room now; with `way`: `earlier` or `later`."""
    form = await fields(request)
    session = request.path_params["session"]
    if "way" in form:
        if form["way"] not in WAYS:
            raise Refused("form-malformed")
        by = WAYS[str(form["way"])]
        return await change(request, form, lambda series: moved(series, session, by))
    room = (await room_in(request, form)).id
    return await change(request, form, lambda series: with_room(series, session, room))


async def take_session(request: Request) -> Response:
    session = request.path_params["session"]
    return await change(
        request, request.query_params, lambda series: without_session(series, session)
    )


# Threads


async def draw_thread(request: Request) -> Response:
    form = await fields(request)
    a, b = one(form, "a"), one(form, "b")
    frieze = [(await Sitting.of(request, s)).shown for s in (await found(request)).thing.sessions]
    return await change(request, form, lambda series: with_drawn(series, frieze, a, b))


async def cut_thread(request: Request) -> Response:
    """The ends are in the path: `{a}/{b}`."""
    a, b = request.path_params["a"], request.path_params["b"]
    return await change(request, request.query_params, lambda series: without_drawn(series, a, b))


# What is asked


async def found(request: Request) -> Own[Series]:
    account = await signed_in_account(request)
    return await services(request).series.find(account, request.path_params["series"])


async def change(
    request: Request, form: FormData | QueryParams, how: Callable[[Series], Series]
) -> Response:
    account, own = await signed_in_account(request), await found(request)
    seen = whole(str(form.get("rev", "")))
    await services(request).series.change(account, seen, how(own.thing))
    return answer(request, f"{SHELF}/{own.thing.id}")


async def room_in(request: Request, form: FormData) -> LiveRoom:
    live = await room_of(request, one(form, "room"))
    if live is None:
        raise Refused("room-unknown")
    return live


async def room_of(request: Request, id: str) -> LiveRoom | None:
    """None for a room that is gone, or that is not, or no longer, theirs."""
    try:
        live = await services(request).live.open(RoomId(id))
    except NoRoom:
        return None
    return live if await facilitates(request, live) else None


# What is shown


class Sitting:
    """A session with its room, if it has one that can be looked at."""

    def __init__(self, session: Session, live: LiveRoom | None, language: str) -> None:
        self.session = session
        self.live = live
        self.language = language

    @classmethod
    async def of(cls, request: Request, session: Session) -> "Sitting":
        live = await room_of(request, session.room) if session.room else None
        return cls(session, live, language_of(request))

    @property
    def board(self) -> Board | None:
        """Only what a group decided to keep is told again."""
        return self.live.board if self.live and self.live.room.closed else None

    @property
    def shown(self) -> Shown:
        if self.board is None:
            return Shown(self.session.id)
        return shown(self.session.id, self.board, names_of(self.board))

    @property
    def state(self) -> str:
        if not self.session.room:
            return "coming"
        if self.live is None:
            return "gone"
        return self.live.room.closed or "open"

    def told(self, number: int) -> Told:
        live = self.live
        title = str(live.words.get(live.room.title, "")) if live else ""
        return {
            "id": self.session.id,
            "room": live.id if live else "",
            "number": number,
            "title": title or self.session.title,
            "when": spelled_day(day_of(live.entry), self.language) if live else self.session.when,
            "state": self.state,
            "language": live.room.language if live else self.language,
            "shown": self.shown,
            "board": self.board,
        }


def names_of(board: Board) -> Mapping[str, str]:
    known = concepts()
    return {
        card.concept: card.own.name if card.own else known[card.concept].name(board.language)
        for card in board.cards
        if card.own or card.concept in known
    }


def threads_told(series: Series, frieze: list[Sitting]) -> list[Told]:
    """Each with the words of its ends and the numbers of their sessions."""
    ends: dict[str, Told] = {}
    for number, sitting in enumerate(frieze, start=1):
        told = sitting.told(number)
        ends[sitting.session.id] = {"said": told["title"], "number": number}
        for thing in sitting.shown.things:
            ends[thing.id] = {"said": thing.said, "number": number, "thing": thing}
    return [
        {"a": thread.a, "b": thread.b, "kind": thread.kind, "from": ends[thread.a],
         "to": ends[thread.b]}
        for thread in threads_of(series, [sitting.shown for sitting in frieze])
    ]  # fmt: skip
