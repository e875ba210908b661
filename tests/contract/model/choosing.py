"""The group chooses together which clusters to work on."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, multiple, rule

from tests.contract.model.asking import PHONES, Asked, Sent, facilitators, flips, hashed, some
from tests.contract.model.room import Room
from tests.contract.model.session import Session
from tests.contract.model.state import Ballot
from tests.web.inside import Browser

picks = st.lists(some, max_size=3)
"""Of the clusters that are offered; some of them are none."""
minds = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=4)
"""What each phone of a group chooses, and chooses then."""
ends = st.sampled_from(("told", "told", "dropped"))


@dataclass(frozen=True)
class Cast:
    """A ballot as its phone knows it: id and secret are made like those of a note."""

    choice: str
    sent: Sent


class Choosing(Session):
    choices: "Bundle[str]" = Bundle("choices")
    ballots: "Bundle[Cast]" = Bundle("ballots")

    def __init__(self) -> None:
        super().__init__()
        self.known_choices: list[str] = []

    def opening_a_choice(self, who: str, choice: str, most: int) -> Asked:
        def effect(room: Room) -> str:
            return room.open_choice(choice, most)

        return self.acting(who, "choices", effect, choice=choice, most=most)

    def fresh_choice(self) -> str:
        choice = hashed(f"choice {next(self.numbers)}").hex()[:32]
        self.known_choices.append(choice)
        return choice

    def fresh_ballot(self, choice: str) -> Cast:
        cast = Cast(choice, Sent(next(self.numbers)))
        self.kept_secret |= {cast.sent.id, cast.sent.secret}
        return cast

    def choosing(self, cast: Cast, picked: list[int], rev: int = 0, secret: str = "") -> Asked:
        offered = sorted(self.rooms[0].wall.titles) + ["0" * 32] * (max(picked, default=0) == 7)
        clusters = [offered[number % len(offered)] for number in picked if offered]
        said = Ballot(secret or cast.sent.secret, rev, frozenset(clusters))
        return Asked(
            "",
            lambda room: room.choose(cast.choice, cast.sent.id, said),
            "POST",
            f"{self.page}/ballots",
            Browser(bearer=self.pass_, origin=None),
            body={
                "choice": cast.choice,
                "ballot": cast.sent.id,
                "secret": said.secret,
                "clusters": clusters,
                "rev": rev,
            },
        )

    @rule(target=choices, who=facilitators, most=st.integers(0, 4))
    def opens_a_choice(self, who: str, most: int) -> str:
        choice = self.fresh_choice()
        self.happens(self.opening_a_choice(who, choice, most))
        return choice

    @rule(who=facilitators, choice=choices, most=st.integers(1, 2))
    def opens_a_choice_again(self, who: str, choice: str, most: int) -> None:
        self.happens(self.opening_a_choice(who, choice, most))

    @rule(target=ballots, choice=choices, picked=picks)
    def chooses(self, choice: str, picked: list[int]) -> Cast:
        cast = self.fresh_ballot(choice)
        self.happens(self.choosing(cast, picked))
        return cast

    @rule(target=ballots, who=facilitators, minds=minds, end=ends)
    def a_group_chooses(self, who: str, minds: list[tuple[int, int]], end: str) -> Any:
        """Of two clusters at least; most say it a second time, and choose nothing or another. A
        note that hangs is taken back meanwhile."""
        if not self.rooms[0].step and not self.rooms[0].keep:
            self.begins()
        for _ in range(2 - len(self.rooms[0].wall.titles)):
            self.forms_one(who)
        open_ = self.rooms[0].choice
        choice = open_.id if open_ else self.fresh_choice()
        self.happens(self.opening_a_choice(who, choice, most=1))
        group = [self.fresh_ballot(choice) for _ in minds]
        for phone in PHONES:
            self.looks(phone)
        for cast, (first, second) in zip(group, minds, strict=True):
            self.happens(self.choosing(cast, [first]))
            if second != first:
                self.happens(self.choosing(cast, [second] if second else [], rev=1))
        for note in sorted(self.rooms[0].wall.lanes)[:1]:
            self.happens(self.withdrawing(self.known[note]))
        self.ends_a_choice(who, choice, end)
        return multiple(*group)

    @rule(cast=ballots, picked=picks, rev=st.integers(0, 3))
    def chooses_again(self, cast: Cast, picked: list[int], rev: int) -> None:
        """A retry, another mind, an older one that comes late, or a ballot that is taken back."""
        self.happens(self.choosing(cast, picked, rev))

    @rule(cast=ballots, other=ballots, picked=picks, rev=st.integers(0, 3))
    def somebody_else_chooses(self, cast: Cast, other: Cast, picked: list[int], rev: int) -> None:
        self.happens(self.choosing(cast, picked, rev, other.sent.secret))

    @rule(who=facilitators, choice=choices, end=ends)
    def ends_a_choice(self, who: str, choice: str, end: str) -> None:
        self.happens(self.ending(who, choice, end))
        self.nothing_is_left_of(choice)

    def ending(self, who: str, choice: str, end: str) -> Asked:
        if end == "told":
            return self.acting(who, "tellings", lambda room: room.tell(choice), choice=choice)
        noun = f"choices/{choice}"
        return self.acting(who, noun, lambda room: room.drop_choice(choice), "DELETE")

    @rule(who=facilitators, cast=ballots, picked=picks, end=ends)
    def chooses_while_it_ends(self, who: str, cast: Cast, picked: list[int], end: str) -> None:
        self.cut = None
        self.happens(self.choosing(cast, picked, rev=2), self.ending(who, cast.choice, end))
        self.nothing_is_left_of(cast.choice)

    @rule(cast=ballots, picked=picks, other=picks, same=flips)
    def chooses_twice_at_once(
        self, cast: Cast, picked: list[int], other: list[int], same: bool
    ) -> None:
        self.cut = None
        self.happens(self.choosing(cast, picked, 1), self.choosing(cast, other, 1 if same else 2))

    def looks_closer(self) -> None:
        super().looks_closer()
        for choice in self.known_choices:
            self.nothing_is_left_of(choice)

    def nothing_is_left_of(self, choice: str) -> None:
        """Its ballots and their key, once it is over."""
        if all(choice in room.choices_over for room in self.rooms):
            left = self.at.inside.run(self.at.inside.services.notes.inbox.batches())
            assert choice not in {batch.step for batch in left}, "a choice that is over has a key"
