"""Logging by an allow-list: no address, cookie, code, note id or text can get in.

Every line is JSON with an event name and fields from `ALLOWED`; others are dropped. The web
server's own loggers are silenced to errors without message, since their messages print addresses
and query strings.
"""

import logging
import sys
import time
import traceback
from typing import Any

import structlog

ALLOWED = frozenset(
    {"event", "level", "timestamp", "chore", "error", "where", "version", "origin", "database"}
)

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def set_up() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%MZ", utc=True),
            allow_listed,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(handlers=[Bare()], level=logging.ERROR, force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "websockets"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.ERROR)


def allow_listed(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: value for key, value in event.items() if key in ALLOWED}


def where(error: BaseException) -> str:
    """File, line and function of the frames of an error; never its message or its values."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}"
        for frame in reversed(frames[-8:])
    )


REPEAT_SECONDS = 60.0


class Bare(logging.Handler):
    """Records of other libraries, reduced to their logger and the kind of their exception; the
    same line again within a minute is left out, so that a flood does not fill the disk."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        key = f"{record.name}:{record.lineno} {kind}"
        now = time.monotonic()
        if now - self.said.get(key, -REPEAT_SECONDS) < REPEAT_SECONDS:
            return
        self.said = {k: at for k, at in self.said.items() if now - at < REPEAT_SECONDS}
        self.said[key] = now
        error = record.exc_info[1] if record.exc_info else None
        log.error(
            "library-error",
            error=f"{record.name}: {type(error).__name__ if error else record.levelname}",
            where=where(error) if error else "",
        )
