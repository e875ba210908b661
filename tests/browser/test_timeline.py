"""Looking back on a session: the slider, the text, the player, and the link for the group."""

import re
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import BOARD, PHONE, Facilitator, Person
from tests.browser.test_accessibility import assert_accessible, spill
from tests.server import Facilitator as Hand
from tests.server import Phone, Server, serving

pytestmark = pytest.mark.browser

TEXTS = ["Un sou est un sou.", "Ça ne se demande pas.", "L’argent, ça se gagne."]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path, ATELIER_THRESHOLD="3") as server:
        yield server


@pytest.fixture
def room(server: Server) -> str:
    """Opened, written on, revealed, two clusters, closed with everything kept."""
    hand = Hand(server)
    opened = hand.open_room(script="", title="Séance", mode="reveal")
    room = opened["room"]
    for text in TEXTS:
        Phone(server, opened["code"]).write(text)
    hand.does(room, "reveals").raise_for_status()
    board = hand.client.get(f"/r/{room}/board").text
    first, *others = re.findall(r'data-note="([0-9a-f]{32})"', board)
    for title, note in (("Compter", first), ("Se taire", others[0])):
        hand.does(room, "clusters", cluster=token_hex(16), title=title, note=note)
    hand.does(room, "closings", keep="all").raise_for_status()
    return room


@pytest.fixture
def facilitator(chromium: Browser, server: Server, room: str) -> Iterator[Facilitator]:
    person = Facilitator.arrives(chromium, server, BOARD)
    person.signs_in()
    person.page.goto(f"/r/{room}/timeline")
    yield person
    assert person.troubles == []
    person.leaves()


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Moment de la séance")


def acts(page: Page) -> Locator:
    return page.locator(".fil button")


def test_it_opens_at_the_end_and_each_line_of_the_text_leads_to_its_moment(
    facilitator: Facilitator,
) -> None:
    page = facilitator.page
    expect(acts(page)).to_have_count(6)  # opened, wall, revealed, two clusters, closed
    expect(page.locator("#clusters .cluster")).to_have_count(2)
    acts(page).filter(has_text="Compter").click()
    expect(page.locator("#clusters .cluster")).to_have_count(1)
    expect(page.locator("#clusters .cluster[data-ui-new] [data-title]")).to_have_text("Compter")
    expect(page.locator("#act")).to_have_text("Grappe formée A « Compter »")
    expect(acts(page).filter(has_text="Compter")).to_have_attribute("aria-current", "true")
    expect(page.locator("#says")).to_contain_text("Grappe formée A « Compter »")
    acts(page).filter(has_text="Mur dévoilé").click()
    expect(page.locator("#clusters .cluster")).to_have_count(0)
    facilitator.waits_for_wall(3)
    acts(page).filter(has_text="Salle ouverte").click()
    facilitator.waits_for_wall(0)
    expect(page.get_by_text("À ce moment, le mur est vide.")).to_be_visible()


def test_a_moment_has_an_address(facilitator: Facilitator) -> None:
    page = facilitator.page
    acts(page).filter(has_text="Mur dévoilé").click()
    expect(page.locator("#clusters .cluster")).to_have_count(0)
    assert "?at=" in page.url
    page.reload()
    expect(page.locator("#act")).to_have_text("Mur dévoilé, notes mélangées")
    expect(page.locator("#clusters .cluster")).to_have_count(0)


def test_the_slider_is_moved_by_keys_and_says_where_it_is(facilitator: Facilitator) -> None:
    page = facilitator.page
    slider(page).focus()
    page.keyboard.press("Home")
    expect(slider(page)).to_have_attribute("aria-valuetext", re.compile(r"\d h \d\d, "))
    page.keyboard.press("End")
    expect(page.locator("#act")).to_have_text("Séance close")
    expect(page.locator("#next")).to_be_disabled()
    page.get_by_role("button", name="Acte précédent").click()
    expect(page.locator("#act")).to_have_text("Grappe formée B « Se taire »")
    page.get_by_role("button", name="Acte suivant").click()
    expect(page.locator("#act")).to_have_text("Séance close")


def test_playing_goes_through_the_acts_and_stops_at_the_end(facilitator: Facilitator) -> None:
    page = facilitator.page
    page.get_by_role("button", name="vite").click()
    page.get_by_role("button", name="Lire").click()
    expect(page.locator("#act")).to_have_text("Salle ouverte")
    expect(page.get_by_role("button", name="Arrêter")).to_be_visible()
    expect(page.locator("#act")).to_have_text("Séance close", timeout=15_000)
    expect(page.get_by_role("button", name="Lire")).to_be_visible(timeout=5_000)
    expect(page.locator("#clusters .cluster")).to_have_count(2)


def test_the_link_opens_the_frise_without_an_account_and_only_the_export_of_the_group(
    chromium: Browser, server: Server, facilitator: Facilitator, room: str
) -> None:
    facilitator.page.get_by_text("Lien de lecture").click()
    link = facilitator.page.locator("#link").input_value()
    reader = Person.arrives(chromium, server, PHONE)
    reader.page.goto(link)
    reader.page.wait_for_url("**/timeline")
    reader.waits_for_wall(3)
    expect(reader.page.get_by_role("heading", name="Emporter, pour le groupe")).to_be_visible()
    expect(reader.page.get_by_role("heading", name="Emporter, pour l’animation")).to_have_count(0)
    acts(reader.page).filter(has_text="Mur dévoilé").click()
    expect(reader.page.locator("#clusters .cluster")).to_have_count(0)
    assert reader.troubles == []
    reader.leaves()
    stranger = Person.arrives(chromium, server, PHONE)
    stranger.page.goto(link[:-3] + "xyz")
    expect(stranger.page.get_by_role("alert")).to_contain_text("n’ouvre rien")
    stranger.leaves()


def test_a_lost_network_is_said_and_the_next_try_works(facilitator: Facilitator) -> None:
    page = facilitator.page
    page.context.set_offline(True)
    acts(page).filter(has_text="Compter").click()
    expect(page.locator("#says")).to_contain_text("n’a pas pu être lu")
    page.context.set_offline(False)
    acts(page).filter(has_text="Mur dévoilé").click()
    expect(page.locator("#clusters .cluster")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_frise_is_accessible_by_day_and_by_night(facilitator: Facilitator, scheme: str) -> None:
    facilitator.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    acts(facilitator.page).filter(has_text="Compter").click()
    assert_accessible(facilitator.page, "timeline")


@pytest.mark.parametrize("width", [320, 390, 1024, 1440, 1920])
def test_the_frise_fits_every_width_without_scrolling_sideways(
    facilitator: Facilitator, width: int
) -> None:
    facilitator.page.set_viewport_size({"width": width, "height": 800})
    assert spill(facilitator.page) == 0
    thumb = facilitator.page.locator("#curseur").bounding_box()
    assert thumb and thumb["height"] >= 44
