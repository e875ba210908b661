"""Limits: a whole group behind one address comes in, who guesses codes or passwords does not."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.contract.conftest import StartServer
from tests.contract.people import JSON, PASSWORD, Facilitator, Room, Server, refused


@pytest.fixture
def limited(own_server: StartServer) -> Server:
    return own_server(ATELIER_RATE="on")


def until_limited(ask: Callable[[], httpx2.Response], most: int) -> httpx2.Response:
    """The first answer that says to wait, of many that are asked for at once."""
    with ThreadPoolExecutor(20) as pool:
        for _ in range(0, most, 40):
            answers = [each.result() for each in [pool.submit(ask) for _ in range(40)]]
            limited = [answer for answer in answers if answer.status_code == 429]
            if limited:
                return limited[0]
    raise AssertionError(f"{most} times and no limit")


def told_to_wait(answer: httpx2.Response) -> None:
    refused(answer, 429)
    assert int(answer.headers["Retry-After"]) > 0


def test_forty_people_behind_one_address_join_and_write_within_a_minute(limited: Server) -> None:
    room = limited.facilitator("claire@example.org").open()
    started = time.monotonic()
    phones = []
    for number in range(40):
        if number % 4 == 0:
            refused(limited.join("ZZZZZZ"), 404)  # who mistypes first
        phones.append(room.phone())
    for phone in phones:
        phone.look()
        phone.write("une note")
        phone.write("et une autre")
    assert time.monotonic() - started < 60
    room.reveal()
    assert len(room.wall()) == 80
    told_to_wait(until_limited(lambda: limited.join("ZZZZZZ"), 200))
    form = limited.client().post("/join", data={"code": "ZZZZZZ"})
    assert form.status_code == 429
    assert int(form.headers["Retry-After"]) > 0


def test_a_flood_of_notes_is_told_to_wait(limited: Server) -> None:
    room: Room = limited.facilitator("claire@example.org").open()
    phone = room.phone()
    body = {"note": "0" * 32, "secret": "A" * 43, "text": "", "rev": 0}
    told_to_wait(until_limited(lambda: phone.send("notes", body), 3000))


def test_five_wrong_passwords_close_the_account_for_this_address(limited: Server) -> None:
    limited.add("claire@example.org")
    limited.add("jean@example.org")
    client = limited.client(**JSON, Origin=limited.origin)
    form = {"email": "claire@example.org", "password": "non"}
    for _ in range(5):
        assert client.post("/signin", data=form).status_code in (401, 403, 422)
    told_to_wait(client.post("/signin", data=form))
    told_to_wait(client.post("/signin", data={**form, "password": PASSWORD}))
    Facilitator(limited).sign_in("jean@example.org")


def test_wrong_passwords_sent_at_once_are_no_more_than_those_sent_in_turn(
    limited: Server,
) -> None:
    limited.add("claire@example.org")
    client = limited.client(**JSON, Origin=limited.origin)

    def guess(number: int) -> int:
        form = {"email": "claire@example.org", "password": f"essai {number}"}
        return client.post("/signin", data=form).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(guess, range(40)))
    assert len([status for status in answers if status != 429]) <= 5, answers


def test_without_limits_nobody_is_told_to_wait(server: Server) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: server.join("ZZZZZZ"), range(120)))
    assert {answer.status_code for answer in answers} == {404}
