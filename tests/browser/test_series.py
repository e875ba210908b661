"""The frieze of a series: sessions side by side, threads between them, by mouse and keyboard."""

import re
from collections.abc import Iterator
from secrets import token_hex

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import BOARD, Facilitator
from tests.browser.test_accessibility import assert_accessible, spill
from tests.server import Facilitator as Door
from tests.server import Phone as Writer
from tests.server import Server

pytestmark = pytest.mark.browser

WORK = ["Tenir", "La reconnaissance", "Bien faire, malgré tout"]
MONEY = ["Être à l’abri", "tenir !", "Mériter"]


@pytest.fixture(scope="module")
def rooms(server: Server) -> list[str]:
    """Two closed rooms with three clusters each."""
    return [closed(server, "Le travail", WORK), closed(server, "L’argent", MONEY)]


def closed(server: Server, title: str, clusters: list[str]) -> str:
    door = Door(server)
    room = door.open_room(title=title, mode="direct")
    note = token_hex(16)
    assert Writer(server, room["code"]).write("Une note", note).status_code == 201
    for cluster in clusters:
        door.does(room["room"], "clusters", cluster=token_hex(16), title=cluster, note=note)
    door.does(room["room"], "closings", keep="all").raise_for_status()
    return room["room"]


@pytest.fixture
def page(chromium: Browser, server: Server, rooms: list[str]) -> Iterator[Page]:
    """A series of these rooms and a session to come."""
    person = Facilitator.arrives(chromium, server, BOARD, bypass_csp=True)
    person.signs_in()
    page: Page = person.page
    page.goto("/series")
    page.get_by_label("Nom du groupe ou du cycle").fill("Groupe du jeudi")
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/series/*")
    for number, room in enumerate(rooms, start=1):
        page.get_by_label("Une salle de votre bureau").select_option(room)
        page.get_by_role("button", name="Ajouter cette salle").click()
        expect(page.locator(".seance")).to_have_count(number)
    page.get_by_label("Une séance à venir").fill("La place")
    page.get_by_role("button", name="Prévoir cette séance").click()
    expect(page.locator(".seance")).to_have_count(3)
    yield page
    assert person.troubles == []
    person.leaves()


def test_the_same_words_are_a_line_and_a_sentence(page: Page) -> None:
    expect(page.locator(".liste-fils li")).to_have_count(1)
    expect(page.locator(".liste-fils li")).to_contain_text("Tenir (séance 1)")
    expect(page.locator(".liste-fils li")).to_contain_text("tenir ! (séance 2)")
    expect(page.locator("#frise svg.fils path.trouve")).to_have_count(1)
    assert page.locator("#frise svg.fils").get_attribute("aria-hidden") == "true"


def test_a_thread_is_drawn_with_the_keyboard_and_undone(page: Page) -> None:
    page.get_by_label("De", exact=True).select_option(label="B. La reconnaissance")
    page.get_by_label("À, dans une séance suivante").select_option(label="C. Mériter")
    page.get_by_role("button", name="Relier").press("Enter")
    expect(page.locator("#frise path.fort")).to_have_count(1)
    page.get_by_label("De", exact=True).select_option(label="A. Tenir")
    page.get_by_label("À, dans une séance suivante").select_option(label="La place")
    page.get_by_role("button", name="Relier").press("Enter")
    expect(page.locator("#frise path.avenir")).to_have_count(1)
    page.locator("[data-kind=drawn]").get_by_role("button", name="Défaire ce fil").click()
    expect(page.locator("#frise path.fort")).to_have_count(0)


def test_a_line_goes_from_the_one_to_the_other(page: Page) -> None:
    line = page.locator("#frise path.trouve")
    expect(line).to_have_count(1)
    ends = page.evaluate(
        """() => {
          const line = document.querySelector("#frise path.trouve");
          const [start, end] = [0, line.getTotalLength()].map((at) => line.getPointAtLength(at));
          const home = document.getElementById("frise").getBoundingClientRect();
          const middle = (id) => {
            const thing = document.querySelector(`#frise [data-thing="${id}"]`);
            const box = thing.getBoundingClientRect();
            return box.top + box.height / 2 - home.top;
          };
          const { a, b } = document.querySelector(".liste-fils li").dataset;
          return [start.y - middle(a), end.y - middle(b)];
        }"""
    )
    assert max(map(abs, ends)) < 1


def test_sessions_change_places_and_the_wall_is_seen_again(page: Page) -> None:
    page.get_by_role("button", name="Plus tôt, L’argent").click()
    expect(page.locator(".seance header b").first).to_have_text("L’argent")
    page.get_by_role("link", name=re.compile("Revoir le mur.*L’argent")).click()
    expect(page.locator("#board [data-note]")).to_have_count(1)
    expect(page.locator("#clusters [data-title]").first).to_have_text(MONEY[0])


def test_what_is_wrong_is_said_and_what_was_typed_stays(page: Page) -> None:
    page.get_by_label("De", exact=True).select_option(label="C. Mériter")
    page.get_by_label("À, dans une séance suivante").select_option(label="A. Être à l’abri")
    page.get_by_role("button", name="Relier").click()
    expect(page.locator("#problem")).to_contain_text("vers une séance suivante")
    expect(page.get_by_label("De", exact=True).locator("option:checked")).to_have_text("C. Mériter")


def test_axe_finds_nothing_and_nothing_spills(page: Page) -> None:
    assert_accessible(page, "series")
    for width in (1024, 390, 320):
        page.set_viewport_size({"width": width, "height": 768})
        assert spill(page) == 0
    page.goto("/series")
    assert_accessible(page, "all series")
