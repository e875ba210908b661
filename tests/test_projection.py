"""What a step wants to be projected when it opens, and when it gives way."""

from dataclasses import replace

import pytest

from atelier.projection import Scene, said_by_step
from atelier.rooms.events import NotesRevealed, RoomOpened, StepEntered
from atelier.rooms.ids import NoteId, StepId, WordsId
from atelier.rooms.state import Room, replay
from atelier.rooms.steps import Kind, Shown, Step

WRITING = Step(StepId("1-post"), "post", "personnel", "reveal", WordsId("t"), WordsId("p"))
NOTE = NoteId("n" * 32)
HUNG = (NOTE, WRITING.id)


def room(step: Step, *, hung: bool) -> Room:
    opened = RoomOpened(WordsId("title"), WordsId("theme"), "fr", (WRITING, step))
    wall = [NotesRevealed((HUNG,))] if hung else []
    return replay([opened, StepEntered(WRITING.id), *wall, StepEntered(step.id)])


@pytest.mark.parametrize(
    ("kind", "wants", "hung", "scene"),
    [
        ("echange", "auto", True, "auto"),
        ("echange", "prompt", True, "prompt"),
        ("echange", "wall", True, "wall"),
        ("echange", "wall", False, "auto"),
        ("revelation", "prompt", False, "prompt"),
        ("revelation", "prompt", True, "auto"),
        ("carnet", "auto", True, "prompt"),
        ("carnet", "wall", True, "wall"),
        ("trajectoire", "auto", True, "prompt"),
    ],
)
def test_a_step_is_projected_as_its_script_wants(
    kind: Kind, wants: Shown, hung: bool, scene: Scene
) -> None:
    step = replace(WRITING, id=StepId("2-next"), kind=kind, mode="none", projector=wants)
    assert said_by_step(room(step, hung=hung)).scene == scene


def test_a_prompt_gives_way_to_the_wall_when_its_notes_are_revealed() -> None:
    step = replace(WRITING, id=StepId("2-next"), projector="prompt")
    before = room(step, hung=False)
    assert said_by_step(before).scene == "prompt"
    opened = RoomOpened(WordsId("title"), WordsId("theme"), "fr", (step,))
    after = replay([opened, StepEntered(step.id), NotesRevealed(((NOTE, step.id),))])
    assert said_by_step(after).scene == "auto"


def test_the_lobby_is_projected_as_it_is() -> None:
    opened = RoomOpened(WordsId("title"), WordsId("theme"), "fr", (WRITING,))
    assert said_by_step(replay([opened])).scene == "auto"
