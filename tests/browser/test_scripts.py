"""Each theme that ships, played from the lobby to the archive, by a facilitator, a projector, a
phone in a browser and two phones that write beside it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from atelier.content import themes
from atelier.content.rehearsal import lines_for
from atelier.rooms.scripts import Script
from tests.browser.people import BOARD, PHONE, PROJECTOR, Facilitator, Person, Phone, Projector
from tests.browser.test_journey import projector_link
from tests.server import Phone as Writer
from tests.server import Server, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path, ATELIER_THRESHOLD="3") as server:
        yield server


@pytest.mark.parametrize("script", themes(), ids=lambda script: script.id)
def test_a_script_is_played_from_the_lobby_to_the_archive(
    chromium: Browser, server: Server, script: Script
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_script(script.theme_fr)
    projector = Projector.arrives(chromium, server, PROJECTOR)
    projector.opens(projector_link(facilitator))
    phone = Phone.arrives(chromium, server, PHONE)
    phone.scans(facilitator.code)
    phone.agrees()
    writers = [Writer(server, facilitator.code) for _ in range(2)]
    everyone: list[Person] = [facilitator, projector, phone]

    written: list[str] = []
    for number, step in enumerate(script.steps, start=1):
        facilitator.next_step()
        for screen in everyone:
            expect(screen.page.locator("#step h1")).to_have_text(step.title_fr)
            expect(screen.page.locator("#step .consigne")).to_have_text(step.prompt_fr)
        match step.kind:
            case "post":
                first, *others = lines_for(script.id, f"{number}-post", "fr")[:3]
                phone.writes(first)
                phone.sees_kept(first)
                for writer, line in zip(writers, others, strict=True):
                    writer.client.get(f"/r/{writer.room}")  # it is present in this step
                    assert writer.write(line).status_code == 201
                written += [first, *others]
            case "revelation":
                facilitator.reveals()
                for screen in everyone:
                    screen.waits_for_wall(len(written))
            case "regroupement":
                facilitator.forms_cluster("Premier regroupement", written[:2])
                facilitator.files_by_letter(written[3], "A")
            case _:
                pass
    assert sorted(facilitator.wall) == sorted(written)
    assert facilitator.wall == projector.wall == phone.wall

    facilitator.closes("all")
    document = json.loads(facilitator.exports("json"))
    assert [step["title"] for step in document["steps"]] == [s.title_fr for s in script.steps]
    assert sorted(note["text"] for note in document["notes"]) == sorted(written)
    assert [act["act"] for act in document["timeline"]].count("step") == len(script.steps)
    facilitator.page.get_by_role("link", name="Voir la frise").click()
    lines = facilitator.page.locator(".fil a")
    expect(lines.filter(has_text="Étape")).to_have_count(len(script.steps))
    lines.filter(has_text="Mur dévoilé").click()
    expect(facilitator.page.locator("#clusters .cluster")).to_have_count(0)
    facilitator.waits_for_wall(len(written))
    for screen in everyone:
        assert screen.troubles == []
        screen.leaves()
