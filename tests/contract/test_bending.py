"""A script that bends while the room is in it, by request and on screens."""

import secrets

import httpx2
import pytest

from atelier.content import scripts
from tests.contract.conftest import OpenRoom, StartServer
from tests.contract.people import JSON, SCRIPT, Note, Room, refused
from tests.contract.tree import Element, parse

NEW = {"kind": "echange", "mode": "none", "minutes": "7", "title": "Un tour", "prompt": "Dites"}


@pytest.fixture
def scripted(opened: OpenRoom) -> Room:
    """In its first step."""
    room = opened(script=SCRIPT)
    room.step()
    return room


def ids(room: Room) -> list[str]:
    return [str(step["data-id"]) for step in listed(room)]


def listed(room: Room) -> list[Element]:
    answer = room.get("script")
    assert answer.status_code == 200, answer.text
    return parse(answer.text).having("data-mode-name")


def fold(room: Room, step: str) -> Element:
    return next(each for each in listed(room) if each["data-id"] == step)


def added(room: Room, before: str = "", **more: str) -> str:
    step = secrets.token_hex(16)
    room.done("script/steps", step=step, before=before, **{**NEW, **more})
    return step


def dropped(room: Room, step: str) -> httpx2.Response:
    return room.facilitator.http.delete(f"{room.path}/script/steps/{step}", headers=JSON)


def test_a_step_is_put_in_and_entered_like_any_other(scripted: Room) -> None:
    second = ids(scripted)[1]
    new = added(scripted, before=second, kind="post", mode="reveal", title="Encore un mot")
    assert ids(scripted)[:3] == [scripted.board()["data-step"], new, second]
    assert scripted.step() == new
    board = scripted.board()
    assert (board["data-mode"], board["data-minutes"], board["data-kind"]) == (
        "reveal",
        "7",
        "post",
    )
    scripted.revealed("un", "deux", "trois")
    assert sorted(scripted.wall().values()) == ["deux", "trois", "un"]
    assert [step["title"] for step in scripted.export()["steps"]][1] == "Encore un mot"


def test_a_step_put_in_twice_is_there_once(scripted: Room) -> None:
    step, before = secrets.token_hex(16), len(ids(scripted))
    for _ in range(2):
        scripted.done("script/steps", step=step, before="", **NEW)
    assert len(ids(scripted)) == before + 1


def test_steps_to_come_are_moved_and_taken_out_and_put_back(scripted: Room) -> None:
    first, second, third, *rest = ids(scripted)
    scripted.done("script/moves", step=second, before="")
    assert ids(scripted) == [first, third, *rest, second]
    assert dropped(scripted, third).status_code == 204
    assert ids(scripted) == [first, *rest, second]
    assert scripted.board()["data-of"] == str(len(rest) + 2)
    scripted.done("script/steps", again=third, before=rest[0])
    assert ids(scripted) == [first, third, *rest, second]
    assert scripted.board()["data-bends"] == "3"


def test_the_prompt_of_the_open_step_is_reworded_on_every_screen(scripted: Room) -> None:
    with scripted.phone().screen() as phone, scripted.screen() as board:
        phone.frame("whole")
        board.frame("whole")
        scripted.done(f"script/steps/{ids(scripted)[0]}", prompt="Autrement dit : <ici>")
        for screen in (phone, board):
            assert "Autrement dit : <ici>" in screen.reach(scripted.seq()).text


def test_a_step_is_made_longer_and_shorter(scripted: Room) -> None:
    step = ids(scripted)[0]
    for minutes in ("25", "3", "0"):
        scripted.done(f"script/steps/{step}", minutes=minutes)
        assert scripted.board()["data-minutes"] == minutes


def test_the_mode_of_a_step_changes_until_it_is_open(scripted: Room) -> None:
    step = next(e["data-id"] for e in listed(scripted) if e["data-mode"] == "reveal")
    scripted.done(f"script/steps/{step}", mode="direct")
    scripted.step(step)
    assert scripted.board()["data-mode"] == "direct"
    scripted.phone().write("vu tout de suite")
    assert len(scripted.wall()) == 1
    refused(scripted.do(f"script/steps/{step}", mode="reveal"), 409)


