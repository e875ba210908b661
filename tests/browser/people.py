"""People in front of their screens, in verbs: one browser context each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, Response, expect

from tests.server import EMAIL, PASSWORD, Server

PHONE = {"width": 390, "height": 844}
BOARD = {"width": 1440, "height": 900}
PROJECTOR = {"width": 1920, "height": 1080}
MONEY = "rapport-a-l-argent"


@dataclass
class Person:
    """A browser context with one page; remembers what went wrong in it."""

    page: Page

    @classmethod
    def arrives(cls, browser: Browser, server: Server, size: dict[str, int], **how: object):  # type: ignore[no-untyped-def]
        context = browser.new_context(
            base_url=server.origin,
            viewport=size,  # type: ignore[arg-type]
            reduced_motion="reduce",
            **{"locale": "fr-FR", **how},  # type: ignore[arg-type]
        )
        page = context.new_page()
        person = cls(page)
        person.troubles = []
        page.on("pageerror", lambda error: person.troubles.append(str(error)))
        page.on("console", lambda said: person.hears(said.type, said.text))
        page.on("response", person.sees)
        return person

    troubles: list[str] = None  # type: ignore[assignment]

    def hears(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text and "WebSocket" not in text:
            self.troubles.append(text)

    def sees(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status} {response.url}")

    def leaves(self) -> None:
        self.page.context.close()

    @property
    def wall(self) -> list[str]:
        """The texts on the wall of this screen, in its order."""
        return self.page.locator("#board [data-note] [data-text]").all_text_contents()

    def waits_for_wall(self, count: int) -> None:
        expect(self.page.locator("#board [data-note]")).to_have_count(count, timeout=15_000)


@dataclass
class Facilitator(Person):
    room: str = ""
    code: str = ""

    def signs_in(self) -> None:
        self.page.goto("/signin")
        self.page.get_by_label("Adresse électronique").fill(EMAIL)
        self.page.get_by_label("Mot de passe").fill(PASSWORD)
        self.page.get_by_role("button", name="Entrer").click()
        self.page.wait_for_url("**/desk")

    def opens_script(self, theme: str = "Le rapport à l’argent") -> None:
        self.page.get_by_role("button", name=re.compile(theme)).first.click()
        self.is_in_room()

    def opens_wall(self, title: str, mode: str = "reveal") -> None:
        """A bare wall, through the form of the desk."""
        form = self.page.locator("form", has=self.page.locator("[name=mode]")).first
        form.locator("[name=title]").fill(title)
        form.locator(f"[name=mode][value={mode}]").check(force=True)
        form.get_by_role("button", name="Ouvrir le mur").click()
        self.is_in_room()

    def is_in_room(self) -> None:
        self.page.wait_for_url(re.compile(r"/r/[0-9a-f]{32}$"))
        self.room = self.page.url.rsplit("/", 1)[1]
        self.code = self.page.locator(".acces .chiffres").inner_text()

    def next_step(self) -> None:
        before = self.page.locator("#board").get_attribute("data-step")
        self.page.locator("#next").click()
        expect(self.page.locator("#board")).not_to_have_attribute("data-step", before or "")

    def enters(self, kind: str) -> None:
        """Goes on until the step of this kind."""
        while self.page.locator("#board").get_attribute("data-kind") != kind:
            self.next_step()

    def reveals(self) -> None:
        expect(self.page.locator("#threshold")).to_have_attribute("data-ready", "1", timeout=15_000)
        self.page.locator("#reveal").click()

    def focuses(self, text: str) -> None:
        self.page.locator("#board [data-note]", has_text=text).first.focus()

    def forms_cluster(self, title: str, texts: Iterable[str]) -> None:
        """With the keyboard: choose the notes, N, a title."""
        for text in texts:
            self.focuses(text)
            self.page.keyboard.press("Space")
        self.page.keyboard.press("n")
        self.page.locator("#naming-field").fill(title)
        self.page.locator("#naming button[value=yes]").click()
        expect(self.page.locator("#clusters [data-title]", has_text=title)).to_have_count(1)

    def files_by_letter(self, text: str, letter: str) -> None:
        self.focuses(text)
        self.page.keyboard.press(letter)
        lane = self.page.locator(f"#clusters [data-letter={letter}]")
        expect(lane.locator("[data-note]", has_text=text)).to_have_count(1)

    def files_by_menu(self, text: str, title: str) -> None:
        self.page.locator("#board [data-note]", has_text=text).first.click()
        self.page.locator("#menu").get_by_role("menuitem", name=re.compile(title)).click()
        lane = self.page.locator("#clusters .cluster", has_text=title)
        expect(lane.locator("[data-note]", has_text=text)).to_have_count(1)

    def closes(self, keep: str) -> None:
        self.page.goto(f"/r/{self.room}/closing")
        self.page.locator(f"[name=keep][value={keep}]").check()
        self.page.locator("[name=heard]").check()
        self.page.get_by_role("button", name="Clore la séance").click()
        expect(self.page.locator("h1")).to_have_text("La séance est close")

    def exports(self, format: str) -> bytes:
        answer = self.page.context.request.get(f"/r/{self.room}/export/group.{format}")
        assert answer.ok
        return answer.body()


@dataclass
class Phone(Person):
    def scans(self, code: str) -> None:
        """As a camera does: the code is in the fragment."""
        self.page.goto(f"/J#{code.replace(' ', '')}")
        self.page.wait_for_url("**/r/*")

    def types_code(self, code: str) -> None:
        self.page.goto("/")
        self.page.get_by_label("Code de la salle").fill(code)
        self.page.get_by_role("button", name="Rejoindre la salle").click()
        self.page.wait_for_url("**/r/*")

    def agrees(self) -> None:
        self.page.get_by_role("button", name="J’ai lu et j’accepte").click()

    def writes(self, text: str) -> None:
        self.page.locator("#idea").fill(text)
        self.page.locator("#send").click()

    def own(self, text: str):  # type: ignore[no-untyped-def]
        return self.page.locator("#mine li", has_text=text)

    def sees_kept(self, text: str) -> None:
        expect(self.own(text)).to_contain_text("Gardée, face cachée", timeout=20_000)

    def goes_offline(self) -> None:
        self.page.context.set_offline(True)

    def comes_back(self) -> None:
        self.page.context.set_offline(False)

    def looks_at_wall(self) -> None:
        self.page.locator("[data-tab=wall]").click()


@dataclass
class Projector(Person):
    def opens(self, link: str) -> None:
        self.page.goto(link)
        self.page.wait_for_url("**view=projector")
