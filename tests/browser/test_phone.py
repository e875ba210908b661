"""What one person does with the phone beside writing: settings, language, forgetting, reading the
wall, following their own notes."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.people import PHONE, Phone
from tests.browser.test_accessibility import assert_accessible, spill
from tests.server import Facilitator, Server, serving
from tests.server import Phone as Robot

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
TEXT = "Un cadeau, ça se rend toujours."


class Room:
    """A room in the hands of its facilitator, with the phones that entered it."""

    def __init__(self, server: Server, browser: Browser, **fields: str) -> None:
        self.server = server
        self.browser = browser
        self.facilitator = Facilitator(server)
        opened = self.facilitator.open_room(
            **{"script": "", "title": "Le rapport à l’argent", "mode": "direct", **fields}
        )
        self.id, self.code = opened["room"], opened["code"]
        self.phones: list[Phone] = []

    def phone(self, size: dict[str, int] = PHONE, **how: object) -> Phone:
        phone: Phone = Phone.arrives(self.browser, self.server, size, **how)
        self.phones.append(phone)
        phone.page.goto("/")
        phone.page.locator("#code").fill(self.code)
        phone.page.locator("#join button[type=submit]").click()
        phone.page.wait_for_url("**/r/*")
        return phone

    def entered(self, size: dict[str, int] = PHONE, **how: object) -> Phone:
        phone = self.phone(size, **how)
        phone.page.locator("#agree").click()
        return phone

    def does(self, what: str, **fields: str) -> None:
        self.facilitator.does(self.id, what, **fields).raise_for_status()

    def cluster(self, title: str, *notes: str) -> str:
        id = token_hex(16)
        self.does("clusters", cluster=id, title=title, note=list(notes))  # type: ignore[arg-type]
        return id

    def full(self, clusters: int, each: int) -> None:
        robot = Robot(self.server, self.code)
        for number in range(clusters):
            ids = [token_hex(16) for _ in range(each)]
            for place, id in enumerate(ids):
                robot.write(f"Note {number} {place}, un peu plus longue que les autres", note=id)
            self.cluster(f"Une grappe au titre assez long, numéro {number}", *ids)


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path: Path = tmp_path_factory.mktemp("phones")
    with serving(path) as server:
        yield server


OpenRoom = Callable[..., Room]


@pytest.fixture
def open_room(chromium: Browser, hosted: Server) -> Iterator[OpenRoom]:
    rooms: list[Room] = []

    def opened(**fields: str) -> Room:
        rooms.append(Room(hosted, chromium, **fields))
        return rooms[-1]

    yield opened
    for phone in [phone for room in rooms for phone in room.phones]:
        assert phone.troubles == []
        phone.leaves()


def settings(page: Page) -> Locator:
    page.locator("#show-settings").click()
    return page.locator("#settings")


def stored(page: Page, room: Room) -> list[str]:
    keys = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
    found: list[str] = page.evaluate(keys)
    return [key for key in found if room.id in key]


def own_note(phone: Phone, text: str = TEXT) -> str:
    phone.writes(text)
    line = phone.own(text)
    expect(line).to_contain_text("Sur le mur", timeout=10_000)
    return str(line.get_attribute("data-own"))


# Settings


def test_the_night_is_chosen_in_the_settings_and_kept(open_room: OpenRoom) -> None:
    page = open_room().phone().page
    settings(page).get_by_label("Nuit").check(force=True)
    expect(page.locator("html")).to_have_attribute("data-theme", "nuit")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "nuit")
    expect(settings(page).get_by_label("Nuit")).to_be_checked()
    page.locator("#settings").get_by_label("Automatique").check(force=True)
    expect(page.locator("html")).not_to_have_attribute("data-theme", "nuit")


def test_the_settings_are_reached_and_left_with_the_keyboard_alone(open_room: OpenRoom) -> None:
    page = open_room().entered().page
    button = page.get_by_role("button", name="Réglages : nuit, taille du texte, langue")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#settings")).to_be_visible()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator("html")).to_have_attribute("data-theme", "jour")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator("html")).to_have_attribute("data-text-size", "115")
    page.keyboard.press("Escape")
    expect(page.locator("#settings")).to_be_hidden()
    expect(button).to_be_focused()


def test_nothing_spills_over_a_narrow_phone_at_the_largest_text(open_room: OpenRoom) -> None:
    room = open_room()
    room.full(clusters=8, each=2)
    page = room.phone(NARROW).page
    settings(page).get_by_label("la plus grande", exact=True).check(force=True)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    assert spill(page) == 0
    for dialog in ("#settings", "#forget"):
        if dialog == "#forget":
            page.locator("#forget-please").click()
        inside = page.locator(dialog)
        assert inside.evaluate("d => d.scrollWidth - d.clientWidth") == 0, dialog
    page.keyboard.press("Escape")
    page.locator("#agree").click()
    page.locator("#idea").fill("Anticonstitutionnellement" * 3)
    page.locator("#send").click()
    expect(page.locator("#mine li")).to_have_count(1)
    page.locator("#mine [data-act=withdraw]").click()
    assert spill(page) == 0
    page.locator("[data-tab=wall]").click()
    assert spill(page) == 0
    for path in ("/", "/signin", "/nulle-part"):
        page.goto(path)
        assert spill(page) == 0, path


def test_the_rules_read_again_do_not_ask_again(open_room: OpenRoom) -> None:
    page = open_room().phone().page
    expect(page.get_by_text("Avant d’entrer")).to_be_visible()
    expect(settings(page).get_by_text("Relire le cadre")).to_be_hidden()
    page.keyboard.press("Escape")
    page.locator("#agree").click()
    settings(page).get_by_text("Relire le cadre").click()
    expect(page.locator("#rules-title")).to_be_focused()
    expect(page.get_by_text("Avant d’entrer")).to_be_hidden()
    expect(page.locator("#agree")).to_be_hidden()
    page.get_by_role("button", name="Revenir à la salle").click()
    expect(page.locator("#idea")).to_be_visible()


def test_settings_and_wall_have_no_fault_that_axe_can_see(open_room: OpenRoom) -> None:
    room = open_room()
    room.full(clusters=3, each=2)
    phone = room.entered(bypass_csp=True)
    own_note(phone)
    settings(phone.page)
    assert_accessible(phone.page, "settings")
    phone.page.locator("#forget-please").click()
    assert_accessible(phone.page, "forgetting")
    phone.page.keyboard.press("Escape")
    settings(phone.page).get_by_label("la plus grande", exact=True).check(force=True)
    phone.page.locator("#rules-again").click()
    assert_accessible(phone.page, "rules again")
    phone.page.locator("#rules-read").click()
    phone.looks_at_wall()
    assert_accessible(phone.page, "wall in large text")


# Language


def test_the_language_changes_and_the_draft_stays(open_room: OpenRoom) -> None:
    page = open_room().entered().page
    page.locator("#idea").fill("Une phrase commen")
    settings(page).get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#send-label")).to_have_text("Add")
    expect(page.locator("#idea")).to_have_value("Une phrase commen")
    expect(page.locator("#board")).to_have_attribute("lang", "fr")
    expect(page.locator("#step .registre")).to_have_text("Collectif")


def test_on_the_join_page_the_typed_code_stays(chromium: Browser, hosted: Server) -> None:
    visitor = Phone.arrives(chromium, hosted, NARROW)
    visitor.page.goto("/")
    visitor.page.locator("#code").fill("K7M4")
    visitor.page.get_by_role("button", name="English").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    expect(visitor.page.locator("#code")).to_have_value("K7M 4")
    assert visitor.page.evaluate("sessionStorage.length") == 0
    visitor.page.goto("/signin")
    visitor.page.get_by_role("button", name="Français").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "fr")
    visitor.leaves()


def test_a_refusal_is_said_in_the_language_of_who_reads_it(open_room: OpenRoom) -> None:
    phone = open_room().entered()
    settings(phone.page).get_by_role("button", name="English").click()
    expect(phone.page.locator("html")).to_have_attribute("lang", "en")
    phone.page.route("**/notes", refuse_step_closed)
    phone.writes(TEXT)
    expect(phone.own(TEXT)).to_contain_text("This step takes no more notes.")


def refuse_step_closed(route: Route) -> None:
    says = '{"refused": "step-closed", "says": "Cette étape ne prend plus de notes."}'
    headers = {"Atelier-Refused": "step-closed", "Content-Type": "application/json"}
    route.fulfill(status=409, body=says, headers=headers)


# Forgetting


def test_forgetting_leaves_nothing_of_the_room_on_the_phone(open_room: OpenRoom) -> None:
    room = open_room()
    phone = room.entered()
    note = own_note(phone)
    page = phone.page
    page.locator("#idea").fill("Un brouillon")
    settings(page).get_by_label("Nuit").check(force=True)
    assert len(stored(page, room)) == 3  # the note, the draft, the agreement
    page.locator("#forget-please").click()
    expect(page.locator("#forget-waiting")).to_be_hidden()
    page.get_by_role("button", name="Oublier et quitter").click()
    page.wait_for_url(re.compile(r":\d+/$"))
    assert stored(page, room) == []
    assert [c for c in page.context.cookies() if room.id in c["name"]] == []
    expect(page.locator("html")).to_have_attribute("data-theme", "nuit")
    page.goto(f"/r/{room.id}")
    expect(page.locator("#code")).to_be_visible()
    board = room.facilitator.client.get(f"/r/{room.id}/board").text
    assert note in board


def test_renouncing_forgets_nothing(open_room: OpenRoom) -> None:
    room = open_room()
    phone = room.entered()
    own_note(phone)
    before = stored(phone.page, room)
    settings(phone.page)
    phone.page.locator("#forget-please").click()
    phone.page.get_by_role("button", name="Renoncer").click()
    expect(phone.page.locator("#forget")).to_be_hidden()
    assert stored(phone.page, room) == before


def test_before_forgetting_the_phone_says_what_would_be_lost(open_room: OpenRoom) -> None:
    phone = open_room().entered()
    phone.page.route("**/notes", lambda route: route.abort())
    phone.writes("Une")
    phone.writes("Deux")
    expect(phone.own("Deux")).to_contain_text("En attente du réseau")
    settings(phone.page)
    phone.page.locator("#forget-please").click()
    waiting = phone.page.locator("#forget-waiting")
    expect(waiting).to_contain_text("2 notes ne sont pas encore arrivées dans la salle.")
    phone.page.unroute("**/notes")
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(waiting).to_be_hidden(timeout=10_000)


def test_without_network_it_erases_and_says_that_the_door_stays_open(open_room: OpenRoom) -> None:
    room = open_room()
    phone = room.entered()
    own_note(phone)
    page = phone.page
    settings(page)
    page.locator("#forget-please").click()
    phone.goes_offline()
    page.locator("#forget-sure").click()
    expect(page.locator("#forget-fault")).to_contain_text("il y entre encore sans code")
    assert stored(page, room) == []
    phone.comes_back()
    page.locator("#forget-sure").click()
    page.wait_for_url(re.compile(r":\d+/$"))
    assert stored(page, room) == []


def test_another_tab_of_the_room_forgets_too(open_room: OpenRoom) -> None:
    room = open_room()
    phone = room.entered()
    other = phone.page.context.new_page()
    other.goto(f"/r/{room.id}")
    other.locator("#idea").fill("Un brouillon dans l’autre onglet")
    settings(phone.page)
    phone.page.locator("#forget-please").click()
    phone.page.locator("#forget-sure").click()
    other.wait_for_url(re.compile(r":\d+/$"))
    phone.page.wait_for_url(re.compile(r":\d+/$"))
    assert stored(other, room) == []


# Own notes


def test_my_note_says_where_it_is_now(open_room: OpenRoom) -> None:
    room = open_room()
    phone = room.entered()
    note = own_note(phone)
    line = phone.own(TEXT)
    first = room.cluster("Devoir quelque chose", note)
    expect(line).to_contain_text("Rangée en A, Devoir quelque chose")
    second = room.cluster("Mériter")
    room.does("moves", note=note, cluster=second)
    expect(line).to_contain_text("Rangée en B, Mériter")
    room.does(f"clusters/{second}", title="Être à l’abri")
    expect(line).to_contain_text("Rangée en B, Être à l’abri")
    room.does("moves", note=note, cluster="")
    expect(line).to_contain_text("Sur le mur, pas encore en grappe")
    room.does("moves", note=note, cluster=first)
    room.does("hides", note=note)
    hidden = phone.page.locator("#mine li")
    expect(hidden).to_contain_text("N’est plus sur le mur")
    room.does("undos")
    expect(hidden).to_contain_text("Rangée en A, Devoir quelque chose")


def test_where_my_note_is_asks_nobody(open_room: OpenRoom) -> None:
    room = open_room()
    phone = room.entered()
    note = own_note(phone)
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    room.cluster("Devoir quelque chose", note)
    expect(phone.own(TEXT)).to_contain_text("Rangée en A")
    assert asked == []


def test_before_the_second_tap_it_says_when_the_note_leaves(open_room: OpenRoom) -> None:
    phone = open_room().entered()
    own_note(phone)
    line = phone.own(TEXT)
    line.locator("[data-act=withdraw]").click()
    expect(line).to_contain_text("Elle quittera le mur dans la minute")
    line.locator("[data-act=keep]").click()
    expect(line).to_contain_text("Sur le mur")
    line.locator("[data-act=withdraw]").click()
    line.locator("[data-act=sure]").click()
    expect(line).to_contain_text("Elle quitte le mur dans la minute")
    line.locator("[data-act=now]").click()
    expect(phone.page.locator("#mine li")).to_contain_text("Retirée du mur")


# The wall


def test_letters_lead_to_their_cluster_and_stay_in_reach(open_room: OpenRoom) -> None:
    room = open_room()
    room.full(clusters=6, each=5)
    phone = room.entered()
    phone.looks_at_wall()
    page = phone.page
    for letter in ("D", "B"):
        link = page.get_by_role("link", name=re.compile(f"^Grappe {letter}, "))
        link.focus()
        page.keyboard.press("Enter")
        heading = page.locator(f"[data-letter={letter}] h2")
        expect(heading).to_be_focused()
        above = page.locator("#letters").bounding_box()
        box = heading.bounding_box()
        assert above and box
        assert above["y"] + above["height"] <= box["y"] < above["y"] + above["height"] + 60
        expect(page.locator("#letters")).to_be_in_viewport()


def test_notes_of_no_cluster_have_a_name_for_who_reads(open_room: OpenRoom) -> None:
    room = open_room()
    room.full(clusters=2, each=1)
    phone = room.entered()
    own_note(phone)
    phone.looks_at_wall()
    heading = phone.page.locator("#lane-unsorted h2")
    expect(heading).to_have_text("À rangerPas encore en grappe")
    expect(
        phone.page.get_by_role("heading", name="Pas encore en grappe", exact=True)
    ).to_be_visible()
    room.does("closings", keep="all")
    expect(phone.page.get_by_role("heading", name="Notes seules", exact=True)).to_be_visible()
    expect(phone.page.locator("#letters")).to_be_visible()


def named(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, exact=True)


@pytest.mark.parametrize("size", [{"width": 320, "height": 256}, {"width": 844, "height": 390}])
def test_on_a_very_low_screen_nothing_covers_the_wall(
    open_room: OpenRoom, size: dict[str, int]
) -> None:
    """400 % zoom of a desk's screen, and a phone on its side."""
    room = open_room()
    room.full(clusters=4, each=4)
    phone = room.entered(size)
    phone.looks_at_wall()
    page = phone.page
    page.get_by_role("link", name=re.compile("^Grappe C, ")).click()
    box = page.locator("[data-letter=C] h2").bounding_box()
    assert box and 0 <= box["y"] < 60
    assert spill(page) == 0


