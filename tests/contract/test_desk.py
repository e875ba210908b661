"""`GET /desk`: each room where something is to be done with it, and opening one."""

from functools import partial

from tests.contract.conftest import StartServer
from tests.contract.people import (
    JSON,
    SCRIPT,
    THRESHOLD,
    Facilitator,
    Room,
    eventually,
    refused,
)
from tests.contract.tree import Element, parse


def desk(facilitator: Facilitator) -> str:
    return facilitator.http.get("/desk", headers={"Accept-Language": "fr"}).text


def places(page: str) -> dict[str, str]:
    """The group in which each room stands, by its title."""
    return {
        titled(row): group["aria-labelledby"].removeprefix("salles-")
        for group in parse(page).every()
        if group.attributes.get("class") == "lignes-liste"
        for row in group.every()
        if row.tag == "li"
    }


def titled(row: Element) -> str:
    return next(element.text for element in row.every() if element.tag == "b")


def test_the_desk_puts_rooms_where_something_is_to_be_done(own_server: StartServer) -> None:
    facilitator = own_server().facilitator("a@example.org")
    assert "Votre établi est prêt" in desk(facilitator)
    scripted = facilitator.open(script=SCRIPT, title="Trame")
    assert "Votre établi est prêt" not in desk(facilitator)
    assert places(desk(facilitator)) == {"Trame": "open"}
    assert "Reprendre la salle" not in desk(facilitator), "nobody is in session"
    wall = facilitator.open(title="Mur")
    assert f"Reprendre la salle {wall.code[:3]}\u00a0{wall.code[3:]}" in desk(facilitator)
    while scripted.do("steps", go="next").is_success:
        pass
    assert places(desk(facilitator)) == {"Trame": "to-close", "Mur": "open"}
    wall.close("all")
    assert places(desk(facilitator)) == {"Trame": "to-close", "Mur": "to-close"}
    assert "Revenir sur la clôture" in desk(facilitator)
    assert "Reprendre la salle" not in desk(facilitator)


def test_with_two_rooms_in_session_the_desk_does_not_choose(own_server: StartServer) -> None:
    facilitator = own_server().facilitator("a@example.org")
    for title in ("Une", "Autre"):
        facilitator.open(title=title)
    assert "Reprendre la salle" not in desk(facilitator)


def test_each_script_shows_its_balance_and_its_steps(facilitator: Facilitator) -> None:
    page = desk(facilitator)
    assert "Personnel 43 minutes, collectif 85, théorique 12" in page
    assert "sensibilité forte" in page and "Phrases entendues" in page


def test_a_room_speaks_the_language_it_was_opened_in_whoever_looks(
    facilitator: Facilitator,
) -> None:
    form = {"script": SCRIPT, "title": "Thursday group", "language": "en"}
    room = Room(facilitator, **facilitator.http.post("/rooms", data=form, headers=JSON).json())
    page = facilitator.http.get(room.page, headers={"Accept-Language": "fr"}).text
    assert '<html lang="fr"' in page and "Setting the frame" in page
    assert (room.export()["title"], room.export()["language"]) == ("Thursday group", "en")


def test_a_script_or_a_wall_is_rehearsed_with_an_imagined_group(facilitator: Facilitator) -> None:
    rooms = {
        title: rehearsal(facilitator, script=script, title=title)
        for script, title in ((SCRIPT, "Groupe du jeudi"), ("", "Mur"))
    }
    for title, room in rooms.items():
        assert f"Répétition\u00a0: {title}" in facilitator.http.get(room.page).text
        while room.board()["data-mode"] != "reveal":
            room.step()
    for room in rooms.values():
        eventually(partial(reveals, room), within=40)
        assert len(room.wall()) >= THRESHOLD
        assert facilitator.http.post(f"{room.path}/erasures").is_success


def test_the_title_of_a_rehearsal_fits_and_is_in_the_language_of_the_room(
    facilitator: Facilitator,
) -> None:
    room = rehearsal(facilitator, script=SCRIPT, language="en", title="word " * 23 + "words")
    title = room.export()["title"]
    assert title.startswith("Rehearsal: word word") and title.endswith(" word…")
    assert 110 < len(title) <= 120
    room.facilitator.http.post(f"{room.path}/erasures")


def test_an_account_rehearses_in_three_rooms_at_once(own_server: StartServer) -> None:
    server = own_server()
    facilitator = server.facilitator("a@example.org")
    rooms = [rehearsal(facilitator) for _ in range(3)]
    refusal = facilitator.http.post("/rooms", data={"rehearse": "1"}, headers=JSON)
    assert refused(refusal, 409) == "too-many-rehearsals"
    assert len(places(desk(facilitator))) == 1, "nothing was opened, and all have the same title"
    assert desk(facilitator).count("<li><div><b>Répétition") == 3
    facilitator.open()
    rehearsal(server.facilitator("b@example.org"))
    rooms[0].close("nothing")
    rehearsal(facilitator)
    facilitator.http.post(f"{rooms[1].path}/erasures")
    rehearsal(facilitator)


def reveals(room: Room) -> bool:
    return room.do("reveals").is_success


def rehearsal(facilitator: Facilitator, **form: str) -> Room:
    answer = facilitator.http.post("/rooms", data={"rehearse": "1", **form}, headers=JSON)
    assert answer.status_code == 201, answer.text
    return Room(facilitator, **answer.json())
