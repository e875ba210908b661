"""The whole application in this process, guard included, asked without a network: thousands of
requests take seconds."""

import asyncio
import json
from collections.abc import Awaitable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.types import Message

from atelier.app import create_app
from atelier.settings import Settings
from atelier.web.guard import Guard
from atelier.web.who import Services
from atelier.wire import EXTENSION
from tests.desk import Watching

HOST = "127.0.0.1:8000"
EMAILS = ("claire@example.org", "ailleurs@example.org", "collegue@example.org")
"""An owner of rooms, somebody else, and who co-facilitates with the first."""
PASSWORD = "une phrase que personne ne devine"
NO_ANSWER_SECONDS = 10

T = TypeVar("T")
Form = dict[str, Any]


@dataclass(frozen=True)
class Browser:
    """Who asks: cookies, a bearer, and where the page it asks from comes from."""

    cookies: dict[str, str] = field(default_factory=dict)
    bearer: str = ""
    origin: str | None = f"http://{HOST}"
    host: str = HOST
    accept: str = ""

    def headers(self) -> dict[str, str]:
        return {
            "host": self.host,
            **({"origin": self.origin} if self.origin is not None else {}),
            **({"accept": self.accept} if self.accept else {}),
            **({"authorization": f"Bearer {self.bearer}"} if self.bearer else {}),
            **({"cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
               if self.cookies else {}),
        }  # fmt: skip


@dataclass(frozen=True)
class Answer:
    status: int
    raw_headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        return dict(self.raw_headers)

    @property
    def refused(self) -> str:
        return self.headers.get("atelier-refused", "")

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def short(self) -> str:
        """Status, and the key of a refusal or where it leads."""
        where = self.headers.get("location", "").partition("?")[0]
        return f"{self.status} {self.refused or where}".strip()

    def cookies(self) -> dict[str, str]:
        pairs = [v.split(";")[0] for k, v in self.raw_headers if k == "set-cookie"]
        return dict(pair.split("=", 1) for pair in pairs)


@dataclass(frozen=True)
class Followed:
    """What became of a socket: the close code (0 while it is open) and the frames until then."""

    accepted: bool
    code: int
    frames: tuple[str, ...]

    @property
    def short(self) -> str:
        if not self.accepted:
            return f"not opened {self.code}"
        return f"closed {self.code}" if self.code else "open"


@dataclass
class Inside:
    guard: Guard
    runner: asyncio.Runner

    @property
    def services(self) -> Services:
        found: Services = self.guard.app.state.services
        return found

    def run(self, what: Awaitable[T]) -> T:
        async def waited() -> T:
            return await asyncio.wait_for(what, NO_ANSWER_SECONDS)

        return self.runner.run(waited())

    def ask(
        self,
        method: str,
        path: str,
        browser: Browser,
        form: Form | None = None,
        body: object = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        kind, content = b"", b""
        if body is not None:
            kind, content = b"application/json", json.dumps(body).encode()
        elif form is not None:
            kind, content = (
                b"application/x-www-form-urlencoded",
                urlencode(form, doseq=True).encode(),
            )
        sent = {**browser.headers(), **(headers or {})}
        if method != "GET":
            sent |= {"content-type": kind.decode(), "content-length": str(len(content))}
        return self.run(self.answer(self.scope("http", method, path, sent), content))

    def follow(
        self, path: str, browser: Browser, headers: dict[str, str] | None = None
    ) -> Followed:
        sent = {**browser.headers(), **(headers or {})}
        return self.run(self.followed(self.scope("websocket", "GET", path, sent)))

    def scope(self, kind: str, method: str, path: str, headers: dict[str, str]) -> dict[str, Any]:
        path, _, query = path.partition("?")
        return {
            "type": kind,
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http" if kind == "http" else "ws",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
            "client": ("192.0.2.7", 5000),
            "server": ("127.0.0.1", 8000),
            "state": {},
        }

    async def answer(self, scope: dict[str, Any], content: bytes) -> Answer:
        sent: list[Message] = []

        asked = iter([{"type": "http.request", "body": content, "more_body": False}])

        async def receive() -> Message:
            for message in asked:
                return message
            return await asyncio.Future()  # nobody hangs up

        async def send(message: Message) -> None:
            sent.append(message)

        try:
            await self.guard(scope, receive, send)
        except Exception:
            if not sent:  # Starlette answers, then raises for the log
                raise
        start = next(m for m in sent if m["type"] == "http.response.start")
        headers = tuple((k.decode().lower(), v.decode()) for k, v in start["headers"])
        return Answer(start["status"], headers, b"".join(m.get("body", b"") for m in sent))

    async def followed(self, scope: dict[str, Any]) -> Followed:
        """Connects, takes what comes at once, and leaves."""
        sent: list[Message] = []
        screen = Watching()
        said = iter(({"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1005}))

        async def receive() -> Message:
            return next(said)

        async def send(message: Message) -> None:
            sent.append(message)

        await self.guard({**scope, "extensions": {EXTENSION: screen}}, receive, send)
        screen.left()
        code = next((m["code"] for m in sent if m["type"] == "websocket.close"), 0)
        frames = tuple(str(frame) for frame in screen.told)
        return Followed(any(m["type"] == "websocket.accept" for m in sent), code, frames)

    def signs_in(self, email: str) -> Browser:
        answer = self.ask("POST", "/signin", Browser(), {"email": email, "password": PASSWORD})
        assert answer.short == "303 /desk", answer.text
        return Browser(answer.cookies())


@contextmanager
def inside(data: Path, **chosen: Any) -> Iterator[Inside]:
    """An installation with three facilitators, no limits, and k at its floor."""
    settings = Settings(data=data, **{"threshold": 3, "rate": "off", **chosen})
    with asyncio.Runner() as runner:
        stack = runner.run(opened(guard := create_app(settings)))
        inside = Inside(guard, runner)
        for email in EMAILS:
            inside.run(inside.services.accounts.add(email, PASSWORD))
        try:
            yield inside
        finally:
            runner.run(stack.aclose())


async def opened(guard: Guard) -> AsyncExitStack:
    stack = AsyncExitStack()
    await stack.enter_async_context(guard.app.router.lifespan_context(guard.app))
    return stack


def elsewhere(browser: Browser) -> Browser:
    """The same browser, on a page of somebody else's."""
    return replace(browser, origin="https://ailleurs.example")
