"""Templates escape what they are given, and hold nothing that the policy would have to allow."""

import re
from pathlib import Path

import pytest

from atelier.rooms.board import ShownCard
from atelier.rooms.ids import ConceptId
from atelier.web.render import TEMPLATES, component, environment

PATHS = sorted(TEMPLATES.rglob("*.html"))
MARKUP_ALLOWED = {"live.py", "links.py", "render.py"}
"""Where our own code says that a text is HTML: macros of ours, and a QR drawn by segno."""


def test_every_environment_escapes() -> None:
    for language in ("fr", "en"):
        assert environment(language).autoescape is True


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_template_has_no_way_around_escaping_and_nothing_inline(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"\|\s*safe\b|autoescape|Markup", text)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:|\shx-on|js:", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert ("src=" in script and "nonce=" in script) or "application/json" in script, script


def test_only_these_modules_say_that_a_text_is_html() -> None:
    found = {path.name for path in (TEMPLATES.parent / "web").glob("*.py")
             if re.search(r"\bMarkup\(", path.read_text(encoding="utf-8"))}  # fmt: skip
    assert found <= MARKUP_ALLOWED


def test_a_card_that_this_version_does_not_know_is_named_by_its_id() -> None:
    shown = ShownCard(ConceptId("plus-tard"), (), ())
    assert "<h3>plus-tard</h3>" in component("fr", "card", shown)
