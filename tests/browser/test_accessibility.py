"""Every screen, by day and by night, looked at by axe; and the whole board by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import BOARD, PHONE, PROJECTOR, Facilitator, Phone, Projector
from tests.browser.test_journey import projector_link
from tests.exports.test_golden import GOLDEN
from tests.server import Server

pytestmark = pytest.mark.browser

TEXTS = ["Un sou est un sou.", "Ça ne se demande pas.", "Rien.", "Dormir.", "Dire non."]


def assert_accessible(page: Page, name: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        results = Axe().run(page)
        faults = [
            f"{name} ({scheme}): {fault['id']}: {node['target']}"
            for fault in results.response["violations"]
            for node in fault["nodes"]
        ]
        assert faults == []


def test_no_screen_has_a_fault_that_axe_can_see(chromium: Browser, server: Server) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD, bypass_csp=True)
    for path in ("/", "/signin", "/welcome#jeton", "/nulle-part"):
        facilitator.page.goto(path)
        assert_accessible(facilitator.page, path)
    facilitator.signs_in()
    assert_accessible(facilitator.page, "desk")
    facilitator.opens_script()
    assert_accessible(facilitator.page, "lobby")
    projector = Projector.arrives(chromium, server, PROJECTOR, bypass_csp=True)
    projector.opens(projector_link(facilitator))
    assert_accessible(projector.page, "projected lobby")
    phones = [Phone.arrives(chromium, server, PHONE, bypass_csp=True) for _ in TEXTS]
    for phone in phones:
        phone.types_code(facilitator.code)
    assert_accessible(phones[0].page, "ground rules")
    for phone in phones:
        phone.agrees()
    facilitator.enters("post")
    for phone, text in zip(phones, TEXTS, strict=True):
        phone.writes(text)
        phone.sees_kept(text)
    assert_accessible(phones[0].page, "writing")
    assert_accessible(facilitator.page, "collecting")
    assert_accessible(projector.page, "projected collecting")
    facilitator.enters("revelation")
    facilitator.reveals()
    facilitator.waits_for_wall(5)
    facilitator.next_step()
    facilitator.forms_cluster("Se taire", [TEXTS[1]])
    projector.waits_for_wall(5)
    assert_accessible(facilitator.page, "clustering")
    assert_accessible(projector.page, "projected wall")
    phones[0].looks_at_wall()
    assert_accessible(phones[0].page, "wall on the phone")
    facilitator.page.locator("#veil").click()
    expect(projector.page.get_by_text("L’écran est voilé")).to_be_visible()
    assert_accessible(projector.page, "veil")
    facilitator.page.goto(f"/r/{facilitator.room}/closing")
    assert_accessible(facilitator.page, "closing")
    facilitator.closes("all")
    assert_accessible(facilitator.page, "closed")
    assert_accessible(phones[0].page, "closed on the phone")


@pytest.mark.parametrize("profile", ["group", "facilitator"])
def test_the_exported_page_has_no_fault_that_axe_can_see(chromium: Browser, profile: str) -> None:
    page = chromium.new_page(bypass_csp=True)
    page.goto((GOLDEN / f"money-{profile}.html").as_uri())
    assert_accessible(page, f"export {profile}")
    page.set_viewport_size({"width": 320, "height": 640})
    assert spill(page) == 0
    page.close()


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_spills_over_the_side_of_a_narrow_phone(
    chromium: Browser, server: Server, width: int
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_wall("Un titre assez long pour ne pas tenir sur une ligne étroite", "direct")
    phone = Phone.arrives(chromium, server, {"width": width, "height": 640})
    phone.types_code(facilitator.code)
    assert spill(phone.page) == 0
    phone.agrees()
    phone.writes("Anticonstitutionnellement" * 4)
    facilitator.waits_for_wall(1)
    phone.waits_for_wall(1)
    assert spill(phone.page) == 0
    phone.looks_at_wall()
    assert spill(phone.page) == 0
    for path in ("/", "/signin", "/desk"):
        facilitator.page.set_viewport_size({"width": width, "height": 640})
        facilitator.page.goto(path)
        assert spill(facilitator.page) == 0, path


def spill(page: Page) -> int:
    """Pixels by which the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def test_a_note_is_filed_moved_back_and_the_act_undone_by_keyboard_alone(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_wall("Essai", "direct")
    phone = Phone.arrives(chromium, server, PHONE)
    phone.types_code(facilitator.code)
    phone.agrees()
    for text in TEXTS[:3]:
        phone.writes(text)
    facilitator.waits_for_wall(3)
    keyboard = facilitator.page.keyboard
    facilitator.forms_cluster("Se taire", [TEXTS[0]])
    facilitator.files_by_letter(TEXTS[1], "A")
    says = facilitator.page.locator("#says")
    expect(says).to_contain_text("rangée en A, Se taire")
    facilitator.focuses(TEXTS[1])
    keyboard.press("0")
    expect(facilitator.page.locator("#notes-unsorted [data-note]")).to_have_count(2)
    keyboard.press("Control+z")
    expect(facilitator.page.locator("#clusters [data-note]")).to_have_count(2)
    facilitator.focuses(TEXTS[2])
    keyboard.press("Enter")
    expect(facilitator.page.locator("#menu")).to_be_visible()
    keyboard.press("Escape")
    expect(facilitator.page.locator("#menu")).to_be_hidden()
    focused = facilitator.page.evaluate("document.activeElement.dataset.note")
    assert focused, "Escape gives the focus back to the note"


def test_axe_sees_a_planted_fault(chromium: Browser, server: Server) -> None:
    visitor = Phone.arrives(chromium, server, PHONE, bypass_csp=True)
    visitor.page.goto("/")
    visitor.page.evaluate("document.documentElement.removeAttribute('lang')")
    with pytest.raises(AssertionError, match="html-has-lang"):
        assert_accessible(visitor.page, "planted")


def test_the_veil_is_one_gesture_away_also_while_a_note_has_the_focus(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_wall("Essai", "direct")
    phone = Phone.arrives(chromium, server, PHONE)
    phone.types_code(facilitator.code)
    phone.agrees()
    phone.writes(TEXTS[0])
    facilitator.waits_for_wall(1)
    facilitator.focuses(TEXTS[0])
    facilitator.page.keyboard.press("Shift+B")
    expect(facilitator.page.locator("body")).to_have_attribute("data-veil", "1")
