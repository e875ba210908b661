"""What holds for every page: its headers, where a request may come from, and who may act."""

import re

import httpx2
import pytest

from tests.contract.people import JSON, Facilitator, Note, Room, Server, refused
from tests.contract.tree import parse


@pytest.fixture
def pages(room: Room) -> dict[str, httpx2.Response]:
    outside, facilitator = room.server.client(), room.facilitator.http
    return {
        "join": outside.get("/"),
        "sign in": outside.get("/signin"),
        "desk": facilitator.get("/desk"),
        "phone": room.phone().http.get(room.page),
        "board": facilitator.get(room.page),
        "projector": facilitator.get(f"{room.page}?view=projector"),
        "projector link": outside.get(room.projector),
        "not found": outside.get("/nulle/part"),
        "no room": outside.get(f"/r/{'0' * 32}"),
        "refused code": outside.post("/join", data={"code": "zzzzzz"}),
        "fragment": facilitator.get(f"{room.path}/board"),
        "export": facilitator.get(f"{room.path}/export/group.json"),
        "health": outside.get("/healthz"),
        "refused act": facilitator.post(f"{room.path}/reveals"),
    }


def policy(answer: httpx2.Response) -> dict[str, str]:
    directives = answer.headers["Content-Security-Policy"].split(";")
    return {d.split()[0]: " ".join(d.split()[1:]) for d in directives if d.strip()}


def test_every_page_says_what_may_run_and_be_sent(pages: dict[str, httpx2.Response]) -> None:
    for name, page in pages.items():
        rules = policy(page)
        assert rules["base-uri"] == "'none'", name
        assert rules["form-action"] == "'self'", name
        assert rules["frame-ancestors"] == "'none'", name
        assert "unsafe-inline" not in str(rules) and "unsafe-eval" not in str(rules), name
        assert "nonce-" in rules["script-src"], name
        assert page.headers["X-Content-Type-Options"] == "nosniff", name
        assert page.headers["Referrer-Policy"] == "no-referrer", name


def test_what_lies_in_a_room_is_not_stored(pages: dict[str, httpx2.Response]) -> None:
    for name, page in pages.items():
        if page.request.url.path.startswith("/r/"):
            assert "no-store" in page.headers["Cache-Control"], name


def test_a_nonce_is_used_once_and_every_script_carries_it(
    pages: dict[str, httpx2.Response],
) -> None:
    nonces = [
        re.findall(r"nonce-([\w+/=-]+)", policy(page)["script-src"])[0] for page in pages.values()
    ]
    assert len(set(nonces)) == len(nonces)
    for (name, page), nonce in zip(pages.items(), nonces, strict=True):
        if not page.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for element in parse(page.text).every():
            if element.tag == "script" and element.attributes.get("type") != "application/json":
                assert element.attributes.get("nonce") == nonce, name
            assert not {a for a in element.attributes if a.startswith("on")}, name
            assert element.tag != "style" and "style" not in element.attributes, name


def test_no_page_calls_anywhere_else(pages: dict[str, httpx2.Response], server: Server) -> None:
    for name, page in pages.items():
        if not page.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for element in parse(page.text).every():
            for attribute in ("src", "href", "action"):
                target = element.attributes.get(attribute, "")
                if element.tag == "a" or not re.match(r"(?:https?:)?//", target):
                    continue
                assert target.startswith(server.origin), (name, target)


def test_every_file_that_a_page_names_is_there(pages: dict[str, httpx2.Response]) -> None:
    named = {
        element.attributes[attribute].split("#")[0]
        for page in pages.values()
        if page.headers.get("Content-Type", "").startswith("text/html")
        for element in parse(page.text).every()
        for attribute in ("src", "href")
        if element.tag in ("link", "script", "img", "use") and attribute in element.attributes
    }
    client = httpx2.Client(base_url=str(pages["join"].request.url.copy_with(path="/")))
    with client:
        for path in sorted(name for name in named if name.startswith("/")):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path


def test_health_is_ok(server: Server) -> None:
    answer = server.client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def acting(facilitator: Facilitator, **headers: str) -> httpx2.Client:
    """The facilitator's cookie, from a page that says these things of itself."""
    client = facilitator.server.client(**JSON, **headers)
    client.cookies = facilitator.http.cookies
    return client


FOREIGN: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_an_unsafe_request_from_elsewhere_does_nothing(room: Room, headers: dict[str, str]) -> None:
    client = acting(room.facilitator, **headers)
    refused(client.post(f"{room.path}/veils", data={"on": "1"}), 403)
    refused(client.delete(f"{room.path}/clusters/{'a' * 32}"), 403)
    refused(client.post("/rooms", data={"title": "x", "theme": "x", "mode": "reveal"}), 403)
    assert room.board()["data-veil"] == "0"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": ""}], ids=str)
def test_an_unsafe_request_from_our_pages_is_done(room: Room, headers: dict[str, str]) -> None:
    known = {name: value or room.server.origin for name, value in headers.items()}
    client = acting(room.facilitator, **known)
    assert client.post(f"{room.path}/veils", data={"on": "1"}).is_success


