"""Day or night and the size of text: chosen once on a device, there before the first paint."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import PHONE, Phone
from tests.server import Server

pytestmark = pytest.mark.browser

NIGHT = "rgb(16, 19, 29)"
DAY = "rgb(239, 236, 228)"


def choose(page: Page, **choice: str) -> None:
    page.evaluate(
        "async choice => (await import('/static/js/appearance.js')).choose(choice)", choice
    )


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def bars(page: Page) -> list[str]:
    return [
        str(meta.get_attribute("content")) for meta in page.locator("meta[name=theme-color]").all()
    ]


def test_a_chosen_theme_holds_on_every_page_and_against_the_system(
    chromium: Browser, server: Server
) -> None:
    visitor = Phone.arrives(chromium, server, PHONE)
    visitor.page.goto("/")
    assert ground(visitor.page) == DAY
    choose(visitor.page, theme="nuit")
    assert ground(visitor.page) == NIGHT
    assert set(bars(visitor.page)) == {"#10131D"}
    visitor.page.goto("/signin")
    assert ground(visitor.page) == NIGHT
    assert set(bars(visitor.page)) == {"#10131D"}
    visitor.page.emulate_media(color_scheme="dark")
    choose(visitor.page, theme="jour")
    assert ground(visitor.page) == DAY
    choose(visitor.page, theme="")
    assert ground(visitor.page) == NIGHT
    assert bars(visitor.page) == ["#EFECE4", "#10131D"]
    assert visitor.page.evaluate("localStorage.length") == 0
    assert visitor.troubles == []


def test_the_choice_is_there_before_anything_is_painted(chromium: Browser, server: Server) -> None:
    visitor = Phone.arrives(chromium, server, PHONE)
    visitor.page.goto("/")
    choose(visitor.page, theme="nuit", textSize="150")
    visitor.page.add_init_script(
        """new MutationObserver((_, watching) => {
             if (!document.body) return;
             window.atFirst = {...document.documentElement.dataset};
             watching.disconnect();
           }).observe(document, {childList: true, subtree: true});"""
    )
    visitor.page.reload()
    assert visitor.page.evaluate("atFirst") == {"theme": "nuit", "textSize": "150"}


def test_the_key_of_the_night_goes_there_and_back(chromium: Browser, server: Server) -> None:
    visitor = Phone.arrives(chromium, server, PHONE)
    visitor.page.goto("/")
    toggle = "async () => (await import('/static/js/appearance.js')).toggleNight()"
    visitor.page.evaluate(toggle)
    assert ground(visitor.page) == NIGHT
    visitor.page.evaluate(toggle)
    assert ground(visitor.page) == DAY


def test_the_text_grows_and_another_tab_follows(chromium: Browser, server: Server) -> None:
    visitor = Phone.arrives(chromium, server, PHONE)
    visitor.page.goto("/")
    other = visitor.page.context.new_page()
    other.goto("/")
    choose(visitor.page, textSize="150")
    assert visitor.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    expect(other.locator("html")).to_have_attribute("data-text-size", "150")


def test_a_value_that_nobody_can_choose_is_ignored(chromium: Browser, server: Server) -> None:
    visitor = Phone.arrives(chromium, server, PHONE)
    visitor.page.goto("/")
    visitor.page.evaluate("localStorage.setItem('atelier.theme', 'fluo')")
    visitor.page.reload()
    assert visitor.page.locator("html").get_attribute("data-theme") is None
