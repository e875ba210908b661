"""The facilitator's page: one full button for each moment, titles that are never cut, and room."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import server as door
from tests.browser.people import BOARD, Facilitator, Projector
from tests.browser.test_accessibility import assert_accessible, spill
from tests.browser.test_journey import projector_link
from tests.browser.walls import FullRoom
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def facilitator(chromium: Browser, server: Server) -> Facilitator:
    person: Facilitator = Facilitator.arrives(chromium, server, BOARD, bypass_csp=True)
    person.signs_in()
    return person


def full_buttons(page: Page) -> list[str]:
    """The solid buttons that can be seen outside dialogs."""
    seen = page.locator("main .btn.principal:visible, aside .btn.principal:visible")
    return [text.strip() for text in seen.all_inner_texts()]


def test_the_full_button_is_what_the_step_is_for(facilitator: Facilitator) -> None:
    facilitator.opens_script()
    page = facilitator.page
    assert full_buttons(page) == ["Ouvrir la première étape"]
    facilitator.enters("post")
    expect(page.locator("#reveal")).to_be_visible()
    assert full_buttons(page) == ["Étape suivante"]
    planned = "Prévu à l’étape 5, « Hier et aujourd’hui mêlés »."
    expect(page.locator("#reveal-reason")).to_contain_text(planned)
    facilitator.enters("revelation")
    assert full_buttons(page) == ["Dévoiler le mur"]
    expect(page.locator("#reveal-reason")).not_to_contain_text("Prévu")


def test_pressing_twice_for_the_next_step_does_not_skip_one(facilitator: Facilitator) -> None:
    facilitator.opens_script()
    page = facilitator.page
    first, second = (page.locator("#etapes > li").nth(n).get_attribute("data-id") for n in (0, 1))
    for step in (first, second):
        page.locator("#next").evaluate("button => { button.click(); button.click(); }")
        expect(page.locator("#board")).to_have_attribute("data-step", step or "")
        expect(page.locator("#etapes > [aria-current]")).to_have_attribute("data-id", step or "")


def test_below_the_threshold_the_way_to_reveal_anyway_is_in_sight(
    facilitator: Facilitator, server: Server
) -> None:
    facilitator.opens_wall("Essai")
    page = facilitator.page
    door.Phone(server, facilitator.code).write("Seule")
    page.get_by_text("Dévoiler quand même…").click()
    expect(page.get_by_text("Mieux vaut attendre")).to_be_visible()
    page.get_by_role("button", name="Prévenir, puis dévoiler").click()
    expect(page.locator("#says")).to_contain_text("Chaque téléphone est prévenu")
    expect(page.locator("#reveal-anyway")).to_contain_text("Dévoiler dans")


def test_the_pile_is_drawn_when_notes_may_be_told_of(
    chromium: Browser, server: Server, facilitator: Facilitator
) -> None:
    facilitator.opens_wall("Essai")
    projector = Projector.arrives(chromium, server, BOARD)
    projector.opens(projector_link(facilitator))
    for page in (projector.page, facilitator.page):
        expect(page.get_by_text("La récolte commence")).to_be_visible()
        expect(page.locator(".pile-dos .tas")).to_be_hidden()
        expect(page.locator(".pile-dos .place")).to_be_visible()
    phones = [door.Phone(server, facilitator.code) for _ in range(5)]
    for phone in phones:
        phone.write("Un mot")
    for page in (projector.page, facilitator.page):
        expect(page.get_by_text("Quelques notes")).to_be_visible(timeout=15_000)
        expect(page.locator(".pile-dos .tas")).to_be_visible()
        expect(page.locator(".pile-dos .place")).to_be_hidden()


def test_a_long_title_is_counted_and_never_cut(chromium: Browser, server: Server) -> None:
    full = FullRoom(server, 2, 1)
    facilitator = full.steered(chromium)
    page = facilitator.page
    page.locator("#clusters .plus").click()
    page.get_by_role("menuitem", name="Renommer").click()
    field, left = page.locator("#naming-field"), page.locator("#naming-left")
    field.fill("a" * 99)
    expect(left).to_be_empty()
    field.fill("a" * 105)
    expect(left).to_have_text("encore 15 signes")
    field.fill("😀" * 123)
    expect(left).to_have_text("3 signes de trop")
    page.locator("#naming button[value=yes]").click()
    expect(field).to_have_value("😀" * 123)
    field.fill("😀" * 120)
    page.locator("#naming button[value=yes]").click()
    expect(page.locator("#clusters [data-title]")).to_have_text("😀" * 120)
    assert facilitator.troubles == []


def test_each_link_taken_by_hand_says_what_it_opens(facilitator: Facilitator) -> None:
    facilitator.opens_wall("Essai")
    page = facilitator.page
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject('refused'); }")
    for button, title, part in (
        ("Copier le lien", "Lien pour rejoindre", "/J#"),
        ("Lien de projection", "Lien de projection", "/p/"),
    ):
        page.get_by_role("button", name=button).click()
        dialog = page.get_by_role("dialog", name=title)
        expect(dialog).to_be_visible()
        assert part in dialog.locator("input").input_value()
        page.keyboard.press("Escape")


def test_night_is_one_key_away_also_from_a_note(chromium: Browser, server: Server) -> None:
    facilitator = FullRoom(server, 2).steered(chromium)
    page = facilitator.page
    facilitator.focuses("Mets")
    page.keyboard.press("Shift+D")
    expect(page.locator("html")).to_have_attribute("data-theme", "nuit")
    page.locator("#plan").focus()
    page.keyboard.press("d")
    expect(page.locator("html")).to_have_attribute("data-theme", "jour")
    assert facilitator.troubles == []


WIDTHS = [320, 390, 768, 1024, 1181, 1440, 1920, 2560]
HIDDEN = """() => {
    return [...document.querySelectorAll("button, a:not(.evitement), select, summary, .note")]
        .filter(one => one.checkVisibility() && !one.closest("details:not([open]) > :not(summary)"))
        .filter(one => {
            one.scrollIntoView({block: "center"});
            const {left, top, width, height} = one.getBoundingClientRect();
            const at = document.elementFromPoint(left + width / 2, top + height / 2);
            return !(at && (one.contains(at) || at.contains(one)));
        })
        .map(one => one.id || one.className + one.textContent.trim().slice(0, 30));
}"""


@pytest.fixture(scope="module")
def full(server: Server) -> FullRoom:
    return FullRoom(server, 60, 12)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_full_wall_leaves_every_control_in_reach(
    chromium: Browser, full: FullRoom, width: int
) -> None:
    height = {320: 256, 390: 844, 768: 1024}.get(width, width * 9 // 16)
    facilitator = full.steered(chromium, {"width": width, "height": height})
    page = facilitator.page
    for night in (False, True):
        page.emulate_media(color_scheme="dark" if night else "light")
        assert spill(page) == 0
        assert page.evaluate(HIDDEN) == []
    assert facilitator.troubles == []


def test_a_full_wall_at_night_has_no_fault_that_axe_can_see(
    chromium: Browser, server: Server
) -> None:
    full = FullRoom(server, 24, 12)
    assert_accessible(full.steered(chromium, bypass_csp=True).page, "full board")


@pytest.mark.parametrize("width", [320, 390, 760, 1024])
def test_the_board_before_the_reveal_does_not_scroll_sideways(
    chromium: Browser, server: Server, width: int
) -> None:
    facilitator = Facilitator.arrives(chromium, server, {"width": width, "height": 844})
    facilitator.signs_in()
    facilitator.opens_script()
    facilitator.enters("post")
    facilitator.page.reload()
    assert spill(facilitator.page) == 0
    facilitator.leaves()
