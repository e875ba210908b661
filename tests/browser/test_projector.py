"""The projected page: legible from the last row, steered from the board, one key for each act."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import BOARD, PROJECTOR, Facilitator, Projector
from tests.browser.test_accessibility import assert_accessible
from tests.browser.test_journey import projector_link
from tests.browser.walls import TITLES, FullRoom
from tests.server import Server

pytestmark = pytest.mark.browser

SMALL = {"width": 1280, "height": 720}
SHARES = {"1": 1.4, "2": 1.75, "3": 2.45}
"""Key of the distance, and the smallest letter that may be projected, in percent of the width."""

SMALLEST = """() => {
    const stage = document.getElementById("stage");
    const walker = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT);
    let least = Infinity;
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        const box = element.getBoundingClientRect();
        if (!walker.currentNode.data.trim() || element.closest(".masque, .qr")) continue;
        if (!element.checkVisibility() || !box.width) continue;
        least = Math.min(least, parseFloat(getComputedStyle(element).fontSize));
    }
    for (const note of stage.querySelectorAll("[data-ui-suite]"))
        least = Math.min(least, parseFloat(getComputedStyle(note, "::before").fontSize));
    return 100 * least / innerWidth;
}"""


def shows(projector: Projector, scene: str) -> None:
    expect(projector.page.locator(".proj")).to_have_attribute("data-shows", scene)


def pages(projector: Projector) -> int:
    return int(projector.page.locator(".proj").get_attribute("data-of") or 0)


def on_page(projector: Projector, page: int) -> None:
    expect(projector.page.locator("#pages")).to_have_text(re.compile(rf"^page {page} sur"))


def size_of_notes(page: Page) -> float:
    size: float = page.locator("#board .note").first.evaluate(
        "note => parseFloat(getComputedStyle(note).fontSize)"
    )
    return size


CUT = """() => {
    const inside = ({left, top, right, bottom}) =>
        left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
    const texts = "h1, .consigne, .code, .ou, .etq, .url, .ligne, .chiffres, .pagination, .rassemble";
    return [...document.querySelectorAll(`#stage :is(${texts})`)]
        .filter(one => one.checkVisibility() && !inside(one.getBoundingClientRect()))
        .map(one => `${one.tagName}.${one.className}`);
}"""  # noqa: E501 - one selector


def assert_nothing_is_cut(page: Page) -> None:
    """The wall may be in pages; all else is on the picture whole."""
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("size", [PROJECTOR, SMALL], ids=["1920", "1280"])
def test_nothing_is_smaller_than_the_last_row_can_read(
    chromium: Browser, server: Server, size: dict[str, int]
) -> None:
    full = FullRoom(server, 40, 6)
    projector = full.projected(chromium, size)
    full.does("timers", minutes="15")
    expect(projector.page.locator("#clock")).to_be_visible()
    for scene in ("a", "c", "s"):
        projector.page.keyboard.press(scene)
        for key, share in SHARES.items():
            projector.page.keyboard.press(key)
            projector.page.wait_for_timeout(150)
            assert projector.page.evaluate(SMALLEST) >= share - 0.01, (scene, key)
            assert_nothing_is_cut(projector.page)


def test_the_prompts_of_a_script_fit_at_every_distance(chromium: Browser, server: Server) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_script()
    projector = Projector.arrives(chromium, server, PROJECTOR)
    projector.opens(projector_link(facilitator))
    while True:
        for key, share in SHARES.items():
            projector.page.keyboard.press(key)
            projector.page.wait_for_timeout(80)
            assert projector.page.evaluate(SMALLEST) >= share - 0.01, key
            assert_nothing_is_cut(projector.page)
        if not facilitator.page.locator("#next").is_visible():
            break
        facilitator.next_step()
        step = facilitator.page.locator("#board").get_attribute("data-step") or ""
        expect(projector.page.locator("#board")).to_have_attribute("data-step", step)
    assert projector.troubles == []


def test_farther_is_larger_and_takes_more_pages_and_this_machine_remembers(
    chromium: Browser, server: Server
) -> None:
    projector = FullRoom(server, 40, 6).projected(chromium)
    seen = []
    for key in SHARES:
        projector.page.keyboard.press(key)
        projector.page.wait_for_timeout(150)
        seen.append((size_of_notes(projector.page), pages(projector)))
    (near, few), (middle, some), (far, many) = seen
    assert near < middle < far
    assert few <= some < many
    projector.page.reload()
    expect(projector.page.locator(".proj")).to_have_attribute("data-distance", "far")
    projector.page.keyboard.press("l")
    expect(projector.page.locator(".proj")).to_have_attribute("data-distance", "near")


def test_the_board_turns_the_pages_of_every_projector_round_its_own_wall(
    chromium: Browser, server: Server
) -> None:
    full = FullRoom(server, 60, 4)
    facilitator = full.steered(chromium)
    large, small = full.projected(chromium), full.projected(chromium, SMALL)
    small.page.keyboard.press("3")
    expect(small.page.locator(".proj")).to_have_attribute("data-distance", "far")
    assert pages(small) > pages(large) > 1
    facilitator.page.get_by_role("button", name="Page projetée suivante").click()
    for projector in (large, small):
        on_page(projector, 2)
    for _ in range(2):
        facilitator.page.get_by_role("button", name="Page projetée précédente").click()
    for projector in (large, small):
        on_page(projector, pages(projector))
    assert facilitator.troubles == large.troubles == small.troubles == []


def test_the_board_chooses_what_is_projected_over_a_key_pressed_before(
    chromium: Browser, server: Server
) -> None:
    full = FullRoom(server, 8, 3)
    facilitator = full.steered(chromium)
    projector = full.projected(chromium)
    shows(projector, "wall")
    projector.page.keyboard.press("s")
    shows(projector, "synthesis")
    facilitator.page.get_by_label("Projeté", exact=True).select_option("prompt")
    shows(projector, "prompt")
    expect(projector.page.locator(".rail .qr")).to_be_visible()
    projector.page.keyboard.press("m")
    shows(projector, "wall")
    facilitator.page.get_by_label("Projeté", exact=True).select_option("lobby")
    shows(projector, "lobby")
    facilitator.page.get_by_label("Projeté", exact=True).select_option("auto")
    shows(projector, "wall")


def test_the_synthesis_names_the_clusters_and_no_number(chromium: Browser, server: Server) -> None:
    full = FullRoom(server, 28, 14)
    projector = full.projected(chromium)
    projector.page.keyboard.press("s")
    shows(projector, "synthesis")
    assert pages(projector) == 1
    for title in TITLES:
        expect(projector.page.get_by_text(title, exact=True)).to_be_in_viewport()
    expect(projector.page.locator("#board .note").first).to_be_hidden()
    projector.page.keyboard.press("s")
    shows(projector, "wall")


def test_a_scene_without_anything_to_show_leaves_the_steps_own(
    chromium: Browser, server: Server
) -> None:
    full = FullRoom(server, 3)
    projector = full.projected(chromium)
    full.does("views", scene="synthesis")
    expect(projector.page.locator(".proj")).to_have_attribute("data-asked", "synthesis")
    shows(projector, "wall")
    facilitator = full.steered(chromium)
    expect(facilitator.page.locator("#scene [value=synthesis]")).to_be_disabled()


def test_the_time_is_shown_without_a_sound_and_its_overrun_calmly(
    chromium: Browser, server: Server
) -> None:
    full = FullRoom(server, 3)
    projector = full.projected(chromium)
    clock = projector.page.get_by_role("timer")
    expect(clock).to_be_hidden()
    full.does("timers", minutes="15")
    expect(clock).to_have_text("14:58")
    expect(projector.page.locator("#ruler")).to_have_attribute("data-n", "15")
    full.does("timers", pause="1")
    expect(projector.page.locator("#clock")).to_have_attribute("data-state", "paused")
    full.does("timers", minutes="0.02")
    expect(clock).to_have_text("+0:01")
    expect(projector.page.locator("#clock")).to_have_attribute("data-state", "over")
    full.does("veils", on="1")
    expect(clock).to_be_hidden()
    full.does("veils", on="0")
    full.does("timers", stop="1")
    expect(clock).to_be_hidden()
    assert projector.troubles == []


WAKE_LOCK = """
window.locks = [];
Object.defineProperty(navigator, "wakeLock", {value: {async request(kind) {
    const lock = {kind, released: false, async release() { this.released = true; }};
    window.locks.push(lock);
    return lock;
}}});
"""


def test_the_screen_stays_awake_and_asks_again_when_it_comes_back(
    chromium: Browser, server: Server
) -> None:
    full = FullRoom(server, 3)
    for open_screen in (full.projected, full.steered):
        person = open_screen(chromium, bypass_csp=True)  # the page evaluates what is waited for
        page = person.page
        page.add_init_script(WAKE_LOCK)
        page.reload()
        page.wait_for_function("window.locks.length === 1")
        page.evaluate("""() => {
            window.locks[0].released = true;
            document.dispatchEvent(new Event("visibilitychange"));
        }""")
        page.wait_for_function("window.locks.length === 2")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.wait_for_timeout(100)
        assert page.evaluate("window.locks.length") == 2
    full.facilitator.does(full.id, "closings", keep="all")
    page.wait_for_function("window.locks[1].released")
    assert person.troubles == []


def test_every_key_has_its_button_and_the_help_names_them(
    chromium: Browser, server: Server
) -> None:
    projector = FullRoom(server, 40, 3).projected(chromium, bypass_csp=True)
    page = projector.page
    page.mouse.move(200, 200)
    hand = page.locator("#hand")
    hand.get_by_role("button", name="Synthèse").click()
    shows(projector, "synthesis")
    hand.get_by_role("button", name="Automatique").click()
    hand.get_by_role("button", name="Loin").click()
    expect(page.locator(".proj")).to_have_attribute("data-distance", "far")
    hand.get_by_role("button", name="Page suivante").click()
    on_page(projector, 2)
    hand.get_by_role("button", name="Jour ou nuit").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "nuit")
    page.keyboard.press("d")
    expect(page.locator("html")).to_have_attribute("data-theme", "jour")
    hand.get_by_role("button", name="Agrandir le code").click()
    expect(page.locator("#code-grand")).to_be_visible()
    page.keyboard.press("q")
    expect(page.locator("#code-grand")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_contain_text("plein écran")
    assert_accessible(page, "help of the projector")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    assert_accessible(page, "synthesis")
    page.keyboard.press("Tab")
    expect(hand).to_have_css("opacity", "1")


@pytest.mark.parametrize(
    ("keep", "says"),
    [
        ("all", "garder le mur"),
        ("reduced", "garder les grappes et les tensions"),
        ("nothing", "ne rien garder"),
    ],
)
def test_the_closed_screen_says_what_the_group_decided(
    chromium: Browser, server: Server, keep: str, says: str
) -> None:
    full = FullRoom(server, 3, 1)
    projector = full.projected(chromium)
    full.facilitator.does(full.id, "closings", keep=keep)
    shows(projector, "closed")
    expect(projector.page.locator("#closed-what")).to_contain_text(says)
    assert len(projector.page.locator("#closed-what").inner_text()) < 90, "one sentence of three"
