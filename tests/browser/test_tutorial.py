"""The French tutorial of the method, step by step as it is written."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import BOARD, PHONE, PROJECTOR, Facilitator, Phone, Projector
from tests.server import Server, serving

pytestmark = pytest.mark.browser

HEARD = ["Un sou est un sou.", "Ça ne se demande pas.", "Mets de côté."]
TODAY = ["L’argent me permet de dire non.", "Je ne peux pas recevoir sans rendre.", "Rien."]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path, ATELIER_THRESHOLD="3") as server:
        yield server


def test_the_method_from_a_script_of_ones_own_to_the_timeline(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    page = facilitator.page
    makes_a_script_ones_own(facilitator)
    link = page.locator("[data-copy*='/p/']").get_attribute("data-copy")
    assert link
    projector = Projector.arrives(chromium, server, PROJECTOR)
    projector.opens(link)
    phones = [Phone.arrives(chromium, server, PHONE) for _ in range(3)]
    for phone in phones:
        phone.types_code(facilitator.code)
        phone.agrees()

    expect(page.locator("#next")).to_have_text("Ouvrir la première étape")
    facilitator.enters("carnet")
    writes_for_themselves(phones[0])
    for texts in (HEARD, TODAY):
        facilitator.next_step()
        for phone, text in zip(phones, texts, strict=True):
            phone.writes(text)
            phone.sees_kept(text)
    facilitator.enters("revelation")
    expect(page.locator("#step .consigne")).to_have_text("Lisez sans parler.")
    facilitator.reveals()
    facilitator.waits_for_wall(6)
    facilitator.next_step()
    groups_and_tags(facilitator)
    facilitator.enters("tension")
    names_a_tension(facilitator, projector)
    facilitator.enters("apport")
    shows_a_card(facilitator, projector, phones[0])
    chooses_together(facilitator, phones)
    facilitator.enters("trajectoire")
    phones[1].page.get_by_role("button", name="Écrire pour moi, dans mon carnet").click()
    expect(phones[1].page.get_by_role("heading", name="Mes trois lignes")).to_be_visible()
    bends(facilitator)
    closes(facilitator)
    for screen in (facilitator, projector, *phones):
        assert screen.troubles == []


def makes_a_script_ones_own(facilitator: Facilitator) -> None:
    page = facilitator.page
    facilitator.signs_in()
    page.get_by_role("link", name="Trames", exact=True).click()
    page.locator("#trame-rapport-a-l-argent").get_by_role("button", name="Dupliquer").click()
    page.locator(".plan-etapes a", has_text="Hier et aujourd’hui mêlés").click()
    page.get_by_label("Consigne, français").fill("Lisez sans parler.")
    expect(page.locator(".ap-tel")).to_contain_text("Lisez sans parler.")
    expect(page.locator("#saved")).to_contain_text("Enregistrée")
    page.get_by_role("button", name="Ouvrir une salle").click()
    facilitator.is_in_room()


def writes_for_themselves(phone: Phone) -> None:
    phone.page.get_by_role("button", name="Écrire pour moi, dans mon carnet").click()
    phone.page.locator("#personal-page").fill("Deux lignes à moi.")
    phone.page.locator("[data-tab=write]").click()


def groups_and_tags(facilitator: Facilitator) -> None:
    page = facilitator.page
    facilitator.forms_cluster("Tenir", [HEARD[0], TODAY[0]])
    facilitator.forms_cluster("Devoir", [TODAY[1]])
    facilitator.forms_cluster("Se taire", [HEARD[1]])
    opens_menu(page, "B", "Étiqueter")
    page.locator("#tagging").get_by_label("familial").check()
    page.locator("#tagging").get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#clusters [data-letter=B]")).to_contain_text("familial")


def opens_menu(page: Page, letter: str, item: str) -> None:
    page.locator(f"#clusters [data-letter={letter}] .plus").click()
    page.get_by_role("menuitem", name=item).click()


def names_a_tension(facilitator: Facilitator, projector: Projector) -> None:
    page = facilitator.page
    opens_menu(page, "A", "Mettre en tension avec…")
    page.keyboard.press("b")
    dialog = page.get_by_role("dialog", name="Nommer une tension")
    dialog.get_by_label("À la fois…").fill("garder")
    dialog.get_by_label("et…", exact=True).fill("rendre")
    dialog.get_by_label("moi").check()
    dialog.get_by_role("button", name="Projeter cette tension").click()
    expect(projector.page.locator(".tension", has_text="garder")).to_be_visible()
    page.locator("#board .tension").get_by_role("button", name="Reformuler").click()
    dialog = page.get_by_role("dialog", name="Reformuler la tension")
    dialog.get_by_label("et…", exact=True).fill("lâcher")
    dialog.get_by_role("button", name="Enregistrer sans projeter").click()
    expect(projector.page.locator(".tension", has_text="lâcher")).to_be_visible()


def shows_a_card(facilitator: Facilitator, projector: Projector, phone: Phone) -> None:
    page = facilitator.page
    page.get_by_role("button", name="Montrer un repère").click()
    page.locator("#concept-list").get_by_role("button", name="Montrer").first.click()
    card = page.locator("#card-list > li").first
    expect(projector.page.locator("#card-list > li").first).to_be_visible()
    card.get_by_role("button", name="Relier…").click()
    page.get_by_role("menuitem", name="Tenir").click()
    expect(card).to_contain_text("Tenir")
    phone.page.locator("[data-tab=wall]").click()
    phone.page.get_by_role("button", name="Garder").first.click()
    expect(phone.page.get_by_text("Dans mon carnet").first).to_be_visible()


def chooses_together(facilitator: Facilitator, phones: list[Phone]) -> None:
    page = facilitator.page
    page.get_by_role("button", name="Choisir ensemble").click()
    page.get_by_role("button", name="Ouvrir le choix").click()
    phones[0].page.locator("[data-tab=write]").click()
    for phone in phones:
        choice = phone.page.locator("#choosing")
        choice.get_by_label("Devoir").check()
        choice.get_by_role("button", name="Garder ce choix").click()
        expect(phone.page.locator("#choosing-says")).to_contain_text("Votre choix est gardé")
    page.get_by_role("button", name="Montrer les totaux").click()
    expect(page.locator("#choice")).to_contain_text("Ce que le groupe a choisi")


def bends(facilitator: Facilitator) -> None:
    page = facilitator.page
    expect(page.locator("#allure")).to_contain_text("Fin vers")
    later = page.locator("#etapes > li").last
    later.locator("summary").click()
    later.get_by_role("button", name="Cinq minutes de moins").click()
    expect(page.locator("#says")).to_contain_text("5 min")
    before = page.locator("#etapes > li").count()
    page.get_by_role("button", name="Ajouter une étape").click()
    dialog = page.get_by_role("dialog", name="Ajouter une étape")
    dialog.get_by_label("Titre").fill("Un tour de parole")
    dialog.get_by_label("Consigne").fill("Chacune et chacun, un mot.")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#etapes > li")).to_have_count(before + 1)
    page.locator("#etapes > li").last.get_by_role("button", name="Retirer").click()
    expect(page.locator("#etapes > li")).to_have_count(before)
    page.locator("#origine summary").click()
    page.get_by_role("button", name="Remettre").click()
    expect(page.locator("#etapes > li")).to_have_count(before + 1)
    page.get_by_role("button", name="Enregistrer comme nouvelle trame").click()
    expect(page.locator("#says")).to_contain_text("Trame enregistrée")


def closes(facilitator: Facilitator) -> None:
    page = facilitator.page
    page.get_by_role("link", name="Clore la séance").first.click()
    page.get_by_role("button", name="Projeter le choix").click()
    expect(page.get_by_role("button", name="Ne plus projeter le choix")).to_be_visible()
    expect(page.get_by_text("Avant de clore : la restitution")).to_be_visible()
    facilitator.closes("all")
    page.get_by_role("link", name="Voir la frise").click()
    expect(page.locator(".fil")).to_contain_text("Étape ajoutée")
    expect(page.locator(".fil")).to_contain_text("Étape retirée")
