"""The timer on the facilitator's page: it advises, rings, and closes nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import BOARD, Facilitator
from tests.server import Server

RUNG = """
window.rung = [];
window.AudioContext = class { constructor() { this.currentTime = 0; } resume() {} };
window.OscillatorNode = class {
  constructor() {} connect(next) { return next; }
  start(at) { window.rung.push(at); } stop() {}
};
window.GainNode = class {
  constructor() {
    this.gain = { linearRampToValueAtTime() {}, setValueAtTime() {}, exponentialRampToValueAtTime() {} };
  }
  connect(next) { return next; }
};
"""  # noqa: E501 - a browser without a sound card, that counts the notes it is asked for


@pytest.fixture
def facilitator(chromium: Browser, server: Server) -> Iterator[Facilitator]:
    person = Facilitator.arrives(chromium, server, BOARD)
    person.page.add_init_script(RUNG)
    person.signs_in()
    person.opens_script()
    yield person
    assert person.troubles == []
    person.leaves()


def digits(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("timer")


def rings(page: Page) -> int:
    notes: int = page.evaluate("window.rung.length")
    return notes


def set_timer(page: Page, **fields: str) -> None:
    """What another screen of this facilitator would ask for."""
    page.evaluate(
        "fields => fetch(location.pathname + '/timers',"
        " {method: 'POST', body: new URLSearchParams(fields)})",
        fields,
    )


def test_the_lobby_has_no_timer_and_each_step_offers_the_time_it_plans(
    facilitator: Facilitator,
) -> None:
    page = facilitator.page
    expect(page.locator("#minuteur")).to_be_hidden()
    facilitator.next_step()
    planned = page.locator("#board").get_attribute("data-minutes")
    expect(digits(page)).to_have_text(f"{planned}:00")


def test_the_timer_starts_pauses_resumes_and_goes_by_mouse_and_by_key(
    facilitator: Facilitator,
) -> None:
    page = facilitator.page
    facilitator.next_step()
    page.get_by_role("button", name="Lancer").click()
    expect(page.locator("#minuteur")).to_have_attribute("data-state", "running")
    page.locator("#plan").focus()
    page.keyboard.press("t")
    expect(page.locator("#minuteur")).to_have_attribute("data-state", "paused")
    shown = digits(page).inner_text()
    page.wait_for_timeout(1200)
    expect(digits(page)).to_have_text(shown)
    page.keyboard.press("t")
    expect(page.locator("#minuteur")).to_have_attribute("data-state", "running")
    page.locator("#bell summary").click()
    page.get_by_role("button", name="Retirer le minuteur").click()
    expect(page.locator("#minuteur")).to_have_attribute("data-state", "ready")


def test_the_time_offered_can_be_changed_before_it_starts(facilitator: Facilitator) -> None:
    page = facilitator.page
    facilitator.next_step()
    planned = int(page.locator("#board").get_attribute("data-minutes") or 0)
    page.get_by_role("button", name="Prolonger de 5 min").click()
    page.get_by_role("button", name="Une minute de moins").click()
    expect(digits(page)).to_have_text(f"{planned + 4}:00")
    page.get_by_role("button", name="Lancer").click()
    expect(page.locator("[data-given]")).to_contain_text(f"sur {planned + 4} min")


def test_the_end_rings_once_is_said_and_closes_nothing(facilitator: Facilitator) -> None:
    page = facilitator.page
    facilitator.next_step()
    before = page.locator("#board").get_attribute("data-seq")
    set_timer(page, minutes="0.03")
    expect(page.locator("#says")).to_contain_text("Le temps indiqué est passé")
    assert rings(page) == 2
    expect(digits(page)).to_have_text("+0:02")
    expect(page.locator("[data-advice]")).to_have_text("rien ne se ferme")
    assert rings(page) == 2
    assert page.locator("#board").get_attribute("data-seq") == before


def test_a_page_loaded_after_the_end_does_not_ring(facilitator: Facilitator) -> None:
    page = facilitator.page
    facilitator.next_step()
    set_timer(page, minutes="0.02")
    page.wait_for_timeout(2000)
    page.reload()
    expect(page.locator("#minuteur")).to_have_attribute("data-state", "over")
    assert rings(page) == 0


def test_the_sound_can_be_tried_and_muted_and_the_choice_stays(facilitator: Facilitator) -> None:
    page = facilitator.page
    facilitator.next_step()
    page.locator("#bell summary").click()
    page.get_by_role("button", name="Essayer le son").click()
    assert rings(page) == 2
    page.get_by_label("Un son quand le temps est passé").uncheck()
    page.reload()
    set_timer(page, minutes="0.02")
    expect(page.locator("#minuteur")).to_have_attribute("data-state", "over", timeout=10_000)
    assert rings(page) == 0
    expect(page.locator("#bell summary")).to_have_attribute("data-sound", "0")


def test_the_timer_is_right_on_a_screen_whose_clock_is_wrong(
    chromium: Browser, server: Server, facilitator: Facilitator
) -> None:
    facilitator.next_step()
    context = chromium.new_context(
        base_url=server.origin,
        storage_state=facilitator.page.context.storage_state(),
        locale="fr-FR",
        viewport=BOARD,  # type: ignore[arg-type]
    )
    other = context.new_page()
    other.add_init_script("Date.now = () => 1_000_000")
    other.goto(f"/r/{facilitator.room}")
    set_timer(facilitator.page, minutes="10")
    expect(digits(other)).to_have_text("9:58", timeout=6_000)
    context.close()


def test_a_letter_on_a_note_is_for_filing_and_does_not_touch_the_timer(
    facilitator: Facilitator,
) -> None:
    page = facilitator.page
    facilitator.next_step()
    page.evaluate("""() => {
        const note = document.createElement("li");
        Object.assign(note, {className: "note", id: "note-x", tabIndex: 0});
        document.getElementById("plan").append(note);
    }""")
    page.locator("#note-x").evaluate("note => note.focus()")
    page.keyboard.press("t")
    page.wait_for_timeout(300)
    expect(page.locator("#minuteur")).to_have_attribute("data-state", "ready")
