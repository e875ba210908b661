"""Nothing is promised on a phone that no test proves, and less where less is known."""

import ast
import re
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.requests import HTTPConnection

from atelier.i18n import translator
from atelier.promise import CLAUSES, Line, paper_promise, promise, weakest
from atelier.settings import Settings
from atelier.web.line import line_of
from tests.server import Facilitator, Phone, serving

TESTS = Path(__file__).parent.parent
HERE = "anonymity/test_promise.py::"

UNRECORDED = (
    "anonymity/test_canaries.py::test_the_server_records_neither_who_nor_from_where_nor_the_words_in_clear",
    "test_storage.py::test_the_schema_is_the_one_that_was_reviewed",
    "anonymity/test_linkage.py::test_no_estimator_tells_who_wrote_a_note",
    "anonymity/test_non_interference.py::test_who_writes_what_changes_no_byte_on_any_other_screen",
)
NO_TIME = (
    "test_storage.py::test_no_row_of_the_log_of_a_phone_has_a_minute",
    "anonymity/test_schema.py::test_nothing_that_has_to_do_with_a_note_holds_a_number_but_its_revision",
    "contract/test_timeline.py::test_the_page_holds_no_time_of_a_note_and_no_number_of_people",
)
FACE_DOWN = (
    "test_notes.py::test_a_note_waits_face_down_until_the_reveal",
    "contract/test_reveals.py::test_a_reveal_is_one_event_with_all_its_notes",
)
BY_THE_LINE = (f"{HERE}test_what_is_not_known_of_the_line_is_not_promised",)
ON_POSTGRESQL = (
    "nodes/test_remains.py::test_who_watched_the_room_and_holds_heap_and_journals_does_not_learn_who_wrote",
    "nodes/test_remains.py::test_what_was_deleted_leaves_the_write_ahead_log",
    "nodes/test_remains.py::test_the_schema_is_the_one_that_was_reviewed",
    "nodes/test_keeping.py::test_who_may_not_make_it_forget_promises_less",
)
AT_ONCE = ("contract/test_reveals.py::test_a_direct_note_shows_at_once",)
BY_THE_DATABASE = (
    f"{HERE}test_what_a_database_keeps_for_itself_is_said",
    "nodes/test_keeping.py::test_who_may_not_make_it_forget_promises_less",
)
FORGOTTEN = (
    "test_closing.py::test_all_keeps_the_wall_and_forgets_hidden_notes_and_secrets",
    "browser/test_outbox.py::test_nothing_says_which_note_was_ours_once_the_room_is_closed",
)

PROOFS = {
    "shuffled": (
        *FACE_DOWN,
        "contract/test_reveals.py::test_the_order_of_a_reveal_is_not_that_of_arrival",
        "anonymity/test_shuffling.py::test_a_reveal_makes_every_order_equally_likely",
    ),
    "waves": (*FACE_DOWN, "contract/test_reveals.py::test_waves_come_one_after_the_other"),
    "direct": AT_ONCE,
    "unrecorded": (*UNRECORDED, *NO_TIME, *BY_THE_LINE, *ON_POSTGRESQL),
    "unrecorded-here": (*UNRECORDED, *NO_TIME, *BY_THE_LINE, *ON_POSTGRESQL),
    "in-order": (*UNRECORDED, *AT_ONCE),
    "in-order-here": (*UNRECORDED, *AT_ONCE, *BY_THE_LINE),
    "timed": (*UNRECORDED, *AT_ONCE, *BY_THE_DATABASE),
    "timed-here": (*UNRECORDED, *AT_ONCE, *BY_THE_DATABASE, *BY_THE_LINE),
    "journalled": (*UNRECORDED, *BY_THE_DATABASE),
    "journalled-here": (*UNRECORDED, *BY_THE_DATABASE, *BY_THE_LINE),
    "clear": BY_THE_LINE,
    "small-group": (f"{HERE}test_every_promise_warns_of_small_groups",),
    "take-back": (
        "contract/test_withdrawals.py::test_a_sealed_note_taken_back_is_not_in_the_reveal",
        "contract/test_withdrawals.py::test_after_the_reveal_now_is_now",
        "contract/test_withdrawals.py::test_a_direct_note_can_be_taken_back",
        "contract/test_withdrawals.py::test_a_wrong_secret_takes_nothing_back",
        "anonymity/test_wrong_secrets.py::test_wrong_secrets_change_nothing_and_learn_nothing",
    ),
    "afterwards": (*FORGOTTEN, *NO_TIME, *ON_POSTGRESQL),
    "afterwards-order": FORGOTTEN,
    "afterwards-timed": (*FORGOTTEN, *BY_THE_DATABASE),
    "afterwards-journal": (*FORGOTTEN, *BY_THE_DATABASE),
    "copied-out": ("browser/test_paper.py::test_a_batch_of_paper_notes_mixes_with_the_rest",),
    "asked-back": (
        "browser/test_paper.py::test_a_paper_note_is_taken_back_while_the_page_is_open",
        "contract/test_sorting.py::test_a_hidden_note_is_off_the_wall_and_out_of_the_export",
    ),
    "short-reveal": FACE_DOWN,
    "short-waves": (*FACE_DOWN, "contract/test_reveals.py::test_waves_come_one_after_the_other"),
    "short-direct": AT_ONCE,
}  # fmt: skip
"""Each clause, and the tests that would fail if it were not true."""

