"""The log: a line of JSON for each event, fields of the list alone; errors say where, not what."""

import json
import logging
from collections.abc import Iterator

import httpx2
import pytest
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atelier.app import create_app
from atelier.log import Bare, log, set_up
from atelier.settings import Settings

SECRET = "le mot de passe est ici"


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    """`set_up` is for the process; the next test gets its own."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_only_fields_of_the_list_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    set_up()
    log.info("serving", origin="http://x", address="192.0.2.1", code="ABCDEF", text=SECRET)
    [line] = lines(capsys)
    assert line.keys() == {"event", "level", "timestamp", "origin"}


def test_a_line_cannot_be_broken_in_two(capsys: pytest.CaptureFixture[str]) -> None:
    set_up()
    log.error("chore-failed", error='A\n{"event": "forged"}\r\x1b[2J')
    [line] = lines(capsys)
    assert line["event"] == "chore-failed"


def test_times_are_utc_and_to_the_minute(capsys: pytest.CaptureFixture[str]) -> None:
    set_up()
    log.info("serving")
    [line] = lines(capsys)
    assert line["timestamp"][-1] == "Z" and len(line["timestamp"]) == len("2026-11-23T05:00Z")


def test_what_a_library_says_is_reduced_to_kind_and_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up()
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("%s from 192.0.2.1", SECRET)
    [line] = lines(capsys)
    assert line["error"] == "uvicorn.error: ValueError"
    assert SECRET not in str(line) and "192.0.2.1" not in str(line)


def test_a_flood_of_one_line_is_one_line_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    set_up()
    bare = Bare()
    for _ in range(50):
        bare.emit(logging.makeLogRecord({"name": "x", "levelno": logging.ERROR, "lineno": 7}))
    assert len(lines(capsys)) == 1


async def test_an_unexpected_error_is_answered_without_a_word_of_itself(
    settings: Settings,
) -> None:
    async def broken(request: Request) -> Response:
        raise RuntimeError(SECRET)

    guard = create_app(settings)
    guard.app.router.routes.insert(0, Route("/broken", broken))
    transport = httpx2.ASGITransport(app=guard, raise_app_exceptions=False)
    async with (
        guard.app.router.lifespan_context(guard.app),
        httpx2.AsyncClient(transport=transport, base_url=settings.origin) as client,
    ):
        answer = await client.get("/broken")
        assert answer.status_code == 500
        assert answer.headers["Atelier-Refused"] == "failed"
        assert "nosniff" in answer.headers["X-Content-Type-Options"]
        assert SECRET not in answer.text and "Traceback" not in answer.text
        assert (await client.get("/healthz")).status_code == 200
