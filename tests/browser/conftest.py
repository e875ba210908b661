"""One Chromium for each file of browser tests, and a real server in front of it.

Not for the whole session: the driver holds an event loop, which would be in the way of others.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.server import Server, serving

PLAIN_HOST = "atelier.test"
"""A host that the browser does not trust as it trusts this machine: as on a local network."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("ATELIER_CHROMIUM") or shutil.which("chromium")
    if path is None:
        if os.environ.get("ATELIER_REQUIRE_BROWSER"):
            pytest.fail("no Chromium: bin/test installs it")
        pytest.skip("no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def leaves_no_page_open(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test opened is closed after it: a page that follows its room slows the tests after."""
    if "chromium" not in request.fixturenames:
        yield
        return
    browser: Browser = request.getfixturevalue("chromium")
    of_the_file = list(browser.contexts)
    yield
    for context in browser.contexts:
        if context not in of_the_file:
            context.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests of a file: each opens a room of its own."""
    with serving(tmp_path_factory.mktemp("data")) as server:
        yield server
