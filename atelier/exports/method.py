"""Tensions, concept cards and tags in words, for the formats that people read."""

from dataclasses import dataclass

from ..content.concepts import concepts
from ..rooms.ids import ConceptId
from .document import Cluster, Document, Language, Tension
from .labels import LABELS


def tension_in_words(document: Document, tension: Tension) -> str:
    """Both halves, and where it is felt; for a half without words what it is about."""
    about = {note.id: note.text for note in document.notes}
    about |= {cluster.id: cluster.title for cluster in document.clusters}
    both = tension.both or about.get(tension.a, "")
    and_ = tension.and_ or about.get(tension.b, "")
    levels = ", ".join(LABELS[document.language]["levels"][level] for level in tension.levels)
    said = sentence(document.language, both, and_)
    return f"{said} ({levels})" if levels else said


def sentence(language: str, both: str, and_: str) -> str:
    labels = LABELS["en" if language == "en" else "fr"]
    return f"{labels['both']} {both} {labels['and']} {and_}"


def tags_in_words(document: Document, cluster: Cluster) -> list[str]:
    names = LABELS[document.language]["tags"]
    return [names.get(tag, tag) for tag in cluster.tags]


def chosen_in_words(document: Document) -> list[str]:
    """In the order of the wall: the group chose what to work on, no cluster was ranked."""
    named = {cluster.id: f"{cluster.letter}. {cluster.title}" for cluster in document.clusters}
    return [named[each.cluster] for each in document.chosen]


@dataclass(frozen=True, slots=True)
class Shown:
    """A concept card: its name, where the idea comes from, what it sheds light on."""

    name: str
    definition: str
    source: str
    about: tuple[str, ...]


def cards_in_words(document: Document) -> list[Shown]:
    named = {cluster.id: f"{cluster.letter}. {cluster.title}" for cluster in document.clusters}
    named |= {
        tension.id: sentence(document.language, tension.both, tension.and_)
        for tension in document.tensions
    }
    about: dict[str, list[str]] = {}
    for card in document.cards:
        about.setdefault(card.concept, []).extend(
            [named[card.target]] if card.target in named else []
        )
    return [
        shown(document, ConceptId(concept), tuple(targets)) for concept, targets in about.items()
    ]


def shown(document: Document, id: ConceptId, about: tuple[str, ...]) -> Shown:
    language = document.language
    if own := next((each for each in document.concepts if each.id == id), None):
        reference = (own.author, own.work, own.year) if own.author else ()
        source = source_of(language, *reference, doubtful=own.doubtful)
        return Shown(own.name, own.definition, source, about)
    concept = concepts().get(id)
    if concept is None:  # a card of another version: its id is all that is known
        return Shown(id, "", "", about)
    reference = (concept.author, concept.work, str(concept.year))
    source = source_of(language, *reference, doubtful=concept.year_status != "sure")
    return Shown(concept.name(language), concept.definition(language), source, about)


def source_of(language: Language, *reference: str, doubtful: bool) -> str:
    doubt = f" ({LABELS[language]['doubtful']})" if doubtful else ""
    return ", ".join(reference) + doubt
