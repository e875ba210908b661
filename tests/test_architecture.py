"""The shape of the code, checked."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.house import circles

ATELIER = Path(__file__).parent.parent / "atelier"
PURE = {
    "collections", "dataclasses", "functools", "itertools", "msgspec", "re", "typing",
    "unicodedata",
}  # fmt: skip
"""All that the core may import: no I/O, no clock, no randomness. msgspec turns data into JSON."""

ARROWS = {
    "rooms": set(),
    "content": {"rooms"},
    "exports": {"content", "rooms"},
    "codes": set(),
    "db": set(),
    "sqlite": {"db"},
    "postgres": {"db", "log", "sqlite"},
    "keys": {"db"},
    "folder": set(),
    "clock": {"db"},
    "rotation": {"db", "folder", "keys", "postgres", "settings", "sqlite"},
    "retention": {"rooms", "store"},
    "expiry": {"closing", "live", "rooms", "store"},
    "store": {"db", "keys", "rooms"},
    "inbox": {"db", "keys", "rooms"},
    "passwords": {"keys", "rooms"},
    "sittings": {"db", "keys"},
    "accounts": {"db", "keys", "passwords", "rooms", "sittings"},
    "cofacilitation": {"db", "keys", "rooms", "sittings"},
    "owned": {"db", "keys", "rooms"},
    "own_scripts": {"keys", "owned", "rooms"},
    "own_cards": {"keys", "owned", "rooms"},
    "own_series": {"keys", "owned", "rooms"},
    "hub": {"rooms"},
    "door": {"rooms"},
    "presence": {"rooms"},
    "room_lock": set(),
    "live": {"codes", "db", "hub", "keys", "room_lock", "rooms", "store"},
    "announcement": {"presence", "rooms"},
    "arrivals": {"db", "live", "rooms"},
    "notes": {
        "announcement",
        "arrivals",
        "db",
        "inbox",
        "keys",
        "live",
        "log",
        "presence",
        "rooms",
        "store",
    },
    "choosing": {"arrivals", "db", "inbox", "keys", "live", "log", "notes", "presence", "rooms"},
    "projection": {"live", "rooms"},
    "now": {"codes", "door", "live", "notes", "projection", "rooms"},
    "moments": {
        "announcement",
        "db",
        "door",
        "live",
        "now",
        "presence",
        "projection",
        "rooms",
    },
    "following": {"closing", "db", "live", "log", "moments", "now", "rooms"},
    "erase": {"inbox", "rooms", "store"},
    "closing": {
        "clock",
        "erase",
        "inbox",
        "live",
        "notes",
        "presence",
        "retention",
        "rooms",
        "store",
    },
    "rehearsal": {"arrivals", "content", "db", "live", "notes", "now", "presence", "rooms"},
    "log": set(),
    "i18n": set(),
    "settings": set(),
    "promise": set(),
}
"""Who may know whom below the web. What is missing here may know everybody."""


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Level (0 absolute) and module of every import."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.level, node.module or ""


def test_the_core_does_no_io() -> None:
    for path in (ATELIER / "rooms").glob("*.py"):
        for level, module in imports(path):
            assert level < 2, f"{path} reaches out of rooms/"
            assert level or module.split(".")[0] in PURE, f"{path} imports {module}"


@pytest.mark.parametrize("name", ARROWS)
def test_imports_point_one_way(name: str) -> None:
    folder = (ATELIER / name).is_dir()
    paths = list((ATELIER / name).glob("*.py")) if folder else [ATELIER / f"{name}.py"]
    for path in paths:
        ours = {
            module.split(".")[0]
            for level, module in imports(path)
            if level == 1 + folder and module
        }
        assert ours <= ARROWS[name], f"{path} imports {ours - ARROWS[name]}"


def test_only_the_composition_root_and_the_web_know_the_web() -> None:
    for path in ATELIER.glob("*.py"):
        if path.stem in ("app", "cli", "demo", "serve"):
            continue
        assert not any("web" in module.split(".") for _, module in imports(path)), path


def test_randomness_is_the_systems_own() -> None:
    for path in ATELIER.rglob("*.py"):
        assert not any(module == "random" and "SystemRandom" not in path.read_text()
                       for _, module in imports(path)), path  # fmt: skip


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles() == []
