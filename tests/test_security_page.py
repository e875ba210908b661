"""`docs/explanation/security.md` is whole, and names nothing that is not there."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ATELIER = TESTS.parent / "atelier"
PAGE = (TESTS.parent / "docs" / "explanation" / "security.md").read_text(encoding="utf-8")
TABLES, _, NOT_MET = PAGE.partition("## Not met, and why")

ROW = re.compile(r"^\| (\d[^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \| (.*) \|$", re.MULTILINE)
NODE = re.compile(r"`([\w/]+\.py)::(\w+)`")
SHOWN = re.compile(r"`[\w/]+\.py::\w+`|\]\([^)]+\)|`bin/test`")
"""What shows something: a test, a page, or what `bin/test` runs besides."""
STATES = ("met", "partly", "**not met**", "who hosts", "does not apply")


@dataclass(frozen=True)
class Row:
    items: tuple[str, ...]
    level: str
    state: str
    text: str


def items_of(cell: str) -> tuple[str, ...]:
    """`1.2.6–1.2.8` is three items of one section."""
    first, _, last = cell.partition("–")
    section, _, start = first.rpartition(".")
    if not last:
        return (first,)
    assert last.rpartition(".")[0] == section, cell
    return tuple(f"{section}.{n}" for n in range(int(start), int(last.rpartition(".")[2]) + 1))


ROWS = [
    Row(items_of(cell), level, state, text) for cell, level, _, state, text in ROW.findall(TABLES)
    if "." in cell
]  # fmt: skip


def standard() -> dict[str, str]:
    """Every item of the standard, with its level."""
    lines = (TESTS / "asvs-5.0.0.txt").read_text(encoding="utf-8").splitlines()
    sections = [line.split() for line in lines if not line.startswith("#")]
    return {
        f"{section}.{number}": level
        for section, levels in sections
        for number, level in enumerate(levels, 1)
    }


LEVELS = standard()


def test_the_list_of_items_is_that_of_the_standard() -> None:
    assert Counter(LEVELS.values()) == {"1": 70, "2": 183, "3": 92}


def test_every_item_of_levels_1_and_2_is_there_and_none_twice() -> None:
    told = Counter(item for row in ROWS for item in row.items)
    assert not {item for item, times in told.items() if times > 1}
    assert told.keys() <= LEVELS.keys()
    assert {item for item, level in LEVELS.items() if level in "12"} <= told.keys()


def test_every_row_has_its_level_and_a_known_state() -> None:
    for row in ROWS:
        assert row.level == ", ".join(sorted({LEVELS[item] for item in row.items})), row.items
        assert row.state in STATES, row.items


def test_what_is_met_is_shown_and_what_is_not_has_a_reason() -> None:
    for row in ROWS:
        assert row.text.strip(), row.items
        if row.state == "met":
            assert SHOWN.search(row.text), row.items


def test_what_is_not_met_is_explained_at_the_end_and_nothing_else_is() -> None:
    heads = re.findall(r"^- \*\*([\d., ]+): ", NOT_MET, re.MULTILINE)
    explained = [item for head in heads for item in head.split(", ")]
    assert sorted(explained) == sorted(
        item for row in ROWS if row.state == "**not met**" for item in row.items
    )


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


@pytest.mark.parametrize(("file", "name"), sorted(set(NODE.findall(PAGE))))
def test_a_test_that_is_named_is_there(file: str, name: str) -> None:
    assert name in functions(TESTS / file)


def test_the_figures_are_those_of_the_tables() -> None:
    found = Counter((LEVELS[item], row.state) for row in ROWS for item in row.items)
    for level in "123":
        figures = [found[level, state] for state in STATES]
        total = sum(1 for each in LEVELS.values() if each == level)
        line = " | ".join(map(str, [level, *figures, f"{sum(figures)} of {total}"]))
        assert f"| {line} |" in PAGE


def events() -> Iterator[str]:
    """Of every call of the log, the event that it names."""
    for path in ATELIER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
                match node.args:
                    case [ast.Constant(value=str(event)), *_]:
                        yield event


def test_every_event_of_the_log_is_in_the_page() -> None:
    assert len(set(events())) > 5
    for event in events():
        assert f"`{event}`" in PAGE, event
