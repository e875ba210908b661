"""Series: sessions in an order, and the threads between what a group said in them."""

import pytest
from msgspec.structs import replace

from atelier.rooms.commands import Level
from atelier.rooms.refusals import Refused
from atelier.rooms.series import (
    SESSIONS_MAX,
    Series,
    Session,
    Shown,
    Thing,
    Thread,
    moved,
    renamed,
    series_of,
    session_to_come,
    threads_of,
    with_drawn,
    with_room,
    with_session,
    without_drawn,
    without_session,
)

ONE, TWO, THREE = (Session(id, room=f"room {id}") for id in ("s1", "s2", "s3"))
COMING = session_to_come("s4", "La place", "en janvier")
GROUP = Series("x", "Le groupe", sessions=(ONE, TWO, THREE, COMING))


def cluster(id: str, title: str) -> Thing:
    return Thing(id, (title,), "A", "A")


def tension(id: str, both: str, and_: str, *levels: Level) -> Thing:
    return Thing(id, (both, and_), levels=levels)


def clusters(session: str, **titles: str) -> Shown:
    return Shown(session, tuple(cluster(id, title) for id, title in titles.items()))


def tensions(session: str, *things: Thing) -> Shown:
    return Shown(session, tensions=things)


def order(series: Series) -> list[str]:
    return [session.id for session in series.sessions]


# Sessions


def test_sessions_stand_in_an_order_that_can_be_changed() -> None:
    assert order(moved(GROUP, "s3", -1)) == ["s1", "s3", "s2", "s4"]
    assert order(moved(GROUP, "s1", -1)) == order(GROUP), "at an end it stays"
    assert order(moved(GROUP, "s4", 1)) == order(GROUP)
    assert order(without_session(GROUP, "s2")) == ["s1", "s3", "s4"]


def test_a_session_to_come_becomes_a_room_and_keeps_its_place() -> None:
    series = with_room(moved(GROUP, "s4", -1), "s4", "room s4")
    assert [each.room for each in series.sessions][2] == "room s4"
    with pytest.raises(Refused, match="session-taken"):
        with_room(series, "s4", "another")


def test_a_room_is_one_session_of_a_series() -> None:
    with pytest.raises(Refused, match="session-twice"):
        with_session(GROUP, Session("s9", room="room s1"))
    with pytest.raises(Refused, match="session-twice"):
        with_room(GROUP, "s4", "room s2")


def test_a_series_has_forty_sessions_at_most() -> None:
    full = replace(GROUP, sessions=tuple(Session(f"{n}") for n in range(SESSIONS_MAX)))
    with pytest.raises(Refused, match="too-many-sessions"):
        with_session(full, COMING)


@pytest.mark.parametrize("session", ["s9", ""])
def test_a_session_that_is_not_there_is_refused(session: str) -> None:
    with pytest.raises(Refused, match="session-unknown"):
        moved(GROUP, session, 1)
    with pytest.raises(Refused, match="session-unknown"):
        without_session(GROUP, session)
    with pytest.raises(Refused, match="session-unknown"):
        with_room(GROUP, session, "r")


def test_what_is_said_of_a_series_is_cleaned_and_bounded() -> None:
    said = series_of("x", " Le  groupe ", "un\nthème", "des notes\r\nsur deux lignes")
    assert (said.name, said.themes, said.notes) == (
        "Le  groupe",
        "un thème",
        "des notes\nsur deux lignes",
    )
    assert renamed(GROUP, "Autre", "", "").sessions == GROUP.sessions
    for fields, reason in [
        (("", "", ""), "title-empty"),
        (("x" * 121, "", ""), "title-too-long"),
        (("x", "y" * 121, ""), "title-too-long"),
        (("x", "", "z" * 4001), "series-notes-too-long"),
    ]:
        with pytest.raises(Refused, match=reason):
            series_of("x", *fields)
    with pytest.raises(Refused, match="title-too-long"):
        session_to_come("s", "La place", "w" * 61)


# Threads


