"""What stands in the way of forgetting is known, and makes the promise smaller."""

from secrets import token_hex

import pytest

from atelier.db import statement
from atelier.postgres import Postgres
from tests.clusters import Cluster

ASKED = (
    "GRANT pg_checkpoint TO {0}",
    "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {0}",
    "GRANT SET ON PARAMETER log_parameter_max_length, log_error_verbosity TO {0}",
)
"""As `docs/how-to/self-host.md` says."""


@pytest.fixture
def owned(cluster: Cluster) -> tuple[str, str]:
    """A user without rights, and the address of a database of its own."""
    user, url = f"u{token_hex(4)}", cluster.database()
    name = url.partition("@/")[2].partition("?")[0]
    cluster.sql(f"CREATE ROLE {user} LOGIN")
    cluster.sql(f"ALTER DATABASE {name} OWNER TO {user}")
    cluster.sql(f"ALTER DATABASE {name} SET log_statement = 'all'")
    return user, url.replace("atelier@", f"{user}@")


async def test_who_may_not_make_it_forget_promises_less(
    cluster: Cluster, owned: tuple[str, str]
) -> None:
    user, url = owned
    async with Postgres.open(url) as db:
        assert set(db.journal.kept) == {
            "pg_checkpoint", "pg_switch_wal", "log_parameter_max_length",
        }  # fmt: skip
        assert db.remembers()
        await db.write(statement("DELETE FROM room"))
    for each in ASKED:
        cluster.sql(each.format(user), url.partition("@/")[2].partition("?")[0])
    async with Postgres.open(url) as db:
        assert db.journal.kept == ()
        assert not db.remembers()


@pytest.mark.parametrize(
    ("setting", "value"),
    [("wal_recycle", "on"), ("wal_keep_size", "'32MB'")],
)
async def test_settings_that_keep_the_log_are_noticed_while_we_run(
    cluster: Cluster, setting: str, value: str
) -> None:
    async with Postgres.open(cluster.database()) as db:
        assert not db.remembers()
        cluster.sql(f"ALTER SYSTEM SET {setting} = {value}")
        try:
            cluster.sql("SELECT pg_reload_conf()")
            await db.fetch("SELECT pg_sleep(0.2)")
            await db.journal.check()
            assert db.journal.kept == (setting,)
        finally:
            cluster.sql(f"ALTER SYSTEM RESET {setting}")
            cluster.sql("SELECT pg_reload_conf()")


async def test_what_could_not_be_forgotten_is_promised_when_it_is(cluster: Cluster) -> None:
    url = cluster.database()
    async with Postgres.open(url) as db, Postgres.open(url) as other:
        async with other.transaction() as tx:
            await tx.execute("LOCK TABLE sitting IN ACCESS SHARE MODE")
            db.journal.worn.add("sitting")
            await db.journal.forget()
            assert db.remembers() and db.journal.worn == {"sitting"}
        await db.journal.forget()
        assert not db.remembers() and not db.journal.worn