def test_what_happened_stays(scripted: Room) -> None:
    first, second, *_ = ids(scripted)
    for answer, reason in [
        (dropped(scripted, first), "step-entered"),
        (scripted.do("script/moves", step=first, before=""), "step-entered"),
        (scripted.do(f"script/steps/{first}", title="Autre"), "step-entered"),
        (scripted.do("script/moves", step=second, before=first), "step-passed"),
        (
            scripted.do("script/steps", step=secrets.token_hex(16), before=first, **NEW),
            "step-passed",
        ),
    ]:
        assert refused(answer, 409) == reason
    assert scripted.board()["data-bends"] == "0"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("kind", "theatre", "kind-unknown"),
        ("mode", "bruit", "mode-unknown"),
        ("minutes", "-1", "minutes-out-of-range"),
        ("minutes", "481", "minutes-out-of-range"),
        ("minutes", "²", "minutes-out-of-range"),
        ("minutes", "5.5", "minutes-out-of-range"),
        ("title", " ", "title-empty"),
        ("title", "x" * 121, "title-too-long"),
        ("prompt", "\u200b", "prompt-empty"),
        ("prompt", "x" * 2001, "prompt-too-long"),
        ("before", "aucune", "step-unknown"),
        ("step", "court", "id-malformed"),
    ],
)
def test_what_is_wrong_is_named_and_changes_nothing(
    scripted: Room, field: str, value: str, reason: str
) -> None:
    form = {"step": secrets.token_hex(16), "before": "", **NEW, field: value}
    answer = scripted.do("script/steps", **form)
    assert refused(answer, 422) == reason
    assert scripted.board()["data-bends"] == "0"


def test_a_step_that_never_was_is_neither_changed_nor_put_back(scripted: Room) -> None:
    refused(scripted.do("script/steps/aucune", minutes="3"), 422)
    refused(dropped(scripted, "aucune"), 422)
    refused(scripted.do("script/steps", again="aucune", before=""), 422)


def test_the_list_tells_when_the_steps_start_and_what_the_room_opened_with(
    scripted: Room,
) -> None:
    first, second, third, *_ = listed(scripted)
    [start] = second.having("data-in")
    assert start["data-in"] in (first["data-minutes"], str(int(first["data-minutes"]) - 1))
    dropped(scripted, str(third["data-id"]))
    page = parse(scripted.get("script").text)
    origin = page.by_id("origine")
    assert origin is not None
    assert len(origin.having("data-id")) == len(scripts()[SCRIPT].steps)
    [again] = [each for each in origin.having("data-bend") if each["data-bend"] == "again"]
    assert again


def test_the_bent_script_becomes_one_of_ones_own(scripted: Room) -> None:
    _, second, *_ = ids(scripted)
    dropped(scripted, second)
    added(scripted, title="Pour la prochaine fois")
    http = scripted.facilitator.http
    answer = http.post(f"{scripted.path}/script/copies", headers={"HX-Request": "true"})
    page = answer.headers["HX-Redirect"]
    room = http.post("/rooms", data={"script": page.rsplit("/", 1)[1]}, headers=JSON).json()
    kept = parse(http.get(f"{room['page']}/script").text).having("data-mode-name")
    assert [fields(step) for step in kept] == [fields(step) for step in listed(scripted)]


def fields(step: Element) -> tuple[str, ...]:
    [title], [prompt] = step.having("data-title"), step.having("data-prompt")
    return (
        title.text, prompt.text, step["data-kind"], step["data-mode"], step["data-minutes"],
        step["data-concepts"],
    )  # fmt: skip


def test_bending_is_told_in_the_timeline(scripted: Room) -> None:
    added(scripted, title="Un détour")
    dropped(scripted, ids(scripted)[1])
    scripted.close("all")
    text = parse(scripted.get("timeline").text).text.replace("\u00a0", " ")
    assert "Étape ajoutée : Un détour" in text
    assert "Étape retirée :" in text


def test_a_closed_room_bends_no_more_and_its_script_can_still_be_kept(scripted: Room) -> None:
    scripted.close("nothing")
    refused(scripted.do("script/steps", step=secrets.token_hex(16), before="", **NEW), 409)
    scripted.done("script/copies")


def test_a_bend_outlives_a_server_that_is_killed(own_server: StartServer) -> None:
    server = own_server()
    room = server.facilitator("claire@example.org").open(script=SCRIPT)
    room.step()
    new = added(room, title="Après la panne")
    server.kill()
    server.start()
    [title] = fold(room, new).having("data-title")
    assert title.text == "Après la panne"


def test_a_note_for_a_step_that_was_taken_out_is_refused(scripted: Room) -> None:
    step = next(e["data-id"] for e in listed(scripted) if e["data-mode"] == "reveal")
    dropped(scripted, step)
    answer = scripted.phone().post(Note(text="trop tard"), step=step)
    assert refused(answer, 409) == "step-closed"


def test_saying_a_step_as_it_is_changes_nothing_also_when_it_is_open(scripted: Room) -> None:
    first = listed(scripted)[0]
    title, prompt, kind, mode, minutes, _ = fields(first)
    form = {"title": title, "prompt": prompt, "kind": kind, "mode": mode, "minutes": minutes}
    scripted.done(f"script/steps/{first['data-id']}", **form)
    assert scripted.board()["data-bends"] == "0"
