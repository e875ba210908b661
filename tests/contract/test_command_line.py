"""The command line: what it prints and the number it leaves with."""

from pathlib import Path
from subprocess import DEVNULL, Popen
from tempfile import mkdtemp

import httpx2
import pytest

from tests.contract.people import (
    ATELIER,
    PASSWORD,
    Facilitator,
    Server,
    atelier,
    environment,
    eventually,
    free_port,
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
