"""Two rooms in which the same is written by others: no screen shows any difference.

What differs by chance alone, in any two rooms, is taken out first: ids, code, nonces, and the order
that the reveal draws.
"""

import json
import re
import time
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.anonymity.planted import program
from tests.anonymity.stores import ENGINE, store
from tests.contract.people import Facilitator, Note, Phone, Room, Screen, Server

TEXTS = [f"Une note, la {word}" for word in ("une", "deux", "trois", "quatre", "cinq", "six")]
EACH_ONE = (0, 1, 2, 3, 4, 5)
OTHERWISE = (5, 3, 0, 1, 2, 4)
ONE_ALONE = (2, 2, 2, 2, 2, 2)
CLUSTER = "c" * 32
NOTE = re.compile(r'<li id="note-.*?</li>', re.DOTALL)


@pytest.fixture(scope="module")
def facilitator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facilitator]:
    data = tmp_path_factory.mktemp("same") / "var"
    with store(ENGINE) as kept:
        settings = {"ATELIER_RATE": "off", "ATELIER_THRESHOLD": "3", **kept.variables}
        server = Server(Path(data), settings, program=program("hurried"))
        try:
            yield server.start().facilitator("claire@example.org")
        finally:
            server.close()


@pytest.mark.parametrize(("mode", "others"), [("reveal", OTHERWISE), ("waves", ONE_ALONE)])
def test_who_writes_what_changes_no_byte_on_any_other_screen(
    facilitator: Facilitator, mode: str, others: Sequence[int]
) -> None:
    one = seen(facilitator.open(mode), EACH_ONE)
    other = seen(facilitator.open(mode), others)

    for name in one:
        difference = "\n".join(unified_diff(one[name], other[name], lineterm="", n=0))
        assert not difference, f"{name}:\n{difference}"
    assert any("la quatre" in line for line in one["frames of the board"])


def test_a_difference_in_what_is_written_is_noticed(facilitator: Facilitator) -> None:
    one = seen(facilitator.open(), EACH_ONE)
    other = seen(facilitator.open(), EACH_ONE, [*TEXTS[:5], "Une note, la septième"])

    assert {name for name in one if one[name] != other[name]} >= {
        "frames of the board", "frames of a phone", "export json", "board revealed",
    }  # fmt: skip


def seen(room: Room, who: Sequence[int], texts: Sequence[str] = TEXTS) -> dict[str, list[str]]:
    """All that the others see of a session, in which phone `who[n]` writes text n."""
    phones, bystander = room.phones(6), room.phone()
    for phone in (*phones, bystander):
        phone.http.get(room.page)
    shown: dict[str, str] = {}
    wait_for_a_beat()
    with room.screen() as board, bystander.screen() as aside:
        notes = [phones[person].write(text) for person, text in zip(who, texts, strict=True)]
        wait_for_a_beat()
        shown |= pages(room, bystander, "sealed")
        room.reveal()
        wait_for_a_beat()
        shown |= pages(room, bystander, "revealed")
        room.done("clusters", cluster=CLUSTER, title="Grappe", note=[n.note for n in notes[:2]])
        change(phones[who[2]], notes[2])
        shown |= pages(room, bystander, "changing")
        room.done("locks", on="1")  # late changes go with the next act; of two, in any order
        assert phones[who[3]].take_back(notes[3]).status_code == 202
        room.done("locks", on="0")
        wait_for_a_beat()
        shown |= pages(room, bystander, "changed")
        room.close("all")
        for name, screen in (("the board", board), ("a phone", aside)):
            screen.reach(room.seq())
            shown[f"frames of {name}"] = frames(screen)
    for format in ("json", "csv", "md", "html"):
        shown[f"export {format}"] = room.get(f"export/facilitator.{format}").text
    shown["timeline"] = room.get("timeline").text
    return {name: plain(text, room, notes) for name, text in shown.items()}


def wait_for_a_beat() -> None:
    time.sleep(0.6)  # six of the server's


def change(phone: Phone, note: Note) -> None:
    answer = phone.post(Note(note.note, note.secret, "Autrement dit"), rev=1)
    assert answer.status_code == 200, answer.text


def pages(room: Room, bystander: Phone, when: str) -> dict[str, str]:
    return {
        f"board {when}": room.get("board").text,
        f"page of the facilitator {when}": room.facilitator.http.get(room.page).text,
        f"projector {when}": room.facilitator.http.get(f"{room.page}?view=projector").text,
        f"phone {when}": bystander.http.get(room.page).text,
    }


def frames(screen: Screen) -> str:
    """One line for each; the HTML as it is, not as JSON writes it."""
    return "\n".join(
        " ".join(str(value) for value in json.loads(frame).values()) for frame in screen.frames
    )


def plain(text: str, room: Room, notes: Sequence[Note]) -> list[str]:
    code = room.code.replace(" ", "")
    codes = (code, "CODE"), (f"{code[:3]} {code[3:]}", "CODE")
    for chosen, name in ((room.room, "ROOM"), *codes, *named(notes)):
        text = text.replace(chosen, name)
    text = re.sub(r'(class="qrline"[^>]* d=)"[^"]*"', r"\1QR", text)
    text = re.sub(r'nonce-?=?"?[\w-]+', "NONCE", text)
    text = re.sub(r"\b[0-9a-f]{32}\b", "ID", text)
    text = re.sub(r'(?<=["#])[\w-]{43}(?=")', "SECRET", text)
    text = re.sub(r'"n\d+"', '"n"', text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ", "MINUTE", text)
    sorted_notes = iter(sorted(NOTE.findall(text)))
    text = NOTE.sub(lambda _: next(sorted_notes), text)
    return sorted(text.splitlines())


def named(notes: Sequence[Note]) -> list[tuple[str, str]]:
    return [(note.note, f"NOTE-{number}") for number, note in enumerate(notes)]
