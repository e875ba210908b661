"""What the exports say by themselves, in both languages, and how much of the day they may tell."""

import datetime
from typing import Any

from ..rooms.commands import Audience, Keep
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
            "sponsor": "Profil Commanditaire. Lu et accepté par le groupe. Aucune note.",
            "research": "Profil Recherche. Lu et accepté par le groupe. Extraits récrits.",
        },
        "lead": {
            "sponsor": "Une séance de groupe. Ce texte a été lu par le groupe, qui l’a accepté. Il"
            " ne contient aucune note, aucun jour, aucun nombre de personnes.",
            "research": "Une séance de groupe. Ce texte a été lu par le groupe, qui l’a accepté."
            " Les extraits ont été récrits ; il n’y a ni note entière, ni jour, ni nombre de"
            " personnes.",
        },
        "decided": "Ce que le groupe a décidé",
        "decisions": {
            "all": "Garder le mur",
            "reduced": "Ne garder que les grappes",
            "nothing": "Tout effacer",
        },
        "audiences": {"sponsor": "Commanditaire", "research": "Recherche"},
        "unsorted": "Notes seules",
        "loose": "Autres extraits",
        "clusters": "Grappes",
        "tensions": "Ce qui nous tient en tension",
        "chosen": "Ce que le groupe a choisi",
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
            "restitution": "Restitution acceptée",
            "choice": "Choisi ensemble",
            "close": "Séance close",
        },
        "read": {"kind": "Nature", "letter": "Lettre", "text": "Texte"},
        "kinds": {
            "cluster": "Grappe",
            "excerpt": "Extrait",
            "tension": "Tension",
            "card": "Repère",
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
            "sponsor": "Sponsor profile. Read and accepted by the group. No note.",
            "research": "Research profile. Read and accepted by the group. Excerpts rewritten.",
        },
        "lead": {
            "sponsor": "One session of a group. The group has read this text and accepted it. It"
            " holds no note, no day, no number of people.",
            "research": "One session of a group. The group has read this text and accepted it. The"
            " excerpts were rewritten; there is no whole note, no day and no number of people.",
        },
        "decided": "What the group decided",
        "decisions": {
            "all": "Keep the wall",
            "reduced": "Keep only the clusters",
            "nothing": "Erase everything",
        },
        "audiences": {"sponsor": "Sponsor", "research": "Research"},
        "unsorted": "Notes on their own",
        "loose": "Other excerpts",
        "clusters": "Clusters",
        "tensions": "What holds us in tension",
        "chosen": "What the group has chosen",
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
            "restitution": "Given back and accepted",
            "choice": "Chosen together",
            "close": "Session closed",
        },
        "read": {"kind": "Kind", "letter": "Letter", "text": "Text"},
        "kinds": {
            "cluster": "Cluster",
            "excerpt": "Excerpt",
            "tension": "Tension",
            "card": "Concept card",
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


def lead_of(document: Document) -> str:
    """What has to be known before reading it; of a session's own files, nothing."""
    leads: dict[str, str] = LABELS[document.language]["lead"]
    return leads.get(document.profile, "")


def unsorted_of(document: Document) -> str:
    """What notes in no cluster are called; what was rewritten is no note any more."""
    name: str = LABELS[document.language]["loose" if document.profile == "research" else "unsorted"]
    return name


def decision_of(document: Document) -> str:
    """What the group decided to keep, as the last closing says it."""
    return next((each.what for each in reversed(document.timeline) if each.act == "close"), "")


def keep_of(document: Document, what: str) -> Keep:
    """The decision that a closing tells; of a file from before closings told it, the one that its
    notes show. Raises `KeyError` when there is no such decision."""
    if not what:
        return "all" if document.notes else "reduced"
    decisions: dict[Keep, str] = LABELS[document.language]["decisions"]
    return {said: keep for keep, said in decisions.items()}[what]


def audience_of(document: Document, what: str) -> Audience:
    """Raises `KeyError` when there is no such audience."""
    audiences: dict[Audience, str] = LABELS[document.language]["audiences"]
    return {name: audience for audience, name in audiences.items()}[what]


def kicker_of(document: Document) -> str:
    return f"{LABELS[document.language]['kicker'][document.profile]}, {day_in_words(document)}"
