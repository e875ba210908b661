"""`GET /r/{room}/export/group.…`: content only, with ids of its own."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.contract.people import SCRIPT, Facilitator, Room, refused

KEYS = {
    "atelier", "title", "theme", "day", "language", "profile", "steps", "notes", "clusters",
    "tensions", "cards", "timeline",
}  # fmt: skip


@pytest.fixture
def filled(facilitator: Facilitator) -> Room:
    room = facilitator.open(title="L’atelier du matin")
    notes = room.revealed("Écrire « ça »\u00a0!", "<b>brut</b> & sûr", "À la fois œuvre et peine")
    room.cluster("Ce qui porte", notes[0].note, notes[1].note)
    room.phone().http.get(room.page)
    return room


def test_the_json_has_the_keys_of_version_one_and_no_other(filled: Room) -> None:
    held = filled.export()
    assert set(held) == KEYS
    assert held["atelier"] == 1
    assert (held["title"], held["theme"]) == ("L’atelier du matin", "Le travail")
    assert (held["language"], held["profile"]) == ("fr", "group")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", held["day"])
    assert set(held["steps"][0]) == {
        "id", "kind", "register", "title", "prompt", "planned_min", "run_min",
    }  # fmt: skip
    assert all(set(note) == {"id", "step", "text", "cluster"} for note in held["notes"])
    (cluster,) = held["clusters"]
    assert set(cluster) == {"id", "letter", "title", "tags", "notes"}
    assert (held["tensions"], held["cards"]) == ([], [])
    assert all(set(act) == {"minute", "act", "what"} for act in held["timeline"])


def test_ids_are_local_and_refer_to_each_other(filled: Room) -> None:
    held = filled.export()
    (cluster,) = held["clusters"]
    assert [note["id"] for note in held["notes"]] == ["n1", "n2", "n3"]
    assert (cluster["id"], cluster["letter"]) == ("c1", "A")
    inside = {note["id"] for note in held["notes"] if note["cluster"] == "c1"}
    assert inside == set(cluster["notes"]) and len(inside) == 2
    assert sum(note["cluster"] is None for note in held["notes"]) == 1
    text = filled.get("export/group.json").text
    assert not re.search(r"[0-9a-f]{32}", text), "no id of a phone or a room"


def test_the_json_holds_the_words_as_they_were_written(filled: Room) -> None:
    texts = {note["text"] for note in filled.export()["notes"]}
    assert texts == {"Écrire « ça »\u00a0!", "<b>brut</b> & sûr", "À la fois œuvre et peine"}


def test_every_step_of_a_script_is_exported(facilitator: Facilitator) -> None:
    room = facilitator.open(script=SCRIPT)
    while room.do("steps", go="next").is_success:
        pass
    steps = room.export()["steps"]
    assert len({step["id"] for step in steps}) == len(steps) > 5
    assert {step["register"] for step in steps} == {"collectif", "personnel", "theorique"}
    assert all(step["title"] and step["kind"] for step in steps)
    assert all(isinstance(step["planned_min"], int) for step in steps)


def test_the_pdf_says_what_the_wall_says(filled: Room) -> None:
    answer = filled.get("export/group.pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    reader = PdfReader(BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in ("L’atelier du matin", "Ce qui porte", "<b>brut</b> & sûr", "œuvre et peine"):
        assert words in text, words


def test_a_pdf_of_an_empty_wall_and_of_strange_letters_is_made(facilitator: Facilitator) -> None:
    room = facilitator.open(title="#set page() $x$ *gras* @ref `code` \\")
    assert room.get("export/group.pdf").content.startswith(b"%PDF-")
    room.revealed("#panic() $ * _ @a <x> \\ [ ] { }", "👩\u200d👧 שלום", "一二三 ∑ q\u0323\u0323")
    assert room.get("export/group.pdf").content.startswith(b"%PDF-")


def test_exports_are_the_facilitators(filled: Room, stranger: Facilitator) -> None:
    path = f"{filled.path}/export/group.json"
    assert filled.phone().http.get(path).status_code == 403
    assert filled.server.client().get(path).status_code in (401, 403, 404)
    assert stranger.http.get(path).status_code in (403, 404)


@pytest.mark.parametrize("name", ["group.exe", "personne.json", "group", "group.json.exe"])
def test_an_unknown_profile_or_format_is_not_found(filled: Room, name: str) -> None:
    assert filled.get(f"export/{name}").status_code in (404, 422)


def test_an_export_is_not_stored_by_caches(filled: Room) -> None:
    assert "no-store" in filled.get("export/group.json").headers["Cache-Control"]
    assert "no-store" in filled.get("export/group.pdf").headers["Cache-Control"]


def test_sealed_notes_are_in_no_pdf(room: Room) -> None:
    room.phone().write("secretissime")
    reader = PdfReader(BytesIO(room.get("export/group.pdf").content))
    assert "secretissime" not in "".join(page.extract_text() for page in reader.pages)


def test_a_room_that_does_not_exist_has_no_export(facilitator: Facilitator) -> None:
    answer = facilitator.http.get(
        f"/r/{'0' * 32}/export/group.json", headers={"Accept": "application/json"}
    )
    refused(answer, 404, 403)
