"""Whatever is written, as a note, a cluster's title or a room's, is shown as text and no more:
on every page, in every frame, in every export.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt
from pypdf import PdfReader

from atelier.exports.document import from_json
from atelier.exports.spreadsheet import inert, is_formula
from atelier.rooms.words import TITLE_LIMIT, note_words, title_words
from tests.contract.people import Facilitator, Note, Room, refused
from tests.contract.tree import parse
from tests.hostile import FORMULAS, HALF, HOSTILE

PLAIN = "un texte comme un autre"
AT_ONCE = 20
"""Clusters of a room: it has letters for twenty-six."""
MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})
MEANINGS = {"text", "text_special", "hardbreak"}
DRAWN = {"svg", "g", "path", "use", "symbol", "defs", "rect", "clipPath", "image"}


def fits(text: str) -> bool:
    """Whether it is short enough for a title."""
    return len(title_words(text, 1000)) <= TITLE_LIMIT


TITLES = [text for text in HOSTILE if fits(text)]


@dataclass
class Wall:
    """A room whose wall is full of these texts, and all that its screens were sent."""

    room: Room
    texts: list[str]
    frames: list[str]


def wall(facilitator: Facilitator, texts: list[str]) -> Wall:
    """Each text is a note; those short enough are the title of a cluster that holds it."""
    room = facilitator.open("waves")
    phones = room.phones()
    with room.screen() as screen:
        notes = [phones[n % 3].write(text) for n, text in enumerate(texts)]
        room.reveal()
        for note in notes[:AT_ONCE]:
            if fits(note.text):
                room.cluster(note.text, note.note)
        board = screen.reach(room.seq())
        assert board.canonical() == room.board().canonical()
        return Wall(room, texts, screen.frames)


@pytest.fixture(scope="module")
def walls(facilitator: Facilitator) -> list[Wall]:
    return [wall(facilitator, HOSTILE[n : n + AT_ONCE]) for n in range(0, len(HOSTILE), AT_ONCE)]


@pytest.fixture(scope="module")
def plain(facilitator: Facilitator) -> Wall:
    return wall(facilitator, [PLAIN] * AT_ONCE)


def as_notes(texts: list[str]) -> list[str]:
    return sorted(str(note_words(text)) for text in texts)


def as_titles(texts: list[str]) -> list[str]:
    return [str(title_words(text)) for text in texts if fits(text)]


def test_there_are_more_than_sixty_and_none_twice() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) > 60


# Pages and frames


class Skeleton(HTMLParser):
    """The elements of a page and the names of their attributes: what text must not change."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[tuple[str, ...]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, *sorted(name for name, _ in attrs)))


def pages(room: Room) -> Iterator[tuple[str, str]]:
    http = room.facilitator.http
    for name, path in (
        ("board", f"{room.path}/board"), ("facilitator", room.page),
        ("projector", f"{room.page}?view=projector"), ("timeline", f"{room.path}/timeline"),
        ("closing", f"{room.path}/closing"), ("desk", "/desk"),
    ):  # fmt: skip
        yield name, http.get(path).text
    yield "phone", room.phone().http.get(room.page).text


def test_the_wall_shows_what_was_written(walls: list[Wall]) -> None:
    for each in walls:
        board = each.room.board()
        assert sorted(each.room.wall().values()) == as_notes(each.texts)
        clusters = board.having("data-cluster")
        titles = [title.text for each in clusters for title in each.having("data-title")]
        assert titles == as_titles(each.texts)


def test_no_text_becomes_an_element_or_an_attribute_of_a_page(
    walls: list[Wall], plain: Wall
) -> None:
    expected = {name: Skeleton(html).found for name, html in pages(plain.room)}
    for each in walls:
        for name, html in pages(each.room):
            assert Skeleton(html).found <= expected[name], name


def test_no_text_becomes_an_element_or_an_attribute_of_a_frame(
    walls: list[Wall], plain: Wall
) -> None:
    expected = set().union(*(skeleton(frame) for frame in plain.frames))
    for each in walls:
        for frame in each.frames:
            assert skeleton(frame) <= expected


def skeleton(frame: str) -> set[tuple[str, ...]]:
    return Skeleton(json.loads(frame).get("html", "")).found


