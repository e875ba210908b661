"""Notes on paper, typed in by the facilitator; and a phone lent to somebody without one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.people import BOARD, PHONE, Facilitator, Phone
from tests.browser.test_accessibility import assert_accessible, spill
from tests.server import Facilitator as Robot
from tests.server import Phone as RobotPhone
from tests.server import Server, serving

pytestmark = pytest.mark.browser

SLIPS = ["Le premier papier.", "Le deuxième papier.", "Le troisième papier.", "Le quatrième."]


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path: Path = tmp_path_factory.mktemp("paper")
    with serving(path, ATELIER_THRESHOLD="3") as server:
        yield server


@pytest.fixture
def facilitator(chromium: Browser, hosted: Server) -> Iterator[Facilitator]:
    person = Facilitator.arrives(chromium, hosted, BOARD, bypass_csp=True)
    person.signs_in()
    person.opens_wall("Le travail", "reveal")
    yield person
    assert person.troubles == []
    person.leaves()


def typing(facilitator: Facilitator) -> Page:
    with facilitator.page.context.expect_page() as opened:
        facilitator.page.get_by_role("link", name="Saisir un lot").click()
    page: Page = opened.value
    page.on("pageerror", lambda error: facilitator.troubles.append(str(error)))
    expect(page.locator("h1")).to_have_text("Notes sur papier")
    page.wait_for_load_state("load")  # what listens to the keys is there
    return page


def type_in(page: Page, *texts: str) -> None:
    for text in texts:
        page.locator("#idea").fill(text)
        page.keyboard.press("Control+Enter")


def posted(page: Page) -> list[Request]:
    """What the page posts from now on, in order: each stands here before it leaves."""
    posts: list[Request] = []

    def overhears(route: Route) -> None:
        if route.request.method == "POST":
            posts.append(route.request)
        route.continue_()

    page.route("**/*", overhears)
    return posts


def stored(page: Page) -> str:
    return str(page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })"))


# Paper


def test_a_batch_of_paper_notes_mixes_with_the_rest(
    facilitator: Facilitator, hosted: Server
) -> None:
    page = typing(facilitator)
    expect(page.get_by_text("Vous lisez ces notes avant les autres.")).to_be_visible()
    phones = [RobotPhone(hosted, facilitator.code) for _ in range(3)]
    for number, phone in enumerate(phones):
        phone.client.get(f"/r/{phone.room}")
        assert phone.write(f"D’un téléphone {number}").status_code == 201
    posts = posted(page)
    type_in(page, *SLIPS)
    expect(page.locator("#batch li")).to_have_count(4)
    assert posts == [], "nothing leaves before the button"
    page.get_by_role("button", name="Déposer le lot").click()
    expect(page.locator("#sent li", has_text="Gardée, face cachée")).to_have_count(4)
    assert len(posts) == 4
    assert all("cookie" not in request.all_headers() for request in posts)
    assert all(slip not in stored(page) for slip in SLIPS)
    page.close()
    facilitator.reveals()
    facilitator.waits_for_wall(7)
    assert set(SLIPS) < set(facilitator.wall)


def test_the_order_of_sending_is_drawn_by_lot(facilitator: Facilitator) -> None:
    page = typing(facilitator)
    posts = posted(page)
    for number in range(1, 7):
        type_in(page, *SLIPS)
        page.locator("#send").click()
        expect(page.locator("#sent li.gardee")).to_have_count(4 * number)
    sent = [json.loads(request.post_data or "")["text"] for request in posts]
    batches = {tuple(sent[start : start + 4]) for start in range(0, 24, 4)}
    assert all(sorted(batch) == sorted(SLIPS) for batch in batches)
    assert len(batches) > 1
    page.close()


def test_paper_notes_count_as_notes_and_not_as_phones(
    facilitator: Facilitator, hosted: Server
) -> None:
    page = typing(facilitator)
    type_in(page, *SLIPS)
    page.locator("#send").click()
    expect(page.locator("#sent li.gardee")).to_have_count(4)
    threshold = facilitator.page.locator("#threshold")
    expect(threshold.locator("[data-met='1']")).to_have_count(1, timeout=15_000)
    expect(threshold).to_contain_text("téléphones, pas encore")
    page.close()


def test_a_paper_note_is_taken_back_while_the_page_is_open(facilitator: Facilitator) -> None:
    page = typing(facilitator)
    type_in(page, *SLIPS)
    page.locator("#send").click()
    slip = page.locator("#sent li", has_text=SLIPS[1])
    expect(slip).to_contain_text("Gardée")
    slip.get_by_role("button", name="Retirer").click()
    expect(slip).to_have_count(0)
    expect(page.locator("#says")).to_have_text("Note retirée.")
    page.close()


def test_the_batch_survives_a_network_that_fails(facilitator: Facilitator) -> None:
    page = typing(facilitator)
    type_in(page, *SLIPS)
    page.context.set_offline(True)
    page.locator("#send").click()
    expect(page.locator("#sent li.attente")).to_have_count(4)
    page.context.set_offline(False)
    expect(page.locator("#sent li.gardee")).to_have_count(4, timeout=20_000)
    page.close()


def test_many_notes_are_pasted_at_once(facilitator: Facilitator) -> None:
    page = typing(facilitator)
    for pasted, cards in [
        ("Un\nDeux\n\n", ["Un", "Deux"]),
        ("Un\nencore un\n\nDeux\n \n\nTrois", ["Un\nencore un", "Deux", "Trois"]),
        ("Seule", ["Seule"]),
    ]:
        page.locator("#many summary").click()
        page.locator("#pasted").fill(pasted)
        page.get_by_role("button", name="Ajouter ces notes au lot").click()
        expect(page.locator("#batch [data-own-text]")).to_have_text(cards)
        while page.locator("#batch li").count():
            page.locator("#batch [data-act=drop]").first.click()
    page.close()


def test_a_note_that_is_too_long_is_mended_before_the_batch_leaves(
    facilitator: Facilitator,
) -> None:
    page = typing(facilitator)
    type_in(page, "x" * 205)
    expect(page.locator("#fault")).to_have_text("5 signes de trop.")
    expect(page.locator("#batch li")).to_have_count(0)
    page.locator("#idea").fill("")
    page.locator("#many summary").click()
    page.locator("#pasted").fill("Courte\n" + "y" * 201)
    page.get_by_role("button", name="Ajouter ces notes au lot").click()
    expect(page.locator("#send")).to_have_attribute("aria-disabled", "true")
    page.locator("#batch li", has_text="yyy").get_by_role("button", name="Modifier").click()
    page.locator("#idea").fill("Plus courte")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#send")).to_have_attribute("aria-disabled", "false")
    page.locator("#batch [data-act=drop]").first.click()
    page.locator("#batch [data-act=drop]").first.click()
    page.close()


def test_axe_finds_nothing_on_the_paper_page_and_nothing_spills(facilitator: Facilitator) -> None:
    page = typing(facilitator)
    assert_accessible(page, "paper, empty")
    type_in(page, *SLIPS)
    page.locator("#send").click()
    expect(page.locator("#sent li.gardee")).to_have_count(4)
    type_in(page, "Un de plus", "Anticonstitutionnellement" * 7)
    assert_accessible(page, "paper, full")
    for width in (1024, 390, 320):
        page.set_viewport_size({"width": width, "height": 768})
        assert spill(page) == 0
    page.emulate_media(color_scheme="light")
    page.close()


def test_the_paper_page_is_for_who_facilitates(hosted: Server, chromium: Browser) -> None:
    room = Robot(hosted).open_room(title="Essai", mode="reveal")
    phone = RobotPhone(hosted, room["code"])
    assert phone.client.get(f"/r/{room['room']}/paper").status_code == 403
    stranger = hosted.client({})
    assert stranger.get(f"/r/{room['room']}/paper").status_code == 403


# A phone that is lent


@pytest.fixture
def lent(chromium: Browser, facilitator: Facilitator, hosted: Server) -> Iterator[Phone]:
    phone = Phone.arrives(chromium, hosted, PHONE, bypass_csp=True)
    phone.types_code(facilitator.code)
    phone.agrees()
    phone.writes("La mienne")
    phone.sees_kept("La mienne")
    phone.page.locator("#idea").fill("Un brouillon à moi")
    phone.page.get_by_role("button", name="Écrire pour quelqu’un d’autre").click()
    yield phone
    assert phone.troubles == []
    phone.leaves()


def test_a_lent_phone_shows_nothing_of_its_owner(lent: Phone) -> None:
    expect(lent.page.locator("#lent")).to_be_visible()
    expect(lent.page.locator("#idea")).to_have_value("")
    expect(lent.page.locator("#idea")).to_be_focused()
    expect(lent.page.locator("#mine-part")).to_be_hidden()
    lent.page.locator("#lent [data-scribe=stop]").click()
    expect(lent.page.locator("#idea")).to_have_value("Un brouillon à moi")
    expect(lent.own("La mienne")).to_be_visible()


def test_a_note_written_on_a_lent_phone_leaves_nothing_there(
    lent: Phone, facilitator: Facilitator, hosted: Server
) -> None:
    for _ in range(2):
        RobotPhone(hosted, facilitator.code)
    lent.writes("Celle de ma voisine")
    expect(lent.page.locator("h1", has_text="Passez le téléphone")).to_be_visible()
    expect(lent.page.locator("#given-state")).to_have_text("Gardée, face cachée")
    assert "voisine" not in stored(lent.page)
    assert "voisine" not in lent.page.locator("body").inner_text()
    lent.page.get_by_role("button", name="Écrire une autre note").click()
    expect(lent.page.locator("#idea")).to_have_value("")
    lent.writes("Celle de mon voisin")
    expect(lent.page.locator("#given-state")).to_have_text("Gardée, face cachée")
    lent.page.get_by_role("button", name="Reprendre mon téléphone").click()
    expect(lent.page.locator("#mine li")).to_have_count(1)
    notes = lent.page.evaluate(
        "Object.keys(localStorage).filter((k) => k.includes('.note.')).length"
    )
    assert notes == 1, "ids and secrets of the others are gone too"
    facilitator.reveals()
    facilitator.waits_for_wall(3)


def test_who_wrote_on_a_lent_phone_takes_it_back_on_the_next_screen_only(
    lent: Phone, hosted: Server, facilitator: Facilitator
) -> None:
    lent.page.clock.install()
    lent.writes("À retirer")
    expect(lent.page.locator("#given-state")).to_have_text("Gardée, face cachée")
    lent.page.get_by_role("button", name="Retirer cette note").click()
    expect(lent.page.locator("#given-state")).to_have_text("Note retirée.")
    expect(lent.page.locator("#given-undo")).to_be_hidden()
    lent.page.get_by_role("button", name="Écrire une autre note").click()
    lent.writes("À garder")
    expect(lent.page.locator("#given-state")).to_have_text("Gardée, face cachée")
    lent.page.clock.fast_forward(61_000)
    expect(lent.page.locator("#given-undo")).to_be_hidden()
    expect(lent.page.locator("#given-state")).to_have_text("Gardée, face cachée")


def test_a_note_on_a_lent_phone_waits_for_the_network_without_its_text_in_sight(
    lent: Phone,
) -> None:
    lent.goes_offline()
    lent.writes("En attente")
    expect(lent.page.locator("#given-state")).to_contain_text(
        "En attente du réseau", timeout=15_000
    )
    lent.page.get_by_role("button", name="Reprendre mon téléphone").click()
    line = lent.page.locator("#mine li").first
    expect(line).to_contain_text("Une note écrite pour quelqu’un d’autre")
    assert "En attente." not in line.inner_text()
    lent.comes_back()
    expect(lent.page.locator("#mine li")).to_have_count(1, timeout=20_000)
    assert "En attente" not in stored(lent.page)


def test_axe_finds_nothing_on_a_lent_phone(lent: Phone) -> None:
    assert_accessible(lent.page, "lent")
    lent.writes("Une note")
    expect(lent.page.locator("#given-state")).to_have_text("Gardée, face cachée")
    assert_accessible(lent.page, "given")
    for width in (390, 320):
        lent.page.set_viewport_size({"width": width, "height": 640})
        assert spill(lent.page) == 0
