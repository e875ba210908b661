"""A real PostgreSQL for the tests: one cluster for a session, a database for whoever asks."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp

MEMORY = Path("/dev/shm")
SETTINGS = (
    "listen_addresses = ''", "max_connections = 200", "shared_buffers = 32MB",
    "log_min_duration_statement = -1", "wal_level = minimal", "max_wal_senders = 0",
    "wal_recycle = off", "min_wal_size = 32MB", "max_wal_size = 64MB", "wal_init_zero = off",
)  # fmt: skip


def programs() -> Path | None:
    """Where the server's programs are; Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = Path("/usr/lib/postgresql")
    found = sorted(versions.glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found else None


def as_nobody_special() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid():
        return []
    name = next(user for user in ("postgres", "nobody") if known(user))
    group = pwd.getpwnam(name).pw_gid
    return ["setpriv", f"--reuid={name}", f"--regid={group}", "--clear-groups"]


def known(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


@dataclass
class Cluster:
    folder: Path
    settings: tuple[str, ...] = ()
    """Beside those of every cluster, or instead of them."""
    user: list[str] = field(default_factory=as_nobody_special)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def run(self, program: str, *arguments: str, **kept: str) -> str:
        bin = programs()
        assert bin
        done = subprocess.run(
            [*self.user, bin / program, *arguments],
            cwd=self.folder,
            env={**os.environ, "LC_ALL": "C.UTF-8", **kept},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def make(self) -> None:
        self.run("initdb", "-D", str(self.data), "-A", "trust", "-U", "atelier", "-N")
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write(
                "\n".join(
                    [*SETTINGS, *self.settings, f"unix_socket_directories = '{self.folder}'", ""]
                )
            )

    def start(self) -> None:
        # Its output is no pipe of ours: the server would hold it open.
        arguments = ("-D", str(self.data), "-l", str(self.log), "-w", "start")
        bin = programs()
        assert bin
        subprocess.run(
            [*self.user, bin / "pg_ctl", *arguments],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=True,
        )

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "stop")

    def sql(self, statement: str, database: str = "template1") -> str:
        at = ("-h", str(self.folder), "-U", "atelier", "-d", database)
        return self.run(
            "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *at, "-c", statement
        )

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"t{token_hex(6)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://atelier@/{name}?host={self.folder}"


@contextmanager
def running(*settings: str, on: Path | None = None) -> Iterator[Cluster]:
    """In memory, unless a folder on a disk is given."""
    place = on or (MEMORY if MEMORY.is_dir() else None)
    folder = Path(mkdtemp(prefix="atelier-pg-", dir=place))
    cluster = Cluster(folder, settings)
    if cluster.user:
        shutil.chown(folder, cluster.user[1].partition("=")[2])
    try:
        cluster.make()
        cluster.start()
        yield cluster
    finally:
        if (cluster.data / "postmaster.pid").exists():
            cluster.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
