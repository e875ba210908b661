"""`atelier demo`: one command, and there is a room full of people to facilitate."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import BOARD, PROJECTOR, Facilitator, Person, Projector
from tests.server import ATELIER, Server, free_port


@dataclass
class Demo:
    origin: str
    says: str
    process: "subprocess.Popen[str]"

    def link(self, pattern: str) -> str:
        found = re.search(pattern, self.says)
        assert found, self.says
        return found[1]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    port = free_port()
    env = {**os.environ, "ATELIER_DATA": str(tmp_path / "mine"), "TMPDIR": str(tmp_path)}
    out = tmp_path / "says"
    with out.open("w") as file:
        process = subprocess.Popen(
            [ATELIER, "demo", "--port", str(port), "--seconds", "1"],
            env=env,
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
        )
    deadline = time.monotonic() + 20
    while "Ctrl+C" not in out.read_text():
        assert time.monotonic() < deadline, out.read_text()
        time.sleep(0.05)
    yield Demo(f"http://127.0.0.1:{port}", out.read_text(), process)
    process.terminate()
    assert process.wait(timeout=20) == 0
    assert not list(tmp_path.glob("atelier-*")), "the data go when it stops"
    assert not (tmp_path / "mine").exists(), "the data of the installation are left alone"


def test_its_links_lead_to_a_room_where_people_write_and_the_wall_can_be_revealed(
    chromium: Browser, demo: Demo
) -> None:
    here = Server(Path(), 0, {}, None)  # type: ignore[arg-type]  # only its origin is asked for
    here.port = int(demo.origin.rsplit(":", 1)[1])
    assert "█" in demo.says, "a QR code for phones"

    facilitator = Facilitator.arrives(chromium, here, BOARD)
    page = facilitator.page
    page.goto(demo.link(r"(http://\S+/signin)"))
    email, password = re.search(r"adresse (\S+), mot de passe (\S+)", demo.says).groups()  # type: ignore[union-attr]
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Entrer").click()
    page.wait_for_url("**/desk")
    page.get_by_role("link", name=re.compile("Animer|Reprendre")).first.click()
    facilitator.is_in_room()
    expect(page.locator("#band")).to_have_attribute("data-band", "few", timeout=25_000)

    projector = Projector.arrives(chromium, here, PROJECTOR)
    projector.page.goto(demo.link(r"(http://\S+/p/\S+)"))
    facilitator.enters("revelation")
    facilitator.reveals()
    projector.page.locator("#board [data-note]").nth(
        11
    ).wait_for()  # or more: the next step was open

    phone = Person.arrives(chromium, here, {"width": 390, "height": 844})
    phone.page.goto(demo.link(r"(http://\S+/J#\S+)"))
    expect(phone.page.get_by_role("heading", name="Le cadre de la séance")).to_be_visible()
    for person in (facilitator, projector, phone):
        assert person.troubles == []
        person.leaves()
