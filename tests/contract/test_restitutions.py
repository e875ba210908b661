"""Giving back: what would leave the room is proposed, read on every screen, accepted, and only then
exported; it goes when its note goes."""

import json
import re
import secrets
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.contract.people import JSON, Facilitator, Note, Room, atelier
from tests.contract.tree import parse

OWNER = "claire@example.org"
WRITTEN = ("L’argent me permet de dormir la nuit", "On ne compte pas devant les enfants", "Un sou")


class Given:
    """A room with notes, a cluster and a tension, and what is done to give something back."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.phones = room.phones(len(WRITTEN))
        self.notes = [phone.write(text) for phone, text in zip(self.phones, WRITTEN, strict=True)]
        room.reveal()
        self.cluster = room.cluster("Être à l’abri", self.notes[0].note)
        self.tension = secrets.token_hex(16)
        room.done("tensions", tension=self.tension, a=self.cluster, b=self.notes[1].note,
                  both="tenir", **{"and": "lâcher"})  # fmt: skip

    def proposes(self, audience: str = "sponsor", **other: Any) -> httpx2.Response:
        form = {
            "title": "Ce que l’argent fait taire",
            "cluster": self.cluster, f"title-{self.cluster}": "Se sentir à l’abri",
            "tension": self.tension, f"both-{self.tension}": "garder",
            f"and-{self.tension}": "dire",
        }  # fmt: skip
        return self.room.do(f"restitutions/{audience}", **{**form, **other})

    def proposes_excerpt(self, note: Note, text: str) -> httpx2.Response:
        return self.proposes("research", **{f"excerpt-{note.note}": text})

    def version(self, audience: str = "sponsor") -> str:
        page = self.room.get(f"restitutions/{audience}").text
        [found] = re.findall(r'name="title" value="([0-9a-f]{32})"', page)
        return str(found)

    def agrees(self, audience: str = "sponsor", **other: Any) -> httpx2.Response:
        said = {"heard": "1", "apart": "1", "ethics": "1"}
        form = {"title": self.version(audience), **said, **other}
        return self.room.do(f"agreements/{audience}", **form)

    def export(self, name: str) -> httpx2.Response:
        return self.room.facilitator.http.get(f"{self.room.path}/export/{name}", headers=JSON)


@pytest.fixture
def given(room: Room) -> Given:
    return Given(room)


def reason(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.headers.get("Atelier-Refused", "")


def test_a_file_for_others_exists_after_reading_agreement_and_closing(given: Given) -> None:
    assert reason(given.export("sponsor.json")) == (409, "closing-first")
    given.room.close("reduced")
    assert reason(given.export("sponsor.json")) == (409, "restitution-first")
    given.room.done("closings", undo="1")
    assert given.proposes().status_code == 204
    given.room.close("reduced")
    assert reason(given.export("sponsor.json")) == (409, "restitution-first")
    given.room.done("closings", undo="1")
    assert given.agrees().status_code == 204
    assert reason(given.export("sponsor.json")) == (409, "closing-first")
    given.room.close("reduced")
    held = given.export("sponsor.json").json()
    assert [cluster["title"] for cluster in held["clusters"]] == ["Se sentir à l’abri"]
    assert [(each["both"], each["and"]) for each in held["tensions"]] == [("garder", "dire")]
    assert held["title"] == "Ce que l’argent fait taire"
    assert (held["theme"], held["notes"], held["steps"], held["cards"], held["timeline"]) == (
        "", [], [], [], [],
    )  # fmt: skip
    assert reason(given.export("research.json")) == (409, "restitution-first")


@pytest.mark.parametrize("audience", ["sponsor", "research"])
@pytest.mark.parametrize("format", ["pdf", "png", "svg", "csv", "md", "html", "json"])
def test_every_format_is_made_and_the_command_writes_the_same_bytes(
    given: Given, tmp_path: Path, audience: str, format: str
) -> None:
    given.proposes(audience)
    given.agrees(audience)
    given.room.close("all")
    answer = given.export(f"{audience}.{format}")
    assert answer.status_code == 200
    name = answer.headers["Content-Disposition"]
    assert re.search(rf'"atelier-\d{{4}}-\d\d-{audience}\.{format}"', name), "the month alone"
    file = tmp_path / "taken"
    options = ("--profile", audience, "--format", format, "-o", str(file))
    done = atelier("export", given.room.room, *options, data=given.room.server.data)
    assert (done.returncode, done.stderr) == (0, "")
    assert file.read_bytes() == answer.content


def test_the_command_refuses_what_the_group_has_not_accepted(given: Given, tmp_path: Path) -> None:
    given.proposes()
    given.room.close("all")
    options = ("--profile", "sponsor", "-o", str(tmp_path / "taken"))
    done = atelier("export", given.room.room, *options, data=given.room.server.data)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert not (tmp_path / "taken").exists()


@pytest.mark.parametrize(
    "line",
    [WRITTEN[0], WRITTEN[0].upper(), f"« {WRITTEN[1]} »", "me permet de dormir", WRITTEN[2]],
)
def test_no_line_for_the_sponsor_says_what_a_note_says(given: Given, line: str) -> None:
    for field in ("title", f"title-{given.cluster}", f"both-{given.tension}"):
        answer = given.proposes(**{field: line})
        assert reason(answer) == (422, "note-quoted"), field
        assert line in answer.json()["says"]
    assert reason(given.room.get("readings/sponsor")) == (404, "restitution-unknown")


def test_a_note_that_was_hidden_is_not_said_by_another_door(given: Given) -> None:
    given.room.hide(given.notes[1].note)
    assert reason(given.proposes(title=WRITTEN[1])) == (422, "note-quoted")


def test_a_note_that_came_meanwhile_is_not_accepted_in_the_text_that_says_it(
    facilitator: Facilitator,
) -> None:
    room = facilitator.open(mode="direct")
    phone = room.phone()
    note = phone.write("une toute première phrase")
    cluster = room.cluster("Grappe", note.note)
    form = {"title": "Titre", "cluster": cluster, f"title-{cluster}": "la phrase qui viendra après"}
    room.done("restitutions/sponsor", **form)
    phone.write("la phrase qui viendra après")
    version = re.findall(
        r'name="title" value="([0-9a-f]{32})"', room.get("restitutions/sponsor").text
    )[0]
    answer = room.do("agreements/sponsor", title=version, heard="1")
    assert reason(answer) == (422, "note-quoted")


def test_an_excerpt_is_written_anew(given: Given) -> None:
    whole = given.proposes_excerpt(given.notes[0], f"Je dis : {WRITTEN[0]}")
    assert reason(whole) == (422, "note-quoted")
    assert given.proposes_excerpt(given.notes[0], "Avoir de quoi dormir la nuit").is_success
    for_sponsor = given.proposes(**{f"excerpt-{given.notes[0].note}": "Autre chose"})
    assert reason(for_sponsor) == (422, "excerpt-for-sponsor")


def test_research_is_agreed_to_apart(given: Given) -> None:
    given.proposes("research")
    for missing in ("heard", "apart", "ethics"):
        assert reason(given.agrees("research", **{missing: ""})) == (422, "agreement-missing")
    assert given.agrees("research").is_success
    assert reason(given.room.get("readings/sponsor")) == (404, "restitution-unknown")


def test_only_what_was_read_is_accepted(given: Given) -> None:
    given.proposes()
    before = given.version()
    given.proposes(title="Un autre titre")
    assert reason(given.agrees(title=before)) == (409, "restitution-changed")
    nothing = given.proposes(cluster="", tension="")
    assert nothing.status_code == 422


def test_every_screen_reads_the_same_text(given: Given) -> None:
    phone = given.phones[0]
    given.proposes()
    texts = {
        client.get(f"{given.room.path}/readings/sponsor").text
        for client in (phone.http, given.room.facilitator.http)
    }
    [text] = texts
    for line in ("Ce que l’argent fait taire", "Se sentir à l’abri", "garder", "dire"):
        assert line in text
    assert not [note for note in WRITTEN if note in text]
    assert 'data-accepted="0"' in text
    given.agrees()
    assert 'data-accepted="1"' in phone.http.get(f"{given.room.path}/readings/sponsor").text


def projected(given: Given) -> dict[str, str]:
    page = parse(given.phones[0].http.get(given.room.page).text)
    element = page.by_id("projected")
    assert element
    return {"scene": element["data-scene"], "target": element["data-target"]}


def test_proposing_projects_it_and_each_change_is_another_target(given: Given) -> None:
    given.proposes()
    first = projected(given)
    assert first["scene"] == "reading" and first["target"].startswith("sponsor.")
    given.agrees()
    accepted = projected(given)
    given.proposes(title="Autrement dit")
    assert len({first["target"], accepted["target"], projected(given)["target"]}) == 3
    given.room.done("agreements/sponsor", withdraw="1")
    assert projected(given)["scene"] == "auto"


def test_the_choice_is_read_with_its_days_before_the_closing(given: Given) -> None:
    given.room.done("views", scene="reading", target="closing")
    text = given.phones[0].http.get(f"{given.room.path}/readings/closing").text
    for line in ("Garder le mur", "Ne garder que les grappes", "Tout effacer", "Sans décision"):
        assert line in text
    assert reason(given.room.do("views", scene="reading", target="sponsor")) == (
        422, "target-unknown",
    )  # fmt: skip
    given.room.close("all")
    assert reason(given.room.get("readings/closing")) == (409, "room-closed")


def test_who_is_in_no_room_reads_nothing(given: Given, stranger: Facilitator) -> None:
    given.proposes()
    for client in (given.room.server.client(), stranger.http):
        for path in ("readings/sponsor", "readings/closing", "restitutions/sponsor"):
            assert client.get(f"{given.room.path}/{path}").status_code == 403, path
    phone = given.phones[0].http
    assert phone.get(f"{given.room.path}/restitutions/sponsor").status_code == 403
    given.agrees()
    given.room.close("all")
    assert phone.get(f"{given.room.path}/export/sponsor.json").status_code == 403


def reader_of(given: Given) -> httpx2.Client:
    client = given.room.server.client(Origin=given.room.server.origin)
    secret = re.findall(rf"/a/{given.room.room}#([\w-]+)", given.room.get("closing").text)[0]
    client.post(f"/a/{given.room.room}", data={"secret": secret})
    return client


def test_a_reader_of_the_closed_session_takes_no_file_that_is_for_others(given: Given) -> None:
    given.proposes()
    given.agrees()
    given.room.close("all")
    reader = reader_of(given)
    path = f"{given.room.path}/export"
    assert reader.get(f"{path}/group.json").status_code == 200
    assert reader.get(f"{path}/sponsor.json").status_code == 403


@pytest.mark.parametrize("way", ["taken back", "removed", "reworded"])
def test_an_excerpt_goes_with_its_note(given: Given, way: str) -> None:
    given.proposes_excerpt(given.notes[0], "Avoir de quoi dormir")
    given.agrees("research")
    if way == "taken back":
        given.phones[0].take_back(given.notes[0], now=True)
    if way == "reworded":
        given.phones[0].post(Note(given.notes[0].note, given.notes[0].secret, "Autre chose"), rev=1)
        given.room.done("veils", on="1")  # late changes come with the next act
    given.room.close("all")
    if way == "removed":
        given.room.done("removals", note=given.notes[0].note)
    held = given.export("research.json")
    assert held.status_code == 200
    assert "dormir" not in held.text


@pytest.mark.parametrize("keep", ["all", "reduced"])
def test_the_decision_is_an_act_of_the_timeline_and_of_the_exports(given: Given, keep: str) -> None:
    given.proposes()
    given.agrees()
    given.room.close(keep)
    page = given.room.get("timeline").text
    assert "Texte lu et accepté par le groupe, pour le commanditaire" in page
    said = {"all": "Garder le mur", "reduced": "Ne garder que les grappes"}[keep]
    acts = json.loads(given.export("group.json").text)["timeline"]
    assert acts[-1]["act"] == "close" and acts[-1]["what"] == said
    assert ("restitution", "Commanditaire") in {(act["act"], act["what"]) for act in acts}
    assert said in given.export("group.md").text


def test_the_agreement_is_withdrawn_after_the_closing_too(given: Given) -> None:
    given.proposes()
    given.agrees()
    given.room.close("all")
    given.room.done("agreements/sponsor", withdraw="1")
    assert reason(given.export("sponsor.json")) == (409, "restitution-first")
    assert "Restitution acceptée" not in given.export("facilitator.md").text


def test_an_export_with_its_decision_and_agreement_comes_back(given: Given, tmp_path: Path) -> None:
    given.proposes()
    given.agrees()
    given.room.close("all")
    file = tmp_path / "group.json"
    file.write_bytes(given.export("group.json").content)
    data = given.room.server.data
    done = atelier("import", str(file), "--owner", OWNER, data=data)
    assert done.returncode == 0, done.stderr
    http, path = given.room.facilitator.http, f"/r/{done.stdout.strip()}/export"
    assert http.get(f"{path}/group.json").content == file.read_bytes()
    sponsors = http.get(f"{path}/sponsor.json", headers=JSON)
    assert reason(sponsors) == (409, "restitution-first"), "what was read is not in the file"


def test_a_file_for_others_does_not_become_a_room(given: Given, tmp_path: Path) -> None:
    given.proposes()
    given.agrees()
    given.room.close("all")
    file = tmp_path / "sponsor.json"
    file.write_bytes(given.export("sponsor.json").content)
    done = atelier("import", str(file), data=given.room.server.data)
    assert done.returncode == 1 and "profile" in done.stderr


def test_what_touches_what_is_intimate_is_proposed_to_be_reduced(facilitator: Facilitator) -> None:
    room = facilitator.open(script="genre-et-roles")
    text = room.get("readings/closing").text
    assert "Proposé pour ce thème, qui touche à l’intime" in text
    assert "Sans décision, tout est effacé." in text
    assert "Proposé" not in facilitator.open().get("readings/closing").text
