"""A server that dies under load loses no note that it acknowledged."""

import threading
import time
from pathlib import Path

import httpx2
import pytest

from tests.server import Facilitator, Phone, Server, serving


@pytest.mark.parametrize("notes", [1, 23, 60])
def test_no_acknowledged_note_is_lost_when_the_server_is_killed(tmp_path: Path, notes: int) -> None:
    killed_under_load(tmp_path, notes)


def killed_under_load(folder: Path, notes: int, **settings: str) -> None:
    with serving(folder, ATELIER_THRESHOLD="3", **settings) as server:
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
