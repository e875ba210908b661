"""Two servers on one database, and the people who use both."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.clusters import Cluster
from tests.contract.people import THRESHOLD, Facilitator, Room, Server

EMAIL = "claire@example.org"


@dataclass
class Pair:
    cluster: Cluster
    database: str
    one: Server
    other: Server

    def facilitator(self) -> Facilitator:
        """On the first server."""
        return Facilitator(self.one).sign_in(EMAIL)

    def moved(self, room: Room, server: Server) -> Room:
        """The same room in the hands of the same person, by way of another server."""
        by_way = Facilitator(server).sign_in(EMAIL)
        return Room(by_way, room.room, room.code, room.page, room.projector)

    def sql(self, statement: str) -> str:
        return self.cluster.sql(statement, self.database)


@contextmanager
def pair(cluster: Cluster, folder: Path) -> Iterator[Pair]:
    url = cluster.database()
    variables = {
        "DATABASE_URL": url,
        "ATELIER_THRESHOLD": str(THRESHOLD),
        "ATELIER_RATE": "off",
        "ATELIER_KEY_FILE": str(folder / "master.key"),
    }
    servers = []
    for name in ("one", "other"):
        (folder / name).mkdir()
        servers.append(Server(folder / name / "var", dict(variables)))
    try:
        servers[0].start().add(EMAIL)
        servers[1].start()
        yield Pair(cluster, url.partition("@/")[2].partition("?")[0], *servers)
    finally:
        for server in servers:
            server.close()
