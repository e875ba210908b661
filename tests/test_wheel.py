"""A wheel built from the tree holds everything that the program reads at run time."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
KINDS = ("html", "css", "js", "svg", "woff2", "ttf", "yaml", "sql", "po", "typ", "json", "py")


def test_the_wheel_holds_every_template_static_file_script_font_and_catalogue(
    tmp_path: Path,
) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "atelier").rglob("*")
        if path.is_file() and not {"__pycache__", ".mypy_cache"} & set(path.parts)
    }
    assert {path.rsplit(".", 1)[-1] for path in files} >= set(KINDS), "the search finds them"
    assert files - held == set()
