"""An installation that was moved from SQLite files to PostgreSQL, or put back there."""

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory
from typing import Self

import pytest

from tests.clusters import Cluster
from tests.contract.people import (
    THRESHOLD,
    Facilitator,
    Note,
    Room,
    Server,
    atelier,
)
from tests.nodes.pairs import EMAIL
from tests.server import ATELIER

Done = CompletedProcess[str]
TABLES = (
    "main.account", "main.room", "main.event", "main.words", "main.secret", "main.script",
    "main.card", "main.series",
    "inbox.sealed",
    "keyring.wrapped_key",
)  # fmt: skip


@dataclass
class House:
    """What an installation on SQLite holds, and the people who know it."""

    data: Path
    rooms: dict[str, Room] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    boards: dict[str, list[str]] = field(default_factory=dict)

    def fill(self) -> None:
        server = serve(self.data)
        server.add(EMAIL)
        claire = Facilitator(server).sign_in(EMAIL)
        claire.http.post("/scripts", data={"of": "conditions"})
        for name in ("waiting", "wall", "direct", "closed", "erased"):
            mode = "direct" if name == "direct" else "reveal"
            self.rooms[name] = room = claire.open(title=f"Salle {name}", mode=mode)
            texts = [f"{name} {n}" for n in range(THRESHOLD + 1)]
            if name in ("wall", "closed"):
                self.notes[name] = room.revealed(*texts)[0]
            else:
                self.notes[name], *_ = [room.phone().write(text) for text in texts]
        self.rooms["closed"].done("closings", keep="all")
        self.rooms["erased"].done("erasures")
        for name, room in self.rooms.items():
            if name != "erased":
                self.boards[name] = room.board().canonical()
        assert server.stop() == 0


def serve(data: Path, **variables: str) -> Server:
    common = {"ATELIER_THRESHOLD": str(THRESHOLD), "ATELIER_RATE": "off"}
    return Server(data, {**common, **variables}).start()


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with TemporaryDirectory() as folder:
        house = House(Path(folder) / "var")
        house.fill()
        yield house


@dataclass
class Place:
    """A copy of the house in a folder of its own, and an empty database."""

    data: Path
    cluster: Cluster
    url: str
    stack: ExitStack

    def command(self, *arguments: str, **variables: str) -> Done:
        done = atelier(*arguments, data=self.data, **{"DATABASE_URL": self.url, **variables})
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def move(self) -> Done:
        return self.command("move", "sqlite-to-postgres")

    def moved(self) -> Self:
        done = self.move()
        assert done.returncode == 0, done.stderr
        return self

    def serve(self) -> Server:
        server = serve(self.data, DATABASE_URL=self.url)
        self.stack.callback(server.close)
        return server

    def sql(self, statement: str) -> str:
        return self.cluster.sql(statement, self.url.partition("@/")[2].partition("?")[0])

    def rows(self) -> set[str]:
        return {self.sql(f"SELECT COUNT(*) FROM {table}").strip() for table in TABLES}


@pytest.fixture
def place(house: House, cluster: Cluster, tmp_path: Path) -> Iterator[Place]:
    shutil.copytree(house.data, tmp_path / "var")
    with ExitStack() as stack:
        yield Place(tmp_path / "var", cluster, cluster.database(), stack)


def by_way_of(server: Server, room: Room) -> Room:
    return Room(Facilitator(server).sign_in(EMAIL), room.room, room.code, room.page, room.projector)


def is_gone(room: Room) -> bool:
    return room.get("board").headers.get("Atelier-Refused") == "room-unknown"


def boards(server: Server, rooms: dict[str, Room]) -> dict[str, list[str]]:
    return {
        name: by_way_of(server, room).board().canonical()
        for name, room in rooms.items()
        if name != "erased"
    }


# Moved


def test_every_room_is_there_as_it_was_and_goes_on(house: House, place: Place) -> None:
    server = place.moved().serve()
    assert boards(server, house.rooms) == house.boards
    room = by_way_of(server, house.rooms["waiting"])
    phones = room.phones()
    assert phones[0].take_back(house.notes["waiting"]).status_code == 204, "its secret is known"
    room.reveal()
    assert sorted(room.wall().values()) == [f"waiting {n}" for n in range(1, THRESHOLD + 1)]
    wall = by_way_of(server, house.rooms["wall"])
    assert wall.phone().take_back(house.notes["wall"], now=True).status_code == 204
    assert "wall 0" not in wall.wall().values()
    assert is_gone(by_way_of(server, house.rooms["erased"]))
    library = wall.facilitator.http.get("/scripts", headers={"Accept-Language": "fr"}).text
    assert "Effacer cette trame" in library, "the script that was made here"


