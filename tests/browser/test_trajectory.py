"""My three lines: drawn and said, saved on the phone; one moment, at most, goes to the wall."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import PHONE
from tests.browser.test_accessibility import assert_accessible, spill
from tests.browser.test_personal import Line, Room, opens_notebook, takes_away
from tests.server import Server

pytestmark = pytest.mark.browser

SOLD = ("Une maison vendue", "roots", "middle", "endured")
TRADE = ("Changer de métier", "work", "middle", "both")
FAR = ("Premier emploi, loin", "work", "twenty", "chosen")
STUDIES = ("Reprendre des études", "choices", "two", "")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def room(chromium: Browser, server: Server) -> Iterator[Room]:
    room = Room(server, chromium)
    room.goes_on()
    yield room
    for phone in room.phones:
        assert phone.troubles == []
        phone.leaves()


def places(page: Page, *moments: tuple[str, str, str, str]) -> None:
    for title, lane, period, felt in moments:
        page.locator("#personal-moment-add").click()
        page.get_by_label("Titre court").fill(title)
        page.locator(f"#personal-moment [name=lane][value={lane}]").check(force=True)
        page.get_by_label("Période, large").select_option(period)
        if felt:
            page.locator(f"#personal-moment [name=felt][value={felt}]").check(force=True)


def in_list(page: Page, title: str) -> Locator:
    return page.locator("#personal-moments button", has=page.locator("b", has_text=title))


def links(page: Page, title: str, other: str) -> None:
    in_list(page, title).click()
    if page.locator("#personal-moment-links").is_hidden():
        page.get_by_text("Relier à un moment d’une autre ligne").click()
    page.get_by_role("checkbox", name=other).check()


def saves(page: Page, button: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return Path(download.value.path()).read_text()


def traces(page: Page) -> list[str]:
    """The texts of the drawing, in no order."""
    return page.locator("#personal-drawing svg text").all_text_contents()


def at_a_step_with_notes(room: Room) -> Page:
    page = room.entered().page
    room.goes_on()
    room.goes_on()
    expect(page.locator("body")).to_have_attribute("data-takes-notes", "1")
    opens_notebook(page, "trajectory")
    return page


def test_a_moment_is_drawn_and_stands_in_a_list_in_the_order_of_a_life(room: Room) -> None:
    page = room.entered().page
    opens_notebook(page, "trajectory")
    expect(page.get_by_text("La frise est vide")).to_be_visible()
    places(page, TRADE, SOLD, FAR)
    said = page.locator("#personal-moments").get_by_role("button")
    expect(said).to_have_count(3)
    for place, name in enumerate(
        (
            "Premier emploi, loin Travail, vers vingt ans, choisi",
            "Une maison vendue Racines familiales, au milieu de ma vie active, subi",
            "Changer de métier Travail, au milieu de ma vie active, les deux",
        )
    ):
        expect(said.nth(place)).to_have_accessible_name(name)
    drawn = traces(page)
    assert {"choisi", "subi", "les deux", "Vers vingt ans", "Au milieu de ma vie active"} <= {
        *drawn
    }
    assert "Une maison" in " ".join(drawn)
    expect(page.locator("#personal-drawing svg")).to_have_attribute("aria-hidden", "true")
    page.reload()
    opens_notebook(page, "trajectory")
    expect(said).to_have_count(3)


def test_the_list_lies_exactly_over_the_notes_of_the_drawing(room: Room) -> None:
    page = room.entered().page
    opens_notebook(page, "trajectory")
    places(page, SOLD, FAR)
    for title, colour in (("Une maison vendue", "#F6DD83"), ("Premier emploi, loin", "#C6DAF6")):
        over = in_list(page, title).bounding_box()
        drawn = page.locator(f"#personal-drawing path[fill='{colour}']").bounding_box()
        assert over and drawn
        assert all(abs(over[side] - drawn[side]) < 1.5 for side in ("x", "y", "width", "height"))
        assert over["height"] >= 44


def test_moments_of_two_lanes_are_linked_and_both_say_so(room: Room) -> None:
    page = room.entered().page
    opens_notebook(page, "trajectory")
    places(page, SOLD, TRADE, FAR)
    in_list(page, "Changer de métier").click()
    page.get_by_text("Relier à un moment d’une autre ligne").click()
    offered = page.locator("#personal-moment-links b")
    assert offered.all_text_contents() == ["Une maison vendue"], "its own lane is not offered"
    links(page, "Changer de métier", "Une maison vendue")
    for one, other in ((SOLD, TRADE), (TRADE, SOLD)):
        expect(in_list(page, one[0])).to_contain_text(f"Répond à « {other[0]} »")
    assert traces(page).count("↔ 1") == 2
    page.get_by_role("button", name="Effacer ce moment").click()
    page.get_by_role("button", name="Effacer pour de bon").click()
    expect(page.locator("#personal-moments button")).to_have_count(2)
    expect(in_list(page, "Une maison vendue")).not_to_contain_text("Répond")
    stored = page.evaluate(
        "JSON.parse(Object.entries(localStorage).find(([k]) => k.endsWith('trajectory'))[1])"
    )
    assert stored["links"] == []


def test_milestones_stand_ahead_once_the_line_is_extended_and_wait_when_it_is_not(
    room: Room,
) -> None:
    page = room.entered().page
    opens_notebook(page, "trajectory")
    places(page, TRADE)
    expect(page.get_by_role("button", name="Ajouter un jalon")).to_be_hidden()
    ahead = page.get_by_label("Prolonger la frise sur les cinq ans qui viennent")
    ahead.check()
    page.get_by_role("button", name="Ajouter un jalon").click()
    page.get_by_label("Titre court").fill("Reprendre des études")
    page.get_by_label("Période, large").select_option(label="D’ici cinq ans")
    expect(page.get_by_text("Ce moment a été")).to_be_hidden()
    expect(in_list(page, "Reprendre des études")).to_contain_text("d’ici cinq ans, jalon")
    ahead.uncheck()
    expect(in_list(page, "Reprendre des études")).to_have_count(0)
    ahead.check()
    expect(in_list(page, "Reprendre des études")).to_have_count(1)


def test_the_drawing_and_its_words_are_saved_on_the_phone(room: Room) -> None:
    page = room.entered().page
    opens_notebook(page, "trajectory")
    page.locator("#personal-ahead").check()
    places(page, ("« Tu feras < des & études »", "choices", "childhood", "both"), SOLD, STUDIES)
    links(page, "Une maison vendue", "Reprendre des études")
    page.context.set_offline(True)
    drawing = ET.fromstring(saves(page, "Enregistrer le dessin (SVG)"))
    words = saves(page, "Enregistrer en texte")
    page.context.set_offline(False)
    drawn = " ".join(each.text or "" for each in drawing.iter(f"{SVG}text"))
    for title in ("« Tu feras < des & études »", "Une maison vendue", "Reprendre des études"):
        assert title in drawn
        assert title in (drawing.get("aria-label") or "")
        assert f"- {title} (" in words
    assert drawn.count("↔ 1") == 2
    assert "### L’enfance" in words and "### D’ici deux ans" in words
    assert "Répond à « Reprendre des études »" in words.replace("\u00a0", " ")


def test_where_letters_are_too_large_for_three_lanes_the_list_is_shown(room: Room) -> None:
    page = room.entered().page
    opens_notebook(page, "trajectory")
    places(page, SOLD)
    expect(page.locator("#personal-drawing")).to_have_attribute("data-as", "drawing")
    page.set_viewport_size({"width": 320, "height": 640})
    page.get_by_role("button", name="Réglages").click()
    page.get_by_role("radio", name="la plus grande").check(force=True)
    page.get_by_role("button", name="Fermer").click()
    expect(page.locator("#personal-drawing")).to_have_attribute("data-as", "list")
    expect(page.locator("#personal-drawing svg")).to_have_count(0)
    expect(in_list(page, "Une maison vendue").locator("span")).to_be_visible()
    assert spill(page) == 0


def test_one_moment_goes_to_the_wall_as_an_ordinary_note_and_nothing_else_of_the_line(
    room: Room,
) -> None:
    page = at_a_step_with_notes(room)
    places(page, SOLD, FAR)
    line = Line(page)
    page.get_by_role("button", name="Montrer ce moment au groupe").click()
    leaves = "Premier emploi, loin (vers vingt ans)"
    asked = page.get_by_role("dialog", name="Montrer ce moment au groupe ?")
    expect(asked).to_contain_text(leaves)
    expect(asked).to_contain_text("face cachée")
    asked.get_by_role("button", name="Garder pour moi").click()
    assert line.carried(["Premier emploi, loin", "Une maison vendue"]) == []
    page.get_by_role("button", name="Montrer ce moment au groupe").click()
    with page.expect_request("**/notes") as sent:
        asked.get_by_role("button", name="Déposer cette note").click()
    body = json.loads(sent.value.post_data or "")
    assert body["text"] == leaves
    assert sorted(body) == ["note", "pad", "rev", "secret", "step", "text"], "no mark on the way"
    assert line.carried(["Une maison vendue", "fragment"]) == []
    expect(page.get_by_role("button", name="Montrer ce moment")).to_be_hidden()
    expect(page.get_by_text("Un seul peut y être à la fois")).to_be_visible()
    in_list(page, "Une maison vendue").click()
    expect(page.get_by_role("button", name="Montrer ce moment")).to_be_hidden()
    page.locator("[data-tab=write]").click()
    own = page.locator("#mine li", has_text=leaves)
    expect(own).to_contain_text("Gardée, face cachée", timeout=20_000)
    own.get_by_role("button", name="Retirer").click()
    own.get_by_role("button", name="Retirer pour de bon").click()
    expect(own).to_have_count(0, timeout=20_000)
    opens_notebook(page, "trajectory")
    expect(page.get_by_role("button", name="Montrer ce moment")).to_be_visible()


def test_after_the_closing_nothing_on_the_phone_says_which_note_was_the_moment(
    room: Room,
) -> None:
    page = at_a_step_with_notes(room)
    places(page, FAR)
    page.get_by_role("button", name="Montrer ce moment au groupe").click()
    with page.expect_response("**/notes") as answer:
        page.get_by_role("button", name="Déposer cette note").click()
    note = json.loads(answer.value.request.post_data or "")["note"]
    held = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"
    assert note in page.evaluate(held)
    room.facilitator.does(room.id, "closings", keep="nothing").raise_for_status()
    expect(page.locator("body")).to_have_attribute("data-state", "closed")
    expect(page.get_by_role("button", name="Montrer ce moment")).to_be_hidden()
    expect(page.get_by_text("Un seul peut y être à la fois")).to_be_hidden()
    kept = page.evaluate(held)
    assert note not in kept
    assert "fragment" not in kept
    assert "Premier emploi" in kept, "the line itself stays"


def test_a_moment_is_offered_to_the_wall_only_where_the_step_takes_notes(room: Room) -> None:
    page = room.entered().page
    opens_notebook(page, "trajectory")
    places(page, SOLD)
    expect(page.locator("body")).to_have_attribute("data-takes-notes", "0")
    expect(page.get_by_role("button", name="Montrer ce moment")).to_be_hidden()
    room.goes_on()
    room.goes_on()
    expect(page.get_by_role("button", name="Montrer ce moment")).to_be_visible()


def test_a_moment_too_long_for_the_step_is_not_sent(room: Room) -> None:
    page = at_a_step_with_notes(room)
    places(page, SOLD)
    page.evaluate("document.getElementById('board').dataset.limit = 20; 0")
    page.get_by_role("button", name="Montrer ce moment au groupe").click()
    expect(page.get_by_role("dialog")).to_contain_text("signes de trop pour cette étape")
    expect(page.get_by_role("button", name="Déposer cette note")).to_be_hidden()


def test_a_step_of_trajectory_opens_the_three_lines_with_its_prompt(room: Room) -> None:
    page = room.entered().page
    while page.locator("#board").get_attribute("data-kind") != "trajectoire":
        before = page.locator("#board").get_attribute("data-step") or ""
        room.goes_on()
        expect(page.locator("#board")).not_to_have_attribute("data-step", before)
    page.get_by_role("button", name="Écrire pour moi, dans mon carnet").click()
    expect(page.get_by_role("heading", name="Mes trois lignes")).to_be_focused()
    expect(page.locator("#personal-trajectory-prompt")).to_contain_text("Tracez pour vous")
    page.reload()
    page.locator("[data-tab=notebook]").click()
    expect(page.locator("[data-view-of=trajectory]")).to_be_visible()


def test_where_a_step_of_trajectory_takes_notes_both_are_offered(room: Room) -> None:
    page = room.entered().page
    told = {"title": "Notre frise", "prompt": "Un seul moment.", "kind": "trajectoire"}
    room.facilitator.does(
        room.id, "script/steps", step=token_hex(16), mode="direct", minutes="5", **told
    ).raise_for_status()
    while page.locator("#step h1").inner_text() != "Notre frise":
        before = page.locator("#board").get_attribute("data-step") or ""
        room.goes_on()
        expect(page.locator("#board")).not_to_have_attribute("data-step", before)
    expect(page.locator("#idea")).to_be_visible()
    page.get_by_role("button", name="Écrire pour moi, dans mon carnet").click()
    places(page, FAR)
    page.get_by_role("button", name="Montrer ce moment au groupe").click()
    page.get_by_role("button", name="Déposer cette note").click()
    page.locator("[data-tab=wall]").click()
    expect(page.locator("#wall [data-text]")).to_have_text("Premier emploi, loin (vers vingt ans)")


def test_the_line_is_read_again_without_the_room_and_is_offered_to_nobody(room: Room) -> None:
    page = at_a_step_with_notes(room)
    places(page, FAR)
    page.goto("/notebook")
    page.locator("#personal [data-to=trajectory]").click()
    in_list(page, "Premier emploi, loin").click()
    expect(page.get_by_label("Titre court")).to_have_value("Premier emploi, loin")
    expect(page.locator("#personal-drawing svg")).to_be_visible()
    expect(page.get_by_role("button", name="Montrer ce moment")).to_be_hidden()


def test_the_person_chooses_whether_the_line_is_in_the_file(room: Room) -> None:
    page = room.entered().page
    opens_notebook(page, "trajectory")
    places(page, SOLD)
    opens_notebook(page, "takeaway")
    whole = takes_away(page, "webpage")
    assert "<svg" in whole and "Une maison vendue" in whole
    page.get_by_role("checkbox", name="Mes trois lignes").uncheck()
    page.locator("#personal-take-webpage").click()
    expect(page.locator("#personal-says")).to_have_text("Rien n’est coché.")


def test_the_line_is_traced_with_the_keyboard_alone(room: Room) -> None:
    page = room.entered().page
    opens_notebook(page, "home")
    press = page.keyboard.press
    page.locator("#personal [data-to=trajectory]").focus()
    press("Enter")
    expect(page.get_by_role("heading", name="Mes trois lignes")).to_be_focused()
    press("Tab")
    expect(page.locator("#personal-moment-add")).to_be_focused()
    press("Enter")
    expect(page.get_by_label("Titre court")).to_be_focused()
    page.keyboard.type("Premier emploi, loin")
    press("Tab")
    press("ArrowRight")
    expect(page.locator("#personal-moment [name=lane][value=work]")).to_be_checked()
    press("Tab")
    page.keyboard.type("Vers")
    expect(page.get_by_label("Période, large")).to_have_value("twenty")
    press("Tab")
    press("Space")
    expect(page.locator("#personal-moment [name=felt][value=chosen]")).to_be_checked()
    press("Tab")
    expect(page.get_by_role("button", name="C’est bon")).to_be_focused()
    press("Enter")
    expect(in_list(page, "Premier emploi, loin")).to_be_focused()
    expect(page.locator("#personal-moment")).to_be_hidden()
    press("Enter")
    expect(page.get_by_role("form", name="Moment choisi")).to_be_focused()
    press("Tab")
    expect(page.get_by_label("Titre court")).to_be_focused()


def test_the_traced_line_has_no_fault_that_axe_can_see_nor_spills(room: Room) -> None:
    page = room.entered(bypass_csp=True).page
    room.goes_on()
    room.goes_on()
    opens_notebook(page, "trajectory")
    page.locator("#personal-ahead").check()
    places(page, SOLD, TRADE, STUDIES)
    links(page, "Changer de métier", "Une maison vendue")
    for size in (PHONE, {"width": 320, "height": 256}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert_accessible(page, f"trajectory at {size['width']}")
        assert spill(page) == 0
    page.get_by_role("button", name="Montrer ce moment").click()
    assert_accessible(page, "sharing")
    assert spill(page) == 0
