"""Clustering by hand: mouse and finger, and what other screens do in the meantime."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, expect

from tests.browser.people import BOARD, PHONE, Facilitator, Phone
from tests.browser.walls import FullRoom
from tests.server import Server

pytestmark = pytest.mark.browser

TEXTS = ["Une", "Deux", "Trois", "Quatre"]


@pytest.fixture
def board(chromium: Browser, server: Server) -> Iterator[Facilitator]:
    yield sorting(chromium, server)


def sorting(chromium: Browser, server: Server, **how: object) -> Facilitator:
    """A wall of four notes, the first of them in the cluster A."""
    facilitator: Facilitator = Facilitator.arrives(chromium, server, BOARD, **how)
    facilitator.signs_in()
    facilitator.opens_wall("Essai", "direct")
    phone = Phone.arrives(chromium, server, PHONE)
    phone.types_code(facilitator.code)
    phone.agrees()
    for text in TEXTS:
        phone.writes(text)
    facilitator.waits_for_wall(len(TEXTS))
    facilitator.forms_cluster("Premier", ["Une"])
    return facilitator


def note(screen: Facilitator, text: str) -> Locator:
    return screen.page.locator("#board [data-note]", has_text=text)


def lane(screen: Facilitator) -> Locator:
    return screen.page.locator("#clusters [data-letter=A]")


def centre(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def lifts(screen: Facilitator, text: str, over: Locator) -> None:
    mouse = screen.page.mouse
    mouse.move(*centre(note(screen, text)))
    mouse.down()
    mouse.move(*centre(over), steps=4)
    expect(screen.page.locator(".soulevee")).to_be_visible()


def assert_nothing_in_the_air(screen: Facilitator) -> None:
    left = ".soulevee, .cible, [data-ui-lifted], [data-ui-dragging], #board [style]"
    expect(screen.page.locator(left)).to_have_count(0)
    expect(screen.page.locator("#menu")).to_be_hidden()
    assert screen.troubles == []


def test_a_note_is_dragged_into_a_cluster_and_back(board: Facilitator) -> None:
    lifts(board, "Deux", lane(board))
    expect(board.page.locator(".lane.cible")).to_have_count(1)
    board.page.mouse.up()
    expect(lane(board).locator("[data-text]")).to_have_text(["Une", "Deux"])
    expect(board.page.locator("#says")).to_have_text("« Deux » rangée en A, Premier")
    lifts(board, "Une", board.page.locator("#lane-unsorted"))
    board.page.mouse.up()
    expect(lane(board).locator("[data-text]")).to_have_text(["Deux"])
    assert_nothing_in_the_air(board)


def test_a_press_without_movement_still_opens_the_menu(board: Facilitator) -> None:
    lifts(board, "Deux", lane(board))
    board.page.mouse.up()
    expect(lane(board).locator("[data-note]")).to_have_count(2)
    note(board, "Trois").click()
    expect(board.page.locator("#menu")).to_be_visible()


def test_a_note_dropped_on_the_tile_forms_a_cluster(board: Facilitator) -> None:
    lifts(board, "Trois", board.page.locator(".neuf"))
    board.page.mouse.up()
    board.page.locator("#naming-field").fill("Second")
    board.page.locator("#naming button[value=yes]").click()
    second = board.page.locator("#clusters [data-letter=B]")
    expect(second.locator("[data-text]")).to_have_text(["Trois"])
    assert_nothing_in_the_air(board)


def test_escape_and_a_drop_on_nothing_put_it_back(board: Facilitator) -> None:
    lifts(board, "Deux", lane(board))
    board.page.keyboard.press("Escape")
    board.page.mouse.up()
    assert_nothing_in_the_air(board)
    lifts(board, "Deux", board.page.locator(".anim > header"))
    board.page.mouse.up()
    assert_nothing_in_the_air(board)
    expect(lane(board).locator("[data-note]")).to_have_count(1)


def test_what_is_chosen_moves_together(board: Facilitator) -> None:
    for text in ("Deux", "Trois", "Quatre"):
        board.focuses(text)
        board.page.keyboard.press("Space")
    lifts(board, "Trois", lane(board))
    expect(board.page.locator(".soulevee strong")).to_have_text("3 notes")
    board.page.mouse.up()
    expect(lane(board).locator("[data-note]")).to_have_count(4)
    expect(board.page.locator("#says")).to_have_text("3 notes rangées en A, Premier")
    assert_nothing_in_the_air(board)


def touch(finger: CDPSession, kind: str, *at: float) -> None:
    points = [{"x": at[0], "y": at[1]}] if at else []
    finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_a_long_press_lifts_and_a_swipe_scrolls(chromium: Browser, server: Server) -> None:
    board = sorting(chromium, server, has_touch=True)
    finger = board.page.context.new_cdp_session(board.page)
    start, over = centre(note(board, "Deux")), centre(lane(board))
    touch(finger, "touchStart", *start)
    expect(board.page.locator(".soulevee")).to_be_visible()
    for part in (0.3, 0.6, 1):
        at = (a + (b - a) * part for a, b in zip(start, over, strict=True))
        touch(finger, "touchMove", *at)
    expect(board.page.locator(".lane.cible")).to_have_count(1)
    touch(finger, "touchEnd")
    expect(lane(board).locator("[data-text]")).to_have_text(["Une", "Deux"])
    assert_nothing_in_the_air(board)

    board.page.set_viewport_size({"width": 700, "height": 420})
    note(board, "Quatre").scroll_into_view_if_needed()
    x, y = centre(note(board, "Quatre"))
    before = board.page.evaluate("scrollY")
    touch(finger, "touchStart", x, y)
    for by in (20, 60, 100):
        touch(finger, "touchMove", x, y + by)
    touch(finger, "touchEnd")
    board.page.wait_for_function("before => scrollY !== before", arg=before)
    expect(lane(board).locator("[data-note]")).to_have_count(2)
    assert_nothing_in_the_air(board)


def joined(board: Facilitator, chromium: Browser, server: Server) -> Facilitator:
    other: Facilitator = Facilitator.arrives(chromium, server, BOARD)
    other.signs_in()
    other.page.goto(f"/r/{board.room}")
    other.waits_for_wall(len(TEXTS))
    return other


def test_two_screens_stay_equal_while_one_drags(
    board: Facilitator, chromium: Browser, server: Server
) -> None:
    other = joined(board, chromium, server)
    lifts(board, "Deux", lane(board))
    other.files_by_letter("Trois", "A")
    expect(lane(board).locator("[data-note]")).to_have_count(2)
    expect(board.page.locator(".soulevee")).to_be_visible()
    board.page.mouse.up()
    for screen in (board, other):
        expect(lane(screen).locator("[data-note]")).to_have_count(3)
    assert board.wall == other.wall
    assert_nothing_in_the_air(board)


def test_a_note_hidden_elsewhere_leaves_the_hand(
    board: Facilitator, chromium: Browser, server: Server
) -> None:
    other = joined(board, chromium, server)
    lifts(board, "Deux", lane(board))
    note(other, "Deux").click()
    other.page.locator("#menu").get_by_text("Masquer cette note").click()
    other.page.locator("#sure button[value=yes]").click()
    board.waits_for_wall(len(TEXTS) - 1)
    assert_nothing_in_the_air(board)
    board.page.mouse.up()
    expect(lane(board).locator("[data-note]")).to_have_count(1)
    assert_nothing_in_the_air(board)


def test_a_title_given_elsewhere_meanwhile_is_said(
    board: Facilitator, chromium: Browser, server: Server
) -> None:
    other = joined(board, chromium, server)
    for screen in (board, other):
        lane(screen).locator(".plus").click()
        screen.page.locator("#menu").get_by_text("Renommer").click()
    for screen, title in ((other, "Autre"), (board, "Le mien")):
        screen.page.locator("#naming-field").fill(title)
        screen.page.locator("#naming button[value=yes]").click()
        expect(lane(board).locator("[data-title]")).to_have_text(title)
    expect(board.page.locator("#says")).to_contain_text("passé de « Premier » à « Autre »")


def test_a_finger_at_the_edge_scrolls_a_long_wall_on_a_phone(
    chromium: Browser, server: Server
) -> None:
    full = FullRoom(server, 30, 3)
    board = full.steered(chromium, PHONE, has_touch=True)
    finger = board.page.context.new_cdp_session(board.page)
    first = board.page.locator("#notes-unsorted .note").first
    first.scroll_into_view_if_needed()
    text = first.inner_text()
    id = first.get_attribute("data-note") or ""
    x, y = centre(first)
    touch(finger, "touchStart", x, y)
    expect(board.page.locator(".soulevee")).to_be_visible()
    touch(finger, "touchMove", x, y + 30)
    bottom = board.page.locator(".anim > footer").bounding_box()
    assert bottom
    touch(finger, "touchMove", x, bottom["y"] - 10)
    lane = board.page.locator("#clusters [data-letter=A]")
    board.page.wait_for_function(
        "top => document.querySelector('#clusters [data-letter=A]')"
        ".getBoundingClientRect().top < top",
        arg=bottom["y"] - 120,
        timeout=15_000,
    )
    touch(finger, "touchMove", *centre(lane.locator("h2")))
    touch(finger, "touchMove", *centre(lane.locator("h2")))
    expect(board.page.locator(".lane.cible")).to_have_count(1)
    touch(finger, "touchEnd")
    expect(board.page.locator(f"#clusters [data-note='{id}']")).to_have_text(text)
    assert_nothing_in_the_air(board)


def test_a_mouse_at_the_edge_scrolls_the_plan(chromium: Browser, server: Server) -> None:
    board = FullRoom(server, 60, 12).steered(chromium, {"width": 1440, "height": 640})
    plan = board.page.locator("#plan").bounding_box()
    assert plan
    mouse = board.page.mouse
    mouse.move(*centre(board.page.locator("#notes-unsorted .note").first))
    mouse.down()
    mouse.move(plan["x"] + plan["width"] - 200, plan["y"] + plan["height"] - 12, steps=5)
    last = board.page.locator("#clusters .neuf")
    expect(last).to_be_in_viewport(timeout=15_000)
    mouse.move(plan["x"] + plan["width"] - 200, plan["y"] + 8, steps=3)
    expect(board.page.locator("#clusters [data-letter=A] h2")).to_be_in_viewport(timeout=15_000)
    board.page.keyboard.press("Escape")
    mouse.up()
    assert_nothing_in_the_air(board)


def test_a_cancelled_touch_puts_the_note_back(chromium: Browser, server: Server) -> None:
    board = sorting(chromium, server, has_touch=True)
    finger = board.page.context.new_cdp_session(board.page)
    touch(finger, "touchStart", *centre(note(board, "Deux")))
    expect(board.page.locator(".soulevee")).to_be_visible()
    touch(finger, "touchMove", *centre(lane(board)))
    expect(board.page.locator(".lane.cible")).to_have_count(1)
    touch(finger, "touchCancel")
    expect(board.page.locator(".soulevee")).to_have_count(0)
    assert_nothing_in_the_air(board)
    expect(lane(board).locator("[data-note]")).to_have_count(1)


def test_a_lane_dissolved_elsewhere_no_longer_takes_what_is_in_the_air(
    board: Facilitator, chromium: Browser, server: Server
) -> None:
    other = joined(board, chromium, server)
    lifts(board, "Deux", lane(board))
    expect(board.page.locator(".lane.cible")).to_have_count(1)
    lane(other).locator(".plus").click()
    other.page.locator("#menu").get_by_text("Dissoudre").click()
    other.page.locator("#sure button[value=yes]").click()
    expect(lane(board)).to_have_count(0)
    board.page.mouse.up()
    expect(board.page.locator("#notes-unsorted [data-note]")).to_have_count(len(TEXTS))
    expect(board.page.locator("#naming")).to_be_hidden()
    for screen in (board, other):
        assert_nothing_in_the_air(screen)
    assert board.wall == other.wall


def test_a_note_is_dragged_at_night(chromium: Browser, server: Server) -> None:
    board = sorting(chromium, server, color_scheme="dark")
    lifts(board, "Deux", lane(board))
    paper = "element => getComputedStyle(element).backgroundImage"
    picture = board.page.locator(".soulevee").evaluate(paper)
    assert picture == note(board, "Deux").evaluate(paper)
    board.page.mouse.up()
    expect(lane(board).locator("[data-note]")).to_have_count(2)
    assert_nothing_in_the_air(board)
