"""A wheel built from the tree holds everything that the program reads at run time, and no more."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KINDS = ("html", "css", "js", "svg", "woff2", "ttf", "yaml", "sql", "po", "typ", "json", "py")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [wheel] = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_every_template_static_file_script_font_and_catalogue(
    held: set[str],
) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "atelier").rglob("*")
        if path.is_file() and not {"__pycache__", ".mypy_cache"} & set(path.parts)
    }
    assert {path.rsplit(".", 1)[-1] for path in files} >= set(KINDS), "the search finds them"
    assert files - held == set()


def test_the_wheel_holds_no_test_and_no_tool(held: set[str]) -> None:
    folders = {name.split("/")[0] for name in held}
    assert {name for name in folders if not name.endswith(".dist-info")} == {"atelier"}
    assert not {name for name in held if "test" in name.rsplit("/", 1)[-1]}
