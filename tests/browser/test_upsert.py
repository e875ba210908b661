"""How the page takes an update: by id, in place, and without disturbing whoever is using it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "atelier" / "static"
ORIGIN = "http://localhost:1"
POLICY = "require-trusted-types-for 'script'; trusted-types atelier"
PAGE = """<!doctype html><body>
<section id="board" data-seq="1">
<div id="wall"><ul id="one"><li id="a">a</li><li id="b">b</li><li data-ui id="tile">+</li></ul>
<ul id="two"><li id="c">c</li></ul></div></section><p id="elsewhere">here</p>
<script type="module">
import { upsert } from "/static/js/upsert.js"; window.upsert = upsert;</script>
"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    page.route("**/*", answer)
    page.goto(ORIGIN)  # modules have run when the page has loaded
    yield page
    page.close()


def answer(route: Route) -> None:
    path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
    if path.startswith("/static/"):
        route.fulfill(path=STATIC / path.removeprefix("/static/"))
    else:
        headers = {"Content-Security-Policy": POLICY}
        route.fulfill(body=PAGE, content_type="text/html", headers=headers)


def upsert(page: Page, html: str) -> None:
    page.evaluate("html => upsert(html)", html)


def order(page: Page, home: str) -> str:
    script = "id => [...document.getElementById(id).children].map(e => e.id).join(' ')"
    return str(page.evaluate(script, home))


def test_a_new_element_goes_to_the_end_but_before_what_scripts_keep_there(page: Page) -> None:
    upsert(page, '<li id="n" data-in="one">n</li>')
    assert order(page, "one") == "a b n tile"
    assert page.locator("#n").get_attribute("data-in") is None


def test_an_element_goes_before_another(page: Page) -> None:
    upsert(page, '<li id="n" data-in="one" data-before="b">n</li>')
    assert order(page, "one") == "a n b tile"


def test_receiving_an_update_twice_is_harmless(page: Page) -> None:
    for _ in range(2):
        upsert(page, '<li id="n" data-in="one" data-before="a">n</li><li id="c" data-gone></li>')
    assert order(page, "one") == "n a b tile"
    assert order(page, "two") == ""


def test_a_known_element_moves_and_stays_the_same_element(page: Page) -> None:
    page.evaluate("window.a = document.getElementById('a')")
    upsert(page, '<li id="a" data-in="two" data-before="c" class="x">changed</li>')
    assert order(page, "two") == "a c"
    assert page.evaluate("a === document.getElementById('a') && a.className === 'x'")
    assert page.locator("#a").text_content() == "changed"


def test_an_element_of_which_the_page_has_no_place_is_left_out(page: Page) -> None:
    upsert(page, '<p id="band">x</p><li id="n" data-in="nowhere">n</li><p id="elsewhere">new</p>')
    assert page.locator("#band, #n").count() == 0
    assert page.locator("#elsewhere").text_content() == "new"


def test_attributes_of_scripts_survive_and_others_follow_the_update(page: Page) -> None:
    page.evaluate(
        """() => { const a = document.getElementById('a'); a.tabIndex = 0; a.title = 'old';
        a.setAttribute('aria-selected', 'true'); a.dataset.uiX = '1'; a.style.order = 2; }"""
    )
    upsert(page, '<li id="a" lang="fr">a</li>')
    names = "() => document.getElementById('a').getAttributeNames().sort().join(' ')"
    assert page.evaluate(names) == "aria-selected data-ui-x id lang style tabindex"


WHOLE = """<section id="board" data-seq="2"><div id="wall"><ul id="one"><li id="c">c</li></ul>
<ul id="two"><li id="b">b!</li><li id="d">d</li></ul></div></section>"""


def test_a_whole_board_moves_what_it_knows_and_removes_the_rest(page: Page) -> None:
    page.evaluate("window.b = document.getElementById('b')")
    upsert(page, WHOLE)
    assert order(page, "one") == "c tile"
    assert order(page, "two") == "b d"
    assert page.evaluate("b === document.getElementById('b') && b.textContent === 'b!'")
    assert page.locator("#board").get_attribute("data-seq") == "2"
    assert page.locator("#a").count() == 0


def test_focus_follows_an_element_that_a_whole_board_moves(page: Page) -> None:
    page.evaluate("() => { const b = document.getElementById('b'); b.tabIndex = 0; b.focus(); }")
    upsert(page, WHOLE)
    assert page.evaluate("document.activeElement.id") == "b"


@pytest.mark.parametrize("old_browser", [False, True])
def test_a_field_that_moves_keeps_its_text_and_caret(page: Page, old_browser: bool) -> None:
    if old_browser:
        page.evaluate("() => { delete Element.prototype.moveBefore; }")
    upsert(page, '<li id="a"><textarea id="t"></textarea></li>')
    page.locator("#t").fill("half a sentence")
    page.evaluate("document.getElementById('t').setSelectionRange(4, 6)")
    upsert(page, '<li id="a" data-in="two"><textarea id="t"></textarea><b>more</b></li>')
    field = "() => { const t = document.activeElement; return [t.id, t.value, t.selectionStart]; }"
    assert page.evaluate(field) == ["t", "half a sentence", 4]


def test_words_of_a_note_are_text_and_never_run(page: Page) -> None:
    upsert(page, '<li id="a"><p data-text>&lt;img src=x onerror="window.ran=1"&gt;</p></li>')
    assert page.locator("#a p").text_content() == '<img src=x onerror="window.ran=1">'
    upsert(page, '<li id="n" data-in="one"><script>window.ran = 1</script></li>')
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("seed", range(30))
def test_old_page_and_whole_board_make_the_fresh_page(page: Page, seed: int) -> None:
    assert page.evaluate(RANDOM_BOARDS, seed)


RANDOM_BOARDS = """seed => {
  const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  document.getElementById('tile').remove();
  const board = () => {
    const ids = [...'abcdefghijkl'].filter(() => next() < .7).sort(() => next() - .5);
    const lanes = [...'123'].filter(() => next() < .8).sort(() => next() - .5);
    const held = new Map(lanes.map(lane => [lane, []]));
    for (const id of ids) held.get(lanes[Math.floor(next() * lanes.length)])?.push(id);
    const maybe = text => next() < .5 ? text : '';
    const note = id => `<li id="${id}"${maybe(' class="k"')}>${id}</li> `;
    return `<section id="board"><h1>${next()}</h1> <div>` + lanes.map(lane =>
      `<section id="lane${lane}"><h2>${maybe('<i>x</i>')}${lane}</h2>` +
      `<ul id="in${lane}">${held.get(lane).map(note).join('')}</ul></section>`).join('') +
      '</div></section>';
  };
  for (let turn = 0; turn < 8; turn += 1) {
    const html = board();
    upsert(html);
    if (document.getElementById('board').outerHTML !== html) return false;
  }
  return true;
}"""
