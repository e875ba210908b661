"""Jinja, twice: whole pages, and single components for the socket."""

import json
import re
import time
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup
from starlette.types import Scope

from ..content.concepts import concepts
from ..i18n import translator
from ..now import Now
from ..rooms.board import Board
from ..rooms.patch import (
    CardGone,
    LaneGone,
    Patch,
    PutCard,
    PutLane,
    PutShownCard,
    PutTension,
    Retag,
    Retitle,
    Reword,
    ShownCardGone,
    TensionGone,
    patches,
)

NOW_PARTS = ("band", "threshold", "notice")
TEMPLATES = Path(__file__).parent.parent / "templates"


class Unindented(Extension):
    """Indentation is for who edits a template; phones on a bad line need not load it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"(?m)^[ \t]+(?=[<{])", "", source)


@cache
def environment(language: str) -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=[Unindented],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {"_": translator(language), "lang": language, "concept": concepts().get}
    # An accent is two bytes, its escape six; what is special in HTML is escaped all the same.
    env.policies["json.dumps_kwargs"] = {
        "sort_keys": True,
        "ensure_ascii": False,
        "separators": (",", ":"),
    }
    return env


def page(scope: Scope, name: str, language: str, **context: Any) -> str:
    """A whole page, in the language of who reads it."""
    settings = scope["app"].state.services.settings
    template = environment(language).get_template(f"pages/{name}.html")
    return template.render(context, nonce=scope["atelier.nonce"], lan=settings.lan)


@cache
def macro(language: str, component: str, name: str) -> Any:
    """The macro of a component, looked up once: importing it each time costs more than it."""
    module = environment(language).get_template(f"components/{component}.html").module
    return getattr(module, name)


def component(language: str, name: str, *args: Any, file: str | None = None) -> str:
    return str(macro(language, file or name, name)(*args))


class Frames:
    """Frames for the socket, in the language of the room: the same for every screen."""

    def update(self, before: Board, after: Board, start: int, seq: int, epoch: str) -> str:
        """What leads from `start` to `seq`: the elements that changed, else the board."""
        changes = patches(before, after)
        html = (
            board(after, seq, epoch)
            if changes is None
            else "".join(fragment(after.language, patch) for patch in changes)
        )
        return json.dumps({"t": "update", "from": start, "seq": seq, "html": html})

    def whole(self, after: Board, seq: int, epoch: str) -> str:
        html = board(after, seq, epoch)
        return json.dumps({"t": "whole", "seq": seq, "epoch": epoch, "html": html})

    def now(self, now: Now) -> str:
        return json.dumps({"t": "now", "html": "".join(now_parts(now).values())})

    def bye(self, retry_ms: int) -> str:
        return json.dumps({"t": "bye", "retry_ms": retry_ms})


def shared(shown: Board, seq: int, epoch: str, now: Now) -> dict[str, Markup]:
    """What the room shares, rendered once in its language, to be put into anybody's page."""
    parts = now_parts(now) | {"board": board(shown, seq, epoch)}
    return {name: as_markup(html) for name, html in parts.items()}


def as_markup(html: str) -> Markup:
    """HTML that our own macros made, to be put into a page."""
    return Markup(html)  # noqa: S704 - our own macros


def now_parts(now: Now) -> dict[str, str]:
    parts = {name: component(now.language, name, now, file="now") for name in NOW_PARTS}
    return parts | {
        "timer": component(now.language, "timer", now, round(time.time(), 1)),
        "projected": component(now.language, "projected", now),
        "door": component(now.language, "door", now),
    }


def board(board: Board, seq: int, epoch: str) -> str:
    return component(board.language, "board", board, seq, epoch)


def fragment(language: str, patch: Patch) -> str:
    match patch:
        case PutCard(card, lane, before):
            place = f"notes-{lane or 'unsorted'}"
            return component(language, "note", card, place, f"note-{before}" if before else "")
        case Reword(card):
            return component(language, "note", card)
        case PutLane(lane, before):
            next_to = f"cluster-{before}" if before else ""
            return component(language, "cluster", lane, "clusters", next_to)
        case Retitle(lane):
            return component(language, "cluster_title", lane, file="cluster")
        case Retag(lane):
            return component(language, "tags", lane)
        case PutTension(tension, fresh):
            return component(language, "tension", tension, "tension-list" if fresh else "")
        case TensionGone(tension):
            return component(language, "gone", f"tension-{tension}", file="gone")
        case PutShownCard(card, fresh):
            return component(language, "card", card, "card-list" if fresh else "")
        case ShownCardGone(concept):
            return component(language, "gone", f"card-{concept}", file="gone")
        case CardGone(note):
            return component(language, "gone", f"note-{note}", file="gone")
        case LaneGone(cluster):
            return component(language, "gone", f"cluster-{cluster}", file="gone")
