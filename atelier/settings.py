"""What an installation may choose, read once from the environment."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

THRESHOLD_FLOOR = 3
"""Below three notes and three phones a reveal would name people (`anonymity`)."""


DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def is_this_machine(host: str) -> bool:
    """Whether nobody else can have this name or address."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Settings(BaseSettings):
    """Frozen, typed; `ATELIER_…` variables, `DATABASE_URL` as platforms set it.

    Raises `pydantic.ValidationError` with the variable, the expected and the given value.
    """

    model_config = SettingsConfigDict(env_prefix="ATELIER_", frozen=True, extra="ignore")

    data: Path = Path("var")
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    origin: str = "http://127.0.0.1:8000"
    key_file: Path | None = None
    lang: Literal["fr", "en"] = "fr"
    retention_days: int = Field(default=30, ge=1, le=365)
    archive_months: int = Field(default=12, ge=1, le=36)
    threshold: int = Field(default=5, ge=THRESHOLD_FLOOR)
    rate: Literal["on", "off"] = "on"
    lan: bool = False
    """Set by `--lan`: the line is not encrypted and every page says so."""
    proxy_log: Literal["unknown", "none"] = "unknown"
    """`none`: whoever runs the server says that the proxy before it keeps no address."""

    @field_validator("database_url")
    @classmethod
    def known_database(cls, url: str) -> str:
        if url and urlsplit(url).scheme not in ("postgresql", "postgres"):
            raise ValueError("expected postgresql://…, or nothing for SQLite")
        return url

    @field_validator("origin")
    @classmethod
    def bare_origin(cls, origin: str) -> str:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("expected an origin such as https://atelier.example")
        host = parts.netloc.lower().removesuffix(DEFAULT_PORTS[parts.scheme])
        return f"{parts.scheme}://{host}"  # as browsers write it in `Origin`

    @property
    def master_key(self) -> Path:
        return self.key_file or self.data / "keys" / "master.key"

    @property
    def scheme(self) -> str:
        return urlsplit(self.origin).scheme

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def host(self) -> str:
        """Host and port, as people type them."""
        return urlsplit(self.origin).netloc
