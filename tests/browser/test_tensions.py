"""Tensions and concept cards in a browser: named by keyboard, mouse and finger, shown from afar."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import PHONE, PROJECTOR, Facilitator, Phone, Projector
from tests.browser.test_accessibility import assert_accessible, spill
from tests.browser.walls import FullRoom
from tests.server import Server

pytestmark = pytest.mark.browser

LONG = "recevoir de mes proches sans avoir rien demandé et sans jamais oser refuser ce que l’on"


@pytest.fixture(scope="module")
def full(server: Server) -> FullRoom:
    return FullRoom(server, 12, 3)


@pytest.fixture
def facilitator(chromium: Browser, full: FullRoom) -> Iterator[Facilitator]:
    facilitator = full.steered(chromium, bypass_csp=True)
    yield facilitator
    assert facilitator.troubles == []
    facilitator.leaves()


def says(page: Page, both: str, and_: str, button: str = "Enregistrer sans projeter") -> None:
    dialog = page.get_by_role("dialog", name="tension")
    dialog.get_by_label("À la fois…").fill(both)
    dialog.get_by_label("et…", exact=True).fill(and_)
    dialog.get_by_role("button", name=button).click()
    expect(dialog).to_be_hidden()


def cluster_menu(page: Page, letter: str, item: str) -> None:
    lane = page.locator(f"#clusters [data-letter={letter}]")
    lane.locator(".plus").click()
    page.get_by_role("menuitem", name=item).click()


def tension(page: Page, text: str):  # type: ignore[no-untyped-def]
    return page.locator("#board .tension", has_text=text)


def test_two_clusters_are_held_apart_by_keyboard_alone(
    chromium: Browser, full: FullRoom, facilitator: Facilitator
) -> None:
    page = facilitator.page
    page.locator("#clusters [data-letter=A] .plus").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Mettre en tension avec…").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#picking")).to_contain_text("À la fois « A, Être à l’abri »… et ?")
    page.keyboard.press("b")
    expect(page.locator("#tension-both")).to_be_focused()
    expect(page.locator("#tension-b option:checked")).to_have_text("B, Devoir quelque chose")
    page.keyboard.type("tenir ma place")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("pouvoir la quitter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert_accessible(page, "naming a tension")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Projeter cette tension")).to_be_focused()
    page.keyboard.press("Enter")
    named = tension(page, "tenir ma place")
    expect(named).to_have_attribute("data-levels", "self")
    assert_accessible(page, "board with a tension")
    for size in ({"width": 1280, "height": 720}, PROJECTOR):
        projector = shown_alone(chromium, full, size)
        expect(projector.page.locator(".tension[data-ui-alone]")).to_contain_text("tenir ma place")
        assert_accessible(projector.page, "projected tension")
        projector.leaves()
    page.keyboard.press("Control+z")
    expect(named).to_have_count(0)


def shown_alone(chromium: Browser, full: FullRoom, size: dict[str, int]) -> Projector:
    projector: Projector = Projector.arrives(chromium, full.server, size, bypass_csp=True)
    projector.opens(full.room["projector"])
    expect(projector.page.locator("[data-ui-alone]")).to_be_visible()
    assert spill(projector.page) == 0
    return projector


def test_two_notes_that_are_chosen_make_a_tension_and_escape_gives_up(
    facilitator: Facilitator,
) -> None:
    page = facilitator.page
    notes = page.locator("#board .note")
    for number in (0, 3):
        notes.nth(number).focus()
        page.keyboard.press("Space")
    page.locator("#selection").get_by_role("button", name="Nommer une tension").click()
    says(page, "donner", "ne rien devoir")
    expect(tension(page, "ne rien devoir")).to_have_count(1)
    cluster_menu(page, "A", "Mettre en tension avec…")
    page.keyboard.press("Escape")
    expect(page.locator("#picking")).to_be_hidden()
    expect(page.locator("#tension")).to_be_hidden()
    facilitator.page.keyboard.press("Control+z")
    expect(tension(page, "ne rien devoir")).to_have_count(0)


def test_a_finger_picks_both_and_a_refused_sentence_stays_in_the_form(
    chromium: Browser, full: FullRoom
) -> None:
    facilitator = full.steered(chromium, {"width": 390, "height": 844}, has_touch=True)
    page = facilitator.page
    page.locator("#clusters [data-letter=C] .plus").tap()
    page.get_by_role("menuitem", name="Mettre en tension avec…").tap()
    page.locator("#board .note").first.tap()
    dialog = page.get_by_role("dialog", name="Nommer une tension")
    dialog.get_by_label("À la fois…").fill("se taire")
    dialog.get_by_label("et…", exact=True).fill("   ")
    dialog.get_by_role("button", name="Enregistrer sans projeter").tap()
    expect(page.locator("#says")).to_contain_text("Il manque une moitié")
    expect(dialog).to_be_visible()
    assert spill(page) == 0
    says(page, "se taire", "le dire enfin")
    expect(tension(page, "le dire enfin")).to_have_count(1)
    assert spill(page) == 0
    page.locator("#undo").tap()
    expect(tension(page, "le dire enfin")).to_have_count(0)
    assert facilitator.troubles == []
    facilitator.leaves()


@pytest.mark.parametrize("distance", ["near", "far"])
def test_the_longest_sentence_is_never_cut_on_a_projector(
    chromium: Browser, full: FullRoom, facilitator: Facilitator, distance: str
) -> None:
    page = facilitator.page
    page.get_by_role("button", name="Nommer une tension").first.click()
    for which in ("a", "b"):
        page.locator(f"#tension-{which}").select_option(index=1 if which == "a" else 5)
    says(page, LONG.ljust(120, "x"), f"{LONG} me tend", "Projeter cette tension")
    for size in ({"width": 1280, "height": 720}, {"width": 1024, "height": 768}):
        projector = shown_alone(chromium, full, size)
        projector.page.keyboard.press({"near": "1", "far": "3"}[distance])
        cut = projector.page.evaluate(
            """() => [...document.querySelectorAll("[data-ui-alone], [data-ui-alone] .piece")]
            .filter((e) => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)
            .length"""
        )
        assert cut == 0
        projector.leaves()
    facilitator.page.keyboard.press("Control+z")
    expect(page.locator("#board .tension")).to_have_count(0)


def test_a_tension_is_reworded_and_removed_from_its_own_buttons(facilitator: Facilitator) -> None:
    page = facilitator.page
    page.get_by_role("button", name="Nommer une tension").first.click()
    page.locator("#tension-a").select_option(index=1)
    page.locator("#tension-b").select_option(index=2)
    says(page, "partir", "rester")
    tension(page, "partir").get_by_role("button", name="Reformuler").click()
    expect(page.locator("#tension-both")).to_have_value("partir")
    says(page, "partir loin", "rester")
    named = tension(page, "partir loin")
    expect(named).to_have_count(1)
    named.get_by_role("button", name="Retirer").click()
    page.get_by_role("dialog", name="Retirer cette tension ?").get_by_role(
        "button", name="Retirer"
    ).click()
    expect(named).to_have_count(0)


def test_a_card_is_found_shown_to_everybody_linked_and_put_away(
    chromium: Browser, full: FullRoom, facilitator: Facilitator
) -> None:
    page = facilitator.page
    page.get_by_role("button", name="Montrer un repère").click()
    assert_accessible(page, "concept cards")
    page.get_by_label("Chercher une idée").fill("mauss")
    expect(page.locator("#concepts-found")).to_have_text("Repères trouvés\u00a0: 1")
    page.get_by_role("button", name=re.compile("Montrer.*Don et contre-don")).click()
    card = page.locator("#board .fiche", has_text="Don et contre-don")
    card.get_by_role("button", name="Relier…").click()
    page.get_by_role("menuitem", name="Devoir quelque chose").click()
    expect(card.locator(".liens")).to_contain_text("Devoir quelque chose")
    projector = shown_alone(chromium, full, PROJECTOR)
    expect(projector.page.locator("[data-ui-alone]")).to_contain_text("Marcel Mauss")
    assert_accessible(projector.page, "projected card")
    projector.leaves()
    phone: Phone = Phone.arrives(chromium, full.server, PHONE, bypass_csp=True)
    phone.types_code(full.room["code"])
    phone.agrees()
    phone.looks_at_wall()
    expect(phone.page.locator("#card-don-contre-don")).to_be_visible()
    assert_accessible(phone.page, "phone with a card")
    keep = phone.page.get_by_role("button", name="Garder le repère « Don et contre-don »")
    keep.click()
    expect(phone.page.locator(".garder")).to_have_text("Dans mon carnet")
    phone.page.locator("[data-tab=notebook]").click()
    expect(phone.page.locator("#personal")).to_contain_text("Marcel Mauss")
    phone.looks_at_wall()
    assert spill(phone.page) == 0
    card.get_by_role("button", name="Ranger").click()
    expect(card).to_have_count(0)
    expect(phone.page.locator("#card-don-contre-don")).to_have_count(0)
    assert phone.troubles == []
    phone.leaves()


def test_clusters_are_tagged_moved_and_merged_from_their_menu(facilitator: Facilitator) -> None:
    page = facilitator.page
    cluster_menu(page, "B", "Étiqueter")
    page.get_by_label("corps et sexualité").check()
    page.get_by_role("dialog", name="Étiquettes").get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#clusters [data-letter=B] .tags")).to_have_text("corps et sexualité")
    cluster_menu(page, "B", "Déplacer vers le début")
    expect(page.locator("#clusters .cluster").first).to_have_attribute("data-letter", "B")
    held = page.locator("#clusters .note").count()
    cluster_menu(page, "B", "Fusionner avec…")
    page.get_by_role("menuitem", name="Être à l’abri").click()
    expect(page.locator("#clusters [data-letter=B]")).to_have_count(0)
    assert page.locator("#clusters .note").count() == held
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(page.locator("#clusters [data-letter=B] .tags")).to_have_text("")
    expect(page.locator("#clusters .cluster").first).to_have_attribute("data-letter", "A")
