"""Where an attacked server keeps its data, and what is left there: files with SQLite; with
PostgreSQL heaps, write-ahead log, server log, and the tables as the engine reads them."""

import json
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol

from tests.clusters import Cluster, running
from tests.contract.people import Server, eventually

Engine = Literal["sqlite", "postgresql"]
Rows = list[tuple[Any, ...]]
ENGINE: Engine = "postgresql" if os.environ.get("ATELIER_TEST_ENGINE") == "postgresql" else "sqlite"
"""What the tests of this folder run on, unless they say otherwise."""

TALKATIVE = (
    "log_statement = all", "log_min_duration_statement = 0", "log_connections = on",
    "log_disconnections = on", "log_lock_waits = on", "log_checkpoints = on",
    "log_autovacuum_min_duration = 0", "log_temp_files = 0", "track_commit_timestamp = on",
    "log_line_prefix = '%m [%p] %x %a '", "autovacuum_naptime = 1s",
)  # fmt: skip
"""A server that writes down all it can."""
HEAP = "postgresql/"
WAL = f"{HEAP}pg_wal"
WAL_PAGE, WAL_HEADER, WAL_LONG_HEADER, LONG = 8192, 24, 40, 2
FORGETTING_SECONDS = 3.0
"""Two checkpoints after a reveal, and what lies between them."""


class Store(Protocol):
    variables: dict[str, str]

    def files(self, *, soon: bool) -> dict[str, bytes]:
        """What lies beside the folder of the server; `soon`: it is a build that hurries."""

    def rows(self) -> dict[str, Rows]:
        """What the engine shows, by table."""

    def finish(self, server: Server) -> None:
        """The two minutes after a closing are over."""

    def copies(self) -> dict[str, bytes]: ...


class Sqlite:
    variables: dict[str, str]

    def __init__(self) -> None:
        self.variables = {}

    def files(self, *, soon: bool) -> dict[str, bytes]:
        return {}

    def rows(self) -> dict[str, Rows]:
        return {}

    def finish(self, server: Server) -> None:
        with closing(sqlite3.connect(server.data / "atelier.db", timeout=10)) as db:
            db.execute("PRAGMA secure_delete = 1")
            with db:
                db.execute("UPDATE room SET finish_at = 1 WHERE finish_at IS NOT NULL")

            def done() -> bool:
                [(open_,)] = db.execute("SELECT COUNT(*) FROM room WHERE finished = 0")
                return not open_

            eventually(done, within=60)

    def copies(self) -> dict[str, bytes]:
        return {}


TABLES = (
    "SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace n"
    " ON n.oid = relnamespace WHERE relkind = 'r' AND nspname IN ('main', 'inbox', 'keyring')"
)
ACTIVITY = (
    "SELECT * FROM pg_stat_activity; SELECT * FROM pg_stat_all_tables; SELECT * FROM pg_locks"
)


class Postgresql:
    def __init__(self, cluster: Cluster, url: str) -> None:
        self.cluster = cluster
        self.variables = {"DATABASE_URL": url}
        self.name = url.partition("@/")[2].partition("?")[0]
        self.known = self.held()
        """What was there before anything was written is no trace of it."""

    def sql(self, statement: str) -> str:
        return self.cluster.sql(statement, self.name)

    def held(self) -> dict[str, bytes]:
        files: dict[str, bytes] = {}
        for path in sorted(self.cluster.data.rglob("*")):
            name = HEAP + path.relative_to(self.cluster.data).as_posix()
            if path.is_file() and not name.startswith(WAL):
                try:
                    files[name] = path.read_bytes()
                except FileNotFoundError:  # it has just gone
                    continue
        return files

    def files(self, *, soon: bool) -> dict[str, bytes]:
        time.sleep(FORGETTING_SECONDS / 6 if soon else FORGETTING_SECONDS)
        self.sql("CHECKPOINT")
        held = {n: data for n, data in self.held().items() if data != self.known.get(n)}
        return {
            **held,
            WAL: stream(self.cluster.data / "pg_wal"),
            "postgresql.log": unescaped(self.cluster.log.read_bytes()),
            "views.log": self.sql(ACTIVITY).encode(),
        }

    def rows(self) -> dict[str, Rows]:
        tables = self.sql(TABLES).split()
        read = "; ".join(
            f"SELECT coalesce(json_agg(t), '[]') FROM (SELECT ctid::text, xmin::text::bigint,"
            f" cmin::text::bigint, * FROM {table} ORDER BY ctid) t"
            for table in tables
        )
        lists = [json.loads(line) for line in joined(self.sql(read))]
        return {
            table: [tuple(value(each) for each in row.values()) for row in rows]
            for table, rows in zip(tables, lists, strict=True)
        }

    def finish(self, server: Server) -> None:
        self.sql("UPDATE main.room SET finish_at = 1 WHERE finish_at IS NOT NULL")
        waiting = "SELECT COUNT(*) FROM main.room WHERE finished = 0"
        eventually(lambda: self.sql(waiting).strip() == "0", within=60)

    def copies(self) -> dict[str, bytes]:
        at = ("-h", str(self.cluster.folder), "-U", "atelier", self.name)
        return {"backup/dump.sql": self.cluster.run("pg_dump", *at).encode()}


def joined(text: str) -> Iterator[str]:
    """One JSON list after the other; a long one goes over several lines."""
    rest, decoder = text.strip(), json.JSONDecoder()
    while rest:
        _, end = decoder.raw_decode(rest)
        yield rest[:end]
        rest = rest[end:].lstrip()


def value(found: object) -> object:
    """Bytes as bytes; the place of a row as a number."""
    if isinstance(found, str) and found.startswith("\\x"):
        return bytes.fromhex(found[2:])
    if isinstance(found, str) and (place := re.fullmatch(r"\((\d+),(\d+)\)", found)):
        return int(place[1]) << 16 | int(place[2])
    return found


def unescaped(log: bytes) -> bytes:
    """With the bytes that it writes as digits."""
    return re.sub(rb"\\x((?:[0-9a-f]{2})+)", lambda found: bytes.fromhex(found[1].decode()), log)


def stream(folder: Path) -> bytes:
    """The write-ahead log as it was written, whatever its segments are called now: without the
    headers of its pages, which cut through rows."""
    pages: dict[int, bytes] = {}
    for segment in folder.iterdir():
        data = segment.read_bytes() if segment.is_file() else b""
        for start in range(0, len(data), WAL_PAGE):
            page = data[start : start + WAL_PAGE]
            if place := int.from_bytes(page[8:16], "little"):
                header = WAL_LONG_HEADER if page[2] & LONG else WAL_HEADER
                pages[place] = page[header:]
    return b"".join(pages[place] for place in sorted(pages))


@contextmanager
def store(engine: Engine) -> Iterator[Store]:
    if engine == "sqlite":
        yield Sqlite()
        return
    with running(*TALKATIVE) as cluster:
        yield Postgresql(cluster, cluster.database())
