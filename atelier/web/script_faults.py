"""The faults of a script in words: which step, which field, what was expected, what came."""

from collections.abc import Iterable

from ..content.faults import Fault
from ..i18n import Translator
from .words import FIELDS

PROBLEMS = {
    "wrong": "attendu, {expected} ; reçu, {found}.",
    "missing": "il manque ; attendu, {expected}.",
    "unknown": "ce champ n’existe pas ; attendu, {expected}.",
    "taken": "{found} est déjà pris.",
    "unreadable": "attendu, {expected}.",
}
EXPECTED = {
    "number": "un nombre entier de {least} à {most}",
    "text": "un texte de {least} à {most} signes",
    "choice": "un de ces mots : {names}",
    "id": "des minuscules sans accent, des chiffres et des tirets",
    "list": "une liste",
    "fields": "des champs et leurs valeurs",
    "scripts": "une liste de trames",
    "steps": "une liste d’au moins une étape",
    "few-steps": "{most} étapes au plus",
    "concepts": "des repères de la bibliothèque",
    "order": "au moins, idéale, au plus, dans cet ordre",
    "sum": "{total}, la somme des étapes et des pauses",
    "yaml": "du YAML ({problem})",
    "plain-yaml": "du YAML sans caractères de contrôle",
}

NOTHING = ("''", "None")


def told(faults: Iterable[Fault], _: Translator) -> list[str]:
    """One sentence for each; fields have the names that they have in the file."""
    return [_("{place} : {what}", place=place(f, _), what=what(f, _)) for f in faults]


def place(fault: Fault, _: Translator) -> str:
    parts = (
        _("Trame {script}", script=fault.script) if fault.script else "",
        _("étape {n}", n=fault.step) if fault.step else "",
        field(fault.field, _),
    )
    return ", ".join(filter(None, parts)) or _("Le fichier")


def field(name: str, _: Translator) -> str:
    known = FIELDS.get(name)
    return f"{name} ({_(known)})" if known else name


def what(fault: Fault, _: Translator) -> str:
    expected = _(EXPECTED[fault.expected.name], **fault.expected.values)
    found = _("rien") if fault.found in NOTHING else fault.found
    return _(PROBLEMS[fault.problem], expected=expected, found=found)
