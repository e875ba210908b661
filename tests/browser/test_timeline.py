"""The timeline page in a browser: by slider, list and by itself; and for readers."""

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.people import BOARD, PHONE, Facilitator, Person, Phone
from tests.browser.test_accessibility import assert_accessible, spill
from tests.server import Server

pytestmark = pytest.mark.browser

TEXTS = ["Un sou est un sou.", "Ça ne se demande pas.", "Dormir."]


def session(chromium: Browser, server: Server, **how: object) -> Facilitator:
    """A bare wall with three notes and two clusters, not closed yet."""
    facilitator: Facilitator = Facilitator.arrives(chromium, server, BOARD, **how)
    facilitator.signs_in()
    facilitator.opens_wall("Le rapport à l’argent", "direct")
    phone = Phone.arrives(chromium, server, PHONE)
    phone.types_code(facilitator.code)
    phone.agrees()
    for text in TEXTS:
        phone.writes(text)
    facilitator.waits_for_wall(3)
    facilitator.forms_cluster("Se taire", [TEXTS[1]])
    facilitator.forms_cluster("Être à l’abri", [TEXTS[2]])
    phone.leaves()
    return facilitator


def looks_back(person: Facilitator) -> Page:
    person.page.goto(f"/r/{person.room}/timeline")
    expect(person.page.locator("#play")).to_be_visible()
    return person.page


def clusters(page: Page) -> list[str]:
    return page.locator("#board .cluster [data-title]").all_text_contents()


def test_a_session_is_looked_back_at_by_keyboard(chromium: Browser, server: Server) -> None:
    facilitator = session(chromium, server)
    facilitator.closes("all")
    page = looks_back(facilitator)
    assert clusters(page) == ["Se taire", "Être à l’abri"]
    slider = page.get_by_role("slider", name="Moment de la séance")
    slider.focus()
    page.keyboard.press("PageUp")
    expect(page.locator("#what")).to_contain_text("Grappe B nommée")
    expect(page.locator("#board .cluster[data-letter=B][data-ui-now]")).to_have_count(1)
    page.keyboard.press("PageUp")
    expect(page.locator("#board .cluster")).to_have_count(1)
    expect(slider).to_have_attribute(
        "aria-valuetext", re.compile(r"Grappe A nommée «\sSe taire\s»$")
    )
    assert re.search(r"at=\d+$", page.url)
    page.reload()
    expect(page.locator("#what")).to_contain_text("Grappe A nommée")
    assert clusters(page) == ["Se taire"], "a link leads to a moment"
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator("#what")).to_contain_text("Séance close")
    expect(page.locator("#board .cluster")).to_have_count(2)
    assert facilitator.troubles == []


def test_home_and_end_lead_to_the_first_and_the_last_act_of_a_short_session(
    chromium: Browser, server: Server
) -> None:
    """Its acts share a minute or two, so that the slider alone does not tell them apart."""
    facilitator = session(chromium, server)
    facilitator.closes("all")
    page = looks_back(facilitator)
    slider = page.get_by_role("slider", name="Moment de la séance")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator("#what")).to_have_text("Salle ouverte")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("Salle ouverte$"))
    page.keyboard.press("End")
    expect(page.locator("#what")).to_contain_text("Séance close")
    page.keyboard.press("PageUp")
    expect(page.locator("#what")).to_contain_text("Grappe B nommée")
    page.keyboard.press("End")
    expect(page.locator("#what")).to_contain_text("Séance close")
    assert facilitator.troubles == []


def test_the_list_leads_to_each_moment(chromium: Browser, server: Server) -> None:
    facilitator = session(chromium, server)
    page = looks_back(facilitator)
    expect(page.get_by_text("Séance en cours.")).to_be_visible()
    moments = page.locator("#moments a")
    moments.filter(has_text="Grappe A nommée").click()
    expect(page.locator("#board .cluster")).to_have_count(1)
    expect(page.locator("#moments [aria-current]")).to_have_count(1)
    expect(page.locator("#moments [aria-current]")).to_contain_text("Grappe A")
    moments.filter(has_text="Salle ouverte").click()
    expect(page.locator("#board [data-note]")).to_have_count(0)
    expect(page.get_by_role("button", name="Moment précédent")).to_be_disabled()
    page.get_by_role("button", name="Moment suivant").click()
    expect(page.locator("#what")).to_contain_text("Étape 1")
    page.get_by_role("link", name="Revenir à la séance").click()
    expect(page.locator("#menu")).to_be_attached()
    assert facilitator.troubles == []


def test_a_session_plays_by_itself_and_stops_at_its_end(chromium: Browser, server: Server) -> None:
    facilitator = session(chromium, server)
    facilitator.closes("all")
    page = looks_back(facilitator)
    page.get_by_text("vite").click()
    page.get_by_role("button", name="Lire").click()
    expect(page.locator("#what")).to_have_text("Salle ouverte")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("#what")).to_contain_text("Grappe A", timeout=15_000)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Lire").click()
    expect(page.locator("#what")).to_contain_text("Séance close", timeout=15_000)
    expect(page.get_by_role("button", name="Lire")).to_be_visible()
    assert facilitator.troubles == []


COUNT_REQUESTS = """
window.flying = window.most = window.asked = 0;
const real = window.fetch;
window.fetch = async (...request) => {
  asked += 1;
  most = Math.max(most, ++flying);
  const answer = await real(...request);
  await answer.clone().text();
  flying -= 1;
  return answer;
};
"""