@pytest.mark.parametrize("text", HALF)
def test_half_a_character_is_refused_as_a_note_and_as_a_title(room: Room, text: str) -> None:
    refused(room.phone().post(Note(text=text)), 422)
    answer = room.facilitator.http.post(
        f"{room.path}/clusters",
        content=b"cluster=" + b"0" * 32 + b"&title=%ED%A0%BD",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code in (204, 422)
    assert "\ud83d" not in room.get("board").text


def test_the_title_of_a_room_is_text_wherever_it_stands(facilitator: Facilitator) -> None:
    expected = {name: Skeleton(html).found for name, html in pages(facilitator.open(title=PLAIN))}
    for text in TITLES:
        room = facilitator.open(title=text)
        kept = str(title_words(text))
        assert room.export()["title"] == kept
        shown = facilitator.http.get(f"{room.page}?view=projector").text
        assert next(each.text for each in parse(shown).every() if each.tag == "h1") == kept
        assert Skeleton(shown).found <= expected["projector"]
        assert Skeleton(facilitator.http.get(room.page).text).found <= expected["facilitator"]
        for format in ("html", "md"):
            answer = room.get(f"export/group.{format}")
            assert answer.status_code == 200
            assert_named(answer.headers["Content-Disposition"], format)


# Exports


def test_json_is_read_back_as_it_was_written(walls: list[Wall]) -> None:
    for each in walls:
        document = from_json(each.room.get("export/facilitator.json").content)
        assert sorted(note.text for note in document.notes) == as_notes(each.texts)
        assert [cluster.title for cluster in document.clusters] == as_titles(each.texts)


def test_a_spreadsheet_runs_nothing_and_keeps_every_text_in_its_cell(walls: list[Wall]) -> None:
    for each in walls:
        data = each.room.get("export/group.csv").content.decode("utf-8-sig")
        _, *rows = csv.reader(io.StringIO(data, newline=""), delimiter=";")
        assert {len(row) for row in rows} == {4}
        assert sorted(row[3] for row in rows) == sorted(map(inert, as_notes(each.texts)))
        assert not [cell for row in rows for cell in row if is_formula(cell)]


def test_an_apostrophe_is_all_that_a_spreadsheet_adds() -> None:
    assert {inert(text).removesuffix(text) for text in HOSTILE} == {"", "'"}
    assert all(is_formula(text) for text in FORMULAS[:16])


def test_markdown_says_what_was_written_and_no_more(walls: list[Wall]) -> None:
    for each in walls:
        tokens = MARKDOWN.parse(each.room.get("export/group.md").text)
        inside = {part.type for token in tokens for part in token.children or ()}
        assert inside <= MEANINGS
        assert not {token.type for token in tokens} & {"html_block", "fence", "code_block"}
        items = [
            "".join("\n" if part.type == "hardbreak" else part.content for part in token.children)
            for before, token in pairwise(tokens)
            if token.children is not None and before.type == "paragraph_open" and token.level > 1
        ]
        assert sorted(items) == sorted(
            "\n".join(line.strip(" ") for line in text.split("\n")) for text in as_notes(each.texts)
        )


def test_the_page_to_take_away_is_text_under_a_policy_that_runs_nothing(
    walls: list[Wall], plain: Wall
) -> None:
    expected = Skeleton(plain.room.get("export/facilitator.html").text).found
    for each in walls:
        answer = each.room.get("export/facilitator.html")
        assert Skeleton(answer.text).found <= expected
        policy = re.search('Content-Security-Policy" content="([^"]*)"', answer.text)
        assert policy and policy[1].startswith("default-src &#39;none&#39;;")
        items = [element.text for element in parse(answer.text).every() if element.tag == "li"]
        assert sorted(items) == as_notes(each.texts)


def test_a_drawing_holds_shapes_and_no_link(walls: list[Wall]) -> None:
    for each in walls:
        made = each.room.get("export/group.svg").content
        tree = ElementTree.fromstring(made)
        assert {element.tag.rpartition("}")[2] for element in tree.iter()} <= DRAWN
        links = re.findall(rb'href="([^"]*)"', made)
        assert all(link.startswith((b"#", b"data:image/")) for link in links)


def test_a_pdf_has_no_action_and_no_link(walls: list[Wall]) -> None:
    for each in walls:
        reader = PdfReader(BytesIO(each.room.get("export/group.pdf").content))
        assert not {"/OpenAction", "/AA", "/AcroForm"} & reader.root_object.keys()
        assert reader.attachments == {}
        assert not [page for page in reader.pages if "/Annots" in page or "/AA" in page]
        text = "".join("".join(page.extract_text().split()) for page in reader.pages)
        for written in as_notes(each.texts):
            if written.isascii():
                assert "".join(written.split()) in text


@pytest.mark.parametrize("profile", ["group", "facilitator"])
@pytest.mark.parametrize("format", ["pdf", "png", "svg", "csv", "md", "json", "html"])
def test_a_download_is_a_file_in_a_sandbox_with_a_name_of_ours(
    plain: Wall, profile: str, format: str
) -> None:
    answer = plain.room.get(f"export/{profile}.{format}")

    assert_named(answer.headers["Content-Disposition"], format)
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def assert_named(disposition: str, format: str) -> None:
    """From the day and the profile: no title comes near it."""
    name = rf'attachment; filename="atelier-\d{{4}}-\d\d-\d\d-(group|facilitator)\.{format}"'
    assert re.fullmatch(name, disposition)


def test_nothing_but_a_download_is_in_a_sandbox(plain: Wall) -> None:
    for path in ("board", "timeline", "export/group.exe"):
        policy = plain.room.get(path).headers["Content-Security-Policy"]
        assert policy.endswith("; sandbox") is path.startswith("export/")
