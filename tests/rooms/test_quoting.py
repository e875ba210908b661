"""When a line says what a note says."""

import pytest

from atelier.rooms.quoting import quoted

NOTE = "À cause de l’argent, je ne peux pas quitter ce poste."


def quotes(line: str, note: str) -> bool:
    return quoted([line], [note], whole=False) == [line]


@pytest.mark.parametrize(
    "line",
    [
        NOTE,
        "à cause de l'argent je ne peux pas quitter ce poste",
        "À CAUSE DE L’ARGENT : JE NE PEUX PAS QUITTER CE POSTE !",
        f"Quelqu’un a dit : {NOTE} Et puis rien.",
        "a cause de l argent, je ne peux pas quitter ce poste",
        "je ne peux pas quitter ce poste",
    ],
)
def test_the_note_itself_around_it_or_a_piece_of_it(line: str) -> None:
    assert quotes(line, NOTE)


@pytest.mark.parametrize(
    "line", ["Ne pas pouvoir partir", "l’argent", "ce poste", "Quitter, ou non", "", "  …"]
)
def test_the_same_matter_in_other_words_is_no_quotation(line: str) -> None:
    assert not quotes(line, NOTE)


@pytest.mark.parametrize("note", ["Argent", "un sou", "😀"])
def test_a_note_of_a_word_or_two_is_quoted_by_itself_alone(note: str) -> None:
    assert quotes(note.upper(), note)
    assert not quotes(f"Être à l’abri, {note}, et ne rien devoir", note)


def test_who_rewrites_by_taking_words_away_quotes_no_whole_note() -> None:
    shorter = "je ne peux pas quitter ce poste"
    assert quoted([shorter], [NOTE], whole=True) == []
    assert quoted([shorter], [NOTE], whole=False) == [shorter]
    assert quoted(["Autre chose", f"« {NOTE} »"], [NOTE], whole=True) == [f"« {NOTE} »"]


def test_words_are_compared_whole() -> None:
    assert not quotes("les dépendances aux autres", "dépend aux autres")
    assert not quotes("rien", "")
    assert not quotes("…", "!")