def test_rows_lie_in_the_order_of_their_keys_which_were_drawn_by_lot(place: Place) -> None:
    place.moved()
    for table, key in (
        ("inbox.sealed", "batch, mark"), ("main.secret", "room, note"), ("main.words", "room, id"),
    ):  # fmt: skip
        for digit in "0123456789abcdef":
            part = f"{table}_{digit}"
            lies = place.sql(f"SELECT {key} FROM {part} ORDER BY ctid")
            assert lies == place.sql(f"SELECT {key} FROM {part} ORDER BY {key}"), part


def test_the_files_stay_as_they_are_and_no_server_goes_on_with_them(place: Place) -> None:
    before = {path.name: path.read_bytes() for path in place.data.glob("*.db")}
    place.moved()
    assert {path.name: path.read_bytes() for path in place.data.glob("*.db")} == before
    for command in (["facilitator", "add", "b@example.org"], ["move", "sqlite-to-postgres"]):
        done = atelier(
            *command, data=place.data, **({"DATABASE_URL": place.url} if "move" in command else {})
        )
        assert done.returncode == 1 and "were moved to PostgreSQL" in done.stderr
    (place.data / "moved").unlink()
    assert "is not empty" in place.move().stderr


def test_what_cannot_be_moved_is_refused_and_nothing_is_changed(
    house: House, place: Place, tmp_path: Path
) -> None:
    assert "DATABASE_URL" in atelier("move", "sqlite-to-postgres", data=place.data).stderr
    server = serve(place.data)
    assert "stop it" in place.move().stderr
    server.close()
    nowhere = atelier("move", "sqlite-to-postgres", data=tmp_path / "none", DATABASE_URL=place.url)
    assert "no rooms are kept here" in nowhere.stderr
    other = tmp_path / "other.key"
    other.write_bytes(bytes(32))
    assert (
        "master key"
        in place.command("move", "sqlite-to-postgres", ATELIER_KEY_FILE=str(other)).stderr
    )
    assert not (place.data / "moved").exists()


def test_files_of_a_later_version_are_refused_in_one_line(place: Place) -> None:
    with closing(sqlite3.connect(place.data / "atelier.db")) as file:
        file.execute("ALTER TABLE room ADD COLUMN later TEXT")
        file.commit()
    done = place.move()
    assert done.returncode == 1 and "does not know 'later'" in done.stderr
    assert not (place.data / "moved").exists()


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("RAISE EXCEPTION 'full' USING ERRCODE = '53100'", "53100"),
        ("NEW.box = substr(NEW.box, 2); RETURN NEW", "what was read back"),
    ],
    ids=["a disk that is full", "a row that is kept otherwise"],
)
def test_a_move_that_fails_leaves_nothing_and_can_be_done_again(
    house: House, place: Place, does: str, said: str
) -> None:
    assert place.command("facilitator", "link", "nobody@example.org").returncode == 1  # its schemas
    place.sql(
        f"CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; END $$"
    )
    place.sql(
        "CREATE TRIGGER spoil BEFORE INSERT ON keyring.wrapped_key"
        " FOR EACH ROW EXECUTE FUNCTION spoil()"
    )
    failed = place.move()
    assert failed.returncode == 1 and said in failed.stderr
    assert place.rows() == {"0"} and not (place.data / "moved").exists()
    place.sql("DROP TRIGGER spoil ON keyring.wrapped_key")
    assert boards(place.moved().serve(), house.rooms) == house.boards


def test_a_move_that_is_killed_leaves_nothing_and_can_be_done_again(
    house: House, place: Place
) -> None:
    assert place.command("facilitator", "link", "nobody@example.org").returncode == 1  # its schemas
    place.sql(
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$"
    )
    place.sql(
        "CREATE TRIGGER wait BEFORE INSERT ON keyring.wrapped_key"
        " FOR EACH ROW EXECUTE FUNCTION wait()"
    )
    before = {path.name: path.read_bytes() for path in place.data.glob("*.db")}
    moving = subprocess.Popen(
        [ATELIER, "move", "sqlite-to-postgres"],
        env={**os.environ, "ATELIER_DATA": str(place.data), "DATABASE_URL": place.url},
    )
    asleep = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    until = time.monotonic() + 30
    while not place.sql(asleep):
        assert time.monotonic() < until, "it never came so far"
        time.sleep(0.05)
    moving.kill()
    moving.wait()
    # It would notice by itself, when it has something to say.
    place.sql(f"SELECT pg_terminate_backend(pid) FROM ({asleep}) AS asleep")
    place.sql("DROP TRIGGER wait ON keyring.wrapped_key")
    assert place.rows() == {"0"} and not (place.data / "moved").exists()
    assert {path.name: path.read_bytes() for path in place.data.glob("*.db")} == before
    assert boards(place.moved().serve(), house.rooms) == house.boards


