"""A script made one's own in the editor: it saves by itself, says what is wrong in its place, shows
what the group will see, and lets its steps be moved by hand and by keyboard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import BOARD, Facilitator
from tests.browser.test_accessibility import assert_accessible, spill
from tests.server import Facilitator as Door
from tests.server import Server

pytestmark = pytest.mark.browser

SIZES = {"phone": (320, 640), "tablet": (1024, 768)}


def titles(page: Page) -> list[str]:
    found: list[str] = page.locator(
        ".plan-etapes li[data-step] a > span:nth-child(2)"
    ).evaluate_all("spans => spans.map((span) => span.firstChild.textContent)")
    return found


def starts(page: Page) -> list[str]:
    return page.locator(".plan-etapes small").all_text_contents()


def is_saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def step(page: Page, number: int) -> Locator:
    return page.locator(f"#plan-{number} a")


@pytest.fixture(scope="module")
def facilitator(chromium: Browser, server: Server) -> Facilitator:
    person: Facilitator = Facilitator.arrives(chromium, server, BOARD, bypass_csp=True)
    person.signs_in()
    return person


@pytest.fixture
def page(facilitator: Facilitator) -> Page:
    """The editor of a fresh copy, at its third step."""
    page = facilitator.page
    page.goto("/scripts")
    page.locator("#trame-rapport-a-l-argent").get_by_role("button", name="Dupliquer").click()
    page.wait_for_url(re.compile("/scripts/[0-9a-f]{32}$"))
    step(page, 3).click()
    expect(page.locator("#sheet-title")).to_have_text("Étape 3, Phrases entendues")
    return page


def test_what_is_typed_is_seen_at_once_and_kept(page: Page, facilitator: Facilitator) -> None:
    page.get_by_label("Titre, français").fill("Phrases d’alors")
    expect(page.locator(".ap-tel b[lang=fr]")).to_have_text("Phrases d’alors")
    page.get_by_label("Minutes", exact=True).fill("")
    page.locator("label", has_text="Vagues").click()
    expect(step(page, 3)).to_contain_text("libre")
    is_saved(page)
    assert starts(page)[:2] == ["à 0:12", "à 0:24"] and len(starts(page)) == 3, "then nobody knows"
    page.reload()
    assert page.get_by_label("Titre, français").input_value() == "Phrases d’alors"
    expect(page.get_by_role("radio", name="Vagues")).to_be_checked()
    page.locator(".apercus label", has_text="English").click()
    expect(page.locator(".ap-proj b[lang=en]")).to_be_visible()
    expect(page.locator(".ap-proj b[lang=fr]")).to_be_hidden()
    page.get_by_role("radio", name="Le mur").nth(1).check(force=True)
    expect(page.locator(".ap-proj .ap-mur")).to_be_visible()
    page.get_by_label("Consigne, français").fill("Et maintenant ?")
    page.get_by_role("button", name="Ouvrir une salle").click()
    facilitator.is_in_room()
    facilitator.enters("post")
    expect(page.locator("#step h1")).to_have_text("Phrases d’alors")
    expect(page.locator("#step .consigne")).to_have_text("Et maintenant ?")
    expect(page.locator("#board")).to_have_attribute("data-mode", "waves")
    assert facilitator.troubles == []


def test_a_step_names_a_card_of_ones_own_which_stands_first_on_the_board(
    page: Page, facilitator: Facilitator, server: Server
) -> None:
    card = {"name": "La bonne distance", "definition": "Entendre et penser."}
    assert Door(server).client.post("/cards", data=card).is_success
    page.reload()
    for name in ("La bonne distance", "Habitus"):
        page.get_by_role("checkbox", name=name, exact=True).check(force=True)
    is_saved(page)
    page.get_by_label("Titre, français").fill("Avec un repère à nous")
    is_saved(page)
    page.reload()
    expect(page.get_by_role("checkbox", name="La bonne distance")).to_be_checked()
    assert_accessible(page, "editor with a card of one's own")
    page.get_by_role("button", name="Ouvrir une salle").click()
    facilitator.is_in_room()
    facilitator.enters("post")
    page.get_by_role("button", name="Montrer un repère").click()
    expect(page.locator("#concept-list [data-own]")).to_have_attribute("data-meant", "")
    names = page.locator("#concept-list li h3")
    assert names.all_text_contents()[:2] == ["La bonne distance", "Habitus"]
    expect(page.locator("#concept-list li:visible .prevu:visible")).to_have_count(2)
    assert facilitator.troubles == []


def test_a_wrong_field_is_said_in_its_place_and_stands_in_the_way_of_leaving(
    page: Page, facilitator: Facilitator
) -> None:
    page.get_by_label("Minutes", exact=True).fill("dix")
    page.get_by_label("Consigne, français").fill("")
    expect(page.locator("#fault-min")).to_have_text(
        re.compile("attendu, un nombre entier de 0 à 600.*reçu, .dix.")
    )
    expect(page.locator("#fault-prompt_fr")).to_be_visible()
    expect(page.locator("#saved")).to_have_text("À reprendre")
    assert_accessible(page, "editor with faults")
    step(page, 5).click()
    expect(page.get_by_label("Minutes", exact=True)).to_be_focused()
    page.get_by_label("Minutes", exact=True).fill("9")
    page.get_by_label("Consigne, français").fill("Écoutons.")
    step(page, 5).click()
    expect(page.locator("#sheet-title")).to_contain_text("Étape 5")
    expect(step(page, 3)).to_contain_text("9 min")


def test_what_is_typed_without_network_or_after_another_tab_stays_on_the_page(page: Page) -> None:
    title = page.get_by_label("Titre, français")
    page.context.set_offline(True)
    title.fill("Hors ligne")
    expect(page.locator("#saved")).to_contain_text("Pas de réseau")
    page.context.set_offline(False)
    expect(step(page, 3)).to_contain_text("Hors ligne")
    is_saved(page)
    page.evaluate(  # another tab adds a step
        "fetch(document.getElementById('inserting').action, {method: 'POST',"
        " body: new URLSearchParams(new FormData(document.getElementById('inserting')))})"
    )
    title.fill("Trop tard")
    expect(page.locator("#saved")).to_contain_text("a changé dans un autre onglet")
    assert title.input_value() == "Trop tard"
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert title.input_value() == "Hors ligne"


def test_steps_are_moved_by_button_keyboard_and_dragging_added_and_taken_out(page: Page) -> None:
    before = titles(page)
    page.get_by_label("Titre, français").fill("Avant")
    page.get_by_role("button", name="Monter l’étape").click()
    expect(page.locator("#sheet-title")).to_have_text("Étape 2, Avant")
    assert titles(page)[:3] == [before[0], "Avant", before[1]], "typed first, then moved"
    expect(page.get_by_role("button", name="Monter l’étape")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#sheet-title")).to_have_text("Étape 3, Avant")
    expect(page.locator("#saved")).to_have_text("Étape 3 sur 11")
    page.locator("#plan-1").drag_to(page.locator("#plan-4"))
    expect(page.locator("#sheet-title")).to_have_text("Étape 2, Avant")
    assert titles(page)[:4] == [before[1], "Avant", before[3], before[0]]
    page.get_by_role("button", name="Ajouter une étape").click()
    expect(page.locator("#sheet-title")).to_have_text("Étape 3, Nouvelle étape")
    page.get_by_role("button", name="Retirer l’étape").click()
    page.get_by_role("button", name="Oui, retirer l’étape").click()
    expect(page.locator("#sheet-title")).to_contain_text("Étape 3, Aujourd’hui")
    assert len(titles(page)) == len(before)


def test_no_page_of_scripts_spills_or_has_a_fault_that_axe_can_see(page: Page) -> None:
    editor = page.url
    for path in ("/scripts", editor, f"{editor.partition('?')[0]}?step=0"):
        page.goto(path)
        for opened in page.locator("details").all()[:2]:
            opened.evaluate("details => { details.open = true; }")
        assert_accessible(page, path)
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            assert spill(page) == 0, (path, width)
        page.set_viewport_size(BOARD)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")


def test_a_file_is_taken_as_text_and_nothing_of_it_is_lost_when_it_is_refused(
    page: Page, tmp_path: Path
) -> None:
    page.goto("/scripts")
    expect(page.locator("#trame-recit-de-situation")).to_contain_text("sans durée fixe")
    expect(page.locator("#trame-conditions")).to_contain_text("2 h 15 avec la pause")
    own = page.locator("section[aria-labelledby=les-votres] .fiche-trame")
    count = own.count()
    text = page.evaluate("fetch('/scripts/conditions.yaml').then((r) => r.text())")
    file = tmp_path / "trame.yaml"
    file.write_text(text.replace("min: 12", "min: douze"), encoding="utf-8")
    page.locator("#fichier").set_input_files(file)
    expect(page.locator("#yaml")).to_have_value(re.compile("min: douze"))
    page.locator(".importer button").click()
    expect(page.locator("#faults li")).to_have_count(2)
    expect(page.locator("#faults")).to_be_focused()
    expect(page.locator("#yaml")).to_have_value(re.compile("min: douze"))
    page.locator("#yaml").fill(text)
    page.locator(".importer button").click()
    expect(own).to_have_count(count + 1)
    card = own.first
    card.locator(".effacer summary").click()
    card.get_by_role("button", name="Effacer cette trame").click()
    expect(own).to_have_count(count)
