"""Two who facilitate: an invitation accepted in a second browser, and what ends it; a projector
whose link is renewed."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import BOARD, PROJECTOR, Facilitator, Projector
from tests.browser.test_accessibility import assert_accessible, spill
from tests.browser.test_journey import projector_link
from tests.server import PASSWORD, Server, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Each test has its own: signing out and inviting is of the whole account."""
    with serving(tmp_path) as server:
        yield server


def test_two_facilitate_one_room_until_its_owner_ends_it(chromium: Browser, server: Server) -> None:
    owner = Facilitator.arrives(chromium, server, BOARD, bypass_csp=True)
    owner.signs_in()
    owner.opens_wall("À deux", "direct")
    page = owner.page
    page.get_by_role("link", name="Accès à la salle").click()
    page.get_by_role("button", name="Inviter à co-animer").click()
    field = page.get_by_label("Lien à copier").first
    expect(field).to_have_value(re.compile(r"/invitation#[\w-]{43}$"))
    assert_accessible(page, "access")

    guest = Facilitator.arrives(chromium, server, BOARD, bypass_csp=True)
    guest.page.goto(field.input_value())
    expect(guest.page).to_have_url(re.compile(r"/invitation$"))
    assert_accessible(guest.page, "invitation")
    guest.page.get_by_label("Adresse électronique").first.fill("deux@example.org")
    guest.page.get_by_label("Mot de passe à choisir").fill("une phrase assez longue")
    guest.page.keyboard.press("Enter")
    guest.is_in_room()
    assert guest.room == owner.room
    page.goto(f"/r/{owner.room}")
    guest.page.locator("#lock").click()
    expect(page.locator("body")).to_have_attribute("data-locked", "1")
    page.locator("#lock").click()
    expect(guest.page.locator("body")).to_have_attribute("data-locked", "0")

    page.goto(f"/r/{owner.room}/access")
    page.get_by_role("button", name=re.compile("Retirer de la salle")).click()
    expect(page.get_by_text("deux@example.org")).to_have_count(0)
    guest.page.wait_for_url("**/desk", timeout=10_000)
    expect(guest.page.get_by_text("Votre établi est prêt")).to_be_visible()
    assert owner.troubles == [] and guest.troubles == []


def test_a_projector_whose_link_was_renewed_says_so_and_shows_nothing_more(
    chromium: Browser, server: Server
) -> None:
    owner = Facilitator.arrives(chromium, server, BOARD)
    owner.signs_in()
    owner.opens_wall("Lien", "direct")
    before = projector_link(owner)
    projector = Projector.arrives(chromium, server, PROJECTOR)
    projector.opens(before)
    expect(projector.page.locator("#wall")).to_be_attached()
    owner.page.goto(f"/r/{owner.room}/access")
    owner.page.get_by_role("button", name="Renouveler le lien de projection").click()
    said = projector.page.get_by_text("Cet écran n’est plus relié à la salle")
    expect(said).to_be_visible(timeout=10_000)
    expect(projector.page.locator(".proj .code").first).to_be_hidden()
    projector.page.goto(before)
    expect(projector.page.locator("#incomplete")).to_be_visible()
    owner.page.goto(f"/r/{owner.room}")
    assert projector_link(owner) != before
    projector.page.goto("/")
    projector.opens(projector_link(owner))


def test_the_password_is_asked_in_place_and_the_act_goes_on(
    chromium: Browser, server: Server
) -> None:
    owner = Facilitator.arrives(chromium, server, BOARD, bypass_csp=True)
    owner.signs_in()
    owner.opens_script()
    owner.page.goto("/desk")
    with sqlite3.connect(server.data / "atelier.db") as db:
        db.execute("UPDATE sitting SET fresh = 0")
    db.close()
    page = owner.page
    page.get_by_role("button", name="Effacer cette salle").click()
    page.get_by_role("dialog").get_by_role("button", name="Effacer cette salle").click()
    field = page.locator("#confirming-field")
    expect(field).to_be_focused()
    assert_accessible(page, "the password again")
    for width in (320, 1024):
        page.set_viewport_size({"width": width, "height": 700})
        assert spill(page) == 0, width
    field.fill("un autre mot de passe")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ce n’est pas votre mot de passe.")).to_be_visible()
    field.fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Salle effacée")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Votre établi est prêt")).to_be_visible()
    page.goto("/account")
    assert_accessible(page, "account")
    assert owner.troubles == []