def test_signing_in_from_elsewhere_is_refused(server: Server, facilitator: Facilitator) -> None:
    form = {"email": "claire@example.org", "password": "x"}
    for headers in FOREIGN[1:]:
        refused(server.client(**JSON, **headers).post("/signin", data=form), 403)


def test_a_bearer_without_a_cookie_is_checked_only_if_it_says_where_from(room: Room) -> None:
    phone = room.phone()

    def answer(**headers: str) -> httpx2.Response:
        note = Note()
        body = {"note": note.note, "secret": note.secret, "text": "x", "rev": 0}
        return phone.send("notes", body, **headers)

    assert answer().status_code == 201
    assert answer(Origin=room.server.origin).status_code == 201
    assert answer(**{"Sec-Fetch-Site": "same-origin"}).status_code == 201
    refused(answer(Origin="https://evil.example"), 403)
    refused(answer(Origin="null"), 403)
    refused(answer(**{"Sec-Fetch-Site": "cross-site"}), 403)
    cookie = "; ".join(f"{k}={v}" for k, v in phone.http.cookies.items())
    refused(answer(Cookie=cookie), 403)


def test_joining_from_elsewhere_with_a_cookie_is_refused(room: Room) -> None:
    cookie = "; ".join(f"{k}={v}" for k, v in room.phone().http.cookies.items())
    client = room.server.client(**JSON, Cookie=cookie, Origin="https://evil.example")
    refused(client.post("/join", data={"code": room.code}), 403)


ACTS = (
    "steps", "reveals", "clusters", f"clusters/{'a' * 32}", "moves", "veils", "hides", "undos",
    "locks", "closings",
)  # fmt: skip


def test_only_the_rooms_own_facilitator_acts_on_it(room: Room, stranger: Facilitator) -> None:
    note = room.revealed("un", "deux", "trois")[0].note
    form = {"go": "wall", "on": "1", "keep": "nothing", "cluster": "a" * 32, "title": "x"}
    form["note"] = note
    before = room.board().canonical()
    participant, nobody = room.phone().http, room.server.client(Origin=room.server.origin)
    for noun in ACTS:
        path = f"{room.path}/{noun}"
        refused(stranger.http.post(path, data=form, headers=JSON), 403, 404)
        refused(participant.post(path, data=form, headers=JSON), 403)
        assert nobody.post(path, data=form, headers=JSON).status_code in (303, 401, 403), noun
    assert stranger.http.get(f"{room.path}/board").status_code in (403, 404)
    assert "data-seq" not in stranger.http.get(room.page).text
    assert room.board().canonical() == before


def test_the_desk_wants_a_facilitator(room: Room) -> None:
    for client in (room.server.client(), room.phone().http):
        answer = client.get("/desk")
        assert answer.status_code in (302, 303, 401, 403)
    assert room.facilitator.http.get("/desk").status_code == 200


def test_a_wrong_password_and_an_unknown_account_look_alike(
    server: Server, facilitator: Facilitator
) -> None:
    client = server.client(**JSON, Origin=server.origin)
    wrong = client.post("/signin", data={"email": "claire@example.org", "password": "non"})
    unknown = client.post("/signin", data={"email": "personne@example.org", "password": "non"})
    assert wrong.status_code == unknown.status_code
    assert 400 <= wrong.status_code < 500
    assert wrong.content == unknown.content
    assert "set-cookie" not in wrong.headers


def test_the_projector_link_needs_no_account_and_shows_nothing_by_itself(room: Room) -> None:
    room.revealed("un mot du mur", "deux", "trois")
    path, _, secret = room.projector.partition("#")
    assert len(secret) >= 40, "the secret is in the fragment"
    answer = room.server.client().get(path)
    assert answer.status_code == 200
    assert "un mot du mur" not in answer.text and secret not in answer.text


def test_the_projector_wants_someone_of_the_room(room: Room) -> None:
    room.revealed("un mot du mur", "deux", "trois")
    answer = room.server.client().get(f"{room.page}?view=projector")
    assert "un mot du mur" not in answer.text


def test_markup_in_titles_and_notes_stays_text_on_every_page(facilitator: Facilitator) -> None:
    evil = "</script><img src=x onerror=alert(1)>\"'"
    room = facilitator.open(title=evil)
    room.cluster(evil, *(note.note for note in room.revealed(evil, evil, evil)))
    phone = room.phone().http
    for page in (
        facilitator.http.get("/desk"),
        facilitator.http.get(room.page),
        facilitator.http.get(f"{room.page}?view=projector"),
        phone.get(room.page),
        room.get("board"),
    ):
        assert page.status_code == 200, page.url
        elements = parse(page.text).every()
        assert not [e for e in elements if e.attributes.get("src") == "x"], page.url
    assert set(room.wall().values()) == {evil}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE", "GET"])
def test_other_methods_are_refused(room: Room, method: str) -> None:
    answer = room.facilitator.http.request(method, f"{room.path}/reveals")
    assert answer.status_code in (404, 405)


@pytest.mark.parametrize(
    "path",
    ["/static/../../pyproject.toml", "/static/%2e%2e/%2e%2e/pyproject.toml", "/static//etc/passwd"],
)
def test_static_files_end_at_their_folder(server: Server, path: str) -> None:
    answer = server.client().get(path)
    assert answer.status_code in (400, 404)
