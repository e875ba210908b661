"""What the program reaches out to: nobody, but for the doctor, who asks its own address."""

import ast
from pathlib import Path

import pytest

from tests.test_architecture import imports

ATELIER = Path(__file__).parent.parent / "atelier"

CLIENTS = {
    "aiohttp", "ftplib", "http.client", "httpx", "imaplib", "ldap3", "poplib", "psycopg", "redis",
    "requests", "smtplib", "socketserver", "ssl", "telnetlib", "urllib.request", "urllib3",
    "websockets.client", "websockets.sync.client", "xmlrpc",
}  # fmt: skip
"""What asks other machines."""
ASKING = {"doctor", "origin"}
"""The doctor, and what it asks its own address with."""
INTERPRETERS = {
    "code", "ctypes", "dill", "lxml", "marshal", "multiprocessing", "pickle", "pty", "shelve",
    "subprocess", "xml",
}  # fmt: skip
"""What runs other programs, or makes code or objects out of data."""
RUNNING = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load"}


def modules() -> list[Path]:
    return sorted(ATELIER.rglob("*.py"))


def reached(path: Path, what: set[str]) -> set[str]:
    """Of these modules, the ones that a file imports, whole or in part."""
    named = {module for level, module in imports(path) if not level}
    return {each for each in what if any(f"{name}.".startswith(f"{each}.") for name in named)}


def calls(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_only_the_doctor_asks_other_machines() -> None:
    asking = {path.stem for path in modules() if reached(path, CLIENTS)}
    assert asking and asking <= ASKING


def test_nothing_runs_other_programs_or_makes_code_out_of_data() -> None:
    for path in modules():
        assert not reached(path, INTERPRETERS), path
        assert not calls(path) & RUNNING, path


@pytest.mark.parametrize(
    "line", ["import subprocess", "from xml.etree import ElementTree", "import pickle as p"]
)
def test_an_import_that_should_not_be_is_seen(tmp_path: Path, line: str) -> None:
    (tmp_path / "module.py").write_text(line)
    assert reached(tmp_path / "module.py", INTERPRETERS)


def test_a_call_that_should_not_be_is_seen(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("value = eval(text)")
    assert calls(tmp_path / "module.py") & RUNNING
