"""The PostgreSQL engine."""

from .engine import Postgres

__all__ = ["Postgres"]
