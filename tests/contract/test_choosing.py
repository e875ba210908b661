"""Choosing together which clusters to work on: sealed until totals, from the threshold on."""

import json
import secrets
from dataclasses import dataclass, field

import pytest
from httpx2 import Response

from tests.contract.people import JSON, THRESHOLD, Facilitator, Phone, Room, Server, refused
from tests.contract.tree import Element


@dataclass
class Ballot:
    """What a phone keeps for one choice."""

    choice: str
    ballot: str = field(default_factory=lambda: secrets.token_hex(16))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    rev: int = -1


def choose(phone: Phone, ballot: Ballot, *clusters: str, **other: object) -> Response:
    ballot.rev += 1
    body = {"choice": ballot.choice, "ballot": ballot.ballot, "secret": ballot.secret,
            "rev": ballot.rev, "clusters": clusters, "pad": "", **other}  # fmt: skip
    return phone.send("ballots", body)


def opened(room: Room, most: int = 1) -> str:
    choice = secrets.token_hex(16)
    room.done("choices", choice=choice, most=most)
    return choice


def section(room: Room) -> Element:
    found = room.board().by_id("choice")
    assert found is not None
    return found


def told(room: Room) -> list[tuple[str, int]]:
    """The totals on the board, by letter."""
    if section(room)["data-told"] == "0":
        return []
    rows = section(room).having("data-cluster")
    words = [each.text.replace("\u00a0", " ") for each in rows]
    return [(text[0], int(text.rpartition(" ")[2])) for text in words]


@pytest.fixture
def clusters(room: Room) -> list[str]:
    notes = [each.note for each in room.revealed("un", "deux", "trois")]
    return [room.cluster(title, note) for title, note in zip("ABC", notes, strict=True)]


@pytest.fixture
def phones(room: Room, clusters: list[str]) -> list[Phone]:
    return room.phones(THRESHOLD)


def test_totals_appear_together_in_the_order_of_the_wall(
    room: Room, clusters: list[str], phones: list[Phone]
) -> None:
    a, b, c = clusters
    choice = opened(room, most=2)
    assert section(room)["data-choice"] == choice
    for phone, chosen in zip(phones, [(c,), (c, a), (c, a)], strict=True):
        answer = choose(phone, Ballot(choice), *chosen)
        assert (answer.status_code, answer.headers["Atelier-Answer"]) == (200, "kept")
    assert told(room) == []
    room.done("tellings", choice=choice)
    assert told(room) == [("A", 2), ("C", 3)]
    assert "Choix\u00a0: 3" in section(room).text and "égalité" not in section(room).text
    moments = [each for each in room.export()["timeline"] if each["act"] == "choice"]
    assert [each["what"] for each in moments] == ["C"]
    assert room.export()["chosen"] == [{"cluster": "c3"}], "no number leaves the room"
    assert b not in json.dumps(room.export())


def test_a_tie_is_said_as_a_tie(room: Room, clusters: list[str], phones: list[Phone]) -> None:
    choice = opened(room, most=2)
    for phone in phones:
        assert choose(phone, Ballot(choice), clusters[0], clusters[2]).is_success
    room.done("tellings", choice=choice)
    assert "À égalité\u00a0: A, C." in section(room).text


def test_below_the_threshold_nothing_is_told_and_nothing_is_lost(
    room: Room, clusters: list[str], phones: list[Phone]
) -> None:
    choice = opened(room)
    ballots = [Ballot(choice) for _ in phones]
    for phone, ballot in list(zip(phones, ballots, strict=True))[:-1]:
        assert choose(phone, ballot, clusters[0]).is_success
    assert refused(room.do("tellings", choice=choice), 409) == "too-few-choices"
    assert told(room) == [] and section(room)["data-choice"] == choice
    assert choose(phones[-1], ballots[-1], clusters[1]).is_success
    room.done("tellings", choice=choice)
    assert [times for _, times in told(room)] == [THRESHOLD - 1, 1]


def test_many_ballots_of_too_few_phones_are_not_told(facilitator: Facilitator) -> None:
    room = facilitator.open(mode="direct")
    phone = room.phone()
    notes = [phone.write("un").note, phone.write("deux").note]
    first, _ = [room.cluster(title, note) for title, note in zip("AB", notes, strict=True)]
    choice = opened(room)
    for _ in range(THRESHOLD):
        assert choose(phone, Ballot(choice), first).is_success
    assert refused(room.do("tellings", choice=choice), 409) == "too-few-choices"


def test_a_phone_changes_its_choice_and_counts_once(
    room: Room, clusters: list[str], phones: list[Phone]
) -> None:
    a, b, _ = clusters
    choice = opened(room)
    for phone in phones:
        ballot = Ballot(choice)
        assert choose(phone, ballot, a).is_success
        assert choose(phone, ballot, b).is_success
        assert choose(phone, ballot, a, rev=0).is_success, "a late retry is known"
        assert choose(phone, ballot, b, rev=ballot.rev).is_success
    room.done("tellings", choice=choice)
    assert told(room) == [("B", THRESHOLD)]


