"""`POST /r/{room}/notes`: what is kept, under which key, and in which letters."""

import json
import secrets
from collections.abc import Callable

import pytest

from tests.contract.conftest import OpenRoom
from tests.contract.people import SCRIPT, Note, Phone, Room, refused

FAMILY = "\N{WOMAN}\u200d\N{WOMAN}\u200d\N{GIRL}\u200d\N{BOY}"


@pytest.fixture
def direct(opened: OpenRoom) -> Room:
    """Here a note shows at once, so that its text can be compared."""
    return opened(mode="direct")


def shown(room: Room, text: str) -> str:
    note = room.phone().write(text)
    return room.wall()[note.note]


def test_a_note_is_kept_once_however_often_its_phone_sends_it(room: Room) -> None:
    phones = room.phones()
    note = phones[0].write("une seule fois")
    for phone in phones:
        assert phone.post(note).status_code == 200
    for phone in phones[1:]:
        phone.write("une autre")
    room.reveal()
    assert sorted(room.wall().values()) == ["une autre", "une autre", "une seule fois"]


def test_a_retry_after_the_reveal_is_still_answered_as_kept(room: Room) -> None:
    notes = room.revealed("un", "deux", "trois")
    assert room.phone().post(notes[0]).status_code == 200
    assert len(room.wall()) == 3


def test_the_step_may_be_named_or_left_out(room: Room) -> None:
    phones = room.phones()
    notes = [phones[0].write("nommée", step="wall"), *(p.write("courante") for p in phones[1:])]
    room.reveal()
    assert set(room.wall()) == {note.note for note in notes}


def test_an_edit_replaces_and_an_older_one_never_overwrites_a_newer(room: Room) -> None:
    phones = room.phones()
    note = phones[0].write("zéro")
    assert phones[0].post(note, text="deux", rev=2).status_code == 200
    assert phones[0].post(note, text="un", rev=1).status_code == 200
    assert phones[0].post(note, text="zéro", rev=0).status_code == 200
    for phone in phones[1:]:
        phone.write("autre")
    room.reveal()
    assert room.wall()[note.note] == "deux"


def test_an_edit_that_overtakes_its_note_stays(room: Room) -> None:
    phones = room.phones()
    note = Note(text="premier jet")
    assert phones[0].post(note, text="corrigé", rev=1).status_code == 201
    assert phones[0].post(note, rev=0).status_code == 200
    for phone in phones[1:]:
        phone.write("autre")
    room.reveal()
    assert room.wall()[note.note] == "corrigé"


@pytest.mark.parametrize("mode", ["reveal", "waves", "direct"])
def test_an_edit_of_a_revealed_note_comes_with_the_facilitators_next_act(
    opened: OpenRoom, mode: str
) -> None:
    room = opened(mode=mode)
    phones = room.phones()
    notes = [phone.write("avant") for phone in phones]
    if mode != "direct":
        room.reveal()
    answer = phones[0].post(notes[0], text="après", rev=1)
    assert answer.status_code in (200, 202), answer.text
    room.cluster("Un acte", notes[1].note)
    assert room.wall()[notes[0].note] == "après"


@pytest.mark.parametrize("mode", ["reveal", "direct"])
def test_an_id_taken_with_another_secret_is_refused(opened: OpenRoom, mode: str) -> None:
    room = opened(mode=mode)
    phones = room.phones()
    notes = [phone.write("la mienne") for phone in phones]
    thief = Note(note=notes[0].note, text="la leur")
    refused(phones[1].post(thief), 409)
    refused(phones[1].post(thief, rev=7), 409)
    if mode == "reveal":
        room.reveal()
        refused(phones[1].post(thief, rev=8), 409)
        room.cluster("Un acte", notes[1].note)
    assert room.wall()[notes[0].note] == "la mienne"


