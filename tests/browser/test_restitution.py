"""Closing with a restitution, in front of a projector and a phone: the choice is shown, what would
go out is read and rewritten, and only what was accepted can be taken away."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import BOARD, PHONE, PROJECTOR, Facilitator, Phone, Projector
from tests.browser.test_accessibility import assert_accessible, spill
from tests.browser.walls import SAID, FullRoom
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def full(server: Server) -> FullRoom:
    full = FullRoom(server, 12, 3)
    a, b = full.clusters[:2]
    full.does("tensions", tension="e" * 32, a=a, b=b, both="tenir ma place",
              **{"and": "pouvoir la quitter", "level": ["self", "times"]})  # fmt: skip
    return full


@pytest.fixture
def facilitator(chromium: Browser, full: FullRoom) -> Iterator[Facilitator]:
    facilitator = full.steered(chromium, BOARD, bypass_csp=True)
    yield facilitator
    assert facilitator.troubles == []
    facilitator.leaves()


@pytest.fixture
def projector(chromium: Browser, full: FullRoom) -> Iterator[Projector]:
    projector = full.projected(chromium, PROJECTOR, bypass_csp=True)
    yield projector
    assert projector.troubles == []
    projector.leaves()


@pytest.fixture
def phone(chromium: Browser, server: Server, full: FullRoom) -> Iterator[Phone]:
    phone: Phone = Phone.arrives(chromium, server, PHONE, bypass_csp=True)
    phone.scans(full.room["code"])
    phone.agrees()
    yield phone
    assert phone.troubles == []
    phone.leaves()


def opens_restitution(facilitator: Facilitator, name: str) -> Page:
    facilitator.page.goto(f"/r/{facilitator.room}/closing")
    facilitator.page.get_by_role("link", name=name).click()
    expect(facilitator.page.get_by_role("heading", level=1)).to_contain_text("Restitution")
    return facilitator.page


def agrees(page: Page) -> None:
    """Ticks what the group was asked, and writes it down."""
    form = page.get_by_role("form", name="Accord du groupe")
    for box in form.get_by_role("checkbox").all():
        box.check()
    form.get_by_role("button", name="Le groupe accepte ce texte").click()
    expect(page.get_by_text("Accepté par le groupe.")).to_be_visible()


def taken(facilitator: Facilitator, name: str):  # type: ignore[no-untyped-def]
    return facilitator.page.context.request.get(
        f"/r/{facilitator.room}/export/{name}", headers={"Accept": "application/json"}
    )


def test_the_choice_is_shown_on_every_screen_with_its_days(
    facilitator: Facilitator, projector: Projector, phone: Phone
) -> None:
    page = facilitator.page
    page.goto(f"/r/{facilitator.room}/closing")
    assert_accessible(page, "closing page")
    page.get_by_role("button", name="Projeter le choix").click()
    for screen in (projector.page, phone.page):
        reading = screen.locator("#together .lecture")
        expect(reading.get_by_role("heading", name="Que gardons-nous")).to_be_visible()
        expect(reading.get_by_text("Garder le mur")).to_be_visible()
        expect(reading.locator(".terme").first).to_contain_text(re.compile(r"effacées le \d+"))
        expect(reading.locator(".sinon")).to_contain_text("les grappes restent")
        assert spill(screen) == 0
        assert_accessible(screen, "choice shown")
    page.get_by_role("button", name="Ne plus projeter le choix").click()
    expect(projector.page.locator("#together .lecture")).to_have_count(0)
    expect(phone.page.locator("#together .lecture")).to_have_count(0)


def test_who_is_writing_keeps_writing_while_the_choice_is_shown(
    facilitator: Facilitator, phone: Phone
) -> None:
    field = phone.page.locator("#idea")
    field.click()
    phone.page.keyboard.type("au milieu d’une")
    facilitator.page.goto(f"/r/{facilitator.room}/closing")
    facilitator.page.get_by_role("button", name="Projeter le choix").click()
    expect(phone.page.locator("#together .lecture")).to_be_visible()
    expect(field).to_be_focused()
    phone.page.keyboard.type(" phrase")
    expect(field).to_have_value("au milieu d’une phrase")
    phone.page.locator("[data-tab=notebook]").click()
    expect(phone.page.locator("#together")).to_be_hidden()


def test_the_sponsor_gets_what_was_read_rewritten_and_accepted_and_nothing_else(
    facilitator: Facilitator, projector: Projector, phone: Phone
) -> None:
    page = opens_restitution(facilitator, "Commanditaire")
    assert_accessible(page, "restitution for the sponsor")
    assert taken(facilitator, "sponsor.json").status == 409

    title = page.get_by_label("Titre de la grappe A")
    title.fill(SAID[3])
    page.get_by_role("button", name="Projeter pour lire ensemble").click()
    expect(page.locator("#problem")).to_contain_text("mot pour mot")
    expect(page.locator("#problem")).to_contain_text(SAID[3])
    assert projector.page.locator("#together .lecture").count() == 0

    title.fill("Se sentir à l’abri")
    page.get_by_label("La grappe C sort de la salle").uncheck()
    page.get_by_role("button", name="Projeter pour lire ensemble").click()
    for screen in (page, projector.page, phone.page):
        reading = screen.locator(".lecture")
        expect(reading.get_by_text("Se sentir à l’abri")).to_be_visible()
        expect(reading.get_by_text("pouvoir la quitter")).to_be_visible()
        expect(reading.get_by_text("Ce qui se tait")).to_have_count(0)
        assert spill(screen) == 0
        assert_accessible(screen, "restitution read together")

    page.get_by_label("À la fois…").fill("garder sa place")
    page.get_by_role("button", name="Projeter le texte récrit").click()
    for screen in (projector.page, phone.page):
        expect(screen.locator(".lecture").get_by_text("garder sa place")).to_be_visible()
        expect(screen.locator(".lecture").get_by_text("tenir ma place")).to_have_count(0)
    agrees(page)
    for screen in (projector.page, phone.page):
        expect(screen.locator(".lecture .sinon")).to_contain_text("Le groupe a accepté ce texte")
    refused = taken(facilitator, "sponsor.json")
    assert (refused.status, refused.headers["atelier-refused"]) == (409, "closing-first")

    facilitator.closes("reduced")
    expect(page.get_by_role("heading", name="Pour le commanditaire")).to_be_visible()
    expect(page.get_by_role("heading", name="Pour la recherche")).to_have_count(0)
    given = json.loads(taken(facilitator, "sponsor.json").body())
    assert [cluster["title"] for cluster in given["clusters"]] == [
        "Se sentir à l’abri", "Devoir quelque chose",
    ]  # fmt: skip
    assert [tension["both"] for tension in given["tensions"]] == ["garder sa place"]
    assert (given["notes"], given["timeline"], given["steps"]) == ([], [], [])
    assert given["day"].endswith("-01")
    assert_accessible(page, "closed with a restitution")
    page.goto(f"/r/{facilitator.room}/timeline")
    moments = page.locator("#moments")
    expect(moments).to_contain_text("Texte lu et accepté par le groupe, pour le commanditaire")
    expect(moments).to_contain_text("Séance close, seules les grappes sont gardées")


def test_research_gets_excerpts_after_an_agreement_of_its_own_that_can_be_taken_back(
    facilitator: Facilitator, phone: Phone
) -> None:
    page = opens_restitution(facilitator, "Recherche")
    page.get_by_text("Récrire des notes de la grappe A").click()
    excerpt = page.locator("textarea").first
    excerpt.fill("Mettre de côté, sans savoir pour quoi")
    assert_accessible(page, "restitution for research")
    page.get_by_role("button", name="Projeter pour lire ensemble").click()
    reading = phone.page.locator("#together .lecture")
    expect(reading.get_by_text("Mettre de côté, sans savoir pour quoi")).to_be_visible()
    assert_accessible(phone.page, "excerpts read together")
    agrees(page)
    facilitator.closes("all")
    given = json.loads(taken(facilitator, "research.json").body())
    assert [note["text"] for note in given["notes"]] == ["Mettre de côté, sans savoir pour quoi"]

    page.goto(f"/r/{facilitator.room}/restitutions/research")
    page.get_by_role("button", name="Ne rien donner à ce profil").click()
    expect(page.locator(".lecture")).to_have_count(0)
    assert taken(facilitator, "research.json").status == 409


def test_a_long_text_is_read_page_by_page_from_the_last_row(
    chromium: Browser, server: Server
) -> None:
    full = FullRoom(server, 14, 14)
    for size in (PROJECTOR, {"width": 1280, "height": 720}):
        projector = full.projected(chromium, size, bypass_csp=True)
        form: dict[str, object] = {
            "title": f"Un texte long, {size['width']}",
            "cluster": full.clusters,
        }
        form |= {f"title-{id}": f"Un titre récrit, assez long pour prendre deux lignes ou trois"
                 f" sur l’écran, numéro {n}" for n, id in enumerate(full.clusters)}  # fmt: skip
        full.does("restitutions/sponsor", **form)
        text = projector.page.locator("#together .corps-lu")
        expect(text).to_be_visible()
        heading = projector.page.locator("#together h1")
        expect(heading).to_have_text(f"Un texte long, {size['width']}")
        for _ in range(4):
            if last_line_is_in_sight(projector.page):
                break
            projector.page.keyboard.press("ArrowRight")
        assert last_line_is_in_sight(projector.page), "it is on some page"
        assert projector.troubles == []
        projector.leaves()


def last_line_is_in_sight(page: Page) -> bool:
    text = page.locator("#together .corps-lu")
    box, inside = text.get_by_text("numéro 13").bounding_box(), text.bounding_box()
    assert box and inside
    return inside["x"] <= box["x"] < inside["x"] + inside["width"]
