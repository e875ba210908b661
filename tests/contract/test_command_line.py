"""The command line: what it prints and the number it leaves with."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from subprocess import DEVNULL, Popen
from tempfile import mkdtemp
from threading import Event

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed

from tests.contract.conftest import StartServer
from tests.contract.people import (
    ATELIER,
    PASSWORD,
    Facilitator,
    Note,
    Phone,
    Room,
    Server,
    atelier,
    environment,
    eventually,
    free_port,
    refused,
)


@pytest.fixture
def data(folder: Path) -> Path:
    return Path(mkdtemp(dir=folder)) / "var"


def one_line(text: str) -> str:
    assert text.count("\n") == 1 and text.endswith("\n"), text
    return text


@pytest.mark.parametrize(
    "arguments",
    [
        ["nulle-part"],
        ["serve", "--port", "abc"],
        ["serve", "--nulle-part"],
        ["facilitator", "add"],
        ["facilitator", "add", "a@example.org", "b@example.org"],
    ],
    ids=" ".join,
)
def test_wrong_usage_leaves_with_two(data: Path, arguments: list[str]) -> None:
    done = atelier(*arguments, data=data)
    assert done.returncode == 2
    assert done.stderr and "Traceback" not in done.stderr


def test_help_leaves_with_zero(data: Path) -> None:
    done = atelier("--help", data=data)
    assert done.returncode == 0
    assert "serve" in done.stdout and "facilitator" in done.stdout


def test_adding_a_facilitator_with_a_password_prints_no_secret(data: Path) -> None:
    done = atelier(
        "facilitator", "add", "a@example.org", "--password-stdin", data=data, stdin=PASSWORD + "\n"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert PASSWORD not in done.stdout


def test_adding_a_facilitator_without_a_password_prints_a_link(data: Path) -> None:
    done = atelier("facilitator", "add", "a@example.org", data=data)
    assert done.returncode == 0
    first = one_line(done.stdout).strip()
    assert first.startswith("http://127.0.0.1:8000/")
    again = atelier("facilitator", "link", "a@example.org", data=data)
    assert again.returncode == 0
    assert one_line(again.stdout).strip() != first


def test_what_cannot_be_done_leaves_with_one_and_one_line(data: Path) -> None:
    stdin = PASSWORD + "\n"
    assert atelier("facilitator", "add", "a@example.org", data=data).returncode == 0
    for arguments, typed in (
        (["add", "a@example.org"], ""),
        (["add", "a@example.org", "--password-stdin"], stdin),
        (["link", "personne@example.org"], ""),
        (["add", "sans-arobase"], ""),
        (["add", "b@example.org", "--password-stdin"], ""),
        (["add", "b@example.org", "--password-stdin"], "\n"),
    ):
        done = atelier("facilitator", *arguments, data=data, stdin=typed)
        assert done.returncode == 1, (arguments, done.stdout)
        one_line(done.stderr)
        assert done.stdout == "", arguments


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ATELIER_THRESHOLD", "2"),
        ("ATELIER_THRESHOLD", "beaucoup"),
        ("ATELIER_RATE", "maybe"),
        ("ATELIER_ORIGIN", "pas une adresse"),
        ("ATELIER_LANG", "klingon"),
    ],
)
def test_a_bad_variable_leaves_with_one_line_that_names_it(
    data: Path, name: str, value: str
) -> None:
    done = atelier("serve", "--port", str(free_port()), data=data, **{name: value})
    assert done.returncode == 1
    assert name.removeprefix("ATELIER_").lower() in one_line(done.stderr).lower()


def test_a_port_in_use_is_said_in_one_line(server: Server, data: Path) -> None:
    done = atelier("serve", "--port", str(server.port), data=data)
    assert done.returncode == 1
    assert str(server.port) in one_line(done.stderr)


def test_a_folder_that_cannot_be_made_is_said_in_one_line(folder: Path) -> None:
    (folder / "fichier").touch()
    data = folder / "fichier" / "var"
    done = atelier("facilitator", "add", "a@example.org", data=data.parent, ATELIER_DATA=str(data))
    assert done.returncode == 1
    one_line(done.stderr)


def test_a_facilitator_added_beside_a_running_server_signs_in_at_once(server: Server) -> None:
    server.add("nouvelle@example.org")
    Facilitator(server).sign_in("nouvelle@example.org").open()


def test_a_one_time_link_opens_on_the_running_server(server: Server) -> None:
    done = atelier(
        "facilitator", "add", "lien@example.org", data=server.data, ATELIER_ORIGIN=server.origin
    )
    link, _, secret = done.stdout.strip().partition("#")
    assert link.startswith(server.origin) and len(secret) >= 20
    assert server.client().get(link).status_code == 200


def test_the_port_of_the_platform_is_honoured(data: Path) -> None:
    server = Server(data)
    with Popen(
        [ATELIER, "serve"],
        env=environment(data, PORT=str(server.port)),
        stdout=DEVNULL,
        stderr=DEVNULL,
        cwd=data.parent,
    ) as process:
        try:

            def up() -> bool:
                try:
                    return httpx2.get(f"{server.origin}/healthz").status_code == 200
                except httpx2.TransportError:
                    return False

            eventually(up, within=15)
        finally:
            process.terminate()
        assert process.wait(15) == 0
    server.close()


# Erasing


def test_erasing_beside_a_running_server_is_reported_and_told_within_two_seconds(
    room: Room,
) -> None:
    room.revealed("un secret", "deux", "trois")
    data = room.server.data
    with room.screen() as screen:
        screen.frame("whole")
        done = atelier("erase", room.room, data=data, ATELIER_LANG="en")
        assert (done.returncode, done.stderr) == (0, "")
        with pytest.raises(ConnectionClosed) as closed:
            deadline = time.monotonic() + 2
            while True:
                screen.socket.recv(timeout=max(0.01, deadline - time.monotonic()))
        assert closed.value.rcvd and closed.value.rcvd.code == 4404
    assert f"Room {room.room} erased" in done.stdout
    assert "Keys destroyed: 1" in done.stdout and "secret" not in done.stdout
    assert room.facilitator.http.get(room.page).status_code == 404


def test_erasing_again_says_so_and_an_unknown_room_is_refused(room: Room) -> None:
    data = room.server.data
    assert atelier("erase", room.room, data=data).returncode == 0
    again = atelier("erase", room.room, data=data, ATELIER_LANG="en")
    assert again.returncode == 0
    assert "has been erased already" in one_line(again.stdout)
    unknown = atelier("erase", "0" * 32, data=data)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    one_line(unknown.stderr)


def test_notes_that_are_written_while_a_room_is_erased_never_meet_an_error(
    facilitator: Facilitator,
) -> None:
    for mode in ("reveal", "direct"):
        room = facilitator.open(mode=mode)
        phone = room.phone()
        codes: list[int] = []
        stop = Event()

        def write(phone: Phone = phone, codes: list[int] = codes, stop: Event = stop) -> None:
            while not stop.is_set():
                codes.append(phone.post(Note(text="encore une")).status_code)

        with ThreadPoolExecutor() as pool:
            pool.submit(write)
            eventually(partial(has_more_than, codes, 3))
            assert atelier("erase", room.room, data=room.server.data).returncode == 0
            eventually(partial(codes.count, 404))
            stop.set()
        assert set(codes) <= {201, 404}, mode


def has_more_than(codes: list[int], number: int) -> bool:
    return len(codes) > number


def test_a_stopped_server_erases_too(own_server: StartServer) -> None:
    server = own_server()
    room = server.facilitator("a@example.org").open()
    server.stop()
    assert atelier("erase", room.room, data=server.data).returncode == 0
    server.start()
    assert Facilitator(server).sign_in("a@example.org").http.get(room.page).status_code == 404


def test_nothing_is_erased_or_imported_where_there_are_no_rooms(data: Path, folder: Path) -> None:
    (folder / "export.json").write_bytes(b"{}")
    for arguments in (["erase", "0" * 32], ["import", str(folder / "export.json")]):
        done = atelier(*arguments, data=data)
        assert done.returncode == 1
        one_line(done.stderr)
    assert not data.exists()


# Importing


@pytest.fixture
def export(room: Room, folder: Path) -> Path:
    """The export of a closed room with a cluster and three notes."""
    notes = room.revealed("un mot", "deux mots", "trois mots")
    room.cluster("La grappe", notes[1].note)
    room.close("all")
    path = Path(mkdtemp(dir=folder)) / "export.json"
    path.write_bytes(room.get("export/facilitator.json").content)
    return path


def test_an_export_becomes_a_closed_room_beside_a_running_server(
    server: Server, facilitator: Facilitator, export: Path
) -> None:
    done = atelier("import", str(export), "--owner", "claire@example.org", data=server.data)
    assert (done.returncode, done.stderr) == (0, "")
    room = Room(facilitator, one_line(done.stdout).strip(), "", "", "")
    assert room.get("export/facilitator.json").content == export.read_bytes()
    assert room.board()["data-state"] == "closed"
    assert room.room in facilitator.http.get("/desk").text
    for format in ("pdf", "png", "svg", "csv", "md", "html"):
        assert room.get(f"export/group.{format}").status_code == 200, format
    refused(room.do("closings", undo="1"), 409)
    refused(server.join(""), 404)


def test_an_import_wants_an_owner_unless_there_is_one_account(
    own_server: StartServer, export: Path
) -> None:
    server = own_server()
    arguments = ["import", str(export)]
    nobody = atelier(*arguments, data=server.data)
    assert nobody.returncode == 1 and "0 accounts" in one_line(nobody.stderr)
    server.add("a@example.org")
    assert atelier(*arguments, data=server.data).returncode == 0
    server.add("b@example.org")
    who = atelier(*arguments, data=server.data)
    assert who.returncode == 1 and "--owner EMAIL" in one_line(who.stderr)
    unknown = atelier(*arguments, "--owner", "c@example.org", data=server.data)
    assert unknown.returncode == 1
    one_line(unknown.stderr)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text[:-9], "expected a JSON export of atelier, version 1"),
        (lambda text: text.replace('"atelier": 1', '"atelier": 2'), '"atelier": 1, got 2'),
        (lambda text: text.replace('"day": "2', '"day": "3'), "day: expected a day that has come"),
        (lambda text: text.replace('"cluster": null', '"cluster": "c9"'), "notes[1].cluster"),
    ],
    ids=["cut short", "another version", "a day to come", "an id that points nowhere"],
)
def test_a_file_that_cannot_be_read_back_is_refused_whole(
    server: Server,
    facilitator: Facilitator,
    export: Path,
    change: Callable[[str], str],
    said: str,
) -> None:
    export.write_text(change(export.read_text()))
    before = rooms_on_desk(facilitator)
    done = atelier("import", str(export), "--owner", "claire@example.org", data=server.data)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in one_line(done.stderr) and str(export) in done.stderr
    # Fewer is fine: rooms of other tests come to their end meanwhile.
    assert rooms_on_desk(facilitator) <= before


def rooms_on_desk(facilitator: Facilitator) -> set[str]:
    return set(re.findall(r"/r/([0-9a-f]{32})", facilitator.http.get("/desk").text))


# The doctor


def test_the_doctor_finds_nothing_wrong_beside_a_running_server(own_server: StartServer) -> None:
    server = own_server(ATELIER_RATE="on")
    server.facilitator("a@example.org").open()
    done = atelier("doctor", data=server.data, ATELIER_ORIGIN=server.origin)
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    assert {line.split()[0] for line in done.stdout.splitlines()} <= {"ok", "warning"}
    assert "WebSocket: it passes through" in done.stdout
    assert f"the server behind {server.origin} knows that address" in done.stdout


def test_the_doctor_leaves_with_one_when_something_is_wrong(own_server: StartServer) -> None:
    server = own_server()
    (server.data / "keys" / "master.key").chmod(0o644)
    done = atelier("doctor", data=server.data, ATELIER_ORIGIN=server.origin)
    assert done.returncode == 1
    assert "error    master key" in done.stdout and "chmod 600" in done.stdout


def test_the_doctor_looks_at_an_empty_folder_and_changes_nothing(data: Path) -> None:
    done = atelier("doctor", data=data, ATELIER_ORIGIN="http://127.0.0.1:1")
    assert done.returncode == 0, done.stdout
    assert "is not there yet" in done.stdout and "not checked" in done.stdout
    assert not data.exists()


# Backups and keys


def test_a_backup_beside_a_running_server_is_put_back_on_a_stopped_one(
    own_server: StartServer,
) -> None:
    server = own_server()
    facilitator = server.facilitator("a@example.org")
    kept, gone = facilitator.open(title="Gardée"), facilitator.open(title="Effacée")
    for room in (kept, gone):
        room.revealed("un mot", "deux mots", "trois mots")
    epoch = kept.board()["data-epoch"]
    file = server.data.parent / "copy"
    done = atelier("backup", str(file), data=server.data, ATELIER_LANG="en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Rooms: 2" in done.stdout and f"{file}.keys" in done.stdout
    for command in (["restore", str(file)], ["keys", "rotate"], ["backup", str(file)]):
        refusal = atelier(*command, data=server.data)
        assert (refusal.returncode, refusal.stdout) == (1, ""), command
        one_line(refusal.stderr)
    gone.done("erasures")
    server.stop()
    done = atelier("restore", str(file), data=server.data, ATELIER_LANG="en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Rooms restored: 1" in done.stdout and "not restored: 1" in done.stdout
    server.start()
    assert facilitator.http.get("/desk").status_code == 303, "the sittings have ended"
    facilitator.sign_in("a@example.org")
    assert len(kept.wall()) == 3 and kept.board()["data-epoch"] != epoch
    assert facilitator.http.get(gone.page).status_code == 404


def test_a_new_master_key_goes_on_with_the_same_rooms(own_server: StartServer) -> None:
    server = own_server()
    room = server.facilitator("a@example.org").open()
    room.revealed("un mot", "deux mots", "trois mots")
    server.stop()
    done = atelier("keys", "rotate", data=server.data, ATELIER_LANG="en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Keys wrapped anew: " in done.stdout and ".keys" in done.stdout
    server.start()
    assert len(room.wall()) == 3
    assert server.join(room.code).status_code == 200
