"""Notes on paper: a page on which the facilitator types a batch in, to be sent as phones do."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..i18n import translator
from ..live import LiveRoom
from . import render
from .errors import REFUSALS
from .language import language_of
from .live import OF_NOTES
from .who import steered_room
from .words import MODES


async def show_paper(request: Request) -> Response:
    live = await steered_room(request)
    board = live.board
    page = render.page(
        request.scope,
        "paper",
        language_of(request),
        view="paper",
        board=board,
        room={"id": live.id, "title": board.title, "theme": board.theme,
              "pass_": live.keys.pass_},
        steps=open_steps(live),
        why={key: translator(language_of(request))(REFUSALS[key][1]) for key in OF_NOTES},
    )  # fmt: skip
    return HTMLResponse(page)


def open_steps(live: LiveRoom) -> list[dict[str, object]]:
    """The steps that take notes now; the current one first, else the latest."""
    steps = [step for step in live.room.steps if live.room.takes_notes(step)]
    steps.reverse()
    steps.sort(key=lambda step: step.id != live.room.step)
    return [
        {
            "id": step.id,
            "title": live.words.get(step.title, ""),
            "mode": step.mode,
            "mode_name": MODES[step.mode],
            "limit": step.limit,
        }
        for step in steps
    ]