# What wants the database alone


def test_keys_are_rotated_once_no_server_runs(house: House, place: Place) -> None:
    server = place.moved().serve()
    busy = place.command("keys", "rotate")
    assert busy.returncode == 1 and "stop it" in busy.stderr
    server.stop()
    key = place.data / "keys" / "master.key"
    before = key.read_bytes()
    assert place.command("keys", "rotate").returncode == 0
    assert key.read_bytes() != before
    assert boards(place.serve(), house.rooms) == house.boards


def test_a_backup_goes_back_into_the_database_without_what_was_erased_since(
    house: House, place: Place, tmp_path: Path
) -> None:
    server = place.moved().serve()
    copy = tmp_path / "copy"
    assert place.command("backup", str(copy)).returncode == 0
    by_way_of(server, house.rooms["closed"]).done("erasures")
    later = Facilitator(server).sign_in(EMAIL).open(title="Plus tard")
    busy = place.command("restore", str(copy))
    assert busy.returncode == 1 and "stop it" in busy.stderr
    server.stop()
    done = place.command("restore", str(copy))
    assert done.returncode == 0, done.stderr
    assert not list(place.data.glob("restoring*")), "nothing is left of what was built"
    server = place.serve()
    left = by_way_of(server, house.rooms["wall"])
    assert left.wall() and left.board()["data-epoch"] not in str(house.boards["wall"])
    for room in (house.rooms["closed"], later):
        assert is_gone(by_way_of(server, room))


def test_a_backup_from_files_goes_into_an_empty_database(
    house: House, place: Place, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    assert atelier("backup", str(copy), data=place.data).returncode == 0
    done = place.command("restore", str(copy))
    assert done.returncode == 0, done.stderr
    assert by_way_of(place.serve(), house.rooms["wall"]).wall()


# What the doctor sees of it


def test_the_doctor_looks_into_the_database(place: Place) -> None:
    assert "no tables yet" in place.command("doctor").stdout
    sound = place.moved().command("doctor")
    assert sound.returncode == 0, sound.stdout
    for said in ("PostgreSQL 1", "fsync is on", "UTF8", "it opens the database", "clock: 20"):
        assert said in sound.stdout, said
    key = place.data / "keys" / "master.key"
    key.write_bytes(bytes(32))
    assert "not the one that sealed the database" in place.command("doctor").stdout
    key.unlink()
    assert "is missing: put it back" in place.command("doctor").stdout
    place.sql("ALTER SYSTEM SET wal_keep_size = '16MB'")
    place.sql("SELECT pg_reload_conf()")
    place.sql("UPDATE main.room SET opened = 4102444800")
    wrong = place.command("doctor")
    place.sql("ALTER SYSTEM RESET wal_keep_size")
    place.sql("SELECT pg_reload_conf()")
    assert wrong.returncode == 1 and "before the newest room" in wrong.stdout
    assert "it keeps what was deleted (wal_keep_size)" in wrong.stdout


def test_the_doctor_says_that_nothing_answers(place: Place) -> None:
    away = place.command("doctor", DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing")
    assert away.returncode == 1 and "does not answer" in away.stdout and "nobody" not in away.stdout


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://atelier@/nowhere?host={folder}", "no database of this name"),
        ("postgresql://nobody@/{name}?host={folder}", "does not let this user in"),
        ("postgresql://guest@/{name}?host={folder}", "let it own the database"),
    ],
    ids=["no such database", "a stranger", "a guest who may make nothing"],
)
def test_a_database_that_is_not_ready_is_said_in_one_line_with_what_to_do(
    place: Place, url: str, said: str
) -> None:
    place.sql(
        "DO $$ BEGIN CREATE ROLE guest LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    name = place.url.partition("@/")[2].partition("?")[0]
    url = url.format(folder=place.cluster.folder, name=name)
    for command in (["move", "sqlite-to-postgres"], ["facilitator", "add", "b@example.org"]):
        done = place.command(*command, DATABASE_URL=url)
        assert done.returncode == 1 and said in done.stderr, done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
