"""The real command line on a free port, and people in front of it."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from secrets import token_hex, token_urlsafe

import httpx2

ATELIER = Path(sys.executable).with_name("atelier")
EMAIL, PASSWORD = "animation@example.org", "un mot de passe assez long"
START_SECONDS = 20


@dataclass
class Server:
    """One installation: its folder, its port, and the process that serves it now."""

    data: Path
    port: int
    env: dict[str, str]
    clients: ExitStack
    host: str = "127.0.0.1"
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [ATELIER, "serve", "--port", str(self.port)], env=self.env, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                if httpx2.get(f"http://127.0.0.1:{self.port}/healthz").status_code == 200:
                    return
            except httpx2.TransportError:
                time.sleep(0.05)
        raise TimeoutError(self.log.read_text())

    def client(self, headers: dict[str, str]) -> httpx2.Client:
        client = httpx2.Client(base_url=self.origin, headers=headers, timeout=20)
        return self.clients.enter_context(client)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


@contextmanager
def serving(data: Path, host: str = "127.0.0.1", **environment: str) -> Iterator[Server]:
    env = {**os.environ, "ATELIER_DATA": str(data), "ATELIER_RATE": "off", **environment}
    clients = ExitStack()
    server = Server(data, free_port(), env, clients, host)
    env["ATELIER_ORIGIN"] = server.origin
    if "DATABASE_URL" in env:
        add_account(env)
    else:
        shutil.copytree(furnished(), data, dirs_exist_ok=True)
    server.start()
    try:
        yield server
    finally:
        clients.close()
        if server.process and server.process.poll() is None:
            server.kill()


@cache
def furnished() -> Path:
    """Data with the one account, made once: each server starts on a copy."""
    data = Path(tempfile.mkdtemp(prefix="atelier-tests-"))
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    add_account({**os.environ, "ATELIER_DATA": str(data)})
    return data


def add_account(env: dict[str, str]) -> None:
    subprocess.run(
        [ATELIER, "facilitator", "add", EMAIL, "--password-stdin"],
        input=PASSWORD.encode(),
        env=env,
        check=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Facilitator:
    server: Server
    client: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.server.client({"Origin": self.server.origin})
        self.client.post("/signin", data={"email": EMAIL, "password": PASSWORD})

    def open_room(self, **fields: str) -> dict[str, str]:
        answer = self.client.post("/rooms", data=fields, headers={"Accept": "application/json"})
        room: dict[str, str] = answer.raise_for_status().json()
        return room

    def does(self, room: str, what: str, **fields: str) -> httpx2.Response:
        headers = {"Accept": "application/json"}
        return self.client.post(f"/r/{room}/{what}", data=fields, headers=headers)


@dataclass
class Phone:
    server: Server
    code: str
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = self.server.client(self.headers)
        joined = self.client.post(
            "/join", data={"code": self.code}, headers={"Accept": "application/json"}
        ).raise_for_status()
        self.room: str = joined.json()["room"]
        self.bearer: str = joined.json()["pass"]

    def write(self, text: str, note: str = "", secret: str = "", rev: int = 0) -> httpx2.Response:
        body = {
            "note": note or token_hex(16),
            "text": text,
            "secret": secret or token_urlsafe(32),
            "rev": rev,
        }
        # Without the cookie, as the browser does it.
        return httpx2.post(
            f"{self.server.origin}/r/{self.room}/notes",
            json=body,
            headers={"Authorization": f"Bearer {self.bearer}", **self.headers},
            timeout=20,
        )
