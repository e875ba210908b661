"""A lecture hall comes in: three hundred people join within half a minute.

    .venv/bin/python -m bench.joining [--people 300] [--seconds 30]

Each has a connection and an address of their own: the join page, the code, the room's page with the
wall as it stands, then the socket, until its first frame. The limits are on, as people start the
server. Each begins when it is due; the time counts from then.
"""

import argparse
import re
import socket
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from bench.crowd import Crowd, Place, evenly, frame_length, handshake, open_places
from bench.gauges import Figure, cpu_seconds, on_real_disk, pid_of, quantile, show
from tests.server import Facilitator, Server, serving

NOTES = 100
"""On the wall when they come."""
BOARD = re.compile(r'data-seq="(\d+)"[^>]*data-epoch="(\w+)"')
PATIENCE = 20


@dataclass
class Arrivals:
    """How long each part took, in milliseconds, of those who came in; and who did not."""

    ms: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    sockets: list[socket.socket] = field(default_factory=list)

    def come(self, server: Server, code: str, number: int, due: float) -> None:
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            self.sockets.append(self.walk_in(server, code, f"127.0.1.{1 + number % 250}", due))
        except (OSError, AssertionError) as error:
            self.errors.append(f"{type(error).__name__} {error}")

    def walk_in(self, server: Server, code: str, host: str, due: float) -> socket.socket:
        line = HTTPConnection("127.0.0.1", server.port, PATIENCE, source_address=(host, 0))
        began = due
        ask(line, "GET", "/", 200)
        began = self.took("join page", began)
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": server.origin}
        head, _ = ask(line, "POST", "/join", 303, f"code={code}", form)
        cookie = head["set-cookie"].partition(";")[0]
        began = self.took("code", began)
        _, page = ask(line, "GET", head["location"], 200, headers={"Cookie": cookie})
        began = self.took("room's page", began)
        line.close()
        found = BOARD.search(page)
        assert found, "no board in the page"
        path = f"{head['location']}/live?after={found[1]}&epoch={found[2]}"
        screen = follow(server, path, cookie, host)
        self.took("socket and first frame", began)
        self.took("all of it", due)
        return screen

    def took(self, what: str, began: float) -> float:
        now = time.monotonic()
        self.ms[what].append((now - began) * 1000)
        return now


def ask(
    line: HTTPConnection,
    method: str,
    path: str,
    status: int,
    body: str | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[dict[str, str], str]:
    line.request(method, path, body, headers or {})
    answer = line.getresponse()
    text = answer.read().decode()
    assert answer.status == status, f"{method} {path.split('?')[0]}: {answer.status}"
    return {name.lower(): value for name, value in answer.getheaders()}, text


def follow(server: Server, path: str, cookie: str, host: str) -> socket.socket:
    screen = socket.create_connection(("127.0.0.1", server.port), PATIENCE, (host, 0))
    screen.sendall(handshake(path, cookie, urlsplit(server.origin).port))
    said = b""
    while True:
        head, found, frames = said.partition(b"\r\n\r\n")
        assert not found or b" 101 " in head, head.split(b"\r\n")[0]
        length = frame_length(frames)
        if found and length is not None and length <= len(frames):
            return screen
        data = screen.recv(1 << 16)
        assert data, "hung up"
        said += data


def furnish(server: Server, place: Place) -> None:
    crowd = Crowd(server)
    crowd.most_lines = 10
    crowd.run(evenly([place], 1e9, NOTES / 1e9))
    crowd.close()


def measure(folder: Path, people: int = 300, seconds: float = 30) -> list[Figure]:
    with serving(folder / "data", ATELIER_RATE="on") as server:
        [place] = open_places(Facilitator(server))
        furnish(server, place)
        arrivals = Arrivals()
        before, began = cpu_seconds(pid_of(server)), time.monotonic() + 0.2
        crowd = [
            threading.Thread(
                target=arrivals.come,
                args=(server, place.code, number, began + number * seconds / people),
            )
            for number in range(people)
        ]
        for person in crowd:
            person.start()
        for person in crowd:
            person.join()
        spent = cpu_seconds(pid_of(server)) - before
        for screen in arrivals.sockets:
            screen.close()
    for error in set(arrivals.errors):
        print(error)
    return figures(arrivals, people, seconds, spent)


def figures(arrivals: Arrivals, people: int, seconds: float, spent: float) -> list[Figure]:
    what = f"{people} joins within {seconds:g} s"
    return [
        Figure(f"{what}: errors", len(arrivals.errors), "", 0),
        *(
            Figure(f"{what}: {part}, p99", quantile(ms, 0.99), "ms", 500)
            for part, ms in arrivals.ms.items()
        ),
        Figure(f"{what}: server", spent / people * 1000, "ms of CPU each"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=30)
    asked = parser.parse_args()
    with on_real_disk() as folder:
        show(measure(folder, asked.people, asked.seconds))


if __name__ == "__main__":
    main()
