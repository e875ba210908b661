"""One file that reads well, asks nobody for anything and runs nothing."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

from atelier.exports.webpage import to_html
from tests.exports.documents import HOSTILE, a_document
from tests.exports.test_pdf import COURSE

OURS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section"),
    *("p", "h1", "h2", "ul", "li", "span"),
}


class Reader(HTMLParser):
    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.items: list[str] = []
        self.within = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.within = tag
        if tag == "li":
            self.items.append("")

    def handle_endtag(self, tag: str) -> None:
        self.within = ""

    def handle_data(self, data: str) -> None:
        if self.within == "li":
            self.items[-1] += data


def test_every_note_is_there_as_it_was_written() -> None:
    assert Reader(to_html(a_document(*HOSTILE))).items == HOSTILE


def test_nothing_that_was_written_becomes_an_element_or_an_attribute() -> None:
    for text in HOSTILE:
        page = Reader(to_html(a_document(text, title=text, theme=text + " ", clusters=1)))

        assert page.tags <= OURS
        assert page.attributes <= {"lang", "charset", "http-equiv", "content", "name", "class"}


def test_the_policy_allows_the_style_of_the_file_and_nothing_else() -> None:
    page = to_html(a_document("un")).decode()
    style = re.search("<style>(.*?)</style>", page, re.DOTALL)
    assert style
    allowed = b64encode(sha256(style[1].encode()).digest()).decode().replace("+", "&#43;")

    assert "default-src &#39;none&#39;" in page
    assert f"&#39;sha256-{allowed}&#39;" in page.replace("+", "&#43;")
    assert "url(" not in style[1] and "@import" not in style[1]


def test_it_asks_nobody_for_anything() -> None:
    assert not re.search(rb"(src|href|action)=|https?://", to_html(a_document("un", clusters=1)))


def test_headings_come_in_order_and_there_is_a_night() -> None:
    page = to_html(a_document("un", "deux", clusters=1)).decode()

    assert re.findall("<h([1-6])", page) == ["1", "2"]
    assert '<html lang="fr">' in page
    assert "prefers-color-scheme: dark" in page


def test_only_the_facilitator_reads_the_day_and_how_it_went() -> None:
    group = to_html(a_document("un", **COURSE)).decode()
    mine = to_html(a_document("un", profile="facilitator", **COURSE)).decode()

    assert "22 novembre" not in group and "Déroulé" not in group
    assert "22 novembre 2026" in mine and "Déroulé" in mine
    assert '<th scope="row">Récolte</th><td class="n">8</td><td class="n">11</td>' in mine
