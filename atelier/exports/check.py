"""Whether a document can become a room again: else where it cannot, and what was expected."""

import re
from collections.abc import Iterable, Sequence
from typing import NoReturn, get_args

from ..content.concepts import concepts
from ..rooms.commands import Tag
from ..rooms.own_cards import DEFINITION_LIMIT, NAME_LIMIT, YEAR_LIMIT
from ..rooms.refusals import Refused
from ..rooms.state import LETTERS
from ..rooms.steps import Kind, Register
from ..rooms.tensions import TENSIONS
from ..rooms.timeline import LastingName
from ..rooms.words import LINES, TITLE_LIMIT, clean, visible
from .document import Card, Cluster, Concept, Document, Moment, Note, Step, Tension

NOTE_MAX = 500
PROMPT_MAX = 5000
STEPS_MAX = 100
NOTES_MAX = 10_000
MINUTES_MAX = 60 * 24 * 366
STEP_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""A step's id is the one id that is kept as it is."""


def check(document: Document) -> None:
    """Raises `ValueError`. What this version could not keep is refused, never left out."""
    expect(document.profile, ("group", "facilitator"), "profile")
    check_text("title", document.title, TITLE_LIMIT)
    check_text("theme", document.theme, TITLE_LIMIT, empty=True)
    check_count("steps", document.steps, 1, STEPS_MAX)
    check_count("notes", document.notes, 0, NOTES_MAX)
    check_count("clusters", document.clusters, 0, len(LETTERS))
    check_count("tensions", document.tensions, 0, TENSIONS)
    for name in ("steps", "notes", "clusters", "tensions"):
        check_unique(f"{name}[].id", [each.id for each in getattr(document, name)])
    check_unique("clusters[].letter", [cluster.letter for cluster in document.clusters])
    check_unique("clusters[].notes", [id for each in document.clusters for id in each.notes])
    for n, step in enumerate(document.steps):
        check_step(f"steps[{n}]", step)
    for n, note in enumerate(document.notes):
        check_note(f"notes[{n}]", note, document)
    for n, cluster in enumerate(document.clusters):
        check_cluster(f"clusters[{n}]", cluster, document)
    for n, tension in enumerate(document.tensions):
        check_tension(f"tensions[{n}]", tension, document)
    check_unique("cards[]", [f"{card.concept}, {card.target}" for card in document.cards])
    check_unique("concepts[].id", [each.id for each in document.concepts])
    for n, concept in enumerate(document.concepts):
        check_concept(f"concepts[{n}]", concept, document)
    for n, card in enumerate(document.cards):
        check_card(f"cards[{n}]", card, document)
    check_unique("chosen[].cluster", [each.cluster for each in document.chosen])
    for n, each in enumerate(document.chosen):
        expect(each.cluster, [cluster.id for cluster in document.clusters], f"chosen[{n}].cluster")
    check_timeline(document.timeline)


def check_step(where: str, step: Step) -> None:
    if not STEP_ID.fullmatch(step.id):
        wrong(f"{where}.id", "1 to 64 letters, digits, - or _", step.id)
    expect(step.kind, get_args(Kind), f"{where}.kind")
    expect(step.register, get_args(Register), f"{where}.register")
    check_text(f"{where}.title", step.title, TITLE_LIMIT)
    check_text(f"{where}.prompt", step.prompt, PROMPT_MAX, lines=PROMPT_MAX, empty=True)
    check_minutes(f"{where}.planned_min", step.planned_min)
    check_minutes(f"{where}.run_min", step.run_min)


def check_note(where: str, note: Note, document: Document) -> None:
    if note.step not in {step.id for step in document.steps}:
        wrong(f"{where}.step", "the id of a step", note.step)
    check_text(f"{where}.text", note.text, NOTE_MAX, lines=LINES)
    if note.cluster is None:
        holding = [each.id for each in document.clusters if note.id in each.notes]
        if holding:
            wrong(f"{where}.cluster", f"{holding[0]!r}, which lists it", None)
        return
    cluster = next((each for each in document.clusters if each.id == note.cluster), None)
    if cluster is None:
        wrong(f"{where}.cluster", "the id of a cluster, or null", note.cluster)
    if note.id not in cluster.notes:
        wrong(f"{where}.cluster", "a cluster that lists this note", note.cluster)


