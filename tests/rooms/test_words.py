import unicodedata

import pytest
from hypothesis import given, strategies

from atelier.rooms.refusals import Refused
from atelier.rooms.words import PLAIN, Words, note_words, title_words

FAMILY = "👩\u200d👩\u200d👧"


def test_the_words_of_a_note_never_show_in_a_repr() -> None:
    assert "secret" not in repr([Words("secret")])
    assert "secret" not in f"{Words('secret')!r}"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  bonjour \n", "bonjour"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("e\u0301te\u0301", "été"),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        (FAMILY, FAMILY),
        ("a" + "\u0300" * 40, "à" + "\u0300" * 8),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\ufeffdébut", "début"),
        ("A\tB", "A B"),
    ],
)
def test_a_note_is_cleaned_once_and_stays_plain_text(written: str, kept: str) -> None:
    assert note_words(written) == kept


@pytest.mark.parametrize("written", ["", "  \n ", "\u200b", "\u202e", "\u200d", "\u00a0", "\x00"])
def test_a_note_without_anything_to_see_is_empty(written: str) -> None:
    with pytest.raises(Refused, match="note-empty"):
        note_words(written)


def test_a_note_may_have_200_code_points_and_no_more() -> None:
    assert len(note_words("é" * 200)) == 200
    with pytest.raises(Refused, match="note-too-long"):
        note_words("é" * 201)
    assert len(note_words("é" * 500, limit=500)) == 500


def test_a_note_may_have_six_lines_and_no_more() -> None:
    assert note_words("\n".join("abcdef")).count("\n") == 5
    with pytest.raises(Refused, match="note-too-many-lines"):
        note_words("\n".join("abcdefg"))


def test_half_a_character_is_refused() -> None:
    with pytest.raises(Refused, match="text-malformed"):
        note_words("abc\ud83d")


def test_a_title_is_one_line() -> None:
    assert title_words(" Être\nà l’abri ") == "Être à l’abri"
    with pytest.raises(Refused, match="title-too-long"):
        title_words("x" * 121)
    with pytest.raises(Refused, match="title-empty"):
        title_words("\n")


@given(strategies.text(max_size=60))
def test_cleaning_a_clean_text_changes_nothing(text: str) -> None:
    try:
        once = note_words(text)
    except Refused:
        return
    assert note_words(once) == once


def test_what_is_taken_as_it_is_needs_no_cleaning() -> None:
    plain = [char for char in map(chr, range(0x110000)) if PLAIN.fullmatch(char)]
    assert "é" in plain and "’" in plain and len(plain) < 400
    for char in plain:
        category = unicodedata.category(char)
        assert category not in ("Cc", "Cf", "Co", "Cn", "Mn", "Me") or char == "\n"
        assert unicodedata.normalize("NFC", f"e{char}e") == f"e{char}e"
