"""Giving back: what may be proposed, what accepting binds, and what goes with its note."""

import pytest

from atelier.closing import words_to_keep
from atelier.rooms.commands import (
    AcceptRestitution,
    Audience,
    CloseRoom,
    DissolveCluster,
    ExpireNotes,
    FormCluster,
    GoToStep,
    HideNote,
    NameTension,
    ProposeRestitution,
    RemoveNote,
    RenameCluster,
    ReopenRoom,
    RevealNotes,
    RewordNote,
    ShowCard,
    TagCluster,
    TakeBackNote,
    Undo,
    WithdrawRestitution,
)
from atelier.rooms.ids import ClusterId, ConceptId, NoteId, TensionId, WordsId
from atelier.rooms.own_cards import CardWords
from atelier.rooms.reading import Reading, reading_of
from atelier.rooms.refusals import Refused
from tests.rooms.random_rooms import RandomRoom

CLUSTER, TENSION = ClusterId("c" * 32), TensionId("d" * 32)
NOTES = (NoteId("a" * 32), NoteId("b" * 32))


@pytest.fixture
def grown() -> RandomRoom:
    """Two notes, one of them in a cluster that is held in tension with the other."""
    grown = RandomRoom(1)
    grown.perform(GoToStep(grown.room.steps[0].id))
    for note in NOTES:
        grown.words[WordsId(note)] = grown.words[grown.lay("Une note")]
    step = grown.room.steps[0].id
    grown.perform(RevealNotes(tuple((note, step) for note in NOTES)))
    grown.perform(FormCluster(CLUSTER, grown.lay("Grappe"), NOTES[:1]))
    grown.perform(TagCluster(CLUSTER, ("corps",)))
    halves = grown.lay("tenir"), grown.lay("lâcher")
    grown.perform(NameTension(TENSION, CLUSTER, NOTES[1], *halves, ("self",)))
    grown.perform(ShowCard(ConceptId("habitus"), None))
    return grown


def proposed(grown: RandomRoom, audience: Audience, *notes: NoteId) -> WordsId:
    title = grown.lay("Titre")
    clusters = ((CLUSTER, grown.lay("Récrit")),)
    tensions = ((TENSION, grown.lay("garder"), grown.lay("donner")),)
    excerpts = tuple((note, grown.lay("Un extrait")) for note in notes)
    grown.perform(ProposeRestitution(audience, title, clusters, tensions, excerpts))
    return title


def read(grown: RandomRoom, audience: Audience) -> Reading:
    reading = reading_of(grown.room, grown.words, audience)
    assert reading
    return reading


def refused(grown: RandomRoom, command: object) -> str:
    with pytest.raises(Refused) as refusal:
        grown.perform(command)  # type: ignore[arg-type]
    return refusal.value.reason


def test_the_sponsor_is_read_titles_and_tensions_without_tags_cards_or_notes(
    grown: RandomRoom,
) -> None:
    proposed(grown, "sponsor")
    reading = read(grown, "sponsor")
    [chapter], [pair] = reading.chapters, reading.tensions
    assert (chapter.letter, chapter.tags, chapter.excerpts) == ("A", (), ())
    assert pair.a is chapter and pair.b is None, "a note is nobody's end outside"
    assert (reading.concepts, reading.loose, reading.accepted) == ((), (), False)


def test_research_is_read_tags_cards_and_excerpts_too(grown: RandomRoom) -> None:
    proposed(grown, "research", *NOTES)
    reading = read(grown, "research")
    assert reading.chapters[0].tags == ("corps",)
    assert [each.note for each in reading.chapters[0].excerpts] == [NOTES[0]]
    assert [each.note for each in reading.loose] == [NOTES[1]]
    assert reading.concepts == ("habitus",)


def test_a_card_of_ones_own_stays_in_the_room(grown: RandomRoom) -> None:
    said = CardWords(grown.lay("Nom"), grown.lay("Définition"), (), False)
    grown.perform(ShowCard(ConceptId("f" * 32), None, said))
    proposed(grown, "research")
    assert read(grown, "research").concepts == ("habitus",)


def test_no_excerpt_is_proposed_to_the_sponsor(grown: RandomRoom) -> None:
    title = grown.lay("Titre")
    excerpt = ((NOTES[0], grown.lay("Extrait")),)
    command = ProposeRestitution("sponsor", title, (), (), excerpt)
    assert refused(grown, command) == "excerpt-for-sponsor"


