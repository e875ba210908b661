"""That a room gives the document again which it was made from."""

from typing import Any

import msgspec

from .check import wrong
from .document import Document, Moment
from .labels import LABELS, keep_of


def numbered(document: Document) -> Document:
    """With the ids that an export gives, which are local to the file and tell nothing."""
    held = [id for cluster in document.clusters for id in cluster.notes]
    loose = [note.id for note in document.notes if note.cluster is None]
    notes = {note.id: note for note in document.notes}
    local = {id: f"n{number}" for number, id in enumerate([*held, *loose], start=1)}
    clusters = {each.id: f"c{number}" for number, each in enumerate(document.clusters, start=1)}
    tensions = {each.id: f"t{number}" for number, each in enumerate(document.tensions, start=1)}
    concepts = {each.id: f"k{number}" for number, each in enumerate(document.concepts, start=1)}
    things = local | clusters
    return msgspec.structs.replace(
        document,
        notes=tuple(
            msgspec.structs.replace(
                notes[id], id=local[id], cluster=clusters.get(notes[id].cluster or "")
            )
            for id in local
        ),
        clusters=tuple(
            msgspec.structs.replace(
                each, id=clusters[each.id], notes=tuple(local[id] for id in each.notes)
            )
            for each in document.clusters
        ),
        tensions=tuple(
            msgspec.structs.replace(
                each, id=tensions[each.id], a=things.get(each.a, ""), b=things.get(each.b, "")
            )
            for each in document.tensions
        ),
        cards=tuple(
            msgspec.structs.replace(
                each,
                concept=concepts.get(each.concept, each.concept),
                target=(clusters | tensions).get(each.target or ""),
            )
            for each in document.cards
        ),
        chosen=tuple(
            msgspec.structs.replace(each, cluster=clusters.get(each.cluster, ""))
            for each in document.chosen
        ),
        concepts=tuple(
            msgspec.structs.replace(each, id=concepts[each.id]) for each in document.concepts
        ),
        timeline=tuple(with_decision(document, moment) for moment in document.timeline),
    )


def with_decision(document: Document, moment: Moment) -> Moment:
    """Files from before closings told the decision leave it empty."""
    if moment.act != "close" or moment.what:
        return moment
    said = LABELS[document.language]["decisions"][keep_of(document, "")]
    return msgspec.structs.replace(moment, what=said)


def refuse_difference(again: Any, given: Any, where: str = "") -> None:
    """Raise `ValueError` at the first place where the document would come back another."""
    if again == given:
        return
    if isinstance(given, dict):
        for key in given:
            refuse_difference(again[key], given[key], f"{where}.{key}".lstrip("."))
    if isinstance(given, tuple) and len(given) == len(again):
        for number, pair in enumerate(zip(again, given, strict=True)):
            refuse_difference(*pair, f"{where}[{number}]")
    wrong(where, f"{again!r}, as follows from the rest of the file", given)
