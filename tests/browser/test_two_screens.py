"""Two facilitators at once: whatever they do to the same wall, both see the same in the end."""

from itertools import cycle

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Facilitator
from tests.browser.walls import FullRoom
from tests.server import Server

pytestmark = pytest.mark.browser

ALL_AT_ONCE = """requests => { window.answers = Promise.all(requests.map(([path, fields]) =>
    fetch(location.pathname + path, {method: "POST", body: new URLSearchParams(fields)})
        .then(answer => answer.status))); }"""


def lanes(screen: Facilitator) -> list[list[str]]:
    """Letter, title and the notes of each lane, as this screen has them."""
    drawn: list[list[str]] = screen.page.evaluate("""() =>
        [...document.querySelectorAll("#board .lane")].map(lane => [
            lane.dataset.letter ?? "", lane.querySelector("[data-title]")?.textContent ?? "",
            ...[...lane.querySelectorAll(".note")].map(note => note.dataset.note)])""")
    return drawn


def test_moves_and_renames_made_at_once_converge_and_lose_nothing(
    chromium: Browser, server: Server
) -> None:
    full = FullRoom(server, 24, 4)
    first, second = full.steered(chromium), full.steered(chromium)
    for round, (mine, theirs) in enumerate(zip(full.clusters, full.clusters[1:], strict=False)):
        for screen, cluster, reverse in ((first, mine, False), (second, theirs, True)):
            notes = list(reversed(full.notes)) if reverse else full.notes
            shared = notes[6:18]  # the same for both, beside some of their own
            requests = [["/moves", [["note", note], ["cluster", cluster]]] for note in shared]
            requests.insert(3, [f"/clusters/{mine}", [["title", f"Titre {round} {reverse}"]]])
            screen.page.evaluate(ALL_AT_ONCE, requests)
        for screen in (first, second):
            assert set(screen.page.evaluate("window.answers")) == {204}
    board = full.facilitator.client.get(f"/r/{full.id}/board").text
    seq = board.split('data-seq="')[1].split('"')[0]
    for screen in (first, second):
        expect(screen.page.locator("#board")).to_have_attribute("data-seq", seq)
    assert lanes(first) == lanes(second)
    assert sorted(note for lane in lanes(first) for note in lane[2:]) == sorted(full.notes)
    first.page.reload()
    assert lanes(first) == lanes(second)
    assert first.troubles == second.troubles == []


def test_both_sort_by_hand_at_once(chromium: Browser, server: Server) -> None:
    full = FullRoom(server, 12, 2)
    first, second = full.steered(chromium), full.steered(chromium)
    loose = [note for lane in lanes(first) if not lane[0] for note in lane[2:]]
    for screen, note, letter in zip(cycle((first, second)), loose, "ABBA", strict=False):
        screen.page.locator(f"#note-{note}").focus()
        screen.page.keyboard.press(letter)
        same = second if screen is first else first
        same.page.locator(f"#note-{note}").focus()
        same.page.keyboard.press("B")
    for screen in (first, second):
        expect(screen.page.locator("#notes-unsorted .note")).to_have_count(len(loose) - 4)
        screen.page.wait_for_timeout(300)
    assert lanes(first) == lanes(second)
    assert first.troubles == second.troubles == []


def test_ten_acts_are_taken_back_one_by_one_from_either_screen(
    chromium: Browser, server: Server
) -> None:
    full = FullRoom(server, 12, 2)
    first, second = full.steered(chromium), full.steered(chromium)
    walls = [lanes(first)]
    loose = [note for lane in walls[0] if not lane[0] for note in lane[2:]]
    for note, letters in zip(loose, ("AB0", "AB0", "AB0", "A"), strict=True):
        for letter in letters:
            first.page.locator(f"#note-{note}").focus()
            first.page.keyboard.press(letter)
            lane = "#notes-unsorted" if letter == "0" else f"#clusters [data-letter={letter}]"
            expect(first.page.locator(f"{lane} #note-{note}")).to_have_count(1)
            walls.append(lanes(first))
    assert len(walls) == 11
    for number in reversed(range(10)):
        screen = (first, second)[number % 2]
        seq = screen.page.locator("#board").get_attribute("data-seq") or ""
        if number % 3:
            screen.page.locator("#undo").click()
        else:
            screen.page.locator("#plan").focus()
            screen.page.keyboard.press("Control+z")
        expect(screen.page.locator("#says")).to_have_text("Dernier geste annulé")
        for other in (first, second):
            expect(other.page.locator("#board")).to_have_attribute("data-seq", str(int(seq) + 1))
            assert lanes(other) == walls[number]
    first.page.keyboard.press("Control+z")
    expect(first.page.locator("#says")).to_have_text("Il n’y a rien à annuler.")
    assert first.troubles == second.troubles == []
