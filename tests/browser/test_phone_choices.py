"""What a script and its reader choose of a phone: what opens first, and whether a timer shows."""

import re

import msgspec
import pytest
from playwright.sync_api import Browser, expect

from atelier.content import scripts
from atelier.content.writing import write_scripts
from atelier.rooms.scripts import with_steps
from tests.browser.people import MONEY, PHONE, Phone
from tests.server import Facilitator, Server

pytestmark = pytest.mark.browser


def test_a_phone_hides_the_timer_for_itself_alone(chromium: Browser, server: Server) -> None:
    facilitator = Facilitator(server)
    room = facilitator.open_room(script=MONEY)
    phone = Phone.arrives(chromium, server, PHONE)
    phone.scans(room["code"])
    phone.agrees()
    assert facilitator.does(room["room"], "steps", go="next").is_success
    assert facilitator.does(room["room"], "timers", minutes="5").is_success
    time, where = phone.page.locator("#time"), phone.page.locator("#where")
    expect(time).to_be_visible()

    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    phone.page.get_by_role("button", name="Réglages").click()
    phone.page.locator("label", has_text="Caché").click()
    expect(time).to_be_hidden()
    assert asked == [], "the phone alone knows"
    phone.page.reload()
    expect(where).to_be_visible()
    expect(time).to_be_hidden()
    phone.page.get_by_role("button", name="Réglages").click()
    phone.page.locator("label", has_text="Affiché").click()
    expect(time).to_be_visible()
    assert phone.troubles == []
    phone.leaves()


def test_a_phone_opens_each_step_as_its_script_wants(chromium: Browser, server: Server) -> None:
    facilitator = Facilitator(server)
    script = scripts()["mur-vide"]
    spoken = msgspec.structs.replace(script.steps[0], kind="echange", mode="none")
    steps = (
        msgspec.structs.replace(script.steps[0], kind="post", mode="direct"),
        msgspec.structs.replace(spoken, phone="wall"),
        msgspec.structs.replace(spoken, phone="prompt"),
    )
    made = with_steps(msgspec.structs.replace(script, theme_fr="Trois étapes"), steps)
    facilitator.client.post("/scripts/imports", data={"yaml": write_scripts(made)})
    library = facilitator.client.get("/scripts").text
    [own] = re.findall(r'href="/scripts/([0-9a-f]{32})">Trois étapes', library)
    room = facilitator.open_room(script=own)
    phone = Phone.arrives(chromium, server, PHONE)
    phone.scans(room["code"])
    phone.agrees()
    tab = phone.page.locator("[data-tab][aria-current=true]")
    for expected in ("write", "wall", "write"):
        assert facilitator.does(room["room"], "steps", go="next").is_success
        expect(tab).to_have_attribute("data-tab", expected)
        if expected == "write" and not phone.wall:
            phone.writes("Une note")
            phone.waits_for_wall(1)
    assert phone.troubles == []
    phone.leaves()
