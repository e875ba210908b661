"""A reveal below the threshold: every phone is told first, also one that was asleep."""

import time

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import BOARD, PHONE, Facilitator, Phone
from tests.server import Server

pytestmark = pytest.mark.browser

TOLD = "Le mur va être dévoilé alors qu’il y a peu de notes"


def test_every_phone_is_told_for_ten_seconds_the_one_that_comes_back_too(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_wall("Le travail", "reveal")
    awake, asleep = (Phone.arrives(chromium, server, PHONE) for _ in range(2))
    for phone in (awake, asleep):
        phone.types_code(facilitator.code)
        phone.agrees()
    awake.writes("Une seule note")
    awake.sees_kept("Une seule note")
    asleep.page.goto("about:blank")  # as good as a phone in a pocket: its line is down
    facilitator.page.locator("#reveal").click(force=True)
    expect(facilitator.page.locator("#anyway")).to_contain_text("à voix haute")
    facilitator.page.locator("#reveal-anyway").click()
    expect(awake.page.locator("#notice")).to_contain_text(TOLD)
    told_first = time.monotonic()
    asleep.page.wait_for_timeout(3_000)
    asleep.page.go_back()
    expect(asleep.page.locator("#notice")).to_contain_text(TOLD)
    told_last = time.monotonic()
    button = facilitator.page.locator("#reveal-anyway")
    while facilitator.wall == []:
        assert time.monotonic() - told_last < 20
        if button.is_visible() and button.get_attribute("aria-disabled") != "true":
            button.click()
        facilitator.page.wait_for_timeout(100)
    assert time.monotonic() - told_first > 10
    assert time.monotonic() - told_last > 9
    for phone in (awake, asleep):
        expect(phone.page.locator("#board [data-note]")).to_have_count(1)
        expect(phone.page.locator("#notice")).to_be_hidden()
        assert phone.troubles == []
