"""The wall as one tall picture."""

import re
import struct
from xml.etree import ElementTree

import pytest

from atelier.exports.document import Document
from atelier.exports.pdf import MOST_PIXELS, to_png, to_svg
from tests.exports.documents import HOSTILE, a_document
from tests.exports.test_pdf import COURSE

DRAWN = {"svg", "g", "path", "use", "symbol", "defs", "rect", "clipPath", "image"}


def size(document: Document) -> tuple[int, int]:
    made = to_png(document)
    assert made.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", made[16:24])
    return width, height


def test_a_longer_wall_is_a_taller_picture() -> None:
    short, long = size(a_document("un")), size(a_document(*["un"] * 90))

    assert short[0] == long[0] > 1000
    assert short[1] < long[1]


def test_a_picture_stays_within_what_programs_read() -> None:
    assert size(a_document(*["mot " * 100] * 600))[1] <= MOST_PIXELS + 1


@pytest.mark.parametrize("profile", ["group", "facilitator"])
def test_a_drawing_holds_shapes_alone(profile: str) -> None:
    made = to_svg(a_document(*HOSTILE, clusters=3, profile=profile, **COURSE))
    tree = ElementTree.fromstring(made)
    tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
    hrefs = re.findall(rb'href="([^"]*)"', made)

    assert tags <= DRAWN
    assert all(href.startswith((b"#", b"data:image/")) for href in hrefs)


def test_the_same_document_gives_the_same_bytes() -> None:
    document = a_document(*HOSTILE, clusters=3)

    assert to_svg(document) == to_svg(document)
    assert to_png(document) == to_png(document)
