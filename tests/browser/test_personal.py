"""The personal register: it stays on the phone, outlives the server, and goes when told to."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import PHONE, Phone
from tests.browser.test_accessibility import assert_accessible, spill
from tests.server import Facilitator, Server

pytestmark = pytest.mark.browser

VIEWS = ("home", "trajectory", "project", "takeaway")
REVIEW = ("2031-07-19", "19 juillet 2031")
SCRIPT = "rapport-a-l-argent"


class Room:
    def __init__(self, server: Server, browser: Browser) -> None:
        self.server, self.browser = server, browser
        self.facilitator = Facilitator(server)
        opened = self.facilitator.open_room(script=SCRIPT)
        self.id, self.code = opened["room"], opened["code"]
        self.phones: list[Phone] = []

    def entered(self, **how: object) -> Phone:
        phone: Phone = Phone.arrives(self.browser, self.server, PHONE, **how)
        self.phones.append(phone)
        phone.page.goto("/")
        phone.page.locator("#code").fill(self.code)
        phone.page.locator("#join button[type=submit]").click()
        phone.page.wait_for_url("**/r/*")
        phone.agrees()
        return phone

    def goes_on(self) -> None:
        self.facilitator.does(self.id, "steps", go="next").raise_for_status()


@pytest.fixture
def room(chromium: Browser, server: Server) -> Iterator[Room]:
    room = Room(server, chromium)
    room.goes_on()
    yield room
    for phone in room.phones:
        assert phone.troubles == []
        phone.leaves()


class Line:
    """All that a page sends: addresses, headers, bodies, frames."""

    def __init__(self, page: Page) -> None:
        self.said: list[str] = []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        for event in ("requestWillBeSent", "requestWillBeSentExtraInfo", "webSocketFrameSent"):
            session.on(f"Network.{event}", lambda told: self.said.append(json.dumps(told)))
        page.on("request", lambda request: self.said.append(str(request.post_data_buffer)))

    def carried(self, words: list[str]) -> list[str]:
        whole = "\n".join(self.said)
        return [word for word in words if any(form in whole for form in forms(word))]


def forms(word: str) -> Iterator[str]:
    """As it is, in hexadecimal, and the middle of it in base64, wherever it begins."""
    yield word
    yield word.encode().hex()
    for shift in range(3):
        yield base64.b64encode(b" " * shift + word.encode()).decode()[4:-4]


def opens_notebook(page: Page, view: str = "home") -> None:
    page.locator("[data-tab=notebook]").click()
    shown = page.locator("#personal-parts").get_attribute("data-shows")
    if shown not in ("home", view):
        page.locator(f"[data-view-of={shown}] [data-to=home]").click()
    if view not in ("home", shown):
        page.locator(f"#personal [data-to={view}]").click()
    expect(page.locator(f"[data-view-of={view}]")).to_be_visible()


def nothing_is_left(page: Page) -> None:
    """Waits: a dialog tells what was answered in a task of its own."""
    page.wait_for_function("!Object.keys(localStorage).some(key => key.includes('personal'))")


def writes_everywhere(page: Page, canaries: list[str]) -> None:
    """A word of its own in every field that the views of the notebook show."""
    for view in VIEWS:
        opens_notebook(page, view)
        if view == "trajectory":
            page.locator("#personal-moment-add").click()
        if view == "project":
            page.locator("#personal-review").fill(REVIEW[0])
        for field in page.locator(
            f"[data-view-of={view}] :is(textarea, input:not([type]):visible)"
        ).all():
            canaries.append(f"zyzomys{len(canaries)}quokka")
            field.fill(canaries[-1])


def takes_away(page: Page, button: str) -> str:
    with page.expect_download() as download:
        page.locator(f"#personal-take-{button}").click()
    return Path(download.value.path()).read_text()


def test_no_request_and_no_file_of_the_server_ever_holds_what_stays_on_the_phone(
    room: Room, server: Server
) -> None:
    phone = room.entered()
    page = phone.page
    line, canaries = Line(page), list[str]()
    room.goes_on()
    expect(page.locator("#privately")).to_be_visible()
    writes_everywhere(page, canaries)
    assert len(canaries) == 17
    page.evaluate(
        "word => import('/static/js/personal/cards.js').then(({ keepCard }) =>"
        " keepCard({ concept: word, title: word, text: word, reference: word }))",
        canaries[0] + "card",
    )
    while page.locator("#board").get_attribute("data-kind") != "cloture":
        before = page.locator("#board").get_attribute("data-step") or ""
        room.goes_on()
        expect(page.locator("#board")).not_to_have_attribute("data-step", before)
    opens_notebook(page, "takeaway")
    files = [takes_away(page, "markdown"), takes_away(page, "webpage")]
    for canary in canaries:
        assert all(canary in file for file in files), "what was written can be taken away"
    assert all(REVIEW[1] in file for file in files)
    page.reload()
    room.facilitator.does(room.id, "closings", keep="nothing").raise_for_status()
    expect(page.locator("body")).to_have_attribute("data-state", "closed")
    opens_notebook(page, "takeaway")
    page.context.set_offline(True)
    assert canaries[0] in takes_away(page, "markdown"), "the server is not needed any more"
    page.context.set_offline(False)
    assert line.said
    assert line.carried([*canaries, *REVIEW]) == []
    kept = b"".join(path.read_bytes() for path in server.data.rglob("*") if path.is_file())
    assert [word for word in canaries if word.encode() in kept] == []
    page.evaluate("word => fetch('/', { headers: { 'X-Word': btoa(word) } })", canaries[0])
    page.wait_for_timeout(200)
    assert line.carried(canaries) == canaries[:1], "a planted leak is seen"


def test_what_the_browser_cannot_store_stays_on_the_screen_and_is_said(room: Room) -> None:
    page = room.entered().page
    opens_notebook(page)
    page.evaluate("Storage.prototype.setItem = () => { throw new DOMException('full') }; 0")
    page.locator("#personal-page").fill("Une page de plus")
    expect(page.locator("#personal-unsafe")).to_be_visible()
    page.locator("[data-tab=write]").click()
    opens_notebook(page, "takeaway")
    assert "Une page de plus" in takes_away(page, "markdown")
    opens_notebook(page)
    expect(page.locator("#personal-page")).to_have_value("Une page de plus")


def test_the_notebook_outlives_the_session_until_it_is_erased(room: Room) -> None:
    page = room.entered().page
    opens_notebook(page)
    page.locator("#personal-page").fill("Une page")
    page.goto("/notebook")
    expect(page.locator("#personal-page")).to_have_value("Une page")
    page.locator("#personal-erase-all").click()
    page.get_by_role("button", name="Garder", exact=True).click()
    expect(page.locator("#personal-page")).to_have_value("Une page")
    page.locator("#personal-erase-all").click()
    page.get_by_role("button", name="Effacer pour de bon").click()
    expect(page.locator("#personal-page")).to_have_value("")
    nothing_is_left(page)


def test_forgetting_the_room_forgets_the_notebook(room: Room) -> None:
    page = room.entered().page
    opens_notebook(page)
    page.locator("#personal-page").fill("Une page")
    page.locator("#show-settings").click()
    page.locator("#forget-please").click()
    page.locator("#forget-sure").click()
    page.wait_for_url(lambda url: url.endswith("/"))
    nothing_is_left(page)


def test_nobody_who_writes_in_the_notebook_is_moved_by_a_step(room: Room) -> None:
    page = room.entered().page
    opens_notebook(page)
    field = page.locator("#personal-page")
    field.fill("Je cherche")
    room.goes_on()
    room.goes_on()
    expect(page.locator("#offer-write")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("Je cherche")


def test_no_view_of_the_notebook_has_a_fault_that_axe_can_see_nor_spills(room: Room) -> None:
    page = room.entered(bypass_csp=True).page
    room.goes_on()
    writes_everywhere(page, [])
    for view in VIEWS:
        opens_notebook(page, view)
        assert_accessible(page, f"notebook: {view}")
        page.set_viewport_size({"width": 320, "height": 256})
        assert spill(page) == 0, view
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]


def test_erasing_the_notebook_erases_the_line_and_the_sheet(room: Room) -> None:
    page = room.entered().page
    writes_everywhere(page, [])
    opens_notebook(page)
    page.locator("#personal-erase-all").click()
    page.get_by_role("button", name="Effacer pour de bon").click()
    nothing_is_left(page)
    opens_notebook(page, "trajectory")
    expect(page.locator("#personal-moments li")).to_have_count(0)
    expect(page.locator("#personal-moment")).to_be_hidden()
    opens_notebook(page, "project")
    expect(page.get_by_label("Projet de vie")).to_have_value("")


def test_the_notebook_is_used_with_the_keyboard_alone(room: Room) -> None:
    page = room.entered().page
    press = page.keyboard.press
    page.locator("[data-tab=notebook]").focus()
    press("Enter")
    page.locator("#personal-page").focus()
    page.keyboard.type("Une page")
    press("Tab")
    expect(page.locator("#personal-copy")).to_be_focused()
    press("Tab")
    expect(page.locator("#personal-erase")).to_be_focused()
    press("Enter")
    sure = page.get_by_role("dialog", name="Effacer cette page ?")
    expect(sure.get_by_role("button", name="Garder")).to_be_focused()
    press("Escape")
    expect(sure).to_be_hidden()
    expect(page.locator("#personal-erase")).to_be_focused()
    expect(page.locator("#personal-page")).to_have_value("Une page")
    press("Tab")
    expect(page.locator("#personal-add")).to_be_focused()
    press("Enter")
    expect(page.locator("#personal-page")).to_be_focused()
    expect(page.locator("#personal-page")).to_have_value("")
    reached = [page.locator(f"#personal [data-to={view}]") for view in VIEWS if view != "home"]
    reached[0].focus()
    for lead in reached[1:]:
        press("Tab")
        expect(lead).to_be_focused()
    press("Enter")
    expect(page.get_by_role("heading", name="Emporter")).to_be_focused()
    for _ in range(2):
        press("Tab")
    expect(page.locator("#personal-take-webpage")).to_be_focused()
    press("Shift+Tab")
    expect(page.get_by_role("checkbox")).to_be_focused()
    press("Space")
    expect(page.get_by_role("checkbox")).not_to_be_checked()


def test_on_paper_there_is_what_was_chosen_and_nothing_of_the_page_around(room: Room) -> None:
    page = room.entered().page
    canaries = list[str]()
    writes_everywhere(page, canaries)
    opens_notebook(page, "takeaway")
    page.evaluate("window.print = () => { window.printed = true; }; 0")
    page.locator("#personal-choices label", has_text=canaries[0]).click()
    page.locator("#personal-take-print").click()
    assert page.evaluate("window.printed")
    sheet = page.locator("#personal-sheet")
    expect(sheet).to_be_hidden()
    page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    seen = page.locator("body").inner_text()
    assert canaries[0] not in seen
    assert all(canary in seen for canary in canaries[1:])
    expect(sheet.locator("svg")).to_be_visible()
    assert page.locator("body > :visible").count() == 1
    page.evaluate("dispatchEvent(new Event('afterprint')); 0")
    page.emulate_media(media="screen")
    expect(sheet).to_have_count(0)
    expect(page.get_by_role("heading", name="Emporter")).to_be_visible()


def test_the_first_page_leads_to_the_notebooks_of_this_phone_without_a_request(
    room: Room,
) -> None:
    page = room.entered(bypass_csp=True).page
    lead = page.get_by_role("link", name="Mes carnets sur ce téléphone")
    page.goto("/")
    page.locator("#code").fill("k7m4p2")
    expect(page.locator("#code")).to_have_value("K7M 4P2")  # the script of the page is at work
    expect(lead).to_be_hidden()
    page.go_back()
    opens_notebook(page)
    page.locator("#personal-page").fill("Une page")
    line = Line(page)
    page.goto("/")
    expect(lead).to_be_visible()
    assert_accessible(page, "the first page with notebooks")
    assert spill(page) == 0
    assert not [said for said in line.said if "/notebook" in said]
    lead.click()
    expect(page.locator("#personal-page")).to_have_value("Une page")
