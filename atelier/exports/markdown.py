"""The document as Markdown: headings and lists are ours, everything written stays text."""

import re
from collections.abc import Iterable, Iterator

from .document import Document
from .labels import LABELS, decision_of, kicker_of, lead_of, title_of, unsorted_of
from .method import Shown, cards_in_words, chosen_in_words, tags_in_words, tension_in_words

ANYWHERE = re.compile(r"[\\`*_{}\[\]<>#|~&$@^]")
COLON = re.compile(r":(?=\S)")
"""Before a space or an end it is a colon; elsewhere it may make a link or an emoji."""
WWW = re.compile(r"\b(www)\.", re.IGNORECASE)
LINE_START = re.compile(r"^([-+=]|\d+(?=[.)]))")
LINE_END = re.compile("\r\n?|[\n\v\f\x85\u2028\u2029]")


def to_markdown(document: Document) -> bytes:
    """CommonMark, UTF-8; the same document gives the same bytes."""
    return ("\n\n".join(blocks(document)) + "\n").encode()


def blocks(document: Document) -> Iterator[str]:
    labels = LABELS[document.language]
    yield f"# {line(title_of(document))}"
    yield line(kicker_of(document))
    if document.theme not in ("", document.title):
        yield line(document.theme)
    if lead := lead_of(document):
        yield line(lead)
    notes = {note.id: note.text for note in document.notes}
    for cluster in document.clusters:
        yield f"## {line(cluster.letter)}. {line(cluster.title)}"
        if cluster.tags:
            yield line(", ".join(tags_in_words(document, cluster)))
        yield from bullets(notes[id] for id in cluster.notes if id in notes)
    unsorted = [note.text for note in document.notes if note.cluster is None]
    if unsorted:
        yield f"## {unsorted_of(document)}"
        yield from bullets(unsorted)
    if document.tensions:
        yield f"## {labels['tensions']}"
        yield from bullets(tension_in_words(document, tension) for tension in document.tensions)
    if document.chosen:
        yield f"## {labels['chosen']}"
        yield from bullets(chosen_in_words(document))
    if document.cards:
        yield f"## {labels['cards']}"
        yield from bullets(card_in_words(document, card) for card in cards_in_words(document))
    if decision := decision_of(document):
        yield f"## {labels['decided']}"
        yield line(decision)
    if document.profile == "facilitator" and (document.steps or document.timeline):
        yield from course(document)
    yield "---"
    yield line(labels["footer"][document.profile])


def course(document: Document) -> Iterator[str]:
    labels = LABELS[document.language]
    yield f"## {labels['course']}"
    if document.steps:
        yield table(
            labels["script"].values(),
            ((s.title, str(s.planned_min), str(s.run_min)) for s in document.steps),
        )
    if document.timeline:
        yield table(
            (labels["minute"], labels["act"], ""),
            ((str(m.minute), labels["acts"].get(m.act, m.act), m.what) for m in document.timeline),
        )


def card_in_words(document: Document, card: Shown) -> str:
    said = f"{card.name} ({card.source})" if card.source else card.name
    about = LABELS[document.language]["about"]
    return f"{said}, {about} {', '.join(card.about)}" if card.about else said


def bullets(texts: Iterable[str]) -> Iterator[str]:
    """One list, if there is anything to list; a line of a note ends with a hard break."""
    items = ["- " + "\\\n  ".join(lines(text)) for text in texts]
    if items:
        yield "\n".join(items)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = [line(name) for name in head]
    ruled = [names, ["---"] * len(names), *([line(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in ruled)


def lines(text: str) -> list[str]:
    return [escaped(part.strip(" \t")) for part in LINE_END.split(text)]


def line(text: str) -> str:
    return escaped(LINE_END.sub(" ", text).strip(" \t"))


def escaped(text: str) -> str:
    """One line in which no sign means anything but itself."""
    text = ANYWHERE.sub(r"\\\g<0>", text)
    text = COLON.sub(r"\\:", text)
    text = WWW.sub(r"\1\\.", text)
    return LINE_START.sub(lambda m: m[0] + "\\" if m[0][0].isdigit() else "\\" + m[0], text)
