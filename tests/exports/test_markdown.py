"""Read as Markdown, the file says what was written, and no more."""

import re
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from atelier.exports.document import Document
from atelier.exports.markdown import to_markdown
from tests.exports.documents import HOSTILE, a_document, a_tension
from tests.exports.test_pdf import COURSE

READER = MarkdownIt("gfm-like", {"linkify": False})
OURS = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "hr"),
    *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
}


def items(document: Document) -> list[str]:
    tokens = READER.parse(to_markdown(document).decode())
    return [
        "".join("\n" if part.type == "hardbreak" else part.content for part in token.children)
        for before, token in pairwise(tokens)
        if token.children is not None and before.type == "paragraph_open" and token.level > 1
    ]


def plain(text: str) -> str:
    """As Markdown keeps it: no spaces around a line, one sort of line end."""
    return "\n".join(line.strip(" \t") for line in re.split("\r\n?|\n", text))


@pytest.mark.parametrize("clusters", [0, 3])
def test_every_note_is_an_item_with_its_own_words(clusters: int) -> None:
    held = items(a_document(*HOSTILE, clusters=clusters))

    assert sorted(held) == sorted(plain(text) for text in HOSTILE)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_was_written_becomes_markup(text: str) -> None:
    document = a_document(text, title=text, theme=text + " ", clusters=1)
    tokens = READER.parse(to_markdown(document).decode())
    inside = {part.type for token in tokens for part in token.children or ()}

    assert {token.type for token in tokens} <= OURS
    assert inside <= {"text", "text_special", "hardbreak"}


@pytest.mark.parametrize("text", ["https://example.org", "www.example.org", "moi@example.org"])
def test_an_address_is_no_link(text: str) -> None:
    assert text not in to_markdown(a_document(text)).decode()


def test_clusters_are_headings_with_their_letter() -> None:
    made = to_markdown(a_document("un", "deux", clusters=2)).decode()

    assert "# L’argent\n\nRestitution au groupe, novembre 2026\n" in made
    assert "## A. Grappe 0\n\n- un\n\n## B. Grappe 1\n\n- deux\n" in made


def test_a_tension_is_one_sentence() -> None:
    tension = a_tension(both="recevoir", levels=["self", "times"], **{"and": "rendre"})
    made = to_markdown(a_document("un", "deux", clusters=2, tensions=[tension])).decode()

    assert "- à la fois recevoir et rendre (moi, époque)" in made


def test_only_the_facilitator_reads_the_day_and_how_it_went() -> None:
    group = to_markdown(a_document("un", **COURSE)).decode()
    mine = to_markdown(a_document("un", profile="facilitator", **COURSE)).decode()

    assert "22 novembre" not in group and "Déroulé" not in group
    assert "22 novembre 2026" in mine
    assert "| Récolte | 8 | 11 |" in mine
    assert "| 14 | Mur dévoilé |  |" in mine
