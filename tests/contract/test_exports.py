"""`GET /r/{room}/export/group.…`: content only, with ids of its own."""

import re
from io import BytesIO
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from pypdf import PdfReader

from tests.contract.people import SCRIPT, Facilitator, Room, atelier, refused

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


@pytest.mark.parametrize("profile", ["group", "facilitator"])
@pytest.mark.parametrize(
    ("format", "media_type", "start"),
    [
        ("pdf", "application/pdf", b"%PDF-"),
        ("png", "image/png", b"\x89PNG"),
        ("svg", "image/svg+xml", b"<svg "),
        ("csv", "text/csv; charset=utf-8", b'\xef\xbb\xbf"Grappe";'),
        ("md", "text/markdown; charset=utf-8", "# L’atelier du matin".encode()),
        ("html", "text/html; charset=utf-8", b"<!doctype html>"),
        ("json", "application/json", b"{"),
    ],
)
def test_each_format_is_a_file_of_its_kind(
    filled: Room, profile: str, format: str, media_type: str, start: bytes
) -> None:
    answer = filled.get(f"export/{profile}.{format}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
    assert answer.content.startswith(start)
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("format", ["csv", "md", "html"])
def test_text_formats_say_what_the_wall_says(filled: Room, format: str) -> None:
    text = filled.get(f"export/group.{format}").text
    for words in ("Ce qui porte", "À la fois œuvre et peine", "Écrire « ça »\u00a0!"):
        assert words in text, words
    assert ("<b>brut</b>" in text) == (format == "csv")


def test_the_facilitators_profile_is_the_same_document_under_its_name(filled: Room) -> None:
    group, mine = (filled.get(f"export/{name}.json").json() for name in ("group", "facilitator"))
    assert mine == group | {"profile": "facilitator"}


@pytest.mark.parametrize("profile", ["group", "facilitator"])
@pytest.mark.parametrize("format", ["pdf", "png", "svg", "csv", "md", "html", "json"])
def test_the_command_writes_the_bytes_of_the_download(
    filled: Room, tmp_path: Path, profile: str, format: str
) -> None:
    file = tmp_path / "taken"
    done = export(filled, "--profile", profile, "--format", format, "-o", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert file.read_bytes() == filled.get(f"export/{profile}.{format}").content
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("wrong", [["--profile", "x"], ["--format", "exe"]], ids=" ".join)
def test_the_command_refuses_in_one_line(filled: Room, tmp_path: Path, wrong: list[str]) -> None:
    done = export(filled, *wrong, "-o", str(tmp_path / "taken"))
    assert done.returncode == 1
    assert done.stderr.startswith("atelier: ") and done.stderr.count("\n") == 1
    assert wrong[1] in done.stderr
    assert not (tmp_path / "taken").exists()


def test_the_command_knows_no_unknown_room_and_no_empty_folder(
    filled: Room, tmp_path: Path
) -> None:
    for room, data in (("0" * 32, filled.server.data), (filled.room, tmp_path / "var")):
        done = atelier("export", room, "-o", str(tmp_path / "taken"), data=data)
        assert done.returncode == 1
        assert done.stderr.startswith("atelier: ") and done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_command_wants_a_file(filled: Room) -> None:
    assert export(filled).returncode == 2


def export(room: Room, *arguments: str) -> CompletedProcess[str]:
    return atelier("export", room.room, *arguments, data=room.server.data)


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
