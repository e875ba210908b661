"""Each check of the doctor, when all is well and when it is not."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest

from atelier.clock import Clock, Days
from atelier.doctor import check_rate, examine
from atelier.doctor.finding import Finding, check_mode
from atelier.doctor.folder import (
    MIB,
    check_backups,
    check_database,
    check_databases,
    check_folder,
    check_restore,
    check_space,
    check_writing,
)
from atelier.doctor.keys import (
    check_clock,
    check_master_key,
    check_retention_clock,
    check_rotation,
)
from atelier.doctor.origin import check_encryption, check_origin, check_proxy_log
from atelier.folder import BUILDING, READY
from atelier.rotation import next_to
from atelier.settings import Settings
from atelier.web.who import Services
from tests.desk import open_wall

NOW = 1_800_000_000.0
"""A day in 2027."""


def said(findings: list[Finding] | Iterator[Finding], level: str) -> list[str]:
    return [str(finding) for finding in findings if finding.level == level]


async def test_a_sound_installation_has_no_error(services: Services, settings: Settings) -> None:
    settings.data.chmod(0o700)
    await open_wall(services)
    assert said(await examine(settings.model_copy(update={"rate": "on"})), "error") == []


async def test_an_empty_folder_is_no_fault(tmp_path: Path) -> None:
    for data in (tmp_path / "nothing", tmp_path):
        tmp_path.chmod(0o700)
        findings = await examine(Settings(data=data, origin="http://127.0.0.1:1"))
        assert said(findings, "error") == []
        assert any("the first `atelier serve` makes" in str(finding) for finding in findings)


@pytest.mark.parametrize(("mode", "level"), [(0o600, "ok"), (0o400, "ok"), (0o640, "error")])
def test_what_others_can_read_is_an_error(tmp_path: Path, mode: int, level: str) -> None:
    path = tmp_path / "atelier.db"
    path.touch()
    path.chmod(mode)
    found = check_mode("database", path, 0o600)
    assert found.level == level
    assert level == "ok" or f"chmod 600 {path}" in str(found)


async def test_the_data_folder_and_every_database_are_looked_at(
    services: Services, tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "inbox.db").chmod(0o644)
    wrong = said(check_folder(tmp_path), "error")
    assert len(wrong) == 2 and "data folder" in wrong[0] and "inbox.db" in wrong[1]


async def test_a_damaged_database_is_an_error(services: Services, tmp_path: Path) -> None:
    assert said(check_databases(tmp_path), "error") == []
    (tmp_path / "inbox.db").write_bytes(b"no database at all" * 300)
    assert "inbox.db: file is not a database" in said(check_databases(tmp_path), "error")[0]


def test_a_write_ahead_log_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "atelier.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("CREATE TABLE a (b)")
    assert "journal mode 'wal'" in str(check_database(path))
    connection.close()


async def test_a_missing_database_is_an_error(services: Services, tmp_path: Path) -> None:
    (tmp_path / "keyring.db").unlink()
    assert "keyring.db is missing" in said(check_databases(tmp_path), "error")[0]


def test_an_old_sqlite_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 0))
    assert "expected 3.37 or newer" in said(check_databases(tmp_path), "error")[0]


def test_a_folder_that_cannot_be_written_to_is_an_error(tmp_path: Path) -> None:
    assert check_writing(tmp_path).level == "ok"
    assert list(tmp_path.iterdir()) == []
    assert check_writing(tmp_path / "gone").level == "error"


@pytest.mark.parametrize(("mib", "level"), [(5000, "ok"), (900, "warning"), (50, "error")])
def test_little_space_is_said(tmp_path: Path, mib: int, level: str) -> None:
    assert check_space(tmp_path, mib * MIB).level == level


async def test_a_master_key_that_is_missing_or_another_is_an_error(
    services: Services, settings: Settings
) -> None:
    await open_wall(services)
    assert said(check_master_key(settings), "error") == []
    settings.master_key.write_bytes(b"x" * 32)
    assert "not the one that sealed" in said(check_master_key(settings), "error")[0]
    settings.master_key.write_bytes(b"short")
    assert "expected a key of 32 bytes" in said(check_master_key(settings), "error")[0]
    settings.master_key.unlink()
    assert "is missing: put it back" in said(check_master_key(settings), "error")[0]


async def test_a_master_key_that_others_can_read_is_an_error(
    services: Services, settings: Settings
) -> None:
    settings.master_key.chmod(0o644)
    assert "has mode 0644" in said(check_master_key(settings), "error")[0]


async def test_a_clock_that_cannot_be_right_is_an_error(services: Services, tmp_path: Path) -> None:
    main = tmp_path / "atelier.db"
    assert check_clock(main, NOW).level == "ok"
    assert "that cannot be" in str(check_clock(main, 0.0))
    live = await open_wall(services)
    async with services.live.store.db.transaction() as tx:
        await tx.execute("UPDATE room SET opened = :at WHERE id = :id", at=NOW + 60, id=live.id)
    assert "before the newest room" in str(check_clock(main, NOW))
    assert check_clock(main, NOW + 120).level == "ok"


async def test_a_rotation_that_was_cut_short_is_said(
    services: Services, settings: Settings
) -> None:
    assert check_rotation(settings).level == "ok"
    next_to(settings.master_key).touch()
    assert "the next `atelier serve` ends it" in str(check_rotation(settings))


@pytest.mark.parametrize("left", [BUILDING, READY])
def test_a_restore_that_was_cut_short_is_said(tmp_path: Path, left: str) -> None:
    assert check_restore(tmp_path).level == "ok"
    (tmp_path / left).mkdir()
    assert check_restore(tmp_path).level == "warning"


def test_keys_of_a_backup_beside_the_data_are_said(tmp_path: Path) -> None:
    assert check_backups(tmp_path).level == "ok"
    (tmp_path / "monday.keys").touch()
    assert "monday.keys" in str(check_backups(tmp_path))


async def test_a_clock_that_is_not_believed_is_said(services: Services, tmp_path: Path) -> None:
    main = tmp_path / "atelier.db"
    assert check_retention_clock(tmp_path / "none.db").level == "ok"
    days = Days(services.live.store.db)
    await days.today()
    assert check_retention_clock(main).level == "ok"
    await days.keep(Clock(int(NOW), int(NOW) + 400 * 24 * 3600))
    found = str(check_retention_clock(main))
    assert "warning" in found and "from 2027-01-15 to 2028-02-19" in found


@pytest.mark.parametrize(("rate", "level"), [("on", "ok"), ("off", "warning")])
def test_limits_that_are_off_are_said(rate: str, level: str) -> None:
    assert check_rate(Settings(rate=rate)).level == level  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("origin", "log", "level"),
    [
        ("https://atelier.example", "none", "ok"),
        ("https://atelier.example", "unknown", "warning"),
        ("http://127.0.0.1:8000", "unknown", "ok"),
    ],
)
def test_what_is_known_of_the_proxys_log_is_said(
    origin: str, log: Literal["none", "unknown"], level: str
) -> None:
    assert check_proxy_log(Settings(origin=origin, proxy_log=log)).level == level


@pytest.mark.parametrize(
    ("origin", "level"),
    [
        ("https://atelier.example", "ok"),
        ("http://127.0.0.1:8000", "ok"),
        ("http://localhost:8000", "ok"),
        ("http://192.168.1.7:8000", "warning"),
    ],
)
def test_a_line_that_is_not_encrypted_is_said(origin: str, level: str) -> None:
    assert check_encryption(Settings(origin=origin)).level == level


def test_without_a_server_the_way_from_outside_is_said_not_to_be_checked() -> None:
    findings = list(check_origin(Settings(origin="http://127.0.0.1:1")))
    assert "no server answers at http://127.0.0.1:1, not checked" in said(findings, "warning")[0]
    assert said(findings, "error") == []


@contextmanager
def proxy(status: int, **headers: str) -> Iterator[Settings]:
    """Something that answers everything in one way, and the settings that point to it."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Settings(origin=f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (301, {"Location": "https://atelier.example/"}, "leads to https://atelier.example/"),
        (200, {}, "is not atelier, or not well (200)"),
        (502, {}, "is not atelier, or not well (502)"),
        (
            200,
            {"Content_Security_Policy": "connect-src 'self' ws://127.0.0.1:8000; base-uri 'none'"},
            "the server takes itself for ws://127.0.0.1:8000, expected ws://127.0.0.1:",
        ),
        (403, {"Atelier_Refused": "origin-foreign"}, "are refused (403)"),
        (200, {}, "live does not open: "),
    ],
)
def test_a_proxy_that_is_in_the_way_is_an_error(
    status: int, headers: dict[str, str], expected: str
) -> None:
    with proxy(status, **headers) as settings:
        assert expected in "\n".join(said(check_origin(settings), "error"))
