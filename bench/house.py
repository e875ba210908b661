"""Figures on the house itself: lines per part, the longest files and functions, circles of imports.

.venv/bin/python -m bench.house
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ATELIER = ROOT / "atelier"
PARTS = {
    "core (rooms/)": ("rooms/*.py",),
    "below the web": ("*.py",),
    "web": ("web/*.py",),
    "exports": ("exports/*.py", "exports/*.typ", "exports/*.html", "exports/*.css"),
    "content, as code": ("content/*.py",),
    "templates": ("templates/**/*.html",),
    "scripts of the browser": ("static/js/**/*.js",),
    "styles": ("static/*.css",),
}
MOST = 5


def lines_per_part() -> dict[str, int]:
    """All lines of the files, comments and blank ones too."""
    return {
        part: sum(count(path) for pattern in patterns for path in ATELIER.glob(pattern))
        for part, patterns in PARTS.items()
    } | {"tests": sum(count(path) for path in (ROOT / "tests").rglob("*.py"))}


def count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def longest_files() -> list[tuple[int, str]]:
    sizes = [
        (count(path), named(path)) for path in (*modules(), *ATELIER.glob("static/js/**/*.js"))
    ]
    return sorted(sizes, reverse=True)[:MOST]


def longest_functions() -> list[tuple[int, str]]:
    """Lines of a function from its `def`, docstring included."""
    sizes = [
        ((node.end_lineno or 0) - node.lineno + 1, f"{named(path)}: {node.name}")
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return sorted(sizes, reverse=True)[:MOST]


def circles() -> list[list[str]]:
    """Groups of modules that import each other, directly or by others, anywhere in a file."""
    graph = {module_name(path): set(imported(path)) for path in modules()}
    reach = {start: reached(graph, start) for start in graph}
    rings = {
        tuple(sorted({start} | {other for other in reach[start] if start in reach[other]}))
        for start in graph
        if start in reach[start]
    }
    return [list(ring) for ring in sorted(rings)]


def reached(graph: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        module = waiting.pop()
        if module in graph and module not in seen:
            seen.add(module)
            waiting += graph[module]
    return seen


def imported(path: Path) -> Iterator[str]:
    """The modules of ours that a file names; a package stands for its `__init__`."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = package[: len(package) - node.level + 1]
        module = ".".join([*base, *(node.module or "").split(".")]).rstrip(".")
        names = {f"{module}.{alias.name}" for alias in node.names}
        inside = {name for name in names if is_module(name)}
        yield from inside
        if len(inside) < len(names):
            yield module


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def modules() -> list[Path]:
    return sorted(ATELIER.rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def named(path: Path) -> str:
    return path.relative_to(ATELIER).as_posix()


def main() -> None:
    parts = Counter(lines_per_part())
    for part, lines in parts.items():
        print(f"{lines:7}  {part}")
    for title, longest in (("files", longest_files()), ("functions", longest_functions())):
        print(f"longest {title}:")
        for lines, name in longest:
            print(f"{lines:7}  {name}")
    found = circles()
    print(f"circles of imports: {len(found)}")
    for ring in found:
        print("         " + ", ".join(ring))


if __name__ == "__main__":
    main()
