"""What went wrong, without a word of what was written: neither values nor rows."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from ..db import Conflict, Unavailable

AWAY = ("08", "25", "40", "53", "55", "57", "58", "XX")
"""Classes of SQLSTATE: connection, read-only, rolled back, out of room, lock not free, stopped by
an operator, system, internal."""
NOT_FOR_US = {
    "28": "it does not let this user in; look at the user and the password in DATABASE_URL",
    "3D": "it has no database of this name; create it, or look at DATABASE_URL",
    "42501": "this user may not do that; let it own the database: ALTER DATABASE … OWNER TO …",
}
"""Classes, or whole codes, that whoever runs the server mends; how."""

FAILURES = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""What asyncpg raises for a connection that is gone."""


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        raise Conflict(error.sqlstate) from None
    except asyncpg.PostgresError as error:
        state = error.sqlstate or ""
        if mend := NOT_FOR_US.get(state[:2]) or NOT_FOR_US.get(state):
            raise Unavailable(f"PostgreSQL: {state}, {mend}") from None
        if state[:2] in AWAY:
            raise Unavailable(f"PostgreSQL: {state}") from None
        raise
    except FAILURES as error:
        raise Unavailable(f"PostgreSQL: {type(error).__name__}") from None