def test_a_note_wants_the_pass_of_its_own_room(opened: OpenRoom) -> None:
    room, other = opened(), opened()
    phone, passer = room.phone(), other.phone()
    note = {"note": secrets.token_hex(16), "secret": secrets.token_urlsafe(32), "text": "x"}
    for value in ("Bearer nope", "Bearer", "", f"Bearer {passer.joined['pass']}", "Basic eDp5"):
        refused(phone.send("notes", {**note, "rev": 0}, Authorization=value), 401)
    cookie = phone.http.post(f"{room.path}/notes", json={**note, "rev": 0}, headers={})
    assert cookie.status_code == 401, "the cookie is not the pass"


def test_a_note_for_an_unknown_room_is_not_found(room: Room) -> None:
    phone = room.phone()
    headers = {"Authorization": f"Bearer {phone.joined['pass']}", "Accept": "application/json"}
    body = {"note": "0" * 32, "secret": "A" * 43, "text": "x", "rev": 0}
    answer = room.server.client().post(f"/r/{'0' * 32}/notes", json=body, headers=headers)
    refused(answer, 404, 401)


def test_an_unknown_step_takes_no_notes(room: Room) -> None:
    refused(room.phone().post(Note(text="x"), step="nulle-part"), 404, 409, 422)


def test_a_room_in_its_lobby_takes_no_notes(opened: OpenRoom) -> None:
    room = opened(script=SCRIPT)
    refused(room.phone().post(Note(text="trop tôt")), 409)


def test_a_revealed_step_takes_no_more_notes(room: Room) -> None:
    room.revealed("un", "deux", "trois")
    refused(room.phone().post(Note(text="trop tard")), 409)
    assert len(room.wall()) == 3


@pytest.mark.parametrize("text", ["", " ", "\n\n \t", "\u200e\u202e", "\x00\x07", "\u00a0\u2003"])
def test_a_note_without_a_word_is_refused(room: Room, text: str) -> None:
    refused(room.phone().post(Note(text=text)), 422)


def test_two_hundred_code_points_are_the_limit(direct: Room) -> None:
    phone = direct.phone()
    for letter in ("a", "é", "\N{GRINNING FACE}"):
        kept = phone.write(letter * 200)
        assert direct.wall()[kept.note] == letter * 200
        refused(phone.post(Note(text=letter * 201)), 422)
    assert phone.post(Note(text="  " + "b" * 200 + "\n ")).status_code == 201
    refused(phone.post(Note(text="c" * 1500)), 422)


def test_two_hundred_emoji_sent_without_escapes_are_kept(direct: Room) -> None:
    phone, note = direct.phone(), Note()
    body = {"note": note.note, "secret": note.secret, "text": "\N{GRINNING FACE}" * 200, "rev": 0}
    raw = json.dumps(body, ensure_ascii=False).encode()
    assert phone.send("notes", raw).status_code == 201


def test_letters_are_counted_once_composed(direct: Room) -> None:
    assert shown(direct, "e\u0301" * 200) == "é" * 200


