"""Markup that somebody managed to put into a page runs nothing: no script, no handler, no link, no
htmx request; and no page asks anybody but this server."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.people import BOARD, Facilitator
from tests.server import EMAIL, PASSWORD, Phone, Server
from tests.server import Facilitator as Account

pytestmark = pytest.mark.browser

STORED = """
<script>window.ran = "script"</script>
<img src="/static/none.png" onerror="window.ran = 'handler'">
<a id="bad-link" href="javascript:window.ran = 'link'">x</a>
<div hx-get="/healthz?by=stored" hx-trigger="load" data-hx-get="/healthz?by=stored">x</div>
"""
PAGES = {
    "join": "/",
    "desk": "/desk",
    "steer": "/r/{room}",
    "phone": "/r/{room}?view=phone",
    "projector": "/r/{room}?view=projector",
    "timeline": "/r/{room}/timeline",
}


def poisoned(route: Route) -> None:
    """The page as the server sends it, policy included, with markup stored in its body."""
    answer = route.fetch()
    body = answer.text().replace("</body>", STORED + "</body>")
    route.fulfill(response=answer, body=body)


@pytest.fixture
def facilitator(chromium: Browser, server: Server) -> Iterator[Facilitator]:
    person = Facilitator.arrives(chromium, server, BOARD)
    form = {"email": EMAIL, "password": PASSWORD}
    person.page.context.request.post("/signin", form=form, headers={"Origin": server.origin})
    yield person
    person.leaves()


def test_stored_markup_runs_on_no_page(facilitator: Facilitator, server: Server) -> None:
    account = Account(server)
    room = account.open_room(title="Essai", mode="reveal")
    page, asked = facilitator.page, []
    joined = Phone(server, room["code"])
    cookies = [
        {"name": n, "value": v, "url": server.origin} for n, v in joined.client.cookies.items()
    ]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.on("request", lambda request: asked.append(request.url))
    for name, path in PAGES.items():
        url = server.origin + path.format(room=room["room"])
        page.route(url, poisoned)
        page.goto(url)
        page.wait_for_load_state("networkidle") if name in ("join", "desk", "timeline") else None
        page.locator("#bad-link").evaluate("link => link.click()")
        page.wait_for_timeout(300)
        assert page.locator("#bad-link").count() == 1, f"{name}: the markup is there"
        assert page.evaluate("window.ran") is None, name
        assert not [url for url in asked if "by=stored" in url], name
        page.unroute(url)
    assert not [url for url in asked if not re.match(rf"{server.origin}/|data:|blob:", url)]


def test_stored_markup_runs_nothing_while_the_extension_is_still_on_its_way(
    facilitator: Facilitator, server: Server
) -> None:
    """htmx must not start before what holds it to the policy, however slow the line."""

    def late(route: Route) -> None:
        time.sleep(1.5)
        route.continue_()

    page, asked = facilitator.page, []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/hx-csp.min.js", late)
    page.route(f"{server.origin}/", poisoned)
    page.goto("/")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    assert any("hx-csp" in url for url in asked)
    assert not [url for url in asked if "by=stored" in url]


def test_the_same_markup_runs_where_no_policy_forbids_it(
    facilitator: Facilitator, server: Server
) -> None:
    """The test above is able to fail."""

    def without_policy(route: Route) -> None:
        answer = route.fetch()
        headers = {k: v for k, v in answer.headers.items() if k != "content-security-policy"}
        body = answer.text().replace("</body>", STORED + "</body>").replace("hx-csp", "hx-none")
        route.fulfill(response=answer, body=body, headers=headers)

    asked: list[str] = []
    facilitator.page.on("request", lambda request: asked.append(request.url))
    facilitator.page.route(f"{server.origin}/", without_policy)
    facilitator.page.goto("/")
    facilitator.page.wait_for_timeout(500)
    assert facilitator.page.evaluate("window.ran") is not None
    assert [url for url in asked if "by=stored" in url]
