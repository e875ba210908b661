"""The library: a script is duplicated, bent, exported, imported and opened as a room."""

from typing import Any

import pytest
import yaml
from httpx2 import Response

from tests.contract.people import JSON, Facilitator, Server, refused

MONEY = "rapport-a-l-argent"


@pytest.fixture(scope="module")
def claire(server: Server) -> Facilitator:
    return server.facilitator("trames@example.org")


def duplicate(who: Facilitator, of: str = MONEY) -> str:
    answer = who.http.post("/scripts", data={"of": of})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rpartition("/")[2]


def exported(who: Facilitator, script: str) -> dict[str, Any]:
    answer = who.http.get(f"/scripts/{script}.yaml")
    assert answer.headers["Content-Type"].startswith("application/yaml")
    found: dict[str, Any] = yaml.safe_load(answer.text)["trames"][0]
    return found


def send(who: Facilitator, path: str, **form: Any) -> Response:
    return who.http.post(f"/scripts/{path}", data=form, headers=JSON)


def titles(who: Facilitator, script: str) -> list[str]:
    return [step["title_fr"] for step in exported(who, script)["steps"]]


def fields(step: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {**step, **changed}


def test_a_duplicate_is_the_same_script_under_an_id_of_its_own(claire: Facilitator) -> None:
    script = duplicate(claire)
    ours, theirs = exported(claire, script), exported(claire, MONEY)
    assert ours.pop("id") == script != theirs.pop("id")
    assert ours == theirs


def test_steps_are_put_in_moved_changed_and_taken_out(claire: Facilitator) -> None:
    script = duplicate(claire)
    before = titles(claire, script)
    answer = send(claire, f"{script}/moves", step=3, to=1, shown=1, rev=0).json()
    assert (answer["rev"], answer["step"]) == (1, 2), "the step in sight is the second now"
    assert titles(claire, script) == [before[2], *before[:2], *before[3:]]
    assert send(claire, f"{script}/steps", at=1, rev=1).json()["step"] == 2
    step = exported(claire, script)["steps"][1]
    step = fields(step, min="0", title_fr="Un silence", kind="carnet", register="personnel")
    assert send(claire, f"{script}/steps/2", **step, rev=2).json()["rev"] == 3
    found = exported(claire, script)
    assert found["steps"][1]["title_fr"] == "Un silence"
    assert found["total_min"] == 150, "the new step takes the time it takes"
    gone = claire.http.delete(f"/scripts/{script}/steps/3?rev=3", headers=JSON).json()
    assert gone["step"] == 3
    assert titles(claire, script) == [before[2], "Un silence", before[1], *before[3:]]


def test_a_change_that_was_not_made_on_the_last_one_is_refused(claire: Facilitator) -> None:
    script = duplicate(claire)
    assert send(claire, script, rev=0, title_fr="À nous").is_success
    assert refused(send(claire, script, rev=0, title_fr="À eux"), 409) == "script-changed"
    assert exported(claire, script)["title_fr"] == "À nous"


def test_all_that_is_wrong_with_a_step_is_said_by_field_and_nothing_is_kept(
    claire: Facilitator,
) -> None:
    script = duplicate(claire)
    step = exported(claire, script)["steps"][0]
    wrong = fields(step, min="9000", prompt_fr=" ", kind="vote")
    answer = send(claire, f"{script}/steps/1", **wrong, rev=0)
    assert answer.status_code == 422
    assert answer.headers["Atelier-Refused"] == answer.json()["refused"] == "script-malformed"
    assert set(answer.json()["faults"]) == {"min", "prompt_fr", "kind"}
    assert exported(claire, script)["steps"][0] == step
    page = claire.http.post(f"/scripts/{script}/steps/1", data=fields(wrong, rev=0))
    assert page.status_code == 422
    assert 'value="9000"' in page.text, "what was typed is still there"
    answer = send(claire, script, rev=0, size_min=9, size_ideal=3, size_max="dix")
    assert set(answer.json()["faults"]) == {"group_size: max"}


def test_a_file_is_imported_whole_or_not_at_all(claire: Facilitator) -> None:
    before = claire.http.get("/scripts").text.count("hx-delete")
    text = claire.http.get(f"/scripts/{MONEY}.yaml").text
    broken = text.replace("min: 12", "min: douze").replace("kind: post", "kind: vote")
    answer = claire.http.post(
        "/scripts/imports", data={"yaml": broken}, headers={"Accept-Language": "fr"}
    )
    assert answer.status_code == 422
    assert "étape 3, kind (genre d’étape)" in answer.text
    assert "reçu, &#39;douze&#39;" in answer.text
    assert "kind: vote" in answer.text, "the text is still there"
    assert claire.http.get("/scripts").text.count("hx-delete") == before
    assert claire.http.post("/scripts/imports", data={"yaml": text}).status_code == 204
    assert claire.http.get("/scripts").text.count("hx-delete") == before + 1


def test_a_room_opens_with_ones_own_script_and_what_its_steps_show(claire: Facilitator) -> None:
    script = duplicate(claire)
    step = exported(claire, script)["steps"][0]
    changed = fields(step, title_fr="Bonjour", phone="prompt", mode="direct", rev=0)
    assert send(claire, f"{script}/steps/1", **changed).is_success
    room = claire.open(script=script, title="")
    board = room.get("board").text
    assert 'data-state="lobby"' in board
    room.step()
    shown = room.board()
    assert (shown["data-phone"], shown["data-mode"]) == ("prompt", "direct")
    assert "Bonjour" in room.get("board").text
    other = claire.server.facilitator("autre-trame@example.org")
    answer = other.http.post("/rooms", data={"script": script}, headers=JSON)
    assert refused(answer, 422) == "script-unknown"


def test_a_room_keeps_the_script_it_was_opened_with(claire: Facilitator) -> None:
    script = duplicate(claire)
    room = claire.open(script=script)
    assert claire.http.delete(f"/scripts/{script}").status_code == 204
    assert refused(send(claire, script, rev=0), 404) == "script-not-yours"
    room.step()
    assert "Aucun chiffre" in room.get("board").text


@pytest.mark.parametrize("script", ["recit-de-situation", "conditions"])
def test_the_scripts_of_a_method_are_played_from_the_lobby_to_the_closing(
    claire: Facilitator, script: str
) -> None:
    room, written = claire.open(script=script, title=""), list[str]()
    phones = room.phones()
    for step in exported(claire, script)["steps"]:
        assert room.step().endswith(step["kind"])
        board = room.board()
        assert board["data-minutes"] == str(step["min"])
        assert step["prompt_fr"] in room.get("board").text
        if step["kind"] == "post":
            texts = [f"{step['title_fr']} {n}" for n, _ in enumerate(phones)]
            for phone, text in zip(phones, texts, strict=True):
                phone.look()  # it is present in this step
                phone.write(text)
            written += texts
        if step["kind"] == "revelation":
            room.reveal()
    assert sorted(room.wall().values()) == sorted(written)
    room.close("all")


def test_the_bare_wall_of_the_library_starts_in_its_only_step(claire: Facilitator) -> None:
    assert claire.open(script="mur-vide").board()["data-step"] == "wall"


def test_a_file_that_is_too_long_is_refused_as_it_comes(claire: Facilitator) -> None:
    answer = claire.http.post("/scripts/imports", data={"yaml": "a" * 300_000})
    assert answer.status_code == 413
