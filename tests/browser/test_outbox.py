"""A note is on the phone before it is on its way, and stays there until the server has answered."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "atelier" / "static"
ORIGIN = "http://localhost:1"
PAGE = """<!doctype html><body data-room="r1" data-pass="p1">
<script type="module">import * as outbox from "/static/js/outbox.js";
window.outbox = outbox; outbox.start();</script>"""
HERE = {"step": "3-post", "mode": "reveal", "limit": 200}


class Server:
    """Answers like the room would; `answers` are given first, in order, then notes are kept."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.raw: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[Callable[[Route], None]] = []
        self.online = True

    def __call__(self, route: Route) -> None:
        request = route.request
        path = request.url.removeprefix(ORIGIN)
        if request.method == "GET":
            static = path.startswith("/static/")
            if static:
                route.fulfill(path=STATIC / path.removeprefix("/static/"))
            else:
                route.fulfill(body=PAGE, content_type="text/html")
            return
        if not self.online:
            route.abort()
            return
        body = request.post_data or ""
        self.raw.append(body)
        self.headers.append(request.all_headers())
        self.posts.append({"path": path, **json.loads(body)})
        if self.answers:
            self.answers.pop(0)(route)
        else:
            status(204 if path.endswith("withdrawals") else 201)(route)


def status(code: int, **headers: str) -> Callable[[Route], None]:
    body = json.dumps({"refused": "step-closed", "says": "Cette étape ne prend plus de notes."})
    headers = {"Atelier-Answer" if code < 400 else "Atelier-Refused": "what it is", **headers}
    return lambda route: route.fulfill(status=code, body=body, headers=headers)


def lost(route: Route) -> None:
    route.abort()


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def phone(chromium: Browser, server: Server) -> Iterator[BrowserContext]:
    context = chromium.new_context()
    context.route("**/*", server)
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    return opened(phone.new_page())


def opened(page: Page) -> Page:
    page.goto(ORIGIN + "/r/r1")
    page.wait_for_function("window.outbox")
    return page


def put(page: Page, text: str) -> str:
    return str(page.evaluate("([text, here]) => outbox.put(text, here)", [text, HERE]))


def state(page: Page, note: str) -> Any:
    return page.evaluate("id => outbox.note(id)?.state ?? null", note)


def until(page: Page, note: str, expected: str | None) -> None:
    page.wait_for_function(
        "([id, state]) => (outbox.note(id)?.state ?? null) === state", arg=[note, expected]
    )


def tried_in_vain(page: Page) -> None:
    page.wait_for_function("!outbox.isTrying()")


def wake(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('online'))")


def test_a_note_is_sent_with_the_pass_and_nothing_about_the_person(
    phone: BrowserContext, page: Page, server: Server
) -> None:
    phone.add_cookies([{"name": "who", "value": "me", "url": ORIGIN}])
    note = put(page, "Un sou est un sou.")
    until(page, note, "kept")
    post = server.posts[0]
    assert set(post) == {"path", "note", "step", "text", "secret", "rev", "pad"}
    assert post["path"] == "/r/r1/notes"
    assert post["note"] == note
    assert re.fullmatch("[0-9a-f]{32}", note)
    assert re.fullmatch("[A-Za-z0-9_-]{43}", post["secret"])
    assert (post["step"], post["rev"]) == ("3-post", 0)
    headers = server.headers[0]
    assert headers["authorization"] == "Bearer p1"
    assert "cookie" not in headers
    assert "referer" not in headers


def test_notes_edits_and_take_backs_have_bodies_of_the_same_size(
    page: Page, server: Server
) -> None:
    note = put(page, "déjà vu 🪵")
    until(page, note, "kept")
    page.evaluate("id => outbox.edit(id, 'un texte bien plus long que le premier')", note)
    until(page, note, "kept")
    page.evaluate("id => outbox.takeBack(id)", note)
    until(page, note, None)
    assert [len(raw.encode()) for raw in server.raw] == [2048, 2048, 2048]
    assert [post.get("rev") for post in server.posts] == [0, 1, None]


def test_a_note_is_stored_before_its_first_try_and_survives_a_reload(
    page: Page, server: Server
) -> None:
    server.online = False
    note = put(page, "sans réseau")
    assert (
        page.evaluate(f"JSON.parse(localStorage['atelier.r1.note.{note}']).text") == "sans réseau"
    )
    opened(page)
    assert state(page, note) == "waiting"
    server.online = True
    wake(page)
    until(page, note, "kept")
    assert [post["note"] for post in server.posts] == [note]


def test_a_lost_answer_is_asked_again_with_the_same_id_and_secret(
    page: Page, server: Server
) -> None:
    server.answers = [lost, status(503), status(200)]
    note = put(page, "une fois")
    until(page, note, "kept")
    assert len({(post["note"], post["secret"]) for post in server.posts}) == 1
    assert len(server.posts) == 3


