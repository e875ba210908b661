"""The document as one HTML file: no script, no network, no style but its own."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .document import Document
from .labels import LABELS, decision_of, kicker_of, lead_of, title_of, unsorted_of
from .method import cards_in_words, chosen_in_words, tags_in_words, tension_in_words

HERE = Path(__file__).parent
STYLE = (HERE / "webpage.css").read_text(encoding="utf-8")
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none';"
    f" style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
)
PAPERS = "ABCDEFGH"
"""Letters that have a colour of their own; after the last, the first comes again."""


def to_html(document: Document) -> bytes:
    notes = {note.id: note.text for note in document.notes}
    clusters = [
        {
            "letter": cluster.letter,
            "title": cluster.title,
            "tags": tags_in_words(document, cluster),
            "paper": cluster.letter if cluster.letter in PAPERS else PAPERS[index % len(PAPERS)],
            "notes": [notes[id] for id in cluster.notes if id in notes],
        }
        for index, cluster in enumerate(document.clusters)
    ]
    page = environment().get_template("webpage.html")
    return page.render(
        document=document,
        labels=LABELS[document.language],
        title=title_of(document),
        kicker=kicker_of(document),
        lead=lead_of(document),
        decision=decision_of(document),
        clusters=clusters,
        loose=unsorted_of(document),
        unsorted=[note.text for note in document.notes if note.cluster is None],
        tensions=[tension_in_words(document, tension) for tension in document.tensions],
        cards=cards_in_words(document),
        chosen=chosen_in_words(document),
        policy=POLICY,
        style=Markup(STYLE),  # noqa: S704 - our own file
    ).encode()


@cache
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