def test_six_lines_are_kept_and_seven_refused(direct: Room) -> None:
    assert shown(direct, "1\n2\n3\n4\n5\n6") == "1\n2\n3\n4\n5\n6"
    refused(direct.phone().post(Note(text="1\n2\n3\n4\n5\n6\n7")), 422)
    refused(direct.phone().post(Note(text="1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7")), 422)
    assert shown(direct, "\n\n1\n2\n3\n4\n5\n6\n\n") == "1\n2\n3\n4\n5\n6"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  autour \n", "autour"),
        ("un\r\ndeux\rtrois\nquatre", "un\ndeux\ntrois\nquatre"),
        ("cafe\u0301", "café"),
        ("\u212b", "Å"),
        ("a\x00b\x07c\x1bd\x7fe\x85f\x9fg", "abcdefg"),
        ("a\u200eb\u200fc\u061cd", "abcd"),
        ("a\u202ab\u202bc\u202cd\u202de\u202ef", "abcdef"),
        ("a\u2066b\u2067c\u2068d\u2069e", "abcde"),
        (FAMILY, FAMILY),
        ("\N{HEAVY BLACK HEART}\ufe0f\u200d\N{FIRE}", "\N{HEAVY BLACK HEART}\ufe0f\u200d\N{FIRE}"),
        ("שלום, le monde", "שלום, le monde"),
        ("« l’été »\u00a0!", "« l’été »\u00a0!"),
        ("<b>gras</b> & <script>alert(1)</script>", "<b>gras</b> & <script>alert(1)</script>"),
        ("&lt;déjà&gt; &amp;amp; {{ 7*7 }} ${x}", "&lt;déjà&gt; &amp;amp; {{ 7*7 }} ${x}"),
        ('" onmouseover="x" \' </p></li></ul>', '" onmouseover="x" \' </p></li></ul>'),
    ],
)
def test_the_text_is_cleaned_of_what_deceives_and_of_nothing_else(
    direct: Room, sent: str, kept: str
) -> None:
    assert shown(direct, sent) == kept


def test_separators_of_lines_do_not_smuggle_lines_in(direct: Room) -> None:
    for separator in ("\x0b", "\x0c", "\u2028", "\u2029"):
        answer = direct.phone().post(Note(text=separator.join("123456789")))
        if answer.status_code == 201:
            assert all(separator not in text for text in direct.wall().values()), repr(separator)
        else:
            refused(answer, 422)


def test_at_most_eight_combining_marks_stay_in_a_row(direct: Room) -> None:
    mark = "\u0323"
    assert shown(direct, f"q{mark * 8}") == f"q{mark * 8}"
    note = Note(text=f"q{mark * 60}r")
    answer = direct.phone().post(note)
    if answer.status_code == 201:
        assert direct.wall()[note.note] == f"q{mark * 8}r"
    else:
        refused(answer, 422)


def test_marks_that_composing_lets_touch_are_counted_together(direct: Room) -> None:
    """A control character between two runs must not leave one long run once it is removed."""
    marks = "\u0323" * 8
    note = Note(text=f"q{marks}\x00{marks}\u202e{marks}")
    if direct.phone().post(note).status_code == 201:
        assert direct.wall()[note.note].count("\u0323") <= 8


def test_lone_surrogates_are_refused(room: Room) -> None:
    phone = room.phone()
    for escape in (rb"\ud800", rb"a\udc00b", rb"\udc00\ud800"):
        body = b'{"note":"%s","secret":"%s","rev":0,"text":"%s"}' % (
            secrets.token_hex(16).encode(),
            secrets.token_urlsafe(32).encode(),
            escape,
        )
        refused(phone.send("notes", body), 422)
    pair = phone.send("notes", body.replace(escape, rb"\ud83d\ude00"))
    assert pair.status_code == 201


BAD: dict[str, Callable[[dict[str, object]], object]] = {
    "a short id": lambda body: {**body, "note": "a" * 31},
    "a long id": lambda body: {**body, "note": "a" * 33},
    "an id that is no hex": lambda body: {**body, "note": "g" * 32},
    "an id with a line end": lambda body: {**body, "note": "a" * 32 + "\n"},
    "an id of other digits": lambda body: {**body, "note": "٣" * 32},
    "an id that is a number": lambda body: {**body, "note": 12},
    "no id": lambda body: {k: v for k, v in body.items() if k != "note"},
    "a short secret": lambda body: {**body, "secret": "A" * 42},
    "a long secret": lambda body: {**body, "secret": "A" * 44},
    "a secret of other letters": lambda body: {**body, "secret": "é" * 43},
    "no secret": lambda body: {k: v for k, v in body.items() if k != "secret"},
    "a text that is a list": lambda body: {**body, "text": ["a"]},
    "no text": lambda body: {k: v for k, v in body.items() if k != "text"},
    "a negative rev": lambda body: {**body, "rev": -1},
    "a rev in words": lambda body: {**body, "rev": "un"},
    "a rev beyond every integer": lambda body: {**body, "rev": 10**40},
    "a step that is an object": lambda body: {**body, "step": {}},
    "a list": lambda body: [body],
    "null": lambda body: None,
    "no JSON": lambda body: b"note=1",
    "half a JSON": lambda body: b'{"note":',
    "deep brackets": lambda body: b"[" * 3000,
    "no UTF-8": lambda body: b'{"text":"\xff\xfe"}',
    "nothing": lambda body: b"",
}


