"""A server that stops and starts: nothing that was kept is lost, numbers go on."""

from websockets.exceptions import ConnectionClosed

from tests.contract.conftest import StartServer
from tests.contract.people import Note


def test_a_stop_says_bye_leaves_with_zero_and_numbers_go_on(own_server: StartServer) -> None:
    server = own_server()
    room = server.facilitator("claire@example.org").open()
    phones = room.phones()
    with room.screen() as screen, phones[0].screen() as other:
        screen.frame("whole")
        other.frame("whole")
        room.done("veils", on="1")
        screen.frame("update")
        assert server.process is not None
        server.process.terminate()
        for each in (screen, other):
            bye = each.frame("bye")
            assert set(bye) == {"t", "retry_ms"}
            assert isinstance(bye["retry_ms"], int) and bye["retry_ms"] >= 0
            try:
                each.frame("whole")
                raise AssertionError("the socket stays open")
            except ConnectionClosed:
                pass
        assert server.wait() == 0
    server.start()
    assert room.board().canonical() == screen.board.canonical()
    with room.screen(after=screen.seq, epoch=screen.epoch).holds(screen.board) as again:
        room.done("veils", on="0")
        assert again.frame("update", "whole")["t"] == "update"
        assert again.board.canonical() == room.board().canonical()


def test_a_kill_loses_no_note_that_was_kept(own_server: StartServer) -> None:
    server = own_server()
    room = server.facilitator("claire@example.org").open()
    phones = room.phones()
    notes = [phones[number % 3].write(f"note {number}") for number in range(9)]
    phones[0].take_back(notes[0])
    assert phones[1].post(notes[1], text="corrigée", rev=1).status_code == 200
    before = room.board()
    server.kill()
    server.start()
    after = room.board()
    assert after.canonical() == before.canonical()
    for phone in phones:
        phone.look()
    assert phones[2].post(notes[2]).status_code == 200, "the pass still holds"
    assert phones[0].post(notes[0]).status_code == 409, "what was taken back stays away"
    assert phones[1].post(notes[1]).status_code == 200, "an older edit stays older"
    assert phones[0].take_back(Note(note=notes[3].note)).status_code == 404
    room.reveal()
    wall = room.wall()
    assert set(wall) == {note.note for note in notes[1:]}
    assert wall[notes[1].note] == "corrigée"
    assert room.seq() == int(before["data-seq"]) + 1


def test_a_kill_after_a_reveal_keeps_the_wall_and_its_order(own_server: StartServer) -> None:
    server = own_server()
    room = server.facilitator("claire@example.org").open()
    notes = room.revealed("un", "deux", "trois", "quatre")
    room.cluster("A", notes[0].note)
    phone = room.phone()
    assert phone.take_back(notes[1]).status_code == 202
    before = room.board()
    server.kill()
    server.start()
    after = room.board()
    # What was to leave within a minute may have left in between.
    assert {note.note for note in notes} - set(room.wall()) <= {notes[1].note}
    assert int(after["data-seq"]) >= int(before["data-seq"])
    assert after["data-epoch"] == before["data-epoch"]
    assert phone.take_back(notes[1], now=True).status_code == 204
    assert notes[1].note not in room.wall()
    assert phone.post(notes[1]).status_code == 409


def test_nothing_that_could_name_anyone_is_on_disk_in_clear(own_server: StartServer) -> None:
    server = own_server()
    room = server.facilitator("claire@example.org").open()
    phone = room.phone()
    words = "Le canari de la mine"
    note = phone.write(words)
    phone.post(Note(text=words), step="nulle-part")
    phone.send("notes", b'{"text": "Le canari de la mine"')
    phone.take_back(Note(note=note.note))
    cookies = list(phone.http.cookies.values())
    assert server.stop() == 0
    files = [path for path in server.data.parent.rglob("*") if path.is_file()]
    assert len(files) > 2
    for path in files:
        held = path.read_bytes()
        for secret in (words, note.note, note.secret, phone.joined["pass"], *cookies):
            assert secret.encode() not in held, path.name
        assert bytes.fromhex(note.note) not in held, path.name
        assert path.name == "server.log" or path.stat().st_mode & 0o077 == 0, path.name
    for folder in [server.data, *(p for p in server.data.rglob("*") if p.is_dir())]:
        assert folder.stat().st_mode & 0o077 == 0, folder.name


def test_phones_that_came_back_count_also_when_their_step_is_entered_again(
    own_server: StartServer,
) -> None:
    server = own_server()
    room = server.facilitator("claire@example.org").open()
    phones = room.phones()
    for phone in phones:
        phone.write("une note")
    server.kill()
    server.start()
    for phone in phones:
        phone.look()
    room.done("steps", go="wall")
    room.reveal()
    assert len(room.wall()) == len(phones)