def test_the_time_of_the_step_is_shown_and_leaves_with_the_step(open_room: OpenRoom) -> None:
    room = open_room(script="rapport-a-l-argent")
    phone = room.entered()
    time = phone.page.get_by_role("timer")
    room.does("steps", go="next")
    expect(phone.page.locator("#where")).to_have_text("Étape 1 sur 11")
    expect(time).to_be_hidden()
    room.does("timers", minutes="10")
    expect(time).to_have_text(re.compile("9:5"))
    room.does("timers", minutes="0.02")
    expect(time).to_have_text("+0:01")
    phone.page.reload()
    expect(time).to_have_text(re.compile(r"^\+0:0"))
    room.does("steps", go="next")
    expect(time).to_be_hidden()
    expect(phone.page.locator("#where")).to_have_text("Étape 2 sur 11")


def test_the_whole_promise_is_read_before_the_first_tap_without_scrolling(
    open_room: OpenRoom,
) -> None:
    phone = open_room(mode="reveal").phone()
    promise = phone.page.locator(".promesse:visible").bounding_box()
    foot = phone.page.locator(".pied-tel").bounding_box()
    assert promise and foot
    assert promise["y"] + promise["height"] < foot["y"]


@pytest.mark.parametrize("width", [320, 390])
def test_the_news_of_a_reveal_fits_a_phone_at_the_largest_text(
    open_room: OpenRoom, width: int
) -> None:
    phone = open_room(mode="reveal").entered({"width": width, "height": 640})
    settings(phone.page).locator("[name=textSize][value='150']").check(force=True)
    phone.page.locator("#settings [data-close]").click()
    phone.page.evaluate(
        "document.body.dataset.uiOffer = 'wall'; document.dispatchEvent(new Event('phone-changed'))"
    )
    offer = phone.page.locator("#offer-wall")
    expect(offer).to_be_visible()
    assert spill(phone.page) == 0
    button = offer.locator(".btn")
    assert button.evaluate("b => b.scrollWidth <= b.clientWidth + 1 && b.offsetHeight < 80")


def test_a_wall_with_news_opens_at_its_beginning(open_room: OpenRoom) -> None:
    room = open_room()
    room.full(clusters=3, each=6)
    phone = room.entered()
    phone.waits_for_wall(18)
    phone.looks_at_wall()
    phone.page.evaluate("scrollTo(0, 700)")
    tap(phone, "write")
    phone.page.evaluate("document.body.dataset.uiNews = '1'")
    tap(phone, "wall")
    assert phone.page.evaluate("scrollY") == 0
    phone.page.evaluate("scrollTo(0, 700)")
    before = phone.page.evaluate("scrollY")
    tap(phone, "write")
    tap(phone, "wall")
    assert phone.page.evaluate("scrollY") == before > 0, "without news one goes on where one was"


def tap(phone: Phone, tab: str) -> None:
    phone.page.evaluate(f"document.querySelector('[data-tab={tab}]').click()")