def test_a_full_server_is_left_in_peace_as_long_as_it_asks(page: Page, server: Server) -> None:
    server.answers = [status(429, **{"Retry-After": "2"})]
    note = put(page, "patience")
    page.wait_for_timeout(300)
    wake(page)
    page.wait_for_timeout(900)
    assert len(server.posts) == 1
    until(page, note, "kept")


def test_a_refused_note_stays_on_the_phone_with_the_reason(page: Page, server: Server) -> None:
    server.answers = [status(409)]
    note = put(page, "trop tard")
    until(page, note, "refused")
    wake(page)
    page.wait_for_timeout(200)
    assert len(server.posts) == 1
    entry = page.evaluate("id => outbox.note(id)", note)
    assert entry["text"] == "trop tard"
    assert entry["says"] == "Cette étape ne prend plus de notes."
    page.evaluate("([id, here]) => outbox.sendAnew(id, here)", [note, {**HERE, "step": "5-post"}])
    page.wait_for_function("outbox.notes().every(({ state }) => state === 'kept')")
    assert server.posts[1]["note"] != note
    assert (server.posts[1]["step"], server.posts[1]["text"]) == ("5-post", "trop tard")


def test_an_edit_while_waiting_replaces_the_text(page: Page, server: Server) -> None:
    server.online = False
    note = put(page, "premier jet")
    tried_in_vain(page)
    page.evaluate("id => outbox.edit(id, 'second jet')", note)
    server.online = True
    wake(page)
    until(page, note, "kept")
    assert [(post["text"], post["rev"]) for post in server.posts] == [("second jet", 1)]


def test_a_refused_edit_leaves_the_note_and_keeps_its_own_text_apart(
    page: Page, server: Server
) -> None:
    note = put(page, "premier jet")
    until(page, note, "kept")
    server.answers = [status(409)]
    page.evaluate("id => outbox.edit(id, 'second jet')", note)
    page.wait_for_function("outbox.notes().length === 2")
    entries = page.evaluate("outbox.notes().map(({ text, state }) => [text, state])")
    assert entries == [["premier jet", "kept"], ["second jet", "refused"]]


def test_a_note_taken_back_while_waiting_is_never_sent(page: Page, server: Server) -> None:
    server.online = False
    note = put(page, "à reprendre")
    tried_in_vain(page)
    page.evaluate("id => outbox.takeBack(id)", note)
    assert state(page, note) == "withdrawing"
    opened(page)
    server.online = True
    wake(page)
    until(page, note, None)
    assert [post["path"] for post in server.posts] == ["/r/r1/withdrawals"]


def test_a_note_on_the_wall_leaves_later_unless_it_must_go_now(page: Page, server: Server) -> None:
    note = put(page, "sur le mur")
    until(page, note, "kept")
    page.evaluate("id => outbox.compareWithWall(n => n === id ? 'sur le mur' : null)", note)
    assert page.evaluate("id => outbox.note(id).text", note) == ""
    server.answers = [status(202)]
    page.evaluate("id => outbox.takeBack(id)", note)
    until(page, note, "leaving")
    page.evaluate("id => outbox.takeBack(id, { now: true })", note)
    until(page, note, "gone")
    assert [post.get("now") for post in server.posts] == [None, False, True]


def test_a_refused_pass_reloads_the_page_once(page: Page, server: Server) -> None:
    server.answers = [status(401), status(401)]
    with page.expect_navigation():
        note = put(page, "nouveau passe")
    page.wait_for_function("window.outbox")
    until(page, note, "refused")
    assert len(server.posts) == 2


def test_two_tabs_send_every_note_of_both(
    phone: BrowserContext, page: Page, server: Server
) -> None:
    other = opened(phone.new_page())
    notes = [put(page, "un"), put(other, "deux"), put(page, "trois")]
    for note in notes:
        until(page, note, "kept")
        until(other, note, "kept")
    # A tab that sleeps on its turn is not waited for: the same id twice is one note.
    assert {post["note"] for post in server.posts} == set(notes)


def test_nothing_says_which_note_was_ours_once_the_room_is_closed(
    page: Page, server: Server
) -> None:
    note = put(page, "gardée")
    until(page, note, "kept")
    server.online = False
    put(page, "jamais partie")
    tried_in_vain(page)
    page.evaluate("outbox.closeRoom('La séance était déjà close.')")
    stored = page.evaluate("JSON.stringify(localStorage)")
    assert note not in stored
    assert "secret" not in stored
    assert "jamais partie" in stored
    page.evaluate("outbox.reopenRoom()")
    assert state(page, note) == "kept"


def test_a_browser_that_stores_nothing_still_sends_and_says_so(page: Page) -> None:
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('quota'); }; }")
    note = put(page, "en mémoire")
    assert page.evaluate("outbox.isSafe()") is False
    until(page, note, "kept")


def test_a_draft_is_kept_for_its_step(page: Page) -> None:
    page.evaluate("outbox.keepDraft('3-post', 'à moitié')")
    opened(page)
    assert page.evaluate("[outbox.draft('3-post'), outbox.draft('4-post')]") == ["à moitié", ""]