FULL_FR = (
    "Votre note s’affichera sans nom, mélangée aux autres ; le serveur n’enregistre ni votre"
    " identité, ni votre adresse IP, ni l’heure d’envoi. Dans un petit groupe, une façon d’écrire"
    " ou une histoire particulière peut pourtant vous faire reconnaître : écrivez ce que vous"
    " accepteriez d’entendre lu dans cette pièce. Vous pouvez retirer votre note jusqu’à la fin de"
    " la séance ; ensuite, plus rien ne permettra de savoir laquelle est la vôtre."
)
FULL_EN = (
    "Your note will appear without a name, shuffled with the others; the server records neither"
    " your identity, nor your IP address, nor the time you sent it. In a small group, though, a"
    " way of writing or a particular story can still give you away: write what you would be"
    " willing to hear read in this room. You can take your note back until the session ends; after"
    " that, nothing will tell which one is yours."
)

PROVEN = Line(encrypted=True, traced=False)
TRACED = Line(encrypted=True, traced=True)
PLAIN = Line(encrypted=False, traced=False)
MODES = ("reveal", "waves", "direct")


def said(paragraphs: list[list[str]], language: str = "fr") -> str:
    _ = translator(language)
    return " ".join(_(CLAUSES[key]) for paragraph in paragraphs for key in paragraph)


# The table


@pytest.mark.parametrize("clause", [*CLAUSES, *PROOFS])
def test_every_clause_has_a_proof(clause: str) -> None:
    assert clause in CLAUSES
    assert PROOFS[clause]


@pytest.mark.parametrize("proof", sorted({proof for each in PROOFS.values() for proof in each}))
def test_every_proof_is_a_test_that_runs(proof: str) -> None:
    assert runs(proof), proof


def runs(proof: str) -> bool:
    """Whether the file has a test of that name, which nothing switches off."""
    path, name = proof.split("::")
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            return not any("skip" in ast.unparse(d) or "xfail" in ast.unparse(d)
                           for d in node.decorator_list)  # fmt: skip
    return False


def test_a_proof_that_is_not_there_would_be_noticed() -> None:
    assert not runs("test_storage.py::test_what_nobody_wrote")


def test_every_clause_can_be_said() -> None:
    lines = [Line(*each) for each in product((True, False), repeat=4)]
    keys = {key for mode in MODES for line in lines for each in promise(mode, line) for key in each}
    keys |= {key for each in paper_promise() for key in each} | {f"short-{mode}" for mode in MODES}
    assert keys == CLAUSES.keys()


# What is said


def test_the_full_promise_is_said_word_for_word_where_all_of_it_is_proven() -> None:
    assert said(promise("reveal", PROVEN)).replace("\u00a0", " ") == FULL_FR
    assert said(promise("reveal", PROVEN), "en") == FULL_EN


@pytest.mark.parametrize("mode", MODES)
def test_what_is_not_known_of_the_line_is_not_promised(mode: str) -> None:
    for line in (TRACED, Line(encrypted=False, traced=True)):
        assert "trace d’une connexion" in said(promise(mode, line))
        assert "le serveur n’enregistre" not in said(promise(mode, line))
    for line in (PLAIN, Line(encrypted=False, traced=True)):
        assert "n’est pas chiffrée" in said(promise(mode, line))
    assert "chiffrée" not in said(promise(mode, PROVEN))


@pytest.mark.parametrize("mode", ["reveal", "waves"])
@pytest.mark.parametrize("line", [PROVEN, TRACED, PLAIN])
def test_what_a_database_keeps_for_itself_is_said(mode: str, line: Line) -> None:
    kept = said(promise(mode, replace(line, journalled=True)))
    assert "le journal de sa base de données garde" in kept and "ce journal et la clé" in kept
    assert "heure" not in kept and "plus rien" not in kept
    assert ("trace d’une connexion" in kept) == line.traced
    assert "journal" not in said(promise(mode, line))
    direct = said(promise("direct", replace(line, timed=True)))
    assert "le journal de sa base de données leur moment" in direct
    assert "pour un temps, leur moment dans ce journal" in direct
    assert ("trace d’une connexion" in direct) == line.traced


