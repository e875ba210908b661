"""The project sheet: two projects, an experiment; kept, said and erased on the phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_personal import Room, opens_notebook, takes_away
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def room(chromium: Browser, server: Server) -> Iterator[Room]:
    room = Room(server, chromium)
    room.goes_on()
    yield room
    for phone in room.phones:
        assert phone.troubles == []
        phone.leaves()


def sheet(room: Room) -> Page:
    page = room.entered().page
    opens_notebook(page, "project")
    return page


def test_every_part_of_the_sheet_is_there_by_name_and_is_kept(room: Room) -> None:
    page = sheet(room)
    written = {
        label: f"Ce que j’écris ici, {place}"
        for place, label in enumerate(
            (
                "Projet professionnel", "Projet de vie", "Entre les deux",
                "Ce que je veux garder", "Contraintes du moment",
                "De mon côté", "Autour de moi", "Du côté de l’institution",
                "Personnes concernées, par leur rôle", "Ressources et aides", "Premiers pas",
                "Quoi", "Quand", "Avec qui, par son rôle",
                "Le signe que j’en aurai appris quelque chose",
            )
        )
    }  # fmt: skip
    for label, text in written.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("À revoir le").fill("2027-03-01")
    expect(page.get_by_label("Personnes concernées")).to_have_accessible_description(
        "« Une personne proche », « la personne qui dirige le service » : un rôle suffit, sans nom."
        .replace(" »", "\u00a0»").replace("« ", "«\u00a0").replace(" :", "\u00a0:")
    )  # fmt: skip
    page.reload()
    opens_notebook(page, "project")
    for label, text in written.items():
        expect(page.get_by_label(label, exact=True)).to_have_value(text)
    page.context.set_offline(True)
    with page.expect_download() as download:
        page.locator("#personal-project-save").click()
    page.context.set_offline(False)
    said = Path(download.value.path()).read_text()
    for label, text in written.items():
        assert f"### {label}\n\n{text}\n" in said
    assert "### À revoir le\n\n1 mars 2027\n" in said.replace("1er", "1")


def test_a_name_among_the_people_is_remarked_and_a_role_is_not(room: Room) -> None:
    page = sheet(room)
    for label in ("Personnes concernées, par leur rôle", "Avec qui, par son rôle"):
        field = page.get_by_label(label, exact=True)
        hint = page.locator(".ch", has=field).get_by_role("status")
        field.fill("La personne qui dirige le service, et Mme Bertin")
        expect(hint).to_have_text("Cela ressemble à un nom\u202f: un rôle suffit.")
        expect(field).to_have_value("La personne qui dirige le service, et Mme Bertin")
        field.fill("La personne qui dirige le service")
        expect(hint).to_have_text("")
    page.get_by_label("Ressources et aides").fill("Mme Bertin")
    expect(page.get_by_text("Cela ressemble")).to_have_count(0)


def test_the_two_projects_stand_side_by_side_where_there_is_room(room: Room) -> None:
    page = sheet(room)
    work, life = page.get_by_label("Projet professionnel"), page.get_by_label("Projet de vie")

    def tops() -> list[float]:
        return [box["y"] for each in (work, life) if (box := each.bounding_box())]

    assert tops()[0] == tops()[1]
    page.set_viewport_size({"width": 320, "height": 640})
    assert tops()[0] < tops()[1]


def test_the_person_takes_away_the_experiment_without_the_rest(room: Room) -> None:
    page = sheet(room)
    page.get_by_label("Quoi", exact=True).fill("Une matinée d’essai")
    page.get_by_label("Projet de vie").fill("Vivre près de la mer")
    opens_notebook(page, "takeaway")
    page.get_by_role("checkbox", name="Mes deux projets").uncheck()
    said = takes_away(page, "markdown")
    assert "Une matinée d’essai" in said
    assert "Vivre près de la mer" not in said


def test_the_sheet_is_erased_once_the_person_is_sure(room: Room) -> None:
    page = sheet(room)
    field = page.get_by_label("Projet de vie")
    field.fill("Vivre près de la mer")
    page.get_by_role("button", name="Effacer la fiche").click()
    page.get_by_role("button", name="Garder", exact=True).click()
    expect(field).to_have_value("Vivre près de la mer")
    page.get_by_role("button", name="Effacer la fiche").click()
    page.get_by_role("button", name="Effacer pour de bon").click()
    expect(field).to_have_value("")
    assert "mer" not in page.evaluate("JSON.stringify({ ...localStorage })")
    expect(page.get_by_role("button", name="Effacer la fiche")).to_be_hidden()
