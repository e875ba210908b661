"""The reference says what the code does, all of it and no more; links lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from starlette.routing import Mount, Route, WebSocketRoute

from atelier.cli import app
from atelier.content import scripts
from atelier.exports.formats import FORMATS, PROFILES
from atelier.i18n import translator
from atelier.rooms.steps import Kind
from atelier.settings import Settings
from atelier.web import routes
from atelier.web.downloads import NAMES
from atelier.web.errors import REFUSALS
from atelier.web.words import PLEDGE, RULES
from tests.test_i18n import MESSAGES, english

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
REQUEST = re.compile(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`\s?]*)")


def read(*names: str) -> str:
    return "\n".join((DOCS / "reference" / name).read_text(encoding="utf-8") for name in names)


# Requests


def requests() -> Iterator[str]:
    for route in routes:
        match route:
            case Mount(path=path):
                yield f"GET {path}/…"
            case WebSocketRoute(path=path):
                yield f"GET {path}"
            case Route(path=path, methods=methods):
                yield from (f"{method} {path}" for method in (methods or {"GET"}) - {"HEAD"})


@pytest.mark.parametrize("request_", sorted(requests()))
def test_every_request_is_in_the_reference(request_: str) -> None:
    assert request_ in REQUEST.findall(read("http.md", "websocket.md"))


def test_the_reference_promises_no_other_request() -> None:
    export = "GET /r/{room}/export/group.json"
    promised = {found for path in DOCS.rglob("*.md") for found in REQUEST.findall(path.read_text())}
    assert {found for found in promised if "…" not in found} <= {*requests(), export}


@pytest.mark.parametrize("key", REFUSALS)
def test_every_refusal_is_in_the_reference_with_its_status_and_sentence(key: str) -> None:
    status, message = REFUSALS[key]
    assert f"| `{key}` | {status} | {translator('en')(message)} |" in read("http.md")


def test_no_refusal_is_left_over() -> None:
    table = read("http.md").partition("## Refusals")[2]
    assert re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE) == list(REFUSALS)


def test_scripts_and_exports_are_in_the_reference() -> None:
    text = read("http.md", "json-export.md")
    for name in (*scripts(), *PROFILES, *FORMATS, *get_args(Kind)):
        assert f"`{name}`" in text, name


# Command line


def commands(command: Any, name: str = "atelier") -> Iterator[tuple[str, Any]]:
    """Name and command of everything one can type."""
    if hasattr(command, "commands"):
        for word, below in command.commands.items():
            yield from commands(below, f"{name} {word}")
    else:
        yield name, command


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_reference(name: str) -> None:
    text = read("command-line.md")
    parameters = COMMANDS[name].params
    words = [name, *(p.name.upper() for p in parameters if p.param_type_name == "argument")]
    assert f"| `{' '.join(words)}` |" in text
    for parameter in parameters:
        if parameter.param_type_name == "option":
            for option in (*parameter.opts, *parameter.secondary_opts):
                assert f"| `{option}` |" in text, option
        if isinstance(parameter.envvar, str):
            assert f"| `{parameter.envvar}` |" in text


def test_the_documents_know_no_other_command() -> None:
    known = {name.split()[1] for name in COMMANDS}
    for path in PAGES:
        for word in re.findall(r"\batelier ([a-z]+)\b[^|\n]*`", only_code(path)):
            assert word in known, f"{path.name}: atelier {word}"


def only_code(path: Path) -> str:
    return "\n".join(re.findall(r"`[^`\n]+`", path.read_text(encoding="utf-8")))


def variables() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        yield str(field.validation_alias or f"ATELIER_{name.upper()}")


def test_every_variable_is_in_the_reference_and_no_other() -> None:
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", read("command-line.md"), re.MULTILINE))
    assert told == {*variables(), "PORT"}


def test_defaults_are_in_the_reference() -> None:
    text = read("command-line.md")
    for name in ("lang", "threshold", "rate"):
        default = Settings.model_fields[name].default
        assert f"| `ATELIER_{name.upper()}` | `{default}` |" in text


# Links


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


def prose(path: Path) -> str:
    return CODE_BLOCK.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    return {anchor(h) for h in re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)}


def pictures_are_made() -> bool:
    return any((DOCS / "pictures").glob("*.png"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(prose(page)):
        target, _, heading = link.partition("#")
        if "://" in target or (target.endswith(".png") and not pictures_are_made()):
            continue
        found = (page.parent / target).resolve() if target else page
        assert found.exists(), link
        if heading:
            assert heading in anchors(found), link


def test_every_document_is_in_the_index() -> None:
    index = {(DOCS / link).resolve() for link in LINK.findall(prose(DOCS / "README.md"))}
    assert set(DOCS.rglob("*.md")) - {DOCS / "README.md"} <= index


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_are_there(page: Path) -> None:
    named = re.findall(r"`((?:atelier|tests|bin|docs)/[\w./-]+)`", prose(page))
    for name in named:
        assert (ROOT / name).exists(), name


# The papers to hand over


def spoken(path: Path) -> str:
    """The words of a page, without what only lays them out."""
    return " ".join(re.sub(r"^> ?", "", path.read_text(encoding="utf-8"), flags=re.M).split())


@pytest.mark.parametrize(
    ("page", "language"), [("confidentialite", "fr"), ("confidentiality", "en")]
)
def test_the_groups_confidentiality_is_the_text_of_the_phones(page: str, language: str) -> None:
    says = translator(language)
    text = spoken(DOCS / "how-to" / "data-protection" / f"{page}.md")
    for rule in (*(rule for _, rule in RULES), PLEDGE):
        assert " ".join(says(rule).removesuffix(".").split()) in text


@pytest.mark.parametrize("page", ["aipd", "registre", "dpia", "processing-record"])
def test_the_papers_tell_the_periods_of_the_program(page: str) -> None:
    text = spoken(DOCS / "how-to" / "data-protection" / f"{page}.md")
    assert re.search(r"\b30\W(days|jours)", text)
    assert re.search(r"\b12\W(months|mois)", text)


# The tutorials

BOLD = re.compile(r"\*\*([^*]+)\*\*")
TUTORIALS = sorted((DOCS / "tutorial").glob("*.md"))


def on_screens(language: str) -> str:
    """All that screens may say, with plain spaces."""
    pages = [path.read_text(encoding="utf-8") for path in ROOT.glob("atelier/templates/**/*.html")]
    messages = MESSAGES if language == "fr" else english().values()
    said = "\n".join([*messages, *pages, *(label for label, _ in NAMES.values())])
    return flat(said.replace("{k}", "5").replace("{n}", "5"))


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_a_tutorial_names_what_is_on_the_screens(page: Path) -> None:
    language = "en" if page.stem == "first-session" else "fr"
    said = on_screens(language)
    bold = {flat(each) for each in BOLD.findall(page.read_text(encoding="utf-8"))}
    assert len(bold) > 20
    assert sorted(each for each in bold - {"gras", "bold"} if each.rstrip(".") not in said) == []
