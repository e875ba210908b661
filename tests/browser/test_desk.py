"""The desk in a browser: looking at a script before opening it, and erasing a room."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import BOARD, PHONE, Facilitator, Phone
from tests.browser.test_accessibility import assert_accessible, spill
from tests.server import Server, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Each test has its own: the desk shows every room of the account."""
    with serving(tmp_path) as server:
        yield server


def test_a_script_is_looked_at_and_opened_in_english_for_a_group(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    page = facilitator.page
    money = page.locator(".theme", has_text="Le rapport à l’argent")
    expect(money.get_by_text("Phrases entendues")).to_be_hidden()
    money.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(money.get_by_text("Phrases entendues")).to_be_visible()
    money.get_by_label("Titre ou groupe").fill("Groupe du jeudi")
    money.get_by_text("English").click()
    money.get_by_role("button", name="Ouvrir la salle").click()
    facilitator.is_in_room()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("#board")).to_have_attribute("lang", "en")
    page.goto("/desk")
    expect(page.locator(".lignes-liste b")).to_have_text("Groupe du jeudi")
    assert facilitator.troubles == []


def test_a_room_is_erased_from_the_desk_after_one_question(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_wall("Essai", "direct")
    phone = Phone.arrives(chromium, server, PHONE)
    phone.types_code(facilitator.code)
    phone.agrees()
    phone.writes("Pour voir")
    facilitator.waits_for_wall(1)
    page = facilitator.page
    page.goto("/desk")
    erase = page.get_by_role("button", name="Effacer cette salle, Essai")
    erase.click()
    dialog = page.get_by_role("dialog", name="Effacer cette salle")
    expect(dialog.get_by_role("button", name="Renoncer")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(erase).to_be_focused()
    erase.click()
    dialog.get_by_role("button", name="Effacer cette salle").click()
    expect(dialog).to_be_visible()  # a room that holds something asks for the tick
    dialog.get_by_label("J’ai compris").check()
    dialog.get_by_role("button", name="Effacer cette salle").click()
    reads_the_report(page)
    expect(phone.page.locator("#gone-title")).to_be_visible()
    assert facilitator.troubles == []


def test_an_empty_room_is_erased_without_a_tick(chromium: Browser, server: Server) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD, bypass_csp=True)
    facilitator.signs_in()
    facilitator.opens_script()
    facilitator.page.goto("/desk")
    facilitator.page.get_by_role("button", name="Effacer cette salle").click()
    dialog = facilitator.page.get_by_role("dialog")
    expect(dialog.get_by_label("J’ai compris")).to_be_hidden()
    dialog.get_by_role("button", name="Effacer cette salle").click()
    expect(facilitator.page.get_by_role("heading", name="Salle effacée")).to_be_visible()
    assert_accessible(facilitator.page, "the report of an erasure")
    reads_the_report(facilitator.page)


def reads_the_report(page: Page) -> None:
    """What was destroyed, in numbers; then back to a desk without rooms."""
    expect(page.get_by_role("heading", name="Salle effacée")).to_be_visible()
    expect(page.get_by_text("Clés détruites")).to_be_visible()
    page.get_by_role("dialog", name="Salle effacée").get_by_role("button", name="Fermer").click()
    expect(page.get_by_text("Votre établi est prêt")).to_be_visible()


def test_a_session_is_rehearsed_from_the_desk_and_erased_there(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    page = facilitator.page
    money = page.locator(".theme", has_text="Le rapport à l’argent")
    rehearse = money.get_by_role("button", name="Répéter la séance")
    expect(rehearse).to_be_hidden()
    money.locator("summary").click()
    expect(rehearse).to_have_accessible_description(re.compile("Douze personnes imaginées"))
    rehearse.click()
    facilitator.is_in_room()
    facilitator.enters("post")
    expect(page.locator("#band")).to_have_attribute("data-band", "few", timeout=60_000)
    facilitator.enters("revelation")
    facilitator.reveals()
    expect(page.locator("#board [data-note]").nth(4)).to_be_visible()
    page.goto("/desk")
    page.get_by_role("button", name=re.compile(r"Effacer cette salle, Répétition\s: ")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("J’ai compris").check()
    dialog.get_by_role("button", name="Effacer cette salle").click()
    reads_the_report(page)
    assert facilitator.troubles == []


def test_a_wall_is_rehearsed_without_a_title_and_enter_opens_a_real_room(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    page = facilitator.page
    page.locator(".mur-vide").get_by_role("button", name="Répéter la séance").click()
    facilitator.is_in_room()
    page.goto("/desk")
    page.locator(".theme summary").first.click()
    page.get_by_label("Titre ou groupe").first.fill("Groupe du jeudi")
    page.keyboard.press("Enter")
    facilitator.is_in_room()
    page.goto("/desk")
    titles = page.locator(".lignes-liste b")
    expect(titles).to_have_count(2)  # opened in one minute, they stand in any order
    assert set(titles.all_text_contents()) == {"Groupe du jeudi", "Répétition\u00a0: Mur"}


def test_the_desk_speaks_the_language_that_one_chooses(chromium: Browser, server: Server) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.page.get_by_role("button", name="English").click()
    expect(facilitator.page.locator("h1")).to_have_text("My workbench")
    assert facilitator.page.url.endswith("/desk")


def test_axe_finds_nothing_on_the_desk_full_open_or_asking(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD, bypass_csp=True)
    facilitator.signs_in()
    facilitator.opens_script()
    page = facilitator.page
    page.goto("/desk")
    page.locator(".theme summary").first.click()
    assert_accessible(page, "a script, open")
    for width in (320, 390, 1024):
        page.set_viewport_size({"width": width, "height": 700})
        assert spill(page) == 0, width
    page.locator("[data-erase]").first.click()
    assert_accessible(page, "the question before erasing")