@pytest.mark.parametrize(
    "line", [PROVEN, TRACED, PLAIN, Line(True, False, journalled=True, timed=True)]
)
def test_a_direct_step_never_says_that_the_time_is_not_kept(line: Line) -> None:
    assert "heure" not in said(promise("direct", line))
    assert "ordre d’arrivée" in said(promise("direct", line))
    assert "plus rien" not in said(promise("direct", line))


@pytest.mark.parametrize("mode", MODES)
def test_every_promise_warns_of_small_groups(mode: str) -> None:
    assert ["small-group"] in promise(mode, PROVEN)
    assert ["small-group"] in paper_promise()


def test_before_entering_the_weakest_mode_of_the_script_is_said() -> None:
    assert weakest({"none", "reveal"}) == "reveal"
    assert weakest({"waves", "reveal"}) == "waves"
    assert weakest({"waves", "direct", "reveal"}) == "direct"
    assert weakest(set()) == "reveal"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_word_promises_too_much(language: str) -> None:
    every = " ".join(translator(language)(text) for text in CLAUSES.values()).lower()
    for word in ("anonym", "100", "sécuris", "secure", "guarant", "garanti"):
        assert word not in every


# The deployment


def connection(
    settings: Settings, host: str, others: object = None, **headers: str
) -> HTTPConnection:
    services = SimpleNamespace(settings=settings, live=SimpleNamespace(others=others))
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({
        "type": "http", "scheme": "http", "path": "/", "query_string": b"", "server": ("x", 80),
        "headers": [(b"host", host.encode()), *pairs],
        "app": SimpleNamespace(state=SimpleNamespace(services=services)),
    })  # fmt: skip


HTTPS = "https://atelier.example"


@pytest.mark.parametrize(
    ("settings", "host", "headers", "line"),
    [
        ({}, "127.0.0.1:8000", {}, PROVEN),
        ({}, "localhost:8000", {}, PROVEN),
        ({}, "[::1]:8000", {}, PROVEN),
        ({}, "127.0.0.1:8000", {"x_forwarded_for": "192.0.2.1"}, TRACED),
        ({}, "127.0.0.1:8000", {"via": "1.1 mandataire"}, TRACED),
        ({}, "192.168.1.20:8000", {}, PLAIN),
        ({"lan": True}, "127.0.0.1:8000", {}, PLAIN),
        ({"origin": "http://192.168.1.20:8000"}, "192.168.1.20:8000", {}, PLAIN),
        ({"origin": HTTPS}, "atelier.example", {}, TRACED),
        ({"origin": HTTPS}, "atelier.example", {"x_forwarded_for": "192.0.2.1"}, TRACED),
        ({"origin": HTTPS, "proxy_log": "none"}, "atelier.example", {"forwarded": "for=x"}, PROVEN),
        ({"proxy_log": "none"}, "192.168.1.20", {"x_real_ip": "192.0.2.1"}, PLAIN),
        ({}, "192.168.1.20", {"x_real_ip": "x"}, Line(encrypted=False, traced=True)),
    ],
)
def test_the_line_is_what_the_settings_and_the_request_show(
    settings: dict[str, object], host: str, headers: dict[str, str], line: Line
) -> None:
    installed = Settings(**settings)  # type: ignore[arg-type]
    assert line_of(connection(installed, host, **headers)) == line


@pytest.mark.parametrize("remembers", [True, False])
def test_the_database_is_asked_what_it_keeps(remembers: bool) -> None:
    others = SimpleNamespace(remembers=lambda: remembers)
    line = line_of(connection(Settings(), "127.0.0.1", others))
    assert line == replace(PROVEN, journalled=remembers, timed=True)


# The pages

CLAUSE = re.compile(r'data-clause="([^"]*)">([^<]*)<')


def test_a_phone_shows_only_clauses_of_the_table_and_fewer_behind_a_proxy(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        facilitator = Facilitator(server)
        for mode in MODES:
            room = facilitator.open_room(title="Essai", mode=mode)
            bare = shown(Phone(server, room["code"]))
            proxied = shown(Phone(server, room["code"], {"X-Forwarded-For": "192.0.2.1"}))
            assert bare == expected(mode, PROVEN)
            assert proxied == expected(mode, TRACED)


def expected(mode: str, line: Line) -> dict[str, str]:
    paragraphs = [*promise(mode, line), *paper_promise(), [f"short-{mode}"]]
    return {key: translator("fr")(CLAUSES[key]) for each in paragraphs for key in each}


def shown(phone: Phone) -> dict[str, str]:
    page = phone.client.get(f"/r/{phone.room}").raise_for_status().text
    assert page.count("n’enregistre ni") == sum(
        "n’enregistre ni" in t for _, t in CLAUSE.findall(page)
    )
    return dict(CLAUSE.findall(page))
