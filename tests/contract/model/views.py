"""What the screens and the files of a room show, and what a room of the model says they must."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.contract.model.restitution import Lanes, Outside
from tests.contract.model.room import Room
from tests.contract.model.state import UNSORTED, Step
from tests.contract.people import text_of
from tests.contract.tree import Element


def is_shown(room: Room, board: Element) -> bool:
    if room.erased or lanes_of(board) != room.shown() or titles_of(board) != room.shown_titles():
        return False
    if asked_on(board) != room.asked() or told_on(board) != room.shown_totals():
        return False
    step = board.by_id("step")
    said = (line(step, "h1"), line(step, "p", "consigne")) if step else ("", "")
    return said == room.asks() and all(board[name] == each for name, each in room.head().items())


def lanes_of(board: Element) -> dict[str, dict[str, str]]:
    """The texts on a board by note, by cluster."""
    lanes = {each["data-cluster"]: each.having("data-note") for each in clusters_of(board)}
    filed = {note["data-note"] for notes in lanes.values() for note in notes}
    lanes[UNSORTED] = [each for each in board.having("data-note") if each["data-note"] not in filed]
    return {
        cluster: {each["data-note"]: text_of(each) for each in notes}
        for cluster, notes in lanes.items()
    }


def titles_of(board: Element) -> dict[str, str]:
    return {
        cluster["data-cluster"]: cluster.having("data-title")[0].text.strip()
        for cluster in clusters_of(board)
    }


def clusters_of(board: Element) -> list[Element]:
    return part(board, "clusters").having("data-cluster")


def asked_on(board: Element) -> tuple[str, int, set[str]]:
    """The choice that is open: its id, how many a phone may choose, and among which."""
    choice = part(board, "choice")
    among = {each["data-cluster"] for each in choice.having("data-cluster")}
    return (
        choice["data-choice"],
        int(choice["data-most"]),
        among if choice["data-choice"] else set(),
    )


def told_on(board: Element) -> dict[str, int]:
    """The totals of a choice."""
    choice = part(board, "choice")
    if choice["data-told"] == "0":
        return {}
    return {each["data-cluster"]: last_number(each.text) for each in choice.having("data-cluster")}


def last_number(text: str) -> int:
    return int("".join(char if char.isdigit() else " " for char in text).split()[-1])


def part(page: Element, name: str) -> Element:
    found = page.by_id(name)
    assert found is not None, f"no #{name}"
    return found


def line(within: Element, tag: str, kind: str = "") -> str:
    """The text of the first such element."""
    found = [e for e in within.every() if e.tag == tag and e.attributes.get("class", kind) == kind]
    return found[0].text.strip()


# The list of steps, beside the facilitator's board


class Listed(NamedTuple):
    """The steps as they are, with whether each was entered; and as the room opened with them, with
    whether each is still there."""

    steps: list[tuple[str, Step, bool]]
    planned: list[tuple[str, bool]]


def listed_in(page: Element) -> Listed:
    steps = [(e["data-id"], step_in(e), e["data-entered"] == "1") for e in rows(page, "etapes")]
    planned = [(e["data-id"], all(c.tag != "s" for c in e.every())) for e in rows(page, "origine")]
    return Listed(steps, planned)


def rows(page: Element, name: str) -> list[Element]:
    return [each for each in part(page, name).every() if each.tag == "li"]


def step_in(row: Element) -> Step:
    [title], [prompt] = row.having("data-title"), row.having("data-prompt")
    told = row["data-kind"], row["data-mode"], int(row["data-minutes"])
    return Step(title.text.strip(), prompt.text.strip(), *told)


def listed(room: Room) -> Listed:
    return Listed(
        [(id, step, id in room.entered) for id, step in room.steps.items()],
        [(id, id in room.steps) for id in room.planned],
    )


# What goes out


class Exported(NamedTuple):
    steps: list[tuple[str, Step]]
    """Of each step all but its mode, which no file tells."""
    lanes: Lanes
    chosen: set[str]
    """The titles of the clusters that most phones chose."""


def exported(document: dict[str, Any]) -> Exported:
    titles = titles_in(document)
    steps = [
        (e["id"], Step(e["title"], e["prompt"], e["kind"], "", e["planned_min"]))
        for e in document["steps"]
    ]
    chosen = {titles[each["cluster"]] for each in document.get("chosen", [])}
    return Exported(steps, lanes_in(document), chosen)


def titles_in(document: dict[str, Any]) -> dict[str | None, str]:
    return {cluster["id"]: cluster["title"] for cluster in document["clusters"]} | {None: ""}


def lanes_in(document: dict[str, Any]) -> Lanes:
    titles = titles_in(document)
    lanes: Lanes = {title: set() for title in titles.values()}
    for note in document["notes"]:
        lanes[titles[note["cluster"]]].add(note["text"])
    return lanes


def exported_by(room: Room) -> Exported:
    titles, told = room.shown_titles() | {UNSORTED: ""}, room.told()
    steps = [(id, step._replace(mode="")) for id, step in room.steps.items()]
    return Exported(
        [] if room.keep == "nothing" else steps,
        {titles[cluster]: set(notes.values()) for cluster, notes in room.shown().items()},
        {titles[each] for each, times in told.items() if times == max(told.values())},
    )


def outside_in(document: dict[str, Any]) -> Outside:
    """What a file for whom was not there holds; it has no step and no act."""
    beside = document["theme"], document["steps"], document["timeline"], document.get("chosen")
    assert beside == ("", [], [], None), beside
    return Outside(document["title"], lanes_in(document))


def read_in(page: Element) -> tuple[Outside, bool]:
    """What is read together, and whether the group has accepted it."""
    [section] = page.having("data-reading")
    chapters = [
        each for each in section.every() if each.tag == "li" and "data-groupe" in each.attributes
    ]
    lanes: Lanes = {"": set()}
    for chapter in chapters:
        titles = [each.text for each in chapter.every() if each.tag == "b"]
        said = {e.text for e in chapter.every() if e.tag == "li" and e is not chapter}
        lanes.setdefault(titles[0] if titles else "", set()).update(said)
    return Outside(line(section, "h1"), lanes), section["data-accepted"] == "1"


# What may be seen


def visible(room: Room) -> frozenset[str]:
    return frozenset(text for notes in room.shown().values() for text in notes.values())


def passing(room: Room) -> Iterator[str]:
    """What late changes may show for a moment, between an act and the changes that come with it."""
    for note, late in room.late.items():
        yield room.notes[note].text
        if late.text is not None:
            yield late.text
