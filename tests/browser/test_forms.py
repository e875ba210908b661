"""Forms of pages: refusals appear in place, and nothing that was typed is lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PLAIN_HOST
from tests.browser.people import BOARD, PHONE, Facilitator, Phone, Projector
from tests.browser.test_journey import projector_link
from tests.server import EMAIL, PASSWORD, Server, serving

pytestmark = pytest.mark.browser


def test_an_unknown_code_is_said_beside_the_field_and_stays_in_it(
    chromium: Browser, server: Server
) -> None:
    phone = Phone.arrives(chromium, server, PHONE)
    phone.page.goto("/")
    phone.page.evaluate("window.sameDocument = true")
    field = phone.page.get_by_label("Code de la salle")
    field.fill("K7M4P2")
    phone.page.get_by_role("button", name="Rejoindre la salle").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("Aucune salle ouverte")
    expect(field).to_have_value("K7M 4P2")
    assert phone.page.evaluate("window.sameDocument"), "htmx put the answer into the page"


def test_a_form_works_without_script(chromium: Browser, server: Server) -> None:
    context = chromium.new_context(
        base_url=server.origin, java_script_enabled=False, locale="fr-FR"
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Code de la salle").fill("K7M4P2")
    page.get_by_role("button", name="Rejoindre la salle").click()
    expect(page.get_by_role("alert")).to_contain_text("Aucune salle ouverte")
    context.close()


def test_a_wrong_password_is_said_and_the_address_stays(chromium: Browser, server: Server) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.page.goto("/signin")
    facilitator.page.get_by_label("Adresse électronique").fill(EMAIL)
    facilitator.page.get_by_label("Mot de passe").fill("faux")
    facilitator.page.get_by_role("button", name="Entrer").click()
    expect(facilitator.page.get_by_role("alert")).to_contain_text("inconnus")
    expect(facilitator.page.get_by_label("Adresse électronique")).to_have_value(EMAIL)
    facilitator.page.get_by_label("Mot de passe").fill(PASSWORD)
    facilitator.page.get_by_role("button", name="Entrer").click()
    facilitator.page.wait_for_url("**/desk")
    facilitator.page.get_by_role("button", name="Sortir").click()
    facilitator.page.wait_for_url("**/signin")


def test_a_closing_can_be_undone(chromium: Browser, server: Server) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_wall("Essai")
    facilitator.closes("nothing")
    facilitator.page.get_by_role("button", name="Rouvrir la séance").click()
    expect(facilitator.page.locator("h1")).to_have_text("Clore la séance")
    facilitator.page.get_by_role("link", name=re.compile("Revenir")).click()
    expect(facilitator.page.locator("body")).to_have_attribute("data-state", "open")


def test_a_foreign_page_cannot_use_a_facilitators_cookie(chromium: Browser, server: Server) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_wall("Essai")
    page = facilitator.page
    page.route(
        "http://elsewhere.test/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f"<form method=post action='{server.origin}/r/{facilitator.room}/veils'>"
            "<input name=on value=1><button>Win</button></form>",
        ),
    )
    page.goto("http://elsewhere.test/")
    with page.expect_response("**/veils") as answer:
        page.get_by_role("button", name="Win").click()
    assert answer.value.status in (303, 403)
    page.goto(f"/r/{facilitator.room}")
    expect(page.locator("body")).to_have_attribute("data-veil", "0")


def test_every_form_works_on_a_local_network_without_encryption(
    chromium: Browser, tmp_path: Path
) -> None:
    """There browsers do not say `Sec-Fetch-Site`, and plain forms have the origin `null`."""
    with serving(tmp_path, PLAIN_HOST) as server:
        facilitator = Facilitator.arrives(chromium, server, BOARD)
        facilitator.signs_in()
        facilitator.opens_wall("Essai", "direct")
        projector = Projector.arrives(chromium, server, BOARD)
        projector.opens(projector_link(facilitator))
        phone = Phone.arrives(chromium, server, PHONE)
        phone.scans(facilitator.code)
        phone.agrees()
        phone.writes("Bonjour")
        projector.waits_for_wall(1)
        facilitator.closes("all")
        facilitator.page.get_by_role("button", name="Rouvrir la séance").click()
        expect(facilitator.page.locator("h1")).to_have_text("Clore la séance")
        facilitator.page.goto("/desk")
        facilitator.page.get_by_role("button", name="Sortir").click()
        facilitator.page.wait_for_url("**/signin")
        assert facilitator.troubles == projector.troubles == phone.troubles == []


def test_a_phone_that_is_in_a_locked_room_may_come_back_in(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_wall("Essai")
    inside, outside = [Phone.arrives(chromium, server, PHONE) for _ in range(2)]
    inside.types_code(facilitator.code)
    facilitator.page.locator("#lock").click()
    expect(facilitator.page.locator("body")).to_have_attribute("data-locked", "1")
    inside.types_code(facilitator.code)
    outside.page.goto("/")
    outside.page.get_by_label("Code de la salle").fill(facilitator.code)
    outside.page.get_by_role("button", name="Rejoindre la salle").click()
    expect(outside.page.get_by_role("alert")).to_contain_text("fermée aux nouvelles arrivées")


def test_a_latecomer_waits_before_the_locked_door_and_is_let_in(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_wall("Essai")
    facilitator.page.locator("#lock").click()
    expect(facilitator.page.locator("body")).to_have_attribute("data-locked", "1")
    late = Phone.arrives(chromium, server, PHONE)
    late.page.goto(f"/J#{facilitator.code}")
    expect(late.page.get_by_role("alert")).to_contain_text("gardez cette page ouverte")
    expect(facilitator.page.locator("#knocking")).to_be_visible(timeout=15_000)
    facilitator.page.get_by_role("button", name="Faire entrer").click()
    late.page.wait_for_url(re.compile(r"/r/[0-9a-f]{32}$"), timeout=15_000)
    expect(facilitator.page.locator("#knocking")).to_be_hidden()


def test_a_changed_code_is_shown_wherever_the_old_one_was(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_wall("Essai")
    projector = Projector.arrives(chromium, server, BOARD)
    projector.opens(projector_link(facilitator))
    facilitator.page.get_by_role("button", name="Changer le code").click()
    facilitator.page.locator("#sure").get_by_role("button", name="Changer le code").click()
    shown = facilitator.page.locator(".acces [data-room-code]")
    expect(shown).not_to_have_text(facilitator.code)
    code = shown.inner_text()
    expect(projector.page.locator(".rail [data-room-code]")).to_have_text(code)
    drawn = projector.page.locator(".rail .qr img")
    expect(drawn).to_have_js_property("complete", True)
    assert drawn.evaluate("image => image.naturalWidth") > 0
    link = facilitator.page.locator("[data-join-link]").get_attribute("data-copy")
    assert link and link.endswith("#" + re.sub(r"\s", "", code))
    phone = Phone.arrives(chromium, server, PHONE)
    phone.types_code(code)
    assert facilitator.troubles == projector.troubles == phone.troubles == []