def test_who_unticks_everything_has_not_chosen(
    room: Room, clusters: list[str], phones: list[Phone]
) -> None:
    choice = opened(room)
    ballots = [Ballot(choice) for _ in phones]
    for phone, ballot in zip(phones, ballots, strict=True):
        assert choose(phone, ballot, clusters[0]).is_success
    assert choose(phones[0], ballots[0]).is_success
    assert refused(room.do("tellings", choice=choice), 409) == "too-few-choices"


def test_another_phone_cannot_change_a_choice(
    room: Room, clusters: list[str], phones: list[Phone]
) -> None:
    choice = opened(room)
    ballot = Ballot(choice)
    assert choose(phones[0], ballot, clusters[0]).is_success
    ballot.secret = secrets.token_urlsafe(32)
    assert refused(choose(phones[1], ballot, clusters[1]), 409) == "note-id-taken"


def test_more_than_is_offered_is_refused(
    room: Room, clusters: list[str], phones: list[Phone]
) -> None:
    choice = opened(room)
    late = room.cluster("venue après")
    for chosen in (clusters[:2], ["0" * 32], [late]):
        answer = choose(phones[0], Ballot(choice), *chosen)
        assert refused(answer, 422) == "choice-out-of-range"
    answer = choose(phones[0], Ballot("0" * 32), clusters[0])
    assert refused(answer, 409) == "choice-closed"
    for most in ("0", "3", "9"):
        form = {"choice": secrets.token_hex(16), "most": most}
        assert refused(room.do("choices", **form), 409) == "choice-open"
    assert phones[0].send("ballots", {"choice": choice, "clusters": []}).status_code == 422


def test_a_choice_needs_several_clusters_and_leaves_one(facilitator: Facilitator) -> None:
    room = facilitator.open(mode="direct")
    note = room.phone().write("un").note
    form = {"choice": secrets.token_hex(16), "most": 1}
    room.cluster("A", note)
    assert refused(room.do("choices", **form), 409) == "too-few-clusters"
    room.cluster("B")
    assert refused(room.do("choices", **form | {"most": 2}), 422) == "choice-out-of-range"
    room.done("choices", **form)
    room.done("choices", **form)  # a retry


def test_a_choice_that_is_given_up_is_over_for_good(
    room: Room, clusters: list[str], phones: list[Phone]
) -> None:
    choice = opened(room)
    for phone in phones:
        assert choose(phone, Ballot(choice), clusters[0]).is_success
    gone = room.facilitator.http.delete(f"{room.path}/choices/{choice}", headers=JSON)
    assert gone.status_code == 204
    assert refused(room.do("tellings", choice=choice), 409) == "choice-closed"
    answer = choose(phones[0], Ballot(choice), clusters[0])
    assert refused(answer, 409) == "choice-closed"
    assert refused(room.do("choices", choice=choice, most=1), 409) == "choice-closed"
    assert told(room) == []


def test_totals_are_undone_and_follow_what_happens_to_clusters(
    room: Room, clusters: list[str], phones: list[Phone]
) -> None:
    choice = opened(room, most=2)
    for phone in phones:
        assert choose(phone, Ballot(choice), *clusters[:2]).is_success
    room.done("tellings", choice=choice)
    assert room.dissolve(clusters[0]).is_success
    assert told(room) == [("B", THRESHOLD)]
    assert room.undo().is_success and len(told(room)) == 2
    assert room.undo().is_success and told(room) == []
    assert not [each for each in room.export()["timeline"] if each["act"] == "choice"]


def test_what_was_never_told_is_not_kept_at_the_closing(
    room: Room, clusters: list[str], phones: list[Phone]
) -> None:
    choice = opened(room)
    for phone in phones:
        assert choose(phone, Ballot(choice), clusters[0]).is_success
    room.close("reduced")
    assert "chosen" not in room.export()


def test_only_who_facilitates_opens_tells_and_gives_up(
    room: Room, clusters: list[str], phones: list[Phone], stranger: Facilitator, server: Server
) -> None:
    choice = opened(room)
    for path, form in (("choices", {"choice": "1" * 32, "most": 1}),
                       ("tellings", {"choice": choice})):  # fmt: skip
        answer = stranger.http.post(f"{room.path}/{path}", data=form, headers=JSON)
        assert answer.status_code == 403
        assert phones[0].http.post(f"{room.path}/{path}", data=form, headers=JSON).is_error
    bare = phones[0].send("ballots", {}, Authorization="Bearer x")
    assert bare.status_code == 401


@pytest.mark.parametrize("end", ["told", "given up"])
def test_what_a_phone_took_back_goes_with_the_end_of_a_choice(room: Room, end: str) -> None:
    """It is an act like any other."""
    phones = room.phones(THRESHOLD)
    writer, [note, *_] = phones[0], [phone.write("une note") for phone in phones]
    room.reveal()
    for title in "AB":
        cluster = room.cluster(title)
    choice = opened(room)
    for phone in phones:
        assert choose(phone, Ballot(choice), cluster).is_success
    assert writer.take_back(note).status_code == 202
    if end == "told":
        room.done("tellings", choice=choice)
    else:
        answer = room.facilitator.http.delete(f"{room.path}/choices/{choice}", headers=JSON)
        assert answer.is_success
    assert note.note not in room.wall()
