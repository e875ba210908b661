"""The main job, from the desk to the exported board: a facilitator, a projector, eight phones."""

import io
import json
import re

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.browser.people import BOARD, PHONE, PROJECTOR, Facilitator, Phone, Projector
from tests.server import Server

pytestmark = pytest.mark.browser

HEARD = [
    "Un sou est un sou.",
    "Mets de côté, on ne sait jamais.",
    "On n’est pas riches, mais on ne doit rien à personne.",
    "Ça ne se demande pas.",
    "Chez nous, on ne comptait pas devant les enfants.",
    "L’argent, ça se gagne.",
    "Finis ton assiette, ça coûte.",
    "Personne n’en parlait : c’était sale, ou dangereux.",
]
TODAY = [
    "L’argent me permet de dire non.",
    "L’argent me permet de dormir.",
    "À cause de l’argent, je ne peux pas recevoir sans rendre.",
    "À cause de l’argent, je ne peux pas dire d’où je viens. 😀",
    '<b>L’argent</b> & moi : #import "x" $x$',
    "À cause de l’argent, je ne peux pas quitter ce poste.",
    "L’argent me permet de choisir mes horaires.",
    "Rien.",
]


def test_a_session_with_the_money_script_from_the_desk_to_the_pdf(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_script()
    projector = Projector.arrives(chromium, server, PROJECTOR)
    projector.opens(projector_link(facilitator))
    phones = [Phone.arrives(chromium, server, PHONE) for _ in HEARD]
    everyone = [facilitator, projector, *phones]
    for number, phone in enumerate(phones):
        phone.scans(facilitator.code) if number % 2 else phone.types_code(facilitator.code)
        phone.agrees()
        expect(phone.page.locator("body")).to_have_attribute("data-state", "lobby")

    facilitator.enters("post")
    for phone, text in zip(phones[:6], HEARD, strict=False):
        phone.writes(text)
    away = phones[6:]
    for phone, text in zip(away, HEARD[6:], strict=True):
        phone.goes_offline()
        phone.writes(text)
        expect(phone.own(text)).to_contain_text("réseau")
    for phone, text in zip(phones[:6], HEARD, strict=False):
        phone.sees_kept(text)

    facilitator.next_step()  # two phones missed it, and their notes come late
    for phone, text in zip(phones[:6], TODAY, strict=False):
        expect(phone.page.locator("#step h1")).to_have_text("Aujourd’hui")
        phone.writes(text)
        phone.sees_kept(text)
    phones[0].page.reload()
    phones[0].sees_kept(TODAY[0])
    for phone, early, text in zip(away, HEARD[6:], TODAY[6:], strict=True):
        phone.comes_back()
        phone.sees_kept(early)
        expect(phone.page.locator("#step h1")).to_have_text("Aujourd’hui")
        phone.writes(text)
        phone.sees_kept(text)
    for screen in everyone:
        assert screen.wall == [], "nothing is shown before the reveal"

    facilitator.next_step()
    facilitator.reveals()
    for screen in everyone:
        screen.waits_for_wall(16)
    wall = facilitator.wall
    assert sorted(wall) == sorted(HEARD + TODAY)
    assert all(screen.wall == wall for screen in everyone), "one order, the same everywhere"
    expect(phones[1].own(HEARD[1])).to_contain_text("Dévoilée sur le mur")

    facilitator.next_step()
    facilitator.forms_cluster("Être à l’abri", [HEARD[1], TODAY[1]])
    facilitator.forms_cluster("Ce qui se tait", [HEARD[3]])
    facilitator.files_by_letter(HEARD[7], "B")
    facilitator.files_by_menu(TODAY[5], "Être à l’abri")
    expect(phones[1].own(HEARD[1])).to_contain_text("Rangée en A, Être à l’abri")
    for screen in everyone:
        lane = screen.page.locator("#clusters [data-letter=A] [data-text]")
        expect(lane).to_have_text([HEARD[1], TODAY[1], TODAY[5]])
    assert all(sorted(screen.wall) == sorted(wall) for screen in everyone)

    facilitator.closes("all")
    for screen in (projector, *phones):
        expect(screen.page.locator("body")).to_have_attribute("data-state", "closed")
    document = json.loads(facilitator.exports("json"))
    assert sorted(note["text"] for note in document["notes"]) == sorted(wall)
    assert [cluster["title"] for cluster in document["clusters"]] == [
        "Être à l’abri",
        "Ce qui se tait",
    ]
    printed = pdf_text(facilitator.exports("pdf"))
    assert [text for text in wall if squeezed(text) not in printed] == []
    assert [screen.troubles for screen in everyone] == [[]] * len(everyone)


def projector_link(facilitator: Facilitator) -> str:
    link = facilitator.page.locator("[data-copy*='/p/']").get_attribute("data-copy")
    assert link
    return link


def pdf_text(pdf: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_two_facilitator_screens_stay_equal(chromium: Browser, server: Server) -> None:
    one = Facilitator.arrives(chromium, server, BOARD)
    one.signs_in()
    one.opens_wall("Essai", "direct")
    two = Facilitator.arrives(chromium, server, BOARD)
    two.signs_in()
    two.page.goto(f"/r/{one.room}")
    phone = Phone.arrives(chromium, server, PHONE)
    phone.types_code(one.code)
    phone.agrees()
    for text in ("Une", "Deux", "Trois"):
        phone.writes(text)
    one.waits_for_wall(3)
    two.waits_for_wall(3)
    one.forms_cluster("Premier", ["Une"])
    expect(two.page.locator("#clusters [data-title]")).to_have_text("Premier")
    two.files_by_letter("Deux", "A")
    one.page.keyboard.press("Control+z")
    expect(two.page.locator("#clusters [data-note]")).to_have_count(1)
    assert one.wall == two.wall == phone.wall


def test_a_veiled_projector_shows_nothing_to_eyes_or_screen_readers(
    chromium: Browser, server: Server
) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_wall("Essai", "direct")
    projector = Projector.arrives(chromium, server, PROJECTOR)
    projector.opens(projector_link(facilitator))
    phone = Phone.arrives(chromium, server, PHONE)
    phone.types_code(facilitator.code)
    phone.agrees()
    phone.writes("Secret de famille")
    projector.waits_for_wall(1)
    expect(projector.page.get_by_text("Secret de famille")).to_be_visible()
    facilitator.page.locator("#veil").click()
    expect(projector.page.get_by_text("Secret de famille")).to_be_hidden()
    assert "Secret" not in projector.page.locator("body").aria_snapshot()
    facilitator.page.locator("#veil").click()
    expect(projector.page.get_by_text("Secret de famille")).to_be_visible()


def test_a_note_is_edited_then_taken_back(chromium: Browser, server: Server) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_wall("Essai")
    phone = Phone.arrives(chromium, server, PHONE)
    phone.types_code(facilitator.code)
    phone.agrees()
    phone.writes("Première version")
    phone.sees_kept("Première version")
    phone.own("Première version").get_by_text("Modifier").click()
    phone.page.locator("#idea").fill("Seconde version")
    phone.page.locator("#send").click()
    phone.sees_kept("Seconde version")
    phone.own("Seconde version").get_by_text("Retirer", exact=True).click()
    phone.own("Seconde version").get_by_text("Retirer pour de bon").click()
    expect(phone.own("Seconde version")).to_have_count(0)


def test_a_phone_comes_back_after_the_server_was_killed(chromium: Browser, server: Server) -> None:
    facilitator = Facilitator.arrives(chromium, server, BOARD)
    facilitator.signs_in()
    facilitator.opens_wall("Essai", "direct")
    phone = Phone.arrives(chromium, server, PHONE)
    phone.types_code(facilitator.code)
    phone.agrees()
    phone.writes("Avant")
    facilitator.waits_for_wall(1)
    server.kill()
    phone.writes("Pendant")
    expect(phone.own("Pendant")).to_contain_text("réseau")
    server.start()
    facilitator.waits_for_wall(2)
    phone.waits_for_wall(2)
    assert sorted(phone.wall) == ["Avant", "Pendant"]
