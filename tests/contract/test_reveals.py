"""`POST /r/{room}/reveals`: together, shuffled, above the threshold, in one event."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tests.contract.conftest import OpenRoom
from tests.contract.people import SCRIPT, Note, Room, refused, writing


def test_too_few_notes_stay_sealed(room: Room) -> None:
    phones = room.phones()
    for phone in phones[:2]:
        phone.write("x")
    refused(room.do("reveals"), 409)
    assert room.wall() == {}
    phones[2].write("x")
    room.reveal()
    assert len(room.wall()) == 3


def test_too_few_phones_leave_the_notes_sealed(room: Room) -> None:
    phones = room.phones(2)
    for _ in range(3):
        phones[0].write("x")
    refused(room.do("reveals"), 409)
    room.phone()
    room.reveal()
    assert len(room.wall()) == 3


def test_nothing_to_reveal_is_refused(opened: OpenRoom) -> None:
    refused(opened().do("reveals"), 409)
    refused(opened(mode="direct").do("reveals"), 409)
    refused(opened(script=SCRIPT).do("reveals"), 409)


def test_a_second_reveal_of_the_same_notes_is_refused(room: Room) -> None:
    room.revealed("un", "deux", "trois")
    seq = room.seq()
    refused(room.do("reveals"), 409)
    assert room.seq() == seq


def test_the_order_of_a_reveal_is_not_that_of_arrival(room: Room) -> None:
    phones = room.phones()
    sent = [phones[number % 3].write(f"note {number}").note for number in range(24)]
    room.reveal()
    shown = list(room.wall())
    assert sorted(shown) == sorted(sent)
    assert shown not in (sent, sent[::-1], sorted(sent))
    assert list(room.wall()) == shown, "the order is then fixed"


def test_a_reveal_is_one_event_with_all_its_notes(room: Room) -> None:
    phones = room.phones()
    for number in range(7):
        phones[number % 3].write(f"note {number}")
    with room.screen() as screen:
        start = screen.frame("whole")["seq"]
        room.reveal()
        update = screen.frame("update")
        assert (update["from"], update["seq"]) == (start, start + 1)
        assert len(screen.board.having("data-note")) == 7
        assert screen.board.canonical() == room.board().canonical()


def test_two_reveals_at_once_make_one(room: Room) -> None:
    phones = room.phones()
    for number in range(9):
        phones[number % 3].write(f"note {number}")
    seq = room.seq()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: room.do("reveals").status_code, range(4)))
    assert sorted(answers) in ([204, 409, 409, 409], [200, 409, 409, 409]), answers
    assert room.seq() == seq + 1
    assert len(room.wall()) == 9


def test_every_sealed_step_so_far_is_opened_and_a_note_keeps_its_step(
    opened: OpenRoom,
) -> None:
    room = opened(script=SCRIPT)
    first, second = writing(room)[:2]
    phones = room.phones()
    for phone in phones:
        phone.write("du premier")
    room.step(second)
    for phone in phones:
        phone.look()
        phone.write("du second")
    seq = room.seq()
    room.reveal()
    assert room.seq() == seq + 1
    steps = [note["step"] for note in room.export()["notes"]]
    assert sorted(steps) == sorted([first] * 3 + [second] * 3)


def test_only_the_named_step_is_opened(opened: OpenRoom) -> None:
    room = opened(script=SCRIPT)
    first, second = writing(room)[:2]
    phones = room.phones()
    for phone in phones:
        phone.write("du premier")
    room.step(second)
    for phone in phones:
        phone.look()
        phone.write("du second")
    room.reveal(second)
    assert set(room.wall().values()) == {"du second"}
    phones[0].write("encore du premier", step=first)
    refused(room.do("reveals", step=[second]), 409)
    room.reveal(first, second)
    assert len(room.wall()) == 7


def test_a_step_below_the_threshold_stays_sealed_when_another_is_opened(
    opened: OpenRoom,
) -> None:
    room = opened(script=SCRIPT)
    second = writing(room)[1]
    phones = room.phones()
    for phone in phones:
        phone.write("du premier")
    room.step(second)
    for phone in phones:
        phone.look()
    phones[0].write("seule")
    refused(room.do("reveals", step=[second]), 409)
    room.reveal()
    assert set(room.wall().values()) == {"du premier"}
    phones[0].write("plus seule", step=second)
    phones[1].write("ni elle", step=second)
    room.reveal()
    assert len(room.wall()) == 6


def test_an_unknown_step_cannot_be_revealed(room: Room) -> None:
    for phone in room.phones():
        phone.write("x")
    refused(room.do("reveals", step=["nulle-part"]), 404, 409, 422)
    assert room.wall() == {}


def test_phones_count_from_when_the_step_opened(opened: OpenRoom) -> None:
    room = opened(script=SCRIPT)
    second = writing(room)[1]
    phones = room.phones()
    room.step(second)
    for phone in phones:
        phone.write("sans être vue")  # a bearer has no cookie: nobody is seen
    refused(room.do("reveals"), 409)
    for phone in phones:
        phone.look()
    room.reveal()
    assert len(room.wall()) == 3


def test_phones_whose_sockets_stay_open_are_present_in_the_next_step(opened: OpenRoom) -> None:
    room = opened(script=SCRIPT)
    second = writing(room)[1]
    phones = room.phones()
    with ExitStack() as stack:
        for phone in phones:
            stack.enter_context(phone.screen()).frame("whole")
        room.step(second)
        for phone in phones:
            phone.write("présente")
        room.reveal()
    assert len(room.wall()) == 3


def test_waves_come_one_after_the_other(opened: OpenRoom) -> None:
    room = opened(mode="waves")
    phones = room.phones()
    for phone in phones:
        phone.write("première vague")
    room.reveal()
    assert len(room.wall()) == 3
    phones[0].write("deuxième vague")
    refused(room.do("reveals"), 409)
    assert len(room.wall()) == 3
    for phone in phones[1:]:
        phone.write("deuxième vague")
    room.reveal()
    assert len(room.wall()) == 6


def test_a_direct_note_shows_at_once(opened: OpenRoom) -> None:
    room = opened(mode="direct")
    with room.screen() as screen:
        screen.frame("whole")
        note = room.phone().write("tout de suite")
        screen.frame("update")
        assert screen.board.canonical() == room.board().canonical()
        assert room.wall() == {note.note: "tout de suite"}


def test_below_the_threshold_every_phone_is_told_for_ten_seconds_first(room: Room) -> None:
    phone = room.phone()
    note = phone.write("seule")
    seq = room.seq()
    with phone.screen() as screen:
        screen.frame("whole")
        started = time.monotonic()
        first = room.do("reveals", anyway="1")
        assert first.status_code in (202, 204, 409), first.text
        assert room.wall() == {} and room.seq() == seq, "announced, not revealed"
        announced = screen.frame("now")
        assert set(announced) == {"t", "html"}
        while room.wall() == {}:
            assert time.monotonic() - started < 15
            room.do("reveals", anyway="1")
            time.sleep(0.2)
        assert time.monotonic() - started > 9.5
        screen.frame("update")
        assert screen.board.canonical() == room.board().canonical()
    assert list(room.wall()) == [note.note]


def test_anyway_with_nothing_sealed_is_refused(room: Room) -> None:
    refused(room.do("reveals", anyway="1"), 409)


def test_only_the_facilitator_of_the_room_reveals(room: Room) -> None:
    phones = room.phones()
    for phone in phones:
        phone.write("x")
    answer = phones[0].http.post(f"{room.path}/reveals", headers={"Accept": "application/json"})
    refused(answer, 401, 403)
    refused(phones[0].send("reveals", b""), 401, 403)
    assert room.wall() == {}


def test_a_reveal_and_notes_at_once_lose_no_note(room: Room) -> None:
    phones = room.phones()
    kept: list[Note] = [phone.write("avant") for phone in phones]
    late = [Note(text=f"pendant {number}") for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        posts = [pool.submit(phones[0].post, note) for note in late[:12]]
        reveal = pool.submit(room.do, "reveals")
        posts += [pool.submit(phones[0].post, note) for note in late[12:]]
    assert reveal.result().is_success
    statuses = [post.result().status_code for post in posts]
    assert set(statuses) <= {201, 409}, statuses
    kept += [note for note, status in zip(late, statuses, strict=True) if status == 201]
    assert set(room.wall()) == {note.note for note in kept}
