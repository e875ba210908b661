"""The main job with fingers alone: a facilitator's tablet, three phones, and a projector."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, TimeoutError, expect

from tests.browser.people import PHONE, PROJECTOR, Facilitator, Phone, Projector
from tests.browser.test_journey import projector_link
from tests.server import EMAIL, PASSWORD, Server, serving

pytestmark = pytest.mark.browser

TABLET = {"width": 1024, "height": 768}
HEARD = ["Un sou est un sou.", "Ça ne se demande pas.", "L’argent, ça se gagne."]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path, ATELIER_THRESHOLD="3") as server:
        yield server


def test_a_session_from_the_desk_to_the_export_by_touch(chromium: Browser, server: Server) -> None:
    facilitator = Facilitator.arrives(chromium, server, TABLET, has_touch=True)
    page = facilitator.page
    page.goto("/signin")
    page.get_by_label("Adresse électronique").fill(EMAIL)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Entrer").tap()
    page.get_by_role("button", name=re.compile("Le rapport à l’argent")).first.tap()
    facilitator.is_in_room()
    projector = Projector.arrives(chromium, server, PROJECTOR)
    projector.opens(projector_link(facilitator))
    phones = [Phone.arrives(chromium, server, PHONE, has_touch=True) for _ in HEARD]
    for phone in phones:
        phone.page.goto("/")
        phone.page.get_by_label("Code de la salle").fill(facilitator.code)
        phone.page.get_by_role("button", name="Rejoindre la salle").tap()
        phone.page.get_by_role("button", name="J’ai lu et j’accepte").tap()

    enters(facilitator, "post")
    for phone, text in zip(phones, HEARD, strict=True):
        phone.page.locator("#idea").fill(text)
        phone.page.locator("#send").tap()
        phone.sees_kept(text)
    enters(facilitator, "revelation")
    expect(page.locator("#threshold")).to_have_attribute("data-ready", "1", timeout=15_000)
    page.locator("#reveal").tap()
    for screen in (facilitator, projector, *phones):
        screen.waits_for_wall(len(HEARD))

    enters(facilitator, "regroupement")
    opens_menu(facilitator, HEARD[0])
    page.locator("#menu").get_by_role("menuitem", name="Nouvelle grappe").tap()
    page.locator("#naming-field").fill("Compter")
    page.locator("#naming button[value=yes]").tap()
    expect(page.locator("#clusters [data-letter=A] [data-text]")).to_have_text([HEARD[0]])
    opens_menu(facilitator, HEARD[1])
    page.locator("#menu").get_by_role("menuitem", name=re.compile("Compter")).tap()
    for screen in (facilitator, projector, *phones):
        lane = screen.page.locator("#clusters [data-letter=A] [data-text]")
        expect(lane).to_have_text([HEARD[0], HEARD[1]])
    page.locator("#undo").tap()
    expect(page.locator("#clusters [data-note]")).to_have_count(1)
    phones[0].page.locator("[data-tab=wall]").tap()
    expect(note(phones[0], HEARD[2])).to_be_visible()

    page.get_by_role("link", name="Clore la séance").tap()
    page.locator("[name=keep][value=all]").tap(force=True)
    page.locator("[name=heard]").tap(force=True)
    page.get_by_role("button", name="Clore la séance").tap()
    expect(page.locator("h1")).to_have_text("La séance est close")
    kept = json.loads(facilitator.exports("json"))
    assert sorted(each["text"] for each in kept["notes"]) == sorted(HEARD)
    assert [screen.troubles for screen in (facilitator, projector, *phones)] == [[]] * 5


def enters(facilitator: Facilitator, kind: str) -> None:
    board = facilitator.page.locator("#board")
    while board.get_attribute("data-kind") != kind:
        before = board.get_attribute("data-step") or ""
        facilitator.page.locator("#next").tap()
        expect(board).not_to_have_attribute("data-step", before)


def opens_menu(facilitator: Facilitator, text: str) -> None:
    """A tap; on a busy machine it may last so long that it is a press, and is done again."""
    menu = facilitator.page.locator("#menu")
    for _ in range(3):
        note(facilitator, text).tap()
        with suppress(TimeoutError):
            return menu.wait_for(timeout=3_000)
    expect(menu).to_be_visible()


def note(screen: Facilitator | Phone, text: str) -> Locator:
    return screen.page.locator("#board [data-note]", has_text=text)