def found(*frieze: Shown) -> list[Thread]:
    return list(threads_of(GROUP, frieze))


def test_the_same_words_give_a_thread_whatever_their_capitals_and_stops() -> None:
    assert found(
        clusters("s1", a="Tenir", b="L’abri"), clusters("s2", c="tenir !", d="l'abri", e="Mériter")
    ) == [Thread("a", "c", "same"), Thread("b", "d", "same")]


def test_words_that_are_in_three_sessions_give_two_threads_also_over_a_gap() -> None:
    assert found(
        clusters("s1", a="Tenir"), clusters("s2", b="Mériter"), clusters("s3", c="Tenir")
    ) == [Thread("a", "c", "same")]
    assert found(
        clusters("s1", a="Tenir"), clusters("s2", b="Tenir"), clusters("s3", c="Tenir")
    ) == [Thread("a", "b", "same"), Thread("b", "c", "same")]


def test_two_clusters_of_one_session_are_no_thread() -> None:
    assert found(clusters("s1", a="Tenir", b="Tenir")) == []


def test_a_cluster_without_words_is_in_no_thread() -> None:
    assert found(clusters("s1", a="…"), clusters("s2", b="!")) == []


def test_a_card_that_is_shown_again_is_a_thread() -> None:
    again = [Shown(s, cards=(Thing(f"{s}:habitus", ("Habitus",)),)) for s in ("s1", "s2")]
    assert found(*again) == [Thread("s1:habitus", "s2:habitus", "same")]


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (tension("u", "Tenir", "céder", "self"), "same"),
        (tension("u", "céder", "tenir", "self"), "same"),
        (tension("u", "tenir", "céder", "times"), "levels"),
        (tension("u", "tenir", "partir", "self"), "moved"),
    ],
)
def test_a_tension_comes_back_elsewhere_or_with_another_half(after: Thing, kind: str) -> None:
    before = tensions("s1", tension("t", "tenir", "céder", "self"))
    assert found(before, tensions("s2", after)) == [Thread("t", "u", kind)]  # type: ignore[arg-type]


def test_tensions_that_share_no_half_are_no_thread() -> None:
    one, other = tension("t", "tenir", "céder"), tension("u", "partir", "rester")
    assert found(tensions("s1", one), tensions("s2", other)) == []


FRIEZE = (clusters("s1", a="Tenir"), clusters("s2", b="Mériter"), Shown("s3"), Shown("s4"))


def test_the_group_draws_a_thread_and_cuts_it() -> None:
    drawn = with_drawn(GROUP, FRIEZE, "a", "b")
    assert threads_of(drawn, FRIEZE) == (Thread("a", "b", "drawn"),)
    assert with_drawn(drawn, FRIEZE, "a", "b") == drawn, "once is enough"
    assert threads_of(without_drawn(drawn, "a", "b"), FRIEZE) == ()


def test_an_open_thread_goes_to_a_session_to_come() -> None:
    assert threads_of(with_drawn(GROUP, FRIEZE, "b", "s4"), FRIEZE) == (Thread("b", "s4", "open"),)


def test_a_thread_that_was_drawn_is_not_found_again() -> None:
    frieze = (clusters("s1", a="Tenir"), clusters("s2", b="Tenir"))
    assert threads_of(with_drawn(GROUP, frieze, "a", "b"), frieze) == (Thread("a", "b", "drawn"),)


def test_a_thread_whose_end_cannot_be_seen_any_more_is_not_told() -> None:
    drawn = with_drawn(GROUP, FRIEZE, "a", "b")
    assert threads_of(drawn, (Shown("s1"), *FRIEZE[1:])) == ()


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ("b", "a", "thread-backwards"),
        ("a", "a", "thread-backwards"),
        ("a", "z", "thread-end-unknown"),
        ("s3", "s4", "thread-end-unknown"),
        ("a", "s2", "thread-end-unknown"),
    ],
)
def test_a_thread_goes_from_a_thing_to_a_later_session(a: str, b: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        with_drawn(GROUP, FRIEZE, a, b)
