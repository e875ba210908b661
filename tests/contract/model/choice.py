"""Choosing together: a ballot that was acknowledged counts once, as it was said last; only totals
come out, and only of enough phones."""

from tests.contract.model.state import THRESHOLD, Ballot, Choice, State

MOST = 3


class Choosing(State):
    def open_choice(self, choice: str, most: int) -> str:
        if self.keep:
            return "409 room-closed"
        if self.choice:
            return "204" if self.choice.id == choice else "409 choice-open"
        if choice in self.choices_over:
            return "409 choice-closed"
        if not self.step or len(self.wall.titles) < 2:
            return "409 too-few-clusters"
        if not 1 <= most <= min(MOST, len(self.wall.titles) - 1):
            return "422 choice-out-of-range"
        self.choice = Choice(choice, most, frozenset(self.wall.titles))
        return "204"

    def choose(self, choice: str, ballot: str, said: Ballot) -> str:
        """The answer is the same the first time and later; an older one changes nothing."""
        if self.keep:
            return "409 room-closed"
        if self.choice is None or self.choice.id != choice:
            return "409 choice-closed"
        if len(said.clusters) > self.choice.most or not said.clusters <= self.choice.clusters:
            return "422 choice-out-of-range"
        known = self.choice.ballots.get(ballot)
        if known and known.secret != said.secret:
            return "409 note-id-taken"
        if not known or said.rev > known.rev:
            self.choice.ballots[ballot] = said
        return "200"

    def tell(self, choice: str) -> str:
        if self.keep:
            return "409 room-closed"
        if self.choice is None or self.choice.id != choice:
            return "409 choice-closed"
        chosen = [each.clusters for each in self.choice.ballots.values() if each.clusters]
        if min(len(chosen), len(self.phones(self.step))) < THRESHOLD:
            return "409 too-few-choices"
        self.remember()
        among = {
            cluster: sum(cluster in each for each in chosen) for cluster in self.choice.clusters
        }
        self.wall.chosen = {cluster: times for cluster, times in among.items() if times}
        return self.end_choice(choice)

    def drop_choice(self, choice: str) -> str:
        if self.keep:
            return "409 room-closed"
        if self.choice is None or self.choice.id != choice:
            return "409 choice-closed"
        return self.end_choice(choice)

    def end_choice(self, choice: str) -> str:
        self.choice = None
        self.choices_over.add(choice)
        return "204"

    def asked(self) -> tuple[str, int, set[str]]:
        """What `#choice` asks: of clusters that were offered those that are still there."""
        if self.choice is None or self.keep:
            return "", 0, set()
        there = self.choice.clusters & self.wall.titles.keys()
        return self.choice.id, self.choice.most, set(there)

    def shown_totals(self) -> dict[str, int]:
        """Not while another choice is asked."""
        open_, _, _ = self.asked()
        return {} if open_ else self.told()

    def told(self) -> dict[str, int]:
        """Totals, of clusters that are still there."""
        if self.keep == "nothing":
            return {}
        return {c: times for c, times in self.wall.chosen.items() if c in self.wall.titles}