@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD)
def test_a_malformed_note_is_refused(
    room: Room, spoil: Callable[[dict[str, object]], object]
) -> None:
    body: dict[str, object] = {
        "note": secrets.token_hex(16),
        "secret": secrets.token_urlsafe(32),
        "text": "bien formée",
        "rev": 0,
        "pad": "",
    }
    refused(room.phone().send("notes", spoil(body)), 422, 400)


def test_a_body_filled_to_two_kib_is_kept_and_one_of_32_kib_is_too_large(room: Room) -> None:
    phone = room.phone()
    assert phone.post(Note(text="pleine"), pad="x" * 1800).status_code == 201
    refused(phone.post(Note(text="énorme"), pad="x" * 32 * 1024), 413)
    refused(phone.send("withdrawals", {"pad": "x" * 32 * 1024}), 413)


def test_a_large_body_is_refused_also_when_its_length_is_not_told(room: Room) -> None:
    phone = room.phone()
    headers = {"Authorization": f"Bearer {phone.joined['pass']}"}
    chunks = iter([b'{"pad":"', *[b"x" * 1024] * 64, b'"}'])
    answer = phone.bearer.post(f"{room.path}/notes", content=chunks, headers=headers)
    refused(answer, 413)


def test_pad_says_nothing(room: Room) -> None:
    assert room.phone().post(Note(text="x"), pad="y" * 900).status_code == 201
    note = {"note": secrets.token_hex(16), "secret": secrets.token_urlsafe(32), "text": "sans pad"}
    assert room.phone().send("notes", {**note, "rev": 0}).status_code == 201


def test_a_missing_rev_is_the_first_or_refused(room: Room) -> None:
    body = {"note": secrets.token_hex(16), "secret": secrets.token_urlsafe(32), "text": "x"}
    assert room.phone().send("notes", body).status_code in (201, 422)


def test_notes_are_never_listed(room: Room) -> None:
    phone = room.phone()
    phone.write("scellée")
    for client in (phone.http, phone.bearer, room.facilitator.http):
        answer = client.get(f"{room.path}/notes")
        assert answer.status_code in (401, 403, 404, 405)
        assert "scellée" not in answer.text


def test_a_sealed_note_is_on_no_page_and_in_no_export(room: Room) -> None:
    phone = room.phone()
    note = phone.write("Rien ne doit filtrer")
    seen = [
        phone.http.get(room.page),
        room.facilitator.http.get(room.page),
        room.facilitator.http.get(f"{room.path}?view=projector"),
        room.get("board"),
        room.get("export/group.json"),
    ]
    for answer in seen:
        assert answer.status_code == 200, answer.url
        assert "filtrer" not in answer.text and note.note not in answer.text, answer.url


def test_a_refusal_is_a_page_for_who_reads_html(room: Room) -> None:
    answer = room.facilitator.http.post(f"{room.path}/reveals", headers={"Accept": "text/html"})
    assert answer.status_code == 409
    assert answer.headers["Atelier-Refused"]
    assert answer.headers["Content-Type"].startswith("text/html")


def test_json_requests_are_refused_in_json_without_asking(room: Room) -> None:
    phone: Phone = room.phone()
    refused(phone.send("notes", {"note": "x"}, Accept="*/*"), 422)
