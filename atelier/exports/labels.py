"""What the exports say by themselves, in both languages, and how much of the day they may tell."""

import datetime
from typing import Any

from .document import Document, Language

LABELS: dict[Language, dict[str, Any]] = {
    "fr": {
        "months": "janvier février mars avril mai juin juillet août septembre octobre novembre"
        " décembre",
        "first": "1er",
        "kicker": {
            "group": "Restitution au groupe",
            "facilitator": "Séance, pour l’animation",
            "sponsor": "Restitution",
            "research": "Extraits pour la recherche",
        },
        "footer": {
            "group": "Profil Groupe. Notes sans nom. Ni ordre, ni heure.",
            "facilitator": "Profil Animation. Notes sans nom. Ni ordre, ni heure.",
            "sponsor": "Profil Commanditaire. Ni nom, ni ordre, ni heure.",
            "research": "Profil Recherche. Ni nom, ni ordre, ni heure.",
        },
        "unsorted": "Notes seules",
        "clusters": "Grappes",
        "tensions": "Ce qui nous tient en tension",
        "chosen": "Ce que le groupe a choisi",
        "times": "choix :",
        "cards": "Repères théoriques",
        "about": "éclaire",
        "doubtful": "date à vérifier",
        "tags": {
            "social": "social",
            "familial": "familial",
            "affectif": "affectif",
            "corps": "corps et sexualité",
            "organisation": "organisation",
            "epoque": "époque",
        },
        "both": "à la fois",
        "and": "et",
        "levels": {"self": "moi", "organisation": "organisation", "times": "époque"},
        "course": "Déroulé",
        "columns": {"cluster": "Grappe", "title": "Titre", "step": "Étape", "note": "Note"},
        "script": {"step": "Étape", "planned": "Prévu (min)", "run": "Réel (min)"},
        "minute": "Minute",
        "act": "Acte",
        "acts": {
            "step": "Étape",
            "reveal": "Mur dévoilé",
            "cluster": "Grappe",
            "tension": "Tension nommée",
            "card": "Repère",
            "choice": "Choisi ensemble",
            "close": "Séance close",
        },
    },
    "en": {
        "months": "January February March April May June July August September October November"
        " December",
        "first": "1",
        "kicker": {
            "group": "Given back to the group",
            "facilitator": "Session, for the facilitator",
            "sponsor": "Report",
            "research": "Excerpts for research",
        },
        "footer": {
            "group": "Group profile. Notes without names. No order, no time.",
            "facilitator": "Facilitator profile. Notes without names. No order, no time.",
            "sponsor": "Sponsor profile. No name, no order, no time.",
            "research": "Research profile. No name, no order, no time.",
        },
        "unsorted": "Notes on their own",
        "clusters": "Clusters",
        "tensions": "What holds us in tension",
        "chosen": "What the group has chosen",
        "times": "choices:",
        "cards": "Concept cards",
        "about": "sheds light on",
        "doubtful": "date to be checked",
        "tags": {
            "social": "social",
            "familial": "family",
            "affectif": "emotional",
            "corps": "body and sexuality",
            "organisation": "organisation",
            "epoque": "our times",
        },
        "both": "both",
        "and": "and",
        "levels": {"self": "me", "organisation": "organisation", "times": "our times"},
        "course": "As it went",
        "columns": {"cluster": "Cluster", "title": "Title", "step": "Step", "note": "Note"},
        "script": {"step": "Step", "planned": "Planned (min)", "run": "Run (min)"},
        "minute": "Minute",
        "act": "Act",
        "acts": {
            "step": "Step",
            "reveal": "Wall revealed",
            "cluster": "Cluster",
            "tension": "Tension named",
            "card": "Concept card",
            "choice": "Chosen together",
            "close": "Session closed",
        },
    },
}


def shown_day(document: Document) -> datetime.date:
    """The day that the file may tell, in its text and in its metadata."""
    if document.profile == "facilitator":
        return document.day
    return document.day.replace(day=1)


def day_in_words(document: Document) -> str:
    """The whole day for the facilitator, the month for everybody else."""
    labels, day = LABELS[document.language], document.day
    month = f"{labels['months'].split()[day.month - 1]} {day.year}"
    if document.profile != "facilitator":
        return month
    return f"{labels['first'] if day.day == 1 else day.day} {month}"


def title_of(document: Document) -> str:
    kicker: str = LABELS[document.language]["kicker"][document.profile]
    return document.title or kicker


def kicker_of(document: Document) -> str:
    return f"{LABELS[document.language]['kicker'][document.profile]}, {day_in_words(document)}"