def check_cluster(where: str, cluster: Cluster, document: Document) -> None:
    check_unique(f"{where}.tags", cluster.tags)
    for tag in cluster.tags:
        expect(tag, get_args(Tag), f"{where}.tags")
    if len(cluster.letter) != 1 or cluster.letter not in LETTERS:
        wrong(f"{where}.letter", "a letter from A to Z", cluster.letter)
    check_text(f"{where}.title", cluster.title, TITLE_LIMIT)
    known = {note.id: note.cluster for note in document.notes}
    for n, id in enumerate(cluster.notes):
        if id not in known:
            wrong(f"{where}.notes[{n}]", "the id of a note", id)
        if known[id] != cluster.id:
            wrong(f"{where}.notes[{n}]", f"a note whose cluster is {cluster.id!r}", id)


def check_tension(where: str, tension: Tension, document: Document) -> None:
    things = {cluster.id for cluster in document.clusters} | {note.id for note in document.notes}
    for name in ("a", "b"):
        end = getattr(tension, name)
        if end and end not in things:
            wrong(f"{where}.{name}", "the id of a cluster or note, or an empty one", end)
    check_text(f"{where}.both", tension.both, TITLE_LIMIT)
    check_text(f"{where}.and", tension.and_, TITLE_LIMIT)
    check_unique(f"{where}.levels", tension.levels)


def check_concept(where: str, concept: Concept, document: Document) -> None:
    if concept.id in concepts():
        wrong(f"{where}.id", "an id that no card of ours has", concept.id)
    if concept.id not in {card.concept for card in document.cards}:
        wrong(f"{where}.id", "the concept of one of the cards", concept.id)
    check_text(f"{where}.name", concept.name, NAME_LIMIT)
    check_text(f"{where}.definition", concept.definition, DEFINITION_LIMIT, lines=LINES)
    absent = not any((concept.author, concept.work, concept.year, concept.doubtful))
    for name, limit in (("author", TITLE_LIMIT), ("work", TITLE_LIMIT), ("year", YEAR_LIMIT)):
        check_text(f"{where}.{name}", getattr(concept, name), limit, empty=absent)


def check_card(where: str, card: Card, document: Document) -> None:
    own = [each.id for each in document.concepts]
    expect(card.concept, (*concepts(), *own), f"{where}.concept")
    targets = {cluster.id for cluster in document.clusters}
    targets |= {tension.id for tension in document.tensions}
    if card.target is not None and card.target not in targets:
        wrong(f"{where}.target", "the id of a cluster or tension, or null", card.target)


def check_timeline(timeline: Sequence[Moment]) -> None:
    before = 0
    for n, moment in enumerate(timeline):
        where = f"timeline[{n}]"
        expect(moment.act, get_args(LastingName), f"{where}.act")
        check_minutes(f"{where}.minute", moment.minute)
        if moment.minute < before:
            wrong(f"{where}.minute", f"{before} or later", moment.minute)
        before = moment.minute


# One value


def check_text(where: str, text: str, limit: int, *, lines: int = 1, empty: bool = False) -> None:
    """Found as it would be kept: too long a text, or one that would be cleaned, is refused."""
    if not empty and not visible(text):
        wrong(where, "a text", text)
    if len(text) > limit:
        wrong(where, f"at most {limit} characters", len(text))
    if text.count("\n") >= lines:
        wrong(where, f"at most {lines} line{'s' * (lines > 1)}", text.count("\n") + 1)
    framed = f"#{text}#"  # blanks at the ends do no harm
    try:
        plain = clean(framed) == framed
    except Refused:
        plain = False
    if not plain:
        raise ValueError(f"{where}: expected text in NFC without control or direction characters")


def check_minutes(where: str, minutes: int) -> None:
    if not 0 <= minutes <= MINUTES_MAX:
        wrong(where, f"minutes from 0 to {MINUTES_MAX}", minutes)


def check_count(where: str, found: Sequence[object], least: int, most: int) -> None:
    if not least <= len(found) <= most:
        wrong(where, f"{least} to {most} of them", len(found))


def check_unique(where: str, found: Iterable[str]) -> None:
    seen: set[str] = set()
    for each in found:
        if each in seen:
            wrong(where, "each only once", each)
        seen.add(each)


def expect(found: str, known: Sequence[str], where: str) -> None:
    if found not in known:
        wrong(where, f"one of {', '.join(known)}", found)


def wrong(where: str, expected: str, found: object) -> NoReturn:
    raise ValueError(f"{where}: expected {expected}, found {found!r}")
