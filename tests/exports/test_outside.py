"""What leaves the room for who was not there: what was read and accepted, and nothing else."""

import json
import re
from io import BytesIO
from random import Random

import pytest
from pypdf import PdfReader

from atelier.exports.build import document_of
from atelier.exports.document import Document, Profile
from atelier.exports.formats import FORMATS
from atelier.rooms.board import board_of
from atelier.rooms.commands import (
    AcceptRestitution,
    Audience,
    CloseRoom,
    Keep,
    ProposeRestitution,
    ReopenRoom,
    WithdrawRestitution,
)
from atelier.rooms.events import Recorded, Untimed
from atelier.rooms.quoting import quoted
from atelier.rooms.reading import Reading, reading_of
from atelier.rooms.refusals import Refused
from atelier.rooms.timeline import timeline_of
from tests.rooms.random_rooms import RandomRoom

AUDIENCES: tuple[Audience, ...] = ("sponsor", "research")
DAY = 1_795_340_000
"""22 November 2026, in the afternoon."""


def a_room(seed: int, audience: Audience, keep: Keep) -> RandomRoom:
    """A random room in which this audience was given something to be read, and then closed."""
    grown = RandomRoom(seed).grow(70)
    if grown.room.closed:
        grown.perform(ReopenRoom())
    chance = Random(seed)
    wall = grown.room.wall
    notes = [id for id, note in wall.notes.items() if not note.hidden and chance.random() < 0.5]
    command = ProposeRestitution(
        audience,
        grown.lay("Ce qui sort"),
        tuple((cluster, grown.lay("Récrit")) for cluster in wall.clusters),
        tuple((each, grown.lay("garder"), grown.lay("donner")) for each in wall.tensions),
        tuple((id, grown.lay("Un extrait")) for id in notes) if audience == "research" else (),
    )
    if not (command.clusters or command.tensions or command.excerpts):
        pytest.skip("an empty wall")
    grown.perform(command)
    grown.perform(AcceptRestitution(audience, command.title))
    grown.perform(CloseRoom(keep))
    return grown


def exported(grown: RandomRoom, profile: Profile) -> Document:
    log = [
        Recorded(n, event, None if isinstance(event, Untimed) else n)
        for n, event in enumerate(grown.events, start=1)
    ]
    room, words = grown.room, grown.words
    return document_of(board_of(room, words), timeline_of(log), room, words, DAY, profile)


def told(document: Document, format: str) -> str:
    """What the file says to who opens it."""
    body = FORMATS[format][1](document)
    if format == "pdf":
        reader = PdfReader(BytesIO(body))
        return "\n".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    return body.decode()


def a_reading(grown: RandomRoom, audience: Audience) -> Reading:
    reading = reading_of(grown.room, grown.words, audience)
    assert reading
    return reading


TEXT = ("json", "csv", "md", "html", "pdf")
"""The formats whose letters can be read back; `png` and `svg` are drawn from the same page as
`pdf`, and `test_pictures_show_the_page` holds them to it."""


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("keep", ["all", "reduced"])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_of_random_rooms_goes_out_what_was_read_and_nothing_else(
    seed: int, keep: Keep, audience: Audience
) -> None:
    grown = a_room(seed, audience, keep)
    document = exported(grown, audience)
    written = [
        document.title,
        *(cluster.title for cluster in document.clusters),
        *(half for each in document.tensions for half in (each.both, each.and_)),
        *(note.text for note in document.notes),
    ]
    assert sorted(written) == sorted(a_reading(grown, audience).lines)
    assert (document.steps, document.timeline, document.theme) == ((), (), "")
    assert document.day.day == 1
    if audience == "sponsor":
        assert (document.notes, document.cards) == ((), ())
        assert all(not cluster.notes and not cluster.tags for cluster in document.clusters)
    if keep == "reduced":
        assert document.notes == ()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_file_holds_a_note_a_day_a_minute_or_an_id_of_the_room(
    seed: int, audience: Audience
) -> None:
    grown = a_room(seed, audience, "all")
    document = exported(grown, audience)
    notes = [grown.words[note.words] for note in grown.room.wall.notes.values()]
    for format in TEXT:
        text = told(document, format)
        assert quoted([text], notes, whole=True) == [], format
        assert not re.search(r"[0-9a-f]{32}", text), "no id of a phone or a room"
        assert not re.search(r"2026-11-(?!01)\d\d|\d+ novembre|\d\d ?[:h] ?\d\d", text), format
        assert not re.search(r"20261122|202611\d\d(?!\D*$)(?<!01)", text.replace("D:20261101", ""))
        assert "Étape" not in text, "which step something was written in is nobody's business"


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("format", ["png", "svg"])
def test_pictures_show_the_page(audience: Audience, format: str) -> None:
    """Drawn from the document alone: the same document, whatever else is in the room, gives the
    same bytes."""
    grown = a_room(3, audience, "all")
    document = exported(grown, audience)
    for id in [note.words for note in grown.room.wall.notes.values()]:
        grown.words[id] = grown.words[grown.lay("tout autre chose")]
    make = FORMATS[format][1]
    assert make(exported(grown, audience)) == make(document)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_goes_out_before_it_was_accepted_or_before_the_closing(audience: Audience) -> None:
    grown = a_room(3, audience, "all")
    exported(grown, audience)
    grown.perform(ReopenRoom())
    assert refusal(grown, audience) == "closing-first"
    grown.perform(CloseRoom("nothing"))
    assert refusal(grown, audience) == "nothing-kept"
    grown.perform(ReopenRoom())
    grown.perform(WithdrawRestitution(audience))
    grown.perform(CloseRoom("all"))
    assert refusal(grown, audience) == "restitution-first"


@pytest.mark.parametrize("seed", range(40))
def test_one_agreement_opens_nothing_to_the_other(seed: int) -> None:
    grown = a_room(seed, "sponsor", "all")
    if "research" not in grown.room.accepted:
        assert refusal(grown, "research") == "restitution-first"


def refusal(grown: RandomRoom, profile: Profile) -> str:
    with pytest.raises(Refused) as refused:
        exported(grown, profile)
    return refused.value.reason


@pytest.mark.parametrize("keep", ["all", "reduced"])
@pytest.mark.parametrize("profile", ["group", "facilitator"])
def test_the_sessions_own_files_tell_what_was_decided_and_what_was_accepted(
    keep: Keep, profile: Profile
) -> None:
    grown = a_room(3, "sponsor", keep)
    document = exported(grown, profile)
    decided = {"all": "Garder le mur", "reduced": "Ne garder que les grappes"}[keep]
    acts = {(moment.act, moment.what) for moment in document.timeline}
    assert {("restitution", "Commanditaire"), ("close", decided)} <= acts
    for format in ("md", "html", "pdf"):
        assert decided in told(document, format).replace("\n", " "), format
    assert decided in json.loads(told(document, "json"))["timeline"][-1]["what"]
