"""Every sentence of the interface: good French in the source, and complete English beside it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from atelier import promise
from atelier.i18n import LOCALE, preferred, translator, typography
from atelier.web import archive, downloads, errors, screen, script_faults, words

ATELIER = Path(__file__).parent.parent / "atelier"
CATALOGUE = LOCALE / "en" / "LC_MESSAGES" / "atelier.po"

CALL = re.compile(r"(?<![\w.])_\(\s*")
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
CHOICE = re.compile(r"\{([^{}]*)\}\s*\[")
"""A dict that is looked up at once: its values are the messages."""
VALUE = re.compile(r':\s*"((?:[^"\\]|\\.)*)"')

ELSEWHERE = {
    "clauses[key]", "heading", "label", "name", "pledge", "problem", "room.state_name",
    "rule.text", "says", "script.sensitivity_name", "seen.registers[step.register]",
    "seen.sensitivity_name", "step.kind_name", "step.mode_name",
    "step.register_name", "title",
}  # fmt: skip
"""What templates translate by name: these come from the constants of `constants()`."""


def in_template(text: str) -> Iterator[str]:
    for call in CALL.finditer(text):
        rest = text[call.end() :]
        if literal := LITERAL.match(rest):
            yield literal[1]
        elif choice := CHOICE.match(rest):
            yield from (value for value in VALUE.findall(choice[1]) if value)
        else:
            name = rest.split(")")[0].strip()
            assert name in ELSEWHERE, f"_({name}): where do its messages come from?"


def in_python(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(message)), *_]):
                yield message


def constants() -> Iterator[str]:
    """Sentences that wait in a constant until somebody's language is known."""
    yield from (sentence for _, sentence in words.RULES)
    yield words.PLEDGE
    yield from promise.CLAUSES.values()
    for names in (
        words.KINDS,
        words.REGISTERS,
        words.MODES,
        words.STATES,
        words.SENSITIVITIES,
        words.SHELVES,
        words.SHOWN,
        words.FIELDS,
        script_faults.PROBLEMS,
        script_faults.EXPECTED,
    ):
        yield from names.values()
    yield from (label for label, _ in downloads.NAMES.values() if " " in label)
    yield from (words.BARE_WALL_TITLE, words.BARE_WALL_PROMPT, words.REHEARSAL_TITLE)
    yield from (words.NEW_STEP_TITLE, words.NEW_STEP_PROMPT, words.SCRIPT_AS_IT_WENT)
    yield from (message for _, message in errors.REFUSALS.values())
    yield from errors.TITLES.values()
    yield other_title()
    yield from (screen.HEADING, archive.HEADING)


def other_title() -> str:
    """What `refuse` calls a page whose status has no title of its own."""
    found = re.search(r'TITLES\.get\(\w+, "([^"]+)"\)', (ATELIER / "web/errors.py").read_text())
    assert found
    return found[1]


def messages() -> set[str]:
    found = set(constants())
    for path in ATELIER.glob("templates/**/*.html"):
        found.update(in_template(path.read_text(encoding="utf-8")))
    for path in ATELIER.rglob("*.py"):
        found.update(in_python(ast.parse(path.read_text(encoding="utf-8"))))
    return found


MESSAGES = sorted(messages())


def english() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, abort_invalid=True) if m.id}


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}", text))


# The test's own eyes


def test_messages_are_found_wherever_they_hide() -> None:
    template = """{% set words = {"a": _("Un"), "b": _("Deux {n}")} %}{{ _("Trois", n=3) }}
    {{ _({"x": "", "y": "Quatre"}[now.y]) if now.y }}{{ _(rule.text) }}{{ not_("Cinq") }}"""
    assert list(in_template(template)) == ["Un", "Deux {n}", "Trois", "Quatre"]
    assert list(in_python(ast.parse('_("Un"); say("Deux"); _("Trois {n}", n=3)'))) == [
        "Un", "Trois {n}",
    ]  # fmt: skip
    with pytest.raises(AssertionError, match="where do its messages come from"):
        list(in_template("{{ _(something.new) }}"))


# English


def test_every_message_has_its_english() -> None:
    translated = english()
    missing = [message for message in MESSAGES if not translated.get(message)]
    assert not missing, "\n".join(missing)


def test_no_translation_is_left_over() -> None:
    assert not sorted(english().keys() - set(MESSAGES))


def test_english_keeps_the_placeholders() -> None:
    changed = [m for m, text in english().items() if placeholders(m) != placeholders(text)]
    assert not changed


def test_english_is_used() -> None:
    assert translator("en")("Étape {n} sur {total}", n=2, total=9) == "Step 2 of 9"
    assert translator("en")("Clore la séance") == "Close the session"
    assert translator("de")("Clore la séance") == "Clore la séance"


# French


@pytest.mark.parametrize(
    ("found", "instead"),
    [("\u202f", "U+00A0"), ("'", "’"), ("...", "…"), ('"', "« »"), ("\u00a0", "a plain space")],
)
def test_the_source_is_typed_well(found: str, instead: str) -> None:
    """Plain spaces in the source: `typography` puts the ones that do not break."""
    wrong = [message for message in MESSAGES if found in message]
    assert not wrong, f"expected {instead}: {wrong}"


def test_every_french_sign_has_its_space() -> None:
    """A high sign or a quotation mark stands apart from its word, as `typography` expects."""
    glued = re.compile(r"[^\s\u00a0][;!?»](?!\w)|[^\s\u00a0\d]:(?=\s|$)|«\S")
    wrong = [m for m in MESSAGES if glued.search(m)]
    assert not wrong, f"expected a space before ; : ! ? » and after «: {wrong}"


@pytest.mark.parametrize(
    ("plain", "french"),
    [
        ("Que gardons-nous ?", "Que gardons-nous\u00a0?"),
        ("Erreur : réessayez ; merci !", "Erreur\u00a0: réessayez\u00a0; merci\u00a0!"),
        ("Je dis « je ».", "Je dis «\u00a0je\u00a0»."),
        ("Rejoindre : {url}", "Rejoindre\u00a0: {url}"),
        ("14:30, https://atelier.example/?a", "14:30, https://atelier.example/?a"),
        ("Sans signe haut.", "Sans signe haut."),
    ],
)
def test_french_spaces_do_not_break(plain: str, french: str) -> None:
    assert typography(plain) == french
    assert typography(french) == french


def test_values_are_left_as_they_were_written() -> None:
    says = translator("fr")("Erreur {code} : {url}", code="a ; b", url="c ?")
    assert says == "Erreur a ; b\u00a0: c ?"


def test_english_has_no_french_spaces() -> None:
    assert not [text for text in english().values() if re.search("[\u00a0\u202f«»']", text)]


# Which language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("fr-CA", "fr"),
        ("de-CH, en;q=0.8, fr;q=0.7", "en"),
        ("de", "fr"),
        ("", "fr"),
    ],
)
def test_the_first_language_that_we_speak_is_taken(header: str, language: str) -> None:
    assert preferred(header, default="fr") == language
