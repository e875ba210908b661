"""A server that dies under load loses no note that it acknowledged."""

import sqlite3
import threading
import time
from pathlib import Path

import httpx2
import pytest

from tests.server import Facilitator, Phone, Server, serving


@pytest.mark.parametrize("notes", [1, 23, 60])
def test_no_acknowledged_note_is_lost_when_the_server_is_killed(tmp_path: Path, notes: int) -> None:
    with serving(tmp_path, ATELIER_THRESHOLD="3") as server:
        facilitator = Facilitator(server)
        room = facilitator.open_room(title="Essai", mode="reveal")
        phones = [Phone(server, room["code"]) for _ in range(4)]
        acknowledged = write_until_killed(server, phones, notes)
        server.start()
        for number, phone in enumerate(phones):
            assert phone.write(f"après {number}").status_code == 201
            assert phone.client.get(f"/r/{phone.room}").status_code == 200
        assert facilitator.does(room["room"], "reveals").status_code == 204
        exported = facilitator.client.get(f"/r/{room['room']}/export/group.json").json()
        wall = [note["text"] for note in exported["notes"]]
        assert acknowledged <= set(wall)
        assert len(wall) == len(set(wall)), "nothing is there twice"


def write_until_killed(server: Server, phones: list[Phone], notes: int) -> set[str]:
    """Kill the server in the midst of it, when `notes` have been acknowledged."""
    acknowledged: set[str] = set()

    def write(number: int, phone: Phone) -> None:
        for count in range(10_000):
            text = f"note {number}.{count}"
            try:
                if phone.write(text).status_code == 201:
                    acknowledged.add(text)
            except httpx2.TransportError:
                return

    threads = [threading.Thread(target=write, args=pair) for pair in enumerate(phones)]
    for thread in threads:
        thread.start()
    while len(acknowledged) < notes:
        time.sleep(0.001)
    server.kill()
    for thread in threads:
        thread.join()
    return acknowledged


def test_a_server_that_is_asked_to_stop_finishes_and_leaves_well(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        room = Facilitator(server).open_room(title="Essai", mode="reveal")
        phone = Phone(server, room["code"])
        assert phone.write("avant").status_code == 201
        assert server.stop() == 0
        server.start()
        assert phone.write("après").status_code == 201


def test_a_disk_that_takes_nothing_is_said_and_survived(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        room = Facilitator(server).open_room(title="Essai", mode="reveal")
        phone = Phone(server, room["code"])
        assert phone.write("avant").status_code == 201
        lock = hold_write_lock(tmp_path / "inbox.db")
        refused = phone.write("pendant")
        lock.close()
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] and refused.headers["Atelier-Refused"] == "not-kept"
        assert phone.write("après").status_code == 201


def hold_write_lock(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    return connection
