"""What the promise on the phone says, looked for in everything that the server leaves."""

import base64
from pathlib import Path

import pytest

from tests.anonymity.canaries import forms, found, packings
from tests.anonymity.stores import ENGINE
from tests.anonymity.witnesses import search_all

FAILURES = 500
CANARY = "canari n° 7, jaune & d’été / 198.51.100.77"


def test_the_server_records_neither_who_nor_from_where_nor_the_words_in_clear(
    tmp_path: Path,
) -> None:
    search = search_all(tmp_path, people=8)

    assert search.found == []
    assert search.provoked >= FAILURES, search.failures
    assert {401, 403, 404, 409, 413, 422, 500, 503} <= search.failures.keys()


def test_a_log_that_says_why_something_failed_is_noticed(tmp_path: Path) -> None:
    found_there = search_all(tmp_path, "talkative", people=5).found

    for trace in ("lost", "address", "User-Agent", "path"):
        assert [each for each in found_there if trace in each and "server.log" in each], trace


if ENGINE == "postgresql":  # SQLite has no log

    def test_a_log_of_postgresql_that_quotes_values_is_noticed(tmp_path: Path) -> None:
        found_there = search_all(tmp_path, "quoted", people=5).found

        assert [each for each in found_there if "lost" in each and "postgresql.log" in each]


@pytest.mark.parametrize("form", sorted(forms(CANARY)))
def test_the_search_finds_what_is_there_in_every_form_and_packing(form: bytes) -> None:
    for before in range(8):
        for packed in packings(b"." * before + form + b" ..."):
            assert found({"canary": CANARY}, {"a file": packed}) == ["canary in a file"]


def test_the_search_finds_what_is_short() -> None:
    assert found({"code": "K7QX2M"}, {"a file": b"......K7QX2M"}) == ["code in a file"]


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("after", range(4))
def test_the_search_finds_base64_wherever_it_begins(before: int, after: int) -> None:
    plain = b"x" * before + CANARY.encode() + b"y" * after
    for coded in (base64.b64encode(plain), base64.urlsafe_b64encode(plain)):
        assert found({"canary": CANARY}, {"a file": coded}) == ["canary in a file"]


def test_the_search_finds_nothing_where_nothing_is() -> None:
    assert found({"canary": CANARY}, {"a file": b"another text" * 100}) == []
