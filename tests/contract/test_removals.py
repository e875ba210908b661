"""`POST /r/{room}/removals`: who facilitates takes a note out of an archive, for whoever asks."""

from tests.contract.people import JSON, Facilitator, Room, refused


def closed(room: Room) -> list[str]:
    notes = room.revealed("un mot gardé", "un mot à retirer", "un autre mot")
    room.cluster("La grappe", notes[1].note)
    room.close("all")
    return [note.note for note in notes]


def test_a_removed_note_is_in_no_page_board_moment_or_export(room: Room) -> None:
    _, gone, _ = closed(room)
    before = room.seq()
    assert room.do("removals", note=gone).status_code == 204
    for path in (
        *(f"board?at={at}" for at in range(room.seq() + 1)),
        "board",
        "timeline",
        "closing",
        *(f"export/group.{format}" for format in ("json", "csv", "md", "html")),
        *(f"export/facilitator.{format}" for format in ("json", "csv", "md", "html")),
    ):
        answer = room.get(path)
        assert answer.status_code == 200, path
        assert "un mot à retirer" not in answer.text and gone not in answer.text, path
    assert "un mot gardé" in room.get("timeline").text
    assert room.seq() == before + 1


def test_every_screen_loses_the_note(room: Room) -> None:
    phone = room.phone()
    _, gone, _ = closed(room)
    with phone.screen() as screen:
        screen.frame("whole")
        room.done("removals", note=gone)
        frame = screen.frame("update", "whole")
        assert "un mot à retirer" not in frame["html"]
        assert "un mot gardé" in str(screen.board.canonical())
        assert gone not in str(screen.board.canonical())


def test_a_browser_is_led_back_to_the_timeline(room: Room) -> None:
    note, *_ = closed(room)
    page = room.get("timeline").text
    assert f'value="{note}"' in page and "Retirer cette note" in page
    answer = room.facilitator.http.post(
        f"{room.path}/removals", data={"note": note}, headers={"Accept": "text/html"}
    )
    assert answer.status_code == 303
    assert "La note est retirée" in room.facilitator.http.get(answer.headers["Location"]).text


def test_what_is_no_note_of_a_closed_wall_is_refused(room: Room) -> None:
    note = room.revealed("un", "deux", "trois")[0].note
    refused(room.do("removals", note=note), 409)
    room.close("all")
    refused(room.do("removals", note="0" * 32), 422)
    refused(room.do("removals"), 422)


def test_only_who_facilitates_removes(room: Room, stranger: Facilitator) -> None:
    phone = room.phone()
    note, *_ = closed(room)
    for http in (stranger.http, phone.http, room.server.client(Origin=room.server.origin)):
        refused(http.post(f"{room.path}/removals", data={"note": note}, headers=JSON), 403)
    assert "un mot gardé" in room.get("timeline").text
