"""A group chooses in browsers what to work on: on phones, then as totals on every screen."""

import secrets
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.people import PHONE, PROJECTOR, Facilitator, Phone, Projector
from tests.browser.test_accessibility import assert_accessible, spill
from tests.browser.walls import FullRoom
from tests.server import Phone as Chooser
from tests.server import serving

pytestmark = pytest.mark.browser


def chooses(chooser: Chooser, choice: str, *clusters: str) -> httpx2.Response:
    body = {"choice": choice, "ballot": secrets.token_hex(16),
            "secret": secrets.token_urlsafe(32), "clusters": clusters}  # fmt: skip
    return httpx2.post(
        f"{chooser.server.origin}/r/{chooser.room}/ballots",
        json=body,
        headers={"Authorization": f"Bearer {chooser.bearer}"},
        timeout=20,
    )


def opens(full: FullRoom) -> str:
    choice = secrets.token_hex(16)
    full.does("choices", choice=choice, most="1")
    return choice


def ticks(page: Page, title: str) -> None:
    page.locator("#choosing").get_by_label(title).check()
    page.get_by_role("button", name="Garder ce choix").click()


def test_a_group_chooses_what_to_work_on(chromium: Browser, tmp_path: Path) -> None:
    with serving(tmp_path, ATELIER_THRESHOLD="3") as server:
        full = FullRoom(server, 8, 3)
        facilitator: Facilitator = full.steered(chromium, bypass_csp=True)
        page = facilitator.page
        projector: Projector = Projector.arrives(chromium, server, PROJECTOR, bypass_csp=True)
        projector.opens(full.room["projector"])
        phone: Phone = Phone.arrives(chromium, server, PHONE, bypass_csp=True)
        phone.types_code(full.room["code"])
        phone.agrees()
        others = [Chooser(server, full.room["code"]) for _ in range(2)]

        page.get_by_role("button", name="Choisir ensemble").click()
        assert_accessible(page, "opening a choice")
        page.get_by_role("button", name="Ouvrir le choix").click()
        expect(page.locator("#choice-bar")).to_be_visible()
        expect(projector.page.locator("#choice h2")).to_have_text(
            "Sur quoi travailler maintenant ?"
        )
        assert spill(projector.page) == 0
        ticks(phone.page, "Devoir quelque chose")
        expect(phone.page.locator("#choosing-says")).to_contain_text("Votre choix est gardé")
        expect(phone.page.locator("#choosing").get_by_label("Être à l’abri")).to_be_disabled()
        assert_accessible(phone.page, "choosing on a phone")
        assert spill(phone.page) == 0
        phone.page.reload()
        kept = phone.page.locator("#choosing").get_by_label("Devoir quelque chose")
        expect(kept).to_be_checked()

        page.get_by_role("button", name="Montrer les totaux").click()
        expect(page.locator("#says")).to_contain_text("Il faut assez de choix")
        choice = page.locator("#choice").get_attribute("data-choice")
        assert choice
        for chooser in others:
            assert chooses(chooser, choice, full.clusters[0]).status_code == 200
        kept.uncheck()
        ticks(phone.page, "Ce qui se tait")
        expect(phone.page.locator("#choosing-says")).to_contain_text("Votre choix est gardé")
        page.get_by_role("button", name="Montrer les totaux").click()
        for screen in (projector, phone):
            if screen is phone:
                phone.looks_at_wall()
            told = screen.page.locator("#choice li")
            expect(told).to_have_count(2)
            expect(told.first).to_contain_text("Choix\u00a0: 2")
            assert spill(screen.page) == 0
            assert_accessible(screen.page, f"totals on {type(screen).__name__}")
        expect(phone.page.locator("#choosing")).to_be_hidden()
        expect(page.locator("#choice-told")).to_contain_text("Ce qui se tait")
        assert_accessible(page, "totals on the board")
        stored = phone.page.evaluate("() => JSON.stringify(localStorage)")
        assert full.clusters[2] not in stored, "nothing on the phone says what it chose"
        page.keyboard.press("Control+z")
        expect(page.locator("#choice-told")).to_be_hidden()
        for person in (facilitator, projector, phone):
            assert person.troubles == []
            person.leaves()


def test_a_choice_made_on_a_bad_line_is_said_to_wait_and_counts_once(
    chromium: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path, ATELIER_THRESHOLD="3") as server:
        full = FullRoom(server, 8, 3)
        phone: Phone = Phone.arrives(chromium, server, PHONE)
        phone.types_code(full.room["code"])
        phone.agrees()
        others = [Chooser(server, full.room["code"]) for _ in range(2)]
        choice = opens(full)
        says, sent, line = phone.page.locator("#choosing-says"), list[Any](), ["cut"]

        def carries(route: Route) -> None:
            """Nothing at first, then what is sent without its answer, then all."""
            sent.append(route.request.post_data_json)
            if line == ["cut"]:
                return route.abort()
            if line == ["whole"]:
                return route.continue_()
            line[:] = ["whole"]
            assert route.fetch().status == 200
            route.abort()

        phone.page.route("**/ballots", carries)
        ticks(phone.page, "Devoir quelque chose")
        expect(says).to_contain_text("Pas encore gardé")
        assert_accessible(phone.page, "a choice that waits")
        assert spill(phone.page) == 0
        phone.page.reload()
        kept = phone.page.locator("#choosing").get_by_label("Devoir quelque chose")
        expect(kept).to_be_checked()
        expect(says).to_contain_text("Pas encore gardé")
        line[:] = ["answers lost"]
        expect(says).to_contain_text("Votre choix est gardé", timeout=15_000)
        tried = {(each["ballot"], each["secret"], each["rev"]) for each in sent}
        assert len(sent) > 3 and len(tried) == 1

        for chooser in others:
            assert chooses(chooser, choice, full.clusters[0]).status_code == 200
        full.does("tellings", choice=choice)
        phone.looks_at_wall()
        expect(phone.page.locator("#choice")).to_contain_text("Choix\u00a0: 1")
        expect(phone.page.locator("#choice")).to_contain_text("Choix\u00a0: 2")


def test_a_choice_that_waited_until_the_end_is_said_to_be_late(
    chromium: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path, ATELIER_THRESHOLD="3") as server:
        full = FullRoom(server, 8, 3)
        phone: Phone = Phone.arrives(chromium, server, PHONE)
        phone.types_code(full.room["code"])
        phone.agrees()
        choice = opens(full)
        phone.page.route("**/ballots", lambda route: route.abort())
        ticks(phone.page, "Devoir quelque chose")
        expect(phone.page.locator("#choosing-says")).to_contain_text("Pas encore gardé")
        full.facilitator.client.delete(f"/r/{full.id}/choices/{choice}").raise_for_status()
        expect(phone.page.locator("#choosing")).to_contain_text("pas été gardé à temps")
        assert_accessible(phone.page, "a choice that came too late")
        again = opens(full)
        phone.page.unroute("**/ballots")
        ticks(phone.page, "Devoir quelque chose")
        expect(phone.page.locator("#choosing-says")).to_contain_text("Votre choix est gardé")
        assert again != choice