def test_one_board_at_a_time_is_asked_for_while_the_moments_fly_by(
    chromium: Browser, server: Server
) -> None:
    facilitator = session(chromium, server)
    facilitator.page.add_init_script(COUNT_REQUESTS)
    page = looks_back(facilitator)
    page.evaluate(
        "for (let n = 0; n < 40; n++) {"
        " const all = document.querySelectorAll('#moments a'); all[n % all.length].click() }"
    )
    page.locator("#moments a").filter(has_text="Grappe B").click()
    expect(page.locator("#board .cluster")).to_have_count(2)
    assert page.evaluate("most") == 1
    assert page.evaluate("asked") < 5, "of those asked meanwhile only the last"


def test_readers_are_given_the_closed_session(chromium: Browser, server: Server) -> None:
    facilitator = session(chromium, server)
    facilitator.closes("all")
    facilitator.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    facilitator.page.get_by_role("link", name="Copier le lien de lecture").click()
    expect(facilitator.page.get_by_text("Le lien est copié.")).to_be_visible()
    link = facilitator.page.evaluate("navigator.clipboard.readText()")
    reader = Person.arrives(chromium, server, PHONE)
    reader.page.goto(link)
    reader.page.wait_for_url("**/timeline")
    assert reader.wall and spill(reader.page) == 0
    expect(reader.page.get_by_text("Copier le lien")).to_have_count(0)
    expect(reader.page.get_by_text("Pour l’animation")).to_have_count(0)
    with reader.page.expect_download() as download:
        reader.page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.endswith("-group.csv")
    facilitator.page.get_by_role("button", name="Rouvrir la séance").click()
    expect(facilitator.page.locator("h1")).to_have_text("Clore la séance")
    assert reader.page.reload().status == 403
    assert reader.troubles == []


def test_a_link_without_its_secret_says_so(chromium: Browser, server: Server) -> None:
    facilitator = session(chromium, server)
    visitor = Person.arrives(chromium, server, PHONE)
    for fragment in ("", "#faux"):
        visitor.page.goto(f"/a/{facilitator.room}{fragment}")
        expect(visitor.page.get_by_role("alert")).to_contain_text(
            "Ce lien est incomplet, ou n’ouvre rien"
        )
        visitor.page.goto("about:blank")


def test_without_script_the_moments_are_links(chromium: Browser, server: Server) -> None:
    facilitator = session(chromium, server)
    context = chromium.new_context(
        base_url=server.origin, java_script_enabled=False, locale="fr-FR"
    )
    context.add_cookies(facilitator.page.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/r/{facilitator.room}/timeline")
    page.locator("#moments a").filter(has_text="Grappe A nommée").click()
    expect(page.locator("#board .cluster")).to_have_count(1)
    expect(page.locator("#what")).to_contain_text("Grappe A nommée")
    expect(page.locator("#clock")).to_contain_text("min")


def test_axe_finds_nothing_on_a_timeline(chromium: Browser, server: Server) -> None:
    facilitator = session(chromium, server, bypass_csp=True)
    assert_accessible(looks_back(facilitator), "timeline of an open room")
    facilitator.closes("all")
    assert_accessible(facilitator.page, "closed, with its links")
    page = looks_back(facilitator)
    assert_accessible(page, "timeline")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert_accessible(page, "timeline on a phone")
    for width in (320, 390, 1024):
        page.set_viewport_size(ViewportSize(width=width, height=700))
        assert spill(page) == 0, width
    page.goto(f"/a/{facilitator.room}")
    assert_accessible(page, "link for readers")


def test_a_lost_network_is_said_and_the_next_try_works(chromium: Browser, server: Server) -> None:
    facilitator = session(chromium, server)
    page = looks_back(facilitator)
    page.context.set_offline(True)
    page.locator("#moments a").filter(has_text="Grappe A").click()
    expect(page.locator("#what")).to_contain_text("n’a pas pu être montré")
    page.context.set_offline(False)
    page.locator("#moments a").filter(has_text="Grappe A").click()
    expect(page.locator("#what")).to_contain_text("Grappe A")
    expect(page.locator("#board .cluster")).to_have_count(1)


def test_a_note_is_found_by_its_words_and_removed_for_good(
    chromium: Browser, server: Server
) -> None:
    facilitator = session(chromium, server, bypass_csp=True)
    facilitator.closes("all")
    page = looks_back(facilitator)
    texts = page.locator("#board [data-text]").all_text_contents()
    page.get_by_text("Chercher la note à retirer").press("Enter")
    listed = page.locator("#removing li")
    expect(listed).to_have_count(len(texts))
    gone = texts[0]
    page.get_by_role("searchbox", name="Mots de la note").fill(gone.upper())
    expect(page.locator("#found")).to_have_text(f"1 sur {len(texts)}")
    expect(page.get_by_role("button", name="Retirer cette note")).to_have_count(0)
    listed.locator("summary", has_text=gone).press("Enter")
    assert_accessible(page, "a note to be removed")
    assert spill(page) == 0
    page.get_by_role("button", name="Retirer cette note").press("Enter")
    expect(page.get_by_text("La note est retirée")).to_be_visible()
    expect(page.locator("#board [data-text]")).to_have_count(len(texts) - 1)
    expect(page.get_by_text(gone)).to_have_count(0)
    assert facilitator.troubles == []
