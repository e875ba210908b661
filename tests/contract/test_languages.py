"""`POST /language`: the viewer's language for the chrome; the board keeps the room's."""

import httpx2
import pytest

from tests.contract.conftest import StartServer
from tests.contract.people import JSON, Room, Server, refused

FRENCH = "Rejoindre la salle"
ENGLISH = "Join the room"


def chosen(server: Server, language: str, back: str = "/", **headers: str) -> httpx2.Response:
    client = server.client(Origin=server.origin, **headers)
    return client.post("/language", data={"language": language, "back": back})


def test_a_choice_is_kept_in_a_cookie_and_leads_back(server: Server) -> None:
    answer = chosen(server, "en", "/signin")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/signin"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("language=en;")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=31536000"} <= attributes


def test_over_https_the_cookie_is_bound_to_this_host(own_server: StartServer) -> None:
    server = own_server(ATELIER_ORIGIN="https://atelier.example")
    answer = chosen(server, "en")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-language=en;")
    assert "secure" in {part.strip().lower() for part in cookie.split(";")}


def test_the_choice_comes_before_the_browser_and_the_browser_before_the_server(
    server: Server,
) -> None:
    client = server.client(Origin=server.origin)
    assert FRENCH in client.get("/").text
    assert ENGLISH in client.get("/", headers={"Accept-Language": "en-GB, fr;q=0.5"}).text
    client.post("/language", data={"language": "fr"})
    assert FRENCH in client.get("/", headers={"Accept-Language": "en-GB"}).text
    client.post("/language", data={"language": "en"})
    assert ENGLISH in client.get("/", headers={"Accept-Language": "fr"}).text


def test_a_strange_cookie_is_not_a_language(server: Server) -> None:
    assert FRENCH in server.client(Cookie="language=../../etc").get("/").text


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/..//evil.example",
        "javascript:alert(1)",
        "desk",
        "/desk\r\nSet-Cookie: a=b",
        "/é",
        "",
    ],
)
def test_it_leads_nowhere_but_to_a_page_of_this_server(server: Server, back: str) -> None:
    answer = chosen(server, "en", back)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"


def test_a_page_of_a_room_is_a_place_to_come_back_to(room: Room) -> None:
    back = f"/r/{room.room}?view=phone"
    assert chosen(room.server, "en", back).headers["Location"] == back


def test_by_htmx_the_way_back_is_told(server: Server) -> None:
    answer = chosen(server, "en", "/signin", **{"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/signin"
    assert "set-cookie" in answer.headers


def test_a_language_that_is_not_there_is_refused(server: Server) -> None:
    answer = chosen(server, "de", **JSON)
    assert refused(answer, 422) == "language-unknown"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
)
def test_another_site_cannot_choose(server: Server, headers: dict[str, str]) -> None:
    client = server.client(**JSON, **headers)
    answer = client.post("/language", data={"language": "en"})
    assert refused(answer, 403) == "origin-foreign"


def test_the_board_speaks_the_language_of_the_room_to_everybody(room: Room) -> None:
    phone = room.phone()
    phone.http.post("/language", data={"language": "en"})
    page = phone.http.get(room.page).text
    assert '<html lang="en">' in page
    assert '<section id="board" lang="fr"' in page
    assert "I have read and agree" in page
    board = page.partition('<section id="board"')[2].partition("\n</section>")[0]
    assert "À ranger" in board


def test_a_sentence_about_a_note_knows_nothing_of_the_phone(room: Room) -> None:
    """The note comes without cookie, so its refusal is in the room's language."""
    phone = room.phone()
    answer = phone.send("notes", {"text": "x"}, **{"Accept-Language": "en"})
    assert answer.json()["says"] == "La demande n’a pas la forme attendue."
