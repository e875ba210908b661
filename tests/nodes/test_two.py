"""Notes and screens on two processes at once."""

from concurrent.futures import ThreadPoolExecutor

from tests.contract.people import JSON, Note, atelier, eventually, refused, wall_of
from tests.contract.test_choosing import Ballot, choose, opened
from tests.nodes.pairs import Pair


def test_a_screen_on_one_sees_a_note_that_came_to_the_other(nodes: Pair) -> None:
    here = nodes.facilitator().open(mode="direct")
    there = nodes.moved(here, nodes.other)
    phone = there.phone()
    with here.screen() as screen:
        screen.frame("whole")
        note = phone.write("venue d’ailleurs")
        screen.frame("update", within=1.5)
        assert wall_of(screen.board) == {note.note: note.text}
    assert here.wall() == there.wall()


def test_notes_face_down_on_both_are_revealed_by_one(nodes: Pair) -> None:
    here = nodes.facilitator().open()
    there = nodes.moved(here, nodes.other)
    phones = [*here.phones(2), *there.phones(2)]
    notes = [phone.write(f"note {n}") for n, phone in enumerate(phones)]
    with here.screen() as mine, there.screen() as others:
        eventually(lambda: there.do("reveals").status_code == 204, within=4)
        expected = {note.note: note.text for note in notes}
        for screen in (mine, others):
            eventually(lambda s=screen: s.frame("update", "whole", within=2) and wall_of(s.board))  # type: ignore[misc]
            assert wall_of(screen.board) == expected
        assert list(wall_of(mine.board)) == list(wall_of(others.board))


def test_choices_on_both_are_told_by_one_and_a_change_by_way_of_the_other_counts_once(
    nodes: Pair,
) -> None:
    here = nodes.facilitator().open(mode="direct")
    there = nodes.moved(here, nodes.other)
    phones = [*here.phones(2), *there.phones(2)]
    first, second = [here.cluster(title, phones[0].write(title).note) for title in "AB"]
    choice = opened(here)
    ballots = [Ballot(choice) for _ in phones]
    for phone, ballot in zip(phones, ballots, strict=True):
        assert choose(phone, ballot, first).status_code == 200
    phones[0].room = there  # the same phone, by way of the other server
    phones[0].bearer = there.server.client(**JSON)
    assert choose(phones[0], ballots[0], second).status_code == 200
    eventually(lambda: there.do("tellings", choice=choice).status_code == 204, within=4)
    chosen = [{"cluster": "c1"}]
    eventually(lambda: here.export().get("chosen") == chosen)
    assert there.export()["chosen"] == chosen
    assert refused(choose(phones[1], ballots[1], second), 409) == "choice-closed"


def test_the_same_note_sent_to_both_at_once_is_kept_once(nodes: Pair) -> None:
    here = nodes.facilitator().open(mode="direct")
    there = nodes.moved(here, nodes.other)
    phones = [here.phone(), there.phone()]
    note = Note(text="deux fois")
    with ThreadPoolExecutor(2) as both:
        answers = sorted(a.status_code for a in both.map(lambda phone: phone.post(note), phones))
    assert answers == [200, 201]
    assert here.wall() == there.wall() == {note.note: note.text}


def test_many_notes_on_both_leave_no_gap_and_no_double(nodes: Pair) -> None:
    here = nodes.facilitator().open(mode="direct")
    there = nodes.moved(here, nodes.other)
    phones = [here.phone(), there.phone()] * 4
    with ThreadPoolExecutor(8) as at_once, here.screen() as mine, there.screen() as others:
        notes = [n for some in at_once.map(lambda p: [p.write("x") for _ in range(8)], phones)
                 for n in some]  # fmt: skip
        assert set(here.wall()) == set(there.wall()) == {note.note for note in notes}
        seq = here.seq()
        assert set(wall_of(mine.reach(seq))) == set(wall_of(others.reach(seq))) == set(here.wall())


def test_a_late_retry_by_way_of_the_other_stays_away(nodes: Pair) -> None:
    here = nodes.facilitator().open()
    there = nodes.moved(here, nodes.other)
    phone, again = here.phone(), there.phone()
    note = phone.write("retirée")
    assert again.take_back(note).status_code == 204
    assert refused(phone.post(note), 409) == "note-taken-back"


def test_after_a_reveal_by_one_the_other_takes_no_more(nodes: Pair) -> None:
    here = nodes.facilitator().open()
    there = nodes.moved(here, nodes.other)
    here.revealed("a", "b", "c")
    assert refused(there.phone().post(Note(text="trop tard")), 409) == "step-closed"


def test_phones_on_both_are_counted_together_and_each_once(nodes: Pair) -> None:
    here = nodes.facilitator().open()
    there = nodes.moved(here, nodes.other)
    phone = here.phone()
    other = there.phone()
    for n in range(3):
        phone.write(f"note {n}")
    # The first of them shows itself on the other server too: still two, not three.
    other_way = there.server.client(Origin=there.server.origin)
    other_way.cookies.update(dict(phone.http.cookies))
    assert other_way.get(here.page).status_code == 200
    with other.screen() as screen:
        screen.frame("now")
        eventually(lambda: refused(here.do("reveals"), 409) == "below-threshold")
        there.phone().look()
        eventually(lambda: here.do("reveals").status_code == 204)


def test_two_who_act_at_once_both_act(nodes: Pair) -> None:
    here = nodes.facilitator().open()
    there = nodes.moved(here, nodes.other)
    notes = here.revealed("a", "b", "c")
    with ThreadPoolExecutor(2) as both:
        moves = both.map(lambda room: [room.cluster(f"titre {n}", *(note.note for note in notes))
                                       for n in range(5)], [here, there])  # fmt: skip
        list(moves)
    assert here.board().text == there.board().text
    assert here.seq() == there.seq()


def test_what_is_of_this_moment_is_the_same_on_both(nodes: Pair) -> None:
    here = nodes.facilitator().open()
    there = nodes.moved(here, nodes.other)
    with there.screen() as screen:
        screen.frame("now")
        here.do("timers", minutes="5")
        assert "timer" in screen.frame("now", within=1.5)["html"]
        here.do("locks", on="1")
        latecomer = there.server.join(here.code)
        assert latecomer.status_code == 423
        here.do("admissions")


def test_a_room_erased_by_one_is_gone_on_the_other(nodes: Pair) -> None:
    here = nodes.facilitator().open()
    there = nodes.moved(here, nodes.other)
    phone = there.phone()
    with there.screen() as screen:
        screen.frame("whole")
        erased = atelier("erase", here.room, data=nodes.one.data, **nodes.one.variables)
        assert erased.returncode == 0, erased.stderr
        assert screen.ended()
    assert refused(phone.post(Note(text="trop tard")), 404) == "room-unknown"
