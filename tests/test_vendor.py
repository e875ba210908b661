"""What others wrote is the file that was reviewed, and no page asks a third party for anything."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ATELIER = Path(__file__).parent.parent / "atelier"
VENDOR = ATELIER / "static" / "vendor"
ENTRIES: list[dict[str, str]] = json.loads((VENDOR / "VENDOR.json").read_text())

TEXT = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt", ".webmanifest", ".xml"}
LICENCE_NAMES = ("LICENSE", "LICENCE", "COPYING", "OFL")

COMMENT = re.compile(
    r"<!--.*?-->|\{#.*?#\}|/\*.*?\*/"
    # Not after a colon or a quote, where two slashes begin an address.
    r"|(?:^|(?<=\s))//[^\n]*",
    re.DOTALL | re.MULTILINE,
)
NAMESPACE = re.compile(r"http://www\.w3\.org/(?:1999/xhtml|1999/xlink|2000/svg|XML/1998/namespace)")
ADDRESS = re.compile(
    r"""https?://[^\s"'<>]*"""
    r"""|(?<=["'(=])//\w[^\s"'<>]*""",
    re.IGNORECASE,
)


def third_parties(text: str) -> list[str]:
    """The addresses in a file of ours that a browser could ask."""
    return ADDRESS.findall(NAMESPACE.sub("", COMMENT.sub("", text)))


def served_texts() -> list[Path]:
    return [
        path
        for folder in ("static", "templates")
        for path in sorted((ATELIER / folder).rglob("*"))
        if path.suffix in TEXT and not path.name.upper().startswith(LICENCE_NAMES)
    ]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_a_vendored_file_has_the_hash_that_was_written_down(entry: dict[str, str]) -> None:
    content = (VENDOR / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]


def test_every_vendored_file_is_written_down() -> None:
    there = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert there == {entry["file"] for entry in ENTRIES} | {"VENDOR.json"}


FONTS = ATELIER / "static" / "fonts"


def test_every_web_font_is_written_down_with_its_hash_and_its_licence() -> None:
    listed = {font["file"]: font for font in json.loads((FONTS / "FONTS.json").read_text())}
    assert set(listed) == {path.name for path in FONTS.glob("*.woff2")}
    for name, font in listed.items():
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == font["sha256"]
        assert (FONTS / font["licence"]).is_file()


def test_every_vendored_package_comes_with_its_licence() -> None:
    licensed = {e["name"] for e in ENTRIES if e["file"].startswith("LICENSE")}
    assert {entry["name"] for entry in ENTRIES} == licensed


def test_no_served_file_asks_a_third_party() -> None:
    found = {str(p.relative_to(ATELIER)): third_parties(p.read_text()) for p in served_texts()}
    assert {path: addresses for path, addresses in found.items() if addresses} == {}


def test_the_vendored_script_is_among_the_files_that_are_searched() -> None:
    assert VENDOR / "htmx.min.js" in served_texts()


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/a.css">',
        "@import url(//fonts.example/a.css);",
        "@import 'HTTP://fonts.example/a.css';",
        "await fetch('https://stats.example/')",
    ],
)
def test_a_request_to_a_third_party_is_seen(text: str) -> None:
    assert len(third_parties(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<svg xmlns="http://www.w3.org/2000/svg">',
        "/* after https://example.org */ a { color: red }",
        "{# https://example.org #}<!-- https://example.org -->",
        "let a = 1; // https://example.org",
        "const live = `${location.origin}/live`",
    ],
)
def test_what_asks_nobody_is_let_through(text: str) -> None:
    assert third_parties(text) == []
