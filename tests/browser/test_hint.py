"""What a phone remarks in a draft, in French and in English, and that it keeps it to itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.people import PHONE, Phone
from tests.server import Facilitator, Server, serving

pytestmark = pytest.mark.browser

SEEN = [
    # names
    ("Ma collègue Sophie est partie sans dire au revoir.", ["name"]),
    ("J’en ai parlé avec Karim.", ["name"]),
    ("C’est M. Dupont qui décidait.", ["name"]),
    ("Mme B. nous surveillait.", ["name"]),
    ("Madame Lefèvre fermait la porte.", ["name"]),
    ("Le docteur Benali m’a arrêtée.", ["name"]),
    ("Sophie m’a dit de me taire.", ["name"]),
    ("On vivait à Villeurbanne.", ["name"]),
    ("Le frère d’Élodie n’a rien eu.", ["name"]),
    ("Chez Renault, on pointait.", ["name"]),
    ("Marie-Hélène gardait les clés.", ["name"]),
    ("I told Mr Brown about it.", ["name"]),
    ("My sister Emily paid for it.", ["name"]),
    ("We lived in Sheffield then.", ["name"]),
    ("James never asked.", ["name"]),
    # e-mail
    ("Écrivez-moi : sophie.martin@example.org", ["email"]),
    ("me@mail.example.co.uk works", ["email"]),
    # phone
    ("Appelle le 06 12 34 56 78.", ["phone"]),
    ("mon numéro c’est 0612345678", ["phone"]),
    ("Tél 01.44.55.66.77", ["phone"]),
    ("+33 6 12 34 56 78", ["phone"]),
    ("call me on +44 20 7946 0958", ["phone"]),
    ("it was 020 7946 0958", ["phone"]),
    ("ring (555) 123-4567", ["phone"]),
    # date
    ("C’était le 12/03/2019.", ["date"]),
    ("depuis le 12 mars 2019 je ne dors plus", ["date"]),
    ("Le 3 février, tout a changé.", ["date"]),
    ("le 14 juillet 1998 on est partis", ["date"]),
    ("It happened on March 12.", ["date"]),
    ("on the 3rd of June 2020 we left", ["date"]),
    ("2019-03-12 : licenciement", ["date"]),
    # address, number
    ("J’habitais 12 rue des Lilas.", ["place"]),
    ("au 4 bis, avenue Jean Jaurès", ["place"]),
    ("the shop at 221 Baker Street", ["place"]),
    ("31000 Toulouse, tout le monde sait", ["place"]),
    ("SIRET 552 081 317 66522", ["number"]),
    ("FR76 3000 6000 0112 3456 7890 189", ["number"]),
    ("une vieille voiture, AB-123-CD", ["number"]),
    # several
    ("Sophie : 06 12 34 56 78, le 12/03/2019", ["phone", "date", "name"]),
]

NOT_SEEN = [
    "Un sou est un sou.",
    "Je n’ai rien dit. Personne n’a rien dit.",
    "« Finis ton assiette, ça coûte. »",
    "On n’est pas riches, mais on ne doit rien à personne.",
    "À cause de l’argent, je ne peux pas quitter ce poste.",
    "C’est lundi que ça recommence, chaque Lundi.",
    "Le SMIC, la CAF, et après ?",
    "La Sécurité sociale et l’État, c’est nous.",
    "À Noël, on comptait chaque euro.",
    "Mon père disait : Travaille, et tais-toi.",
    "Oui… Peut-être. Non !",
    "Le 14 juillet, personne ne travaillait.",
    "Le 1er mai et le 8 mars",
    "1 500 euros par mois pour 35 heures",
    "10000 Euros de dettes",
    "3/4 du temps, 12/15 élèves",
    "en 1998, en 2019",
    "de 9h30 à 17h00",
    "1 000 000 000 de raisons",
    "L’Argent Ne Fait Pas Le Bonheur",
    "TOUT EN CAPITALES, MÊME SOPHIE",
    "L’école, puis l’usine. L’usine, puis rien.",
    "Maman disait non, Papa disait rien.",
    "– Tu fais quoi ? – Rien.",
    "deux rues plus loin, la place du village",
    "En français ou en arabe, c’est pareil.",
    "I may be wrong. I am tired.",
    "When I was twelve, I stopped asking.",
    "Every Monday I start again.",
    "At Christmas we counted every coin.",
    "My English is not good enough.",
    "It may 10 times happen",
    "Money talks; I listen.",
    "the NHS and the GP said nothing",
    "page 12, 3rd line",
    "🙂 Merci à toutes et à tous",
    "",
]


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path: Path = tmp_path_factory.mktemp("hints")
    with serving(path) as server:
        yield server


@pytest.fixture(scope="module")
def page(chromium: Browser, hosted: Server) -> Iterator[Page]:
    page = chromium.new_page(base_url=hosted.origin)
    page.goto("/")
    yield page
    page.close()


def seen(page: Page, text: str) -> list[str]:
    kinds: list[str] = page.evaluate(
        "async (text) => (await import('/static/js/phone/hint.js')).seen(text)", text
    )
    return kinds


@pytest.mark.parametrize(("text", "kinds"), SEEN)
def test_what_could_tell_who_it_is_is_seen(page: Page, text: str, kinds: list[str]) -> None:
    assert seen(page, text) == kinds


@pytest.mark.parametrize("text", NOT_SEEN)
def test_everyday_words_are_left_in_peace(page: Page, text: str) -> None:
    assert seen(page, text) == []


def test_a_long_text_is_looked_at_in_no_time(page: Page) -> None:
    text = "Jean 0 1 2 3 a@b rue 12 12/12/" * 70
    milliseconds = page.evaluate(
        """async (text) => {
          const { seen } = await import('/static/js/phone/hint.js');
          const start = performance.now();
          seen(text);
          return performance.now() - start;
        }""",
        text,
    )
    assert milliseconds < 100


def test_the_phone_says_it_under_the_field_and_sends_nothing(
    chromium: Browser, hosted: Server
) -> None:
    room = Facilitator(hosted).open_room(title="Essai", mode="reveal")
    phone = Phone.arrives(chromium, hosted, PHONE)
    phone.types_code(room["code"])
    phone.agrees()
    phone.page.wait_for_load_state("networkidle")  # a module that loads later is no word of theirs
    sent: list[Request] = []
    phone.page.on("request", lambda request: sent.append(request))
    frames: list[str | bytes] = []
    phone.page.on(
        "websocket", lambda socket: socket.on("framesent", lambda said: frames.append(said))
    )
    field, hint = phone.page.locator("#idea"), phone.page.locator("#hint")
    expect(hint).to_have_attribute("role", "status")
    field.press_sequentially("J’en ai parlé avec Sophie", delay=5)
    expect(hint).to_have_text(
        "Cela ressemble à un nom. Ce téléphone seul le remarque\u00a0; à vous de voir."
    )
    phone.page.evaluate(
        """() => {
          window.said = 0;
          const watch = { childList: true, characterData: true, subtree: true };
          const count = new MutationObserver(() => { window.said += 1; });
          count.observe(document.getElementById('hint'), watch);
        }"""
    )
    field.press_sequentially(" et puis Karim", delay=5)
    phone.page.wait_for_timeout(900)
    assert phone.page.evaluate("window.said") == 0, "the same remark is not made twice"
    field.press_sequentially(", le 12/03/2019", delay=5)
    expect(hint).to_contain_text("une date précise et un nom")
    assert sent == [] and frames == []
    expect(phone.page.locator("#send")).to_have_attribute("aria-disabled", "false")
    field.fill("Rien de particulier")
    expect(hint).to_be_empty()
    assert sent == [] and frames == []
    assert phone.troubles == []
    phone.leaves()
