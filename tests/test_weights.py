"""Bad Wi-Fi and old phones: what a page weighs on the line."""

from pathlib import Path

from bench.weights import pages
from tests.server import serving


def test_the_phone_page_stays_light(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        phone = pages(server)["phone"]
    assert phone["scripts"] < 40_000
    assert phone["all"] < 120_000
    assert min(phone[kind] for kind in ("page", "styles", "scripts", "fonts", "icons")) > 1_000
