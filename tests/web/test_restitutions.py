"""What becomes of the words that were written to be read."""

from atelier.live import LiveRoom
from tests.web.rooms import Room, Rooms


def live(room: Room) -> LiveRoom:
    return room.inside.run(room.inside.services.live.open(room.id))  # type: ignore[arg-type]


def proposes(room: Room, title: str) -> None:
    form = {"cluster": room.cluster, f"title-{room.cluster}": "Récrit"}
    room.do("restitutions/sponsor", title=title, **form)


def test_the_words_of_a_text_that_another_replaces_are_deleted(rooms: Rooms) -> None:
    room = rooms.make("revealed")
    proposes(room, "Un premier texte")
    before = len(live(room).words)
    proposes(room, "Un deuxième texte")
    store = room.inside.services.live.store
    kept = room.inside.run(store.words(live(room).id, live(room).keys))
    assert len(kept) == len(live(room).words) == before
    assert "Un premier texte" not in kept.values()
    assert "Un deuxième texte" in kept.values()


def test_the_words_of_a_text_that_is_withdrawn_are_deleted(rooms: Rooms) -> None:
    room = rooms.make("revealed")
    before = len(live(room).words)
    proposes(room, "Un texte")
    room.do("agreements/sponsor", withdraw="1")
    assert len(live(room).words) == before


def test_a_text_that_nobody_accepted_goes_with_the_closing(rooms: Rooms) -> None:
    room = rooms.make("revealed")
    proposes(room, "Un texte que personne n’a accepté")
    room.do("closings", keep="all")
    rooms.two_minutes_later(room)
    store = room.inside.services.live.store
    kept = room.inside.run(store.words(live(room).id, live(room).keys))
    assert "Un texte que personne n’a accepté" not in kept.values()
