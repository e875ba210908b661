"""Looking back: the timeline page, and the link that lets others read a closed session."""

import time
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..content.concepts import concepts
from ..exports.method import sentence
from ..live import MINUTE, LiveRoom
from ..rooms.board import Card
from ..rooms.ids import StepId
from ..rooms.replay import board_at
from ..rooms.timeline import Act, Timeline, timeline_of
from ..rooms.words import Lexicon
from . import render
from .downloads import links, offered
from .forms import fields, lead_to
from .language import language_of, spelled_day
from .links import reader_link
from .live import moment_asked
from .retention import on_days
from .ruler import Ruler
from .screen import secret_link
from .who import (
    Forbidden,
    facilitates,
    let_in_by,
    link_secret,
    live_room,
    past_of_room,
    refuse_open,
    services,
)

HEADING = "Frise de la séance"


async def show_timeline(request: Request) -> Response:
    live = await past_of_room(request)
    mine = await facilitates(request, live)
    language = language_of(request)
    log = await services(request).live.store.read(live.id)
    at = moment_asked(request, last=len(log))
    timeline = timeline_of(log)
    ruler = Ruler(length(live, timeline), live.entry.opened)
    moments = [*acts_told(live, timeline), *end_of(timeline, ruler, last=len(log))]
    opened = datetime.fromtimestamp(live.entry.opened, UTC)
    then = board_at(log, live.words, at)
    page = render.page(
        request.scope,
        "timeline",
        language,
        room={"id": live.id, "title": live.board.title},
        now=live.board,
        mine=mine,
        opened=opened.strftime("%Y-%m-%dT%H:%MZ"),
        day=spelled_day(opened, language),
        scene=then.scene,
        parts={"board": render.as_markup(render.board(then, at, live.entry.epoch))},
        moments=moments,
        here=next((each for each in reversed(moments) if each["seq"] <= at), moments[0]),
        ruler=ruler,
        bands=[band | steps_told(live)[band["step"]]
               for band in ruler.bands(timeline.visits, live.room.steps)],
        marks=ruler.marks(timeline.acts),
        exports=links(live, language, offered(live) if mine else ("group",)),
        until=live.entry.until and on_days(live.entry.until, language),
        removable=removable(live) if mine else [],
        removed=request.query_params.get("removed") == "1",
        reader_url=reader_link(live) if mine and live.room.closed else "",
    )  # fmt: skip
    return HTMLResponse(page)


def removable(live: LiveRoom) -> list[Card]:
    """The notes that the archive of a closed session still shows, by their words: who looks for
    one reads them in no other order than an index."""
    if not live.room.closed:
        return []
    board = live.board
    cards = [card for lane in (board.unsorted, *board.clusters) for card in lane.cards]
    return sorted(cards, key=lambda card: card.text.casefold())


def length(live: LiveRoom, timeline: Timeline) -> int:
    """Minutes from the opening to the last act, or until now while the room is open."""
    last = max((act.minute for act in timeline.acts), default=0)
    if live.room.closed:
        return last
    return max(last, (int(time.time()) - live.entry.opened) // MINUTE)


Told = dict[str, Any]


def acts_told(live: LiveRoom, timeline: Timeline) -> list[Told]:
    words, steps = words_of(live), steps_told(live)
    return [
        {
            "seq": act.seq,
            "minute": act.minute,
            "name": act.name,
            "title": title_told(act, words, live.room.language),
            "step": steps[act.step] | {"run": timeline.run.get(act.step)} if act.step else None,
            "cluster": act.cluster or "",
            "letter": act.letter,
            "count": act.count,
            "keep": act.keep,
            "audience": act.audience,
        }
        for act in timeline.acts
    ]


def title_told(act: Act, words: Lexicon, language: str) -> str:
    """In the words of then, else in those of now; a tension by both its halves."""
    if act.letters:
        return act.letters
    if act.concept and not act.title:
        known = concepts().get(act.concept)
        return known.name(language) if known else act.concept
    if act.tension:
        for both, and_ in ((act.title, act.and_), (act.now, act.and_now)):
            if both and and_ and both in words and and_ in words:
                return sentence(language, words[both], words[and_])
        return ""
    return next((words[id] for id in (act.title, act.now) if id and id in words), "")


def steps_told(live: LiveRoom) -> dict[StepId, Told]:
    words = words_of(live)
    return {
        step.id: {"number": number, "title": words.get(step.title, ""), "planned": step.minutes}
        for number, step in enumerate(live.room.steps, start=1)
    }


def words_of(live: LiveRoom) -> Lexicon:
    """None at all where the group kept nothing, also while that can still be undone."""
    return {} if live.room.closed == "nothing" else live.words


def end_of(timeline: Timeline, ruler: Ruler, last: int) -> list[Told]:
    """Without a closing there is one more moment to look at: the wall as it stands."""
    if timeline.acts and timeline.acts[-1].name == "close":
        return []
    return [{"seq": last, "minute": ruler.minutes, "name": "end", "cluster": "", "step": None}]


# The link for readers


async def show_link(request: Request) -> Response:
    """The page whose script moves the secret from the fragment into a form."""
    live = await live_room(request)
    return secret_link(request, f"/a/{live.id}", HEADING)


async def open_archive(request: Request) -> Response:
    live = await live_room(request)
    given = str((await fields(request)).get("secret", ""))
    if not compare_digest(given.encode(), link_secret(live, "readers").encode()):
        raise Forbidden
    refuse_open(live)
    response = lead_to(request, f"/r/{live.id}/timeline")
    let_in_by(request, response, live, "readers")
    return response
