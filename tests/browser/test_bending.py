"""The script beside the board bends without leaving it: by mouse, keyboard, and between two
facilitators."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.people import BOARD, PHONE, Facilitator, Phone
from tests.browser.test_accessibility import assert_accessible, spill
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def facilitator(chromium: Browser, server: Server) -> Iterator[Facilitator]:
    """In the first step of a script."""
    person = Facilitator.arrives(chromium, server, BOARD, bypass_csp=True)
    person.signs_in()
    person.opens_script()
    person.next_step()
    yield person
    assert person.troubles == []
    person.leaves()


def titles(facilitator: Facilitator) -> list[str]:
    return facilitator.page.locator("#etapes [data-title]").all_text_contents()


def step(facilitator: Facilitator, title: str) -> Locator:
    return facilitator.page.locator("#etapes > li", has=facilitator.page.get_by_text(title))


def unfold(facilitator: Facilitator, number: int) -> Locator:
    """The step of this number, from 1, with what can be done with it."""
    found = facilitator.page.locator("#etapes > li").nth(number - 1)
    if found.locator("details").get_attribute("open") is None:
        found.locator("summary").click()
    return found


def says(facilitator: Facilitator, text: str) -> None:
    expect(facilitator.page.locator("#says")).to_contain_text(text)


def test_a_step_is_put_in_right_away_and_opened(facilitator: Facilitator) -> None:
    page, before = facilitator.page, titles(facilitator)
    page.get_by_role("button", name="Ajouter une étape").click()
    dialog = page.get_by_role("dialog", name="Ajouter une étape")
    expect(dialog.get_by_label("Titre")).to_be_focused()
    dialog.get_by_label("Titre").fill("Un tour de table")
    dialog.get_by_label("Consigne").fill("Un mot par personne.")
    dialog.get_by_label("Genre").select_option("post")
    expect(dialog.get_by_label("Notes", exact=True)).to_have_value("reveal")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(dialog).to_be_hidden()
    says(facilitator, "Étape ajoutée")
    expect(page.locator("#etapes > li")).to_have_count(len(before) + 1)
    assert titles(facilitator) == [before[0], "Un tour de table", *before[1:]]
    facilitator.next_step()
    expect(page.locator("#board #step")).to_contain_text("Un mot par personne.")
    expect(step(facilitator, "Un tour de table")).to_have_attribute("aria-current", "step")


def test_the_prompt_is_reworded_in_front_of_the_group(
    facilitator: Facilitator, chromium: Browser, server: Server
) -> None:
    phone = Phone.arrives(chromium, server, PHONE)
    phone.types_code(facilitator.code)
    phone.agrees()
    unfold(facilitator, 1).get_by_role("button", name="Reformuler").click()
    dialog = facilitator.page.get_by_role("dialog", name="Reformuler la consigne")
    expect(dialog.get_by_label("Titre")).to_be_disabled()
    dialog.get_by_label("Consigne").fill("Dit plus simplement.")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(facilitator.page.locator("#step .consigne")).to_have_text("Dit plus simplement.")
    expect(phone.page.locator("#step .consigne")).to_have_text("Dit plus simplement.")
    phone.leaves()


def test_steps_are_moved_with_the_keyboard_and_the_mouse(facilitator: Facilitator) -> None:
    page = facilitator.page
    first, second, third, fourth, *rest = titles(facilitator)
    summary = page.locator("#etapes > li").nth(1).locator("summary")
    summary.focus()
    page.keyboard.press("Alt+ArrowDown")
    says(facilitator, "Étape déplacée")
    expect(page.locator("#etapes [data-title]").nth(2)).to_have_text(second)
    assert titles(facilitator) == [first, third, second, fourth, *rest]
    expect(page.locator("#etapes > li", has_text=second).locator("summary")).to_be_focused()
    page.locator("#etapes > li").nth(3).drag_to(page.locator("#etapes > li").nth(1))
    expect(page.locator("#etapes [data-title]").nth(1)).to_have_text(fourth)
    assert titles(facilitator) == [first, fourth, third, second, *rest]


def test_a_step_before_the_open_one_is_not_a_place_to_drop_on(facilitator: Facilitator) -> None:
    page, before = facilitator.page, titles(facilitator)
    page.locator("#etapes > li").nth(2).drag_to(page.locator("#etapes > li").nth(0))
    unfold(facilitator, 2).get_by_role("button", name="Plus tôt").click()
    says(facilitator, "se place après l’étape en cours")
    assert titles(facilitator) == before


def test_a_step_is_taken_out_and_the_original_gives_it_back(facilitator: Facilitator) -> None:
    page, before = facilitator.page, titles(facilitator)
    expect(page.locator("#origine")).to_be_hidden()
    unfold(facilitator, 2).get_by_role("button", name="Retirer").click()
    expect(page.locator("#etapes > li")).to_have_count(len(before) - 1)
    expect(page.locator("#etapes > li").nth(1).locator("summary")).to_be_focused()
    page.locator("#origine summary").click()
    expect(page.locator("#origine li")).to_have_count(len(before))
    page.get_by_role("button", name="Remettre").click()
    expect(page.locator("#etapes > li")).to_have_count(len(before))
    assert titles(facilitator) == before


def test_minutes_move_the_rest_and_the_timer_that_runs(facilitator: Facilitator) -> None:
    page = facilitator.page
    starts = page.locator("#etapes time[data-in]")
    expect(page.locator("#etapes > li").first.locator("time")).to_have_count(0)
    before = int(starts.first.get_attribute("data-in") or 0)
    page.locator("#timer-go").click()
    expect(page.locator("#minuteur")).to_have_attribute("data-state", "running")
    total = int(page.locator("#timer").get_attribute("data-total") or 0)
    unfold(facilitator, 1).get_by_role("button", name="Cinq minutes de plus").click()
    expect(page.locator("#timer")).to_have_attribute("data-total", str(total + 300))
    expect(page.locator("#allure b")).to_have_text("5 min plus tard que prévu")
    assert int(starts.first.get_attribute("data-in") or 0) in (before + 4, before + 5)
    assert all(text for text in starts.all_text_contents()), "each start is told by the clock"


def test_what_one_facilitator_bends_the_other_sees_with_what_they_had_open(
    facilitator: Facilitator, chromium: Browser, server: Server
) -> None:
    other = Facilitator.arrives(chromium, server, BOARD)
    other.signs_in()
    other.page.goto(f"/r/{facilitator.room}")
    opened = unfold(other, 4)
    expect(opened.get_by_role("button", name="Modifier")).to_be_visible()
    id = opened.get_attribute("id")
    before = len(titles(facilitator))
    unfold(facilitator, 2).get_by_role("button", name="Retirer").click()
    expect(other.page.locator("#etapes > li")).to_have_count(before - 1)
    expect(other.page.locator(f"#{id} details")).to_have_attribute("open", "")
    assert other.troubles == []
    other.leaves()


def test_words_stay_in_the_form_when_the_room_does_not_answer(facilitator: Facilitator) -> None:
    page = facilitator.page
    page.get_by_role("button", name="Ajouter une étape").click()
    dialog = page.get_by_role("dialog", name="Ajouter une étape")
    dialog.get_by_label("Titre").fill("Gardé")
    dialog.get_by_label("Consigne").fill("Rien ne se perd.")
    page.context.set_offline(True)
    dialog.get_by_role("button", name="Enregistrer").click()
    says(facilitator, "ne répond pas")
    expect(dialog.get_by_label("Consigne")).to_have_value("Rien ne se perd.")
    page.context.set_offline(False)
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#etapes > li", has_text="Gardé")).to_have_count(1)


def test_the_bent_script_is_saved_as_a_new_one(facilitator: Facilitator) -> None:
    page = facilitator.page
    unfold(facilitator, 2).get_by_role("button", name="Retirer").click()
    page.locator("#origine summary").click()
    page.get_by_role("button", name="Enregistrer comme nouvelle trame").click()
    says(facilitator, "Trame enregistrée")
    kept = titles(facilitator)
    page.goto("/scripts")
    expect(page.locator("main")).to_contain_text(kept[-1])


def test_axe_finds_nothing_beside_the_board_and_nothing_spills(facilitator: Facilitator) -> None:
    page = facilitator.page
    unfold(facilitator, 2).get_by_role("button", name="Retirer").click()
    expect(page.locator("#origine")).to_be_visible()
    page.locator("#origine summary").click()
    unfold(facilitator, 2)
    assert_accessible(page, "bent")
    page.get_by_role("button", name="Ajouter une étape").click()
    assert_accessible(page, "bending")
    page.keyboard.press("Escape")
    for width in (1024, 390, 320):
        page.set_viewport_size({"width": width, "height": 768})
        page.locator("#show-steps").click()
        assert spill(page) == 0
        page.locator("#show-steps").click()