def test_what_is_not_on_the_wall_and_nothing_at_all_cannot_be_proposed(grown: RandomRoom) -> None:
    title = grown.lay("Titre")
    wrong = ClusterId("9" * 32)
    assert refused(grown, ProposeRestitution("sponsor", title, (), ())) == "restitution-empty"
    other = ProposeRestitution("sponsor", title, ((wrong, title),), ())
    assert refused(grown, other) == "cluster-unknown"
    grown.perform(HideNote(NOTES[1]))
    hidden = ProposeRestitution("research", title, (), (), ((NOTES[1], title),))
    assert refused(grown, hidden) == "note-unknown"


def test_only_the_text_that_was_read_is_accepted(grown: RandomRoom) -> None:
    assert refused(grown, AcceptRestitution("sponsor", WordsId("x"))) == "restitution-unknown"
    before = proposed(grown, "sponsor")
    now = proposed(grown, "sponsor")
    assert refused(grown, AcceptRestitution("sponsor", before)) == "restitution-changed"
    assert len(grown.perform(AcceptRestitution("sponsor", now))) == 1
    assert grown.perform(AcceptRestitution("sponsor", now)) == []
    assert read(grown, "sponsor").accepted
    assert reading_of(grown.room, grown.words, "research") is None, "an agreement of its own"


def test_another_text_is_accepted_anew(grown: RandomRoom) -> None:
    grown.perform(AcceptRestitution("sponsor", proposed(grown, "sponsor")))
    proposed(grown, "sponsor")
    assert not read(grown, "sponsor").accepted


def test_what_becomes_of_the_wall_changes_nothing_of_what_was_read(grown: RandomRoom) -> None:
    grown.perform(AcceptRestitution("research", proposed(grown, "research", NOTES[0])))
    before = read(grown, "research")
    grown.perform(RenameCluster(CLUSTER, grown.lay("Autrement")))
    grown.perform(DissolveCluster(CLUSTER))
    grown.perform(Undo())
    assert read(grown, "research") == before


@pytest.mark.parametrize(
    "ending",
    [
        TakeBackNote(NOTES[0]),
        HideNote(NOTES[0]),
        RewordNote(NOTES[0], WordsId("e" * 32)),
        RemoveNote(NOTES[0]),
        ExpireNotes(),
        CloseRoom("reduced"),
        CloseRoom("nothing"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_an_excerpt_goes_when_its_note_goes(grown: RandomRoom, ending: object) -> None:
    grown.perform(AcceptRestitution("research", proposed(grown, "research", *NOTES)))
    excerpt = read(grown, "research").chapters[0].excerpts[0].text
    if isinstance(ending, RemoveNote | ExpireNotes):
        grown.perform(CloseRoom("all"))
    grown.perform(ending)  # type: ignore[arg-type]
    reading = reading_of(grown.room, grown.words, "research")
    assert reading is None or excerpt not in reading.lines
    if grown.room.closed is None:
        grown.perform(CloseRoom("all"))
    kept = {grown.words[id] for id in words_to_keep(grown.room) if id in grown.words}
    assert excerpt not in kept


def test_a_closing_keeps_the_words_that_were_accepted_and_no_other_proposal(
    grown: RandomRoom,
) -> None:
    proposed(grown, "sponsor")
    grown.perform(AcceptRestitution("research", proposed(grown, "research", NOTES[0])))
    grown.perform(CloseRoom("all"))
    kept = words_to_keep(grown.room)
    laid = {id: text for id, text in grown.words.items() if "extrait" in text or "Récrit" in text}
    [chapter] = read(grown, "research").chapters
    there = {chapter.title, chapter.excerpts[0].text}
    assert {text for id, text in laid.items() if id in kept} == there


def test_after_the_closing_it_can_only_be_withdrawn(grown: RandomRoom) -> None:
    title = proposed(grown, "sponsor")
    grown.perform(AcceptRestitution("sponsor", title))
    grown.perform(CloseRoom("all"))
    assert refused(grown, AcceptRestitution("sponsor", title)) == "room-closed"
    assert refused(grown, ProposeRestitution("sponsor", title, (), ())) == "room-closed"
    grown.perform(WithdrawRestitution("sponsor"))
    assert reading_of(grown.room, grown.words, "sponsor") is None
    assert refused(grown, WithdrawRestitution("sponsor")) == "restitution-unknown"


def test_a_way_back_keeps_what_was_accepted(grown: RandomRoom) -> None:
    grown.perform(AcceptRestitution("sponsor", proposed(grown, "sponsor")))
    grown.perform(CloseRoom("nothing"))
    grown.perform(ReopenRoom())
    assert read(grown, "sponsor").accepted
