"""Cards of one's own in a browser, from the library to the board, the projector and a phone; and a
cluster that is split."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import PHONE, PROJECTOR, Facilitator, Phone, Projector
from tests.browser.test_accessibility import assert_accessible, spill
from tests.browser.walls import FullRoom
from tests.server import Server

pytestmark = pytest.mark.browser

NAME = "La bonne distance"
DEFINITION = "Être assez près pour entendre,\nassez loin pour penser."


@pytest.fixture(scope="module")
def full(server: Server) -> FullRoom:
    return FullRoom(server, 12, 2)


@pytest.fixture
def facilitator(chromium: Browser, full: FullRoom) -> Iterator[Facilitator]:
    facilitator = full.steered(chromium, bypass_csp=True)
    yield facilitator
    assert facilitator.troubles == []
    facilitator.leaves()


def test_a_card_is_written_in_the_library_and_half_a_reference_loses_nothing(
    facilitator: Facilitator,
) -> None:
    page = facilitator.page
    page.goto("/cards")
    assert_accessible(page, "library of cards")
    form = page.locator("form.ecrire")
    form.get_by_label("Nom de l’idée").fill(NAME)
    form.get_by_label("Ce qu’elle aide à comprendre").fill(DEFINITION)
    form.get_by_label("Auteur ou autrice").fill("Zoé Martin")
    form.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#problem")).to_contain_text("exacte ou absente")
    expect(form.get_by_label("Nom de l’idée")).to_have_value(NAME)
    form.get_by_label("Œuvre").fill("Carnets de terrain")
    form.get_by_label("Année").fill("2019")
    form.get_by_role("button", name="Enregistrer").click()
    card = page.locator(".bibliotheque > li", has_text=NAME)
    expect(card.locator(".source")).to_have_text("Zoé Martin, Carnets de terrain, 2019")
    for width in (320, 390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert spill(page) == 0, width
    page.get_by_label("Chercher une idée").fill("martin distance")
    expect(page.locator("#concepts-found")).to_have_text("Repères trouvés\u00a0: 1")
    expect(page.locator(".bibliotheque > li:visible")).to_have_count(1)
    card.get_by_text("Modifier").click()
    card.get_by_label("La date reste à vérifier").check()
    card.get_by_role("button", name="Enregistrer").click()
    expect(card.locator(".doute")).to_be_visible()
    assert_accessible(page, "library with a card")


def test_a_card_of_ones_own_is_found_shown_kept_and_outlives_its_erasure(
    chromium: Browser, full: FullRoom, facilitator: Facilitator
) -> None:
    name = "Le juste milieu"
    form = {"name": name, "definition": DEFINITION}
    assert full.facilitator.client.post("/cards", data=form).is_success
    page = facilitator.page
    page.get_by_role("button", name="Montrer un repère").click()
    expect(page.locator("#concept-list [data-own]", has_text=name)).to_be_visible()
    page.get_by_label("Chercher une idée").fill("juste")
    expect(page.locator("#concepts-found")).to_have_text("Repères trouvés\u00a0: 1")
    assert_accessible(page, "concept cards with one's own")
    page.get_by_role("button", name=re.compile(f"Montrer.*{name}")).click()
    card = page.locator("#board .fiche", has_text=name)
    card.get_by_role("button", name="Relier…").click()
    page.get_by_role("menuitem", name="Être à l’abri").click()
    expect(card.locator(".liens")).to_contain_text("Être à l’abri")
    concept = card.get_attribute("data-concept")
    assert full.facilitator.client.delete(f"/cards/{concept}").is_success

    projector: Projector = Projector.arrives(chromium, full.server, PROJECTOR, bypass_csp=True)
    projector.opens(full.room["projector"])
    expect(projector.page.locator("[data-ui-alone]")).to_contain_text("assez loin pour penser")
    assert spill(projector.page) == 0
    assert_accessible(projector.page, "projected own card")
    projector.leaves()
    phone: Phone = Phone.arrives(chromium, full.server, PHONE, bypass_csp=True)
    phone.types_code(full.room["code"])
    phone.agrees()
    phone.looks_at_wall()
    phone.page.get_by_role("button", name=f"Garder le repère « {name} »").click()
    expect(phone.page.locator(".garder")).to_have_text("Dans mon carnet")
    phone.page.locator("[data-tab=notebook]").click()
    expect(phone.page.locator("#personal")).to_contain_text("assez loin pour penser")
    assert spill(phone.page) == 0
    assert phone.troubles == []
    phone.leaves()


def test_the_longest_card_is_whole_on_the_smallest_projector(
    chromium: Browser, full: FullRoom, facilitator: Facilitator
) -> None:
    long = "Ni trop, ni trop peu, mais assez pour tenir. " * 10
    form = {"name": long[:80], "definition": long[:400], "author": long[:120], "work": long[:120]}
    client = full.facilitator.client
    before = {card["concept"] for card in own_cards(full)}
    assert client.post("/cards", data={**form, "year": "1999 ; 2004 ; 2011"}).is_success
    [concept] = {card["concept"] for card in own_cards(full)} - before
    full.does("cards", concept=concept, target=full.clusters[0])
    projector: Projector = Projector.arrives(chromium, full.server, {"width": 1280, "height": 720})
    projector.opens(full.room["projector"])
    said = projector.page.locator("[data-ui-alone] .def")
    expect(said).to_contain_text("mais assez pour tenir")
    projector.page.wait_for_function(
        "() => { const said = document.querySelector('[data-ui-alone] .def');"
        " return said && said.scrollHeight <= said.clientHeight + 1; }"
    )
    assert spill(projector.page) == 0
    projector.leaves()


def own_cards(full: FullRoom) -> list[dict[str, str]]:
    answer = full.facilitator.client.get("/cards", headers={"Accept": "application/json"})
    found: list[dict[str, str]] = answer.json()["cards"]
    return found


def test_a_cluster_of_more_than_ten_notes_says_so_to_the_facilitator_alone_and_is_split(
    chromium: Browser, server: Server
) -> None:
    full = FullRoom(server, 22, 1)
    facilitator = full.steered(chromium, bypass_csp=True)
    page = facilitator.page
    lane = page.locator("#clusters [data-letter=A]")
    expect(lane.locator(".note")).to_have_count(11)
    hint = lane.locator(".foisonne")
    expect(hint).to_contain_text("Plus de dix notes")
    assert_accessible(page, "a cluster of many notes")
    projector: Projector = Projector.arrives(chromium, server, PROJECTOR, bypass_csp=True)
    projector.opens(full.room["projector"])
    expect(projector.page.locator("#clusters .note").first).to_be_visible()
    expect(projector.page.get_by_text("Plus de dix notes")).to_have_count(0)
    projector.leaves()
    hint.get_by_role("button").click()
    dialog = page.get_by_role("dialog", name="Scinder la grappe A")
    expect(dialog.get_by_role("checkbox")).to_have_count(11)
    assert_accessible(page, "splitting a cluster")
    for box in dialog.get_by_role("checkbox").all()[:2]:
        box.check()
    dialog.get_by_label("Titre de la nouvelle grappe").fill("Autre chose")
    dialog.get_by_role("button", name="Former la grappe").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#clusters [data-letter=B] .note")).to_have_count(2)
    expect(lane.locator(".note")).to_have_count(9)
    expect(hint).to_be_hidden()
    page.keyboard.press("Control+z")
    expect(lane.locator(".note")).to_have_count(11)
    expect(hint).to_be_visible()
    assert facilitator.troubles == []
    facilitator.leaves()
