"""Every script that ships, played from the lobby to the closing in Chromium by a group: who
facilitates, a projector, six phones. Pictures of each kind of step go to FOLDER.

    .venv/bin/python -m bench.plays FOLDER [--language fr|en] [SCRIPT ...]

Prints one line for each script: its steps, and how many screens showed each of them. Ends with 1
when a screen did not show what the step asks, or said that something went wrong in it. Chromium is
the one that `ATELIER_CHROMIUM` names, else the one on the PATH.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from atelier.content import scripts
from atelier.content.rehearsal import lines_for
from atelier.rooms.scripts import Script, ScriptStep
from tests.browser.people import BOARD, PHONE, PROJECTOR, Facilitator, Person, Phone, Projector
from tests.server import EMAIL, PASSWORD, Server, serving
from tests.server import Facilitator as Door

PHONES = 6
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
SAID = {
    "fr": {"cluster": "Ce qui tient", "other": "Ce qui pèse", "both": "tenir bon", "and": "céder",
           "page": "Ce que je garde pour moi.", "moment": "Premier emploi, loin"},
    "en": {"cluster": "What holds", "other": "What weighs", "both": "to hold on",
           "and": "to give way", "page": "What I keep to myself.",
           "moment": "First job, far away"},
}  # fmt: skip


@dataclass
class Play:
    """A script in front of a group."""

    browser: Browser
    server: Server
    script: Script
    language: str
    folder: Path
    written: list[str] = field(default_factory=list)
    shown: int = 0

    def __post_init__(self) -> None:
        room = Door(self.server).open_room(script=self.script.id, language=self.language)
        self.id, self.code = room["room"], room["code"]
        self.facilitator: Facilitator = self.arrives(Facilitator, BOARD)
        self.signs_in()
        self.projector: Projector = self.arrives(Projector, PROJECTOR)
        self.projector.opens(room["projector"])
        self.phones: list[Phone] = [self.arrives(Phone, PHONE) for _ in range(PHONES)]
        for phone in self.phones:
            phone.scans(self.code)
            phone.page.locator("#agree").click()

    def arrives(self, kind: type[Person], size: dict[str, int]):  # type: ignore[no-untyped-def]
        return kind.arrives(self.browser, self.server, size, locale=LOCALES[self.language])

    def signs_in(self) -> None:
        self.page.goto("/signin")
        self.page.locator("[name=email]").fill(EMAIL)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("main button[type=submit]").click()
        self.page.wait_for_url("**/desk")
        self.page.goto(f"/r/{self.id}")

    @property
    def everyone(self) -> list[Person]:
        return [self.facilitator, self.projector, *self.phones]

    @property
    def page(self) -> Page:
        return self.facilitator.page

    def plays(self) -> None:
        for number, step in enumerate(self.script.steps, start=1):
            if not self.script.bare:
                self.facilitator.next_step()
            self.sees(step)
            self.acts(number, step)
            self.pictures(step)
            self.goes_back()
        if self.script.bare:
            self.reveals()
        self.closes()

    def sees(self, step: ScriptStep) -> None:
        for screen in self.everyone:
            expect(screen.page.locator("#step h1")).to_have_text(step.title(self.language))
            expect(screen.page.locator("#step .consigne")).to_have_text(step.prompt(self.language))
            self.shown += 1

    def acts(self, number: int, step: ScriptStep) -> None:
        match step.kind:
            case "wall" | "post":
                self.writes(number, step)
            case "revelation":
                self.reveals()
            case "regroupement":
                self.clusters()
            case "tension":
                self.opposes()
            case "apport":
                self.shows_card()
            case "carnet":
                self.writes_for_themselves()
            case "trajectoire":
                self.places_a_moment()
            case "cloture":
                self.reads_the_choice()
            case _:
                pass

    def writes(self, number: int, step: ScriptStep) -> None:
        lines = lines_for(self.script.id, f"{number}-{step.kind}", self.language)
        for phone, line in zip(self.phones, lines, strict=False):
            phone.writes(line)
            expect(phone.own(line).first).to_have_class(re.compile("gardee"), timeout=20_000)
            self.written.append(line)

    def reveals(self) -> None:
        self.facilitator.reveals()
        for screen in self.everyone:
            screen.waits_for_wall(len(self.written))
        wall = self.facilitator.wall
        assert sorted(wall) == sorted(self.written), "what was written, and no more"
        assert all(screen.wall == wall for screen in self.everyone), "the same order everywhere"

    def clusters(self) -> None:
        first, second, third, *_ = self.written
        self.facilitator.forms_cluster(SAID[self.language]["cluster"], [first, second])
        self.facilitator.forms_cluster(SAID[self.language]["other"], [third])

    def opposes(self) -> None:
        said = SAID[self.language]
        self.page.locator("#name-tension").click()
        for end in ("#tension-a", "#tension-b"):
            self.page.locator(end).select_option(index=1 + (end == "#tension-b"))
        self.page.locator("#tension-both").fill(said["both"])
        self.page.locator("#tension-and").fill(said["and"])
        self.page.locator("#tension button[value=project]").click()
        expect(self.projector.page.locator(".tension", has_text=said["both"])).to_be_visible()

    def shows_card(self) -> None:
        self.page.locator("#show-cards").click()
        self.page.locator("#concept-list button:visible").first.click()
        expect(self.projector.page.locator("#card-list > li").first).to_be_visible()

    def writes_for_themselves(self) -> None:
        """What is personal is prompted on every screen and written on the phone alone."""
        self.projects_the_prompt()
        for phone in self.phones:
            phone.page.locator("#privately button").click()
            field = phone.page.locator("#personal-page")
            field.fill(SAID[self.language]["page"])
            expect(field).to_be_visible()

    def places_a_moment(self) -> None:
        self.projects_the_prompt()
        for phone in self.phones:
            phone.page.locator("#privately button").click()
            phone.page.locator("#personal-moment-add").click()
            phone.page.locator("#personal-moment-name").fill(SAID[self.language]["moment"])
            phone.page.locator("#personal-moment-period").select_option("early")
            phone.page.locator("#personal-moment [name=felt][value=both]").check(force=True)
            phone.page.locator("#personal-moment [type=submit]").click()
            expect(phone.page.locator("#personal-moments li")).to_have_count(1)

    def projects_the_prompt(self) -> None:
        expect(self.projector.page.locator("#step .consigne")).to_be_visible()
        expect(self.projector.page.locator("#wall")).to_be_hidden()

    def reads_the_choice(self) -> None:
        self.page.goto(f"/r/{self.id}/closing")
        self.page.locator("[form=project-choice]").click()
        for screen in (self.projector, *self.phones):
            expect(screen.page.locator("#together .lecture")).to_be_visible()

    def goes_back(self) -> None:
        for phone in self.phones:
            phone.page.locator("[data-tab=write]").click()

    def pictures(self, step: ScriptStep) -> None:
        """One of each kind: the board, the projector, a phone."""
        for name, screen in [
            ("board", self.facilitator), ("projector", self.projector), ("phone", self.phones[0]),
        ]:  # fmt: skip
            path = self.folder / f"{self.language}-{step.kind}-{name}.png"
            if not path.exists():
                screen.page.screenshot(path=path)

    def closes(self) -> None:
        self.page.goto(f"/r/{self.id}/closing")
        self.page.locator("[name=keep][value=all]").check()
        self.page.locator("[name=heard]").check()
        self.page.locator("form[action$=closings] button[type=submit]").first.click()
        for screen in (self.projector, *self.phones):
            expect(screen.page.locator("body")).to_have_attribute("data-state", "closed")
        troubles = [trouble for screen in self.everyone for trouble in screen.troubles]
        assert not troubles, troubles
        for screen in self.everyone:
            screen.leaves()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("scripts", nargs="*", choices=[*scripts(), []], default=[])
    parser.add_argument("--language", choices=LOCALES, default="fr")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory() as data, serving(Path(data)) as server:
        for name in asked.scripts or scripts():
            failed += not played(server, scripts()[name], asked.language, asked.folder)
    sys.exit(1 if failed else 0)


def played(server: Server, script: Script, language: str, folder: Path) -> bool:
    chromium = os.environ.get("ATELIER_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        play = Play(browser, server, script, language, folder)
        try:
            play.plays()
        except AssertionError as error:
            print(f"{script.id:22} {language}  FAILED: {error}")
            return False
        finally:
            browser.close()
    print(f"{script.id:22} {language}  {len(script.steps):2} steps, shown {play.shown} times,"
          f" {len(play.written)} notes, no trouble", flush=True)  # fmt: skip
    return True


if __name__ == "__main__":
    main()
