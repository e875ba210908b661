"""Notes, and what facilitators make of them on the wall."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.contract.model.asking import (
    COLLEAGUE,
    OWNER,
    Asked,
    Sent,
    facilitators,
    flips,
    hashed,
    places,
    some,
)
from tests.contract.model.play import Play
from tests.contract.model.session import Session
from tests.contract.model.state import UNSORTED


class Wall(Session):
    notes, clusters = Play.notes, Play.clusters

    # Notes

    @rule(target=notes, step=some)
    def writes(self, step: int) -> Sent:
        sent = Sent(next(self.numbers))
        self.happens(self.posting(sent, step=self.writing_step(step)))
        return sent

    @rule(sent=notes, rev=st.integers(0, 3))
    def sends_again(self, sent: Sent, rev: int) -> None:
        """A retry, a newer text, or an older one that comes late."""
        self.happens(self.posting(sent, rev))

    @rule(target=notes, rev=st.integers(0, 2))
    def writes_anew_before_the_first_comes(self, rev: int) -> Sent:
        sent = Sent(next(self.numbers))
        self.happens(self.posting(sent, rev + 1))
        self.happens(self.posting(sent, rev))
        return sent

    @rule(sent=notes, other=notes, rev=st.integers(0, 3))
    def somebody_else_sends(self, sent: Sent, other: Sent, rev: int) -> None:
        self.happens(self.posting(sent, rev, secret=other.secret))

    @rule(number=some, goodbye=flips)
    def takes_back_before_a_restart(self, number: int, goodbye: bool) -> None:
        """What was promised is kept, also by a server that starts anew."""
        if hanging := sorted(self.rooms[0].wall.lanes):
            self.happens(self.withdrawing(self.known[hanging[number % len(hanging)]]))
        self.restarts(goodbye)
        self.a_minute_passes()

    @rule(sent=notes, now=flips)
    def takes_back(self, sent: Sent, now: bool) -> None:
        self.happens(self.withdrawing(sent, now))

    @rule(sent=notes, other=notes, now=flips)
    def somebody_else_takes_back(self, sent: Sent, other: Sent, now: bool) -> None:
        self.happens(self.withdrawing(sent, now, other.secret))

    @rule(target=notes)
    def takes_back_what_has_not_come(self) -> Sent:
        sent = Sent(next(self.numbers))
        self.happens(self.withdrawing(sent))
        return sent

    # Facilitators

    @rule(who=facilitators, anyway=flips)
    def reveals(self, who: str, anyway: bool) -> None:
        self.happens(self.revealing(who, frozenset(), anyway))

    @rule(who=facilitators, anyway=flips, place=places)
    def reveals_a_step(self, who: str, anyway: bool, place: int) -> None:
        self.happens(self.revealing(who, frozenset({self.step_at(place)}), anyway))

    @rule(target=clusters, who=facilitators, given=st.lists(notes, max_size=3))
    def forms(self, who: str, given: list[Sent]) -> str:
        number = next(self.numbers)
        cluster, title = hashed(f"cluster {number}").hex()[:32], f"Grappe {number}."
        self.happens(self.forming(who, cluster, title, given))
        return cluster

    @rule(who=facilitators, cluster=clusters, given=st.lists(notes, max_size=2))
    def forms_again(self, who: str, cluster: str, given: list[Sent]) -> None:
        title = f"Grappe {next(self.numbers)}."
        self.happens(self.forming(who, cluster, title, given))

    def renaming(self, who: str, cluster: str, title: str) -> Asked:
        noun = f"clusters/{cluster}"
        return self.acting(who, noun, lambda room: room.rename(cluster, title), title=title)

    @rule(who=facilitators, cluster=clusters, named=flips)
    def renames(self, who: str, cluster: str, named: bool) -> None:
        title = f"Grappe {next(self.numbers)}." if named else ""
        self.happens(self.renaming(who, cluster, title))

    @rule(who=facilitators, cluster=clusters)
    def dissolves(self, who: str, cluster: str) -> None:
        noun = f"clusters/{cluster}"
        self.happens(self.acting(who, noun, lambda room: room.dissolve(cluster), "DELETE"))

    @rule(who=facilitators, given=st.lists(notes, max_size=3), cluster=clusters | st.just(UNSORTED))
    def moves(self, who: str, given: list[Sent], cluster: str) -> None:
        self.happens(self.moving(who, [sent.id for sent in given], cluster))

    @rule(who=facilitators, sent=notes)
    def hides(self, who: str, sent: Sent) -> None:
        self.happens(self.hiding(who, sent))

    @rule(who=facilitators)
    def undoes(self, who: str) -> None:
        self.happens(self.undoing(who))

    @rule(target=notes, who=facilitators, step=some)
    def undoes_after_notes_came(self, who: str, step: int) -> Any:
        """They stay: they are nobody's act."""
        self.forms(who, [])
        group = self.a_group_writes(step, revealed=True)
        self.undoes(who)
        return group

    # Two at once

    @rule(data=st.data(), first=notes, second=notes)
    def two_at_once(self, data: st.DataObject, first: Sent, second: Sent) -> None:
        some: list[Callable[[str, Sent], Asked]] = [
            lambda who, sent: self.posting(sent, 1),
            lambda who, sent: self.withdrawing(sent, now=True),
            lambda who, sent: self.withdrawing(sent),
            lambda who, sent: self.revealing(who, frozenset(), anyway=False),
            lambda who, sent: self.hiding(who, sent),
            lambda who, sent: self.moving(who, [sent.id], UNSORTED),
            lambda who, sent: self.undoing(who),
            lambda who, sent: self.closing(who, "all"),
        ]
        one, other = (data.draw(st.sampled_from(range(len(some)))) for _ in range(2))
        self.cut = None
        self.happens(some[one](OWNER, first), some[other](COLLEAGUE, second))
