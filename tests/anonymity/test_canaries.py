"""What the promise on the phone says, looked for in every file that the server leaves.

Each note, address, user agent, cookie and secret is one of a kind; none may be found in the
databases or the log, in any of the forms that a program might write it in.
"""

import gzip
from base64 import b64encode
from pathlib import Path
from secrets import token_hex, token_urlsafe
from urllib.parse import quote

from tests.server import Facilitator, Phone, serving

AGENT = "Canari/4711"
ADDRESS = "198.51.100.77"
REFERER = "http://canari.example/chemin"


def forms(trace: str) -> list[bytes]:
    plain = trace.encode()
    return [
        plain,
        trace.encode("utf-16-le"),
        b64encode(plain).rstrip(b"="),
        plain.hex().encode(),
        quote(trace, safe="").encode(),
    ]


def artefacts(folder: Path) -> dict[str, bytes]:
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found[path.name] = gzip.decompress(data) if path.suffix == ".gz" else data
    return found


def test_the_server_records_neither_who_nor_from_where_nor_the_words_in_clear(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, ATELIER_THRESHOLD="3") as server:
        facilitator = Facilitator(server)
        room = facilitator.open_room(title="Essai", mode="reveal")
        headers = {"User-Agent": AGENT, "X-Forwarded-For": ADDRESS, "Referer": REFERER}
        phones = [Phone(server, room["code"], headers) for _ in range(4)]
        cookies = [value for phone in phones for value in phone.client.cookies.values()]
        secrets, texts, notes = [], [], []
        for number, phone in enumerate(phones):
            phone.client.get(f"/r/{phone.room}")
            secret, note, text = token_urlsafe(32), token_hex(16), f"canari {number} {token_hex(4)}"
            assert phone.write(text, note, secret).status_code == 201
            secrets.append(secret)
            texts.append(text)
            notes.append(note)
            provoke(phone)
        traces = [AGENT, ADDRESS, REFERER, *cookies, *secrets, *texts]
        assert_none(tmp_path, [*traces, *notes])
        assert facilitator.does(room["room"], "reveals").status_code == 204
        assert_none(tmp_path, [*traces, room["code"]])
        server.stop()
        assert_none(tmp_path, [*traces, room["code"]])


def provoke(phone: Phone) -> None:
    """Failures print what they choke on, unless they were told not to."""
    assert phone.write("x" * 900).status_code == 422
    assert phone.write("texte", note="malformé").status_code == 422
    phone.client.post(f"/r/{phone.room}/steps", data={"go": "next"})
    phone.client.get("/r/nulle-part")
    phone.client.request("PATCH", f"/r/{phone.room}/notes")


def assert_none(folder: Path, traces: list[str]) -> None:
    for name, data in artefacts(folder).items():
        for trace in traces:
            for form in forms(trace):
                assert form not in data, f"{trace!r} in {name}"


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """The test above is able to fail."""
    for form in forms("canari jaune"):
        (tmp_path / "leak").write_bytes(b"...." + form)
        try:
            assert_none(tmp_path, ["canari jaune"])
        except AssertionError:
            continue
        raise AssertionError(form)
