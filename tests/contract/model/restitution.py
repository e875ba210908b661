"""Giving back: what was read and accepted goes out once the session is closed, and nothing else."""

from typing import NamedTuple

from tests.contract.model.state import State, Text

Lanes = dict[str, set[str]]
"""The texts of each cluster, by its title; those of none under the empty one."""


class Outside(NamedTuple):
    """What is read on the screens, and what a file for whom was not there holds."""

    title: str
    lanes: Lanes


class Restituting(State):
    def propose(self, audience: str, text: Text) -> str:
        lines = (text.title, *text.clusters.values(), *(said for _, said in text.excerpts.values()))
        hanging = {self.notes[note].text for note in self.wall.lanes if self.has_words(note)}
        if not hanging.isdisjoint(lines):
            return "422 note-quoted"
        if self.keep:
            return "409 room-closed"
        if not text.clusters and not text.excerpts:
            return "422 restitution-empty"
        if audience == "sponsor" and text.excerpts:
            return "422 excerpt-for-sponsor"
        if not text.clusters.keys() <= self.wall.titles.keys():
            return "422 cluster-unknown"
        if not self.all_hang([*text.excerpts]):
            return "422 note-unknown"
        where = {note: (self.wall.lanes[note], said) for note, (_, said) in text.excerpts.items()}
        self.texts[audience] = Text(text.title, text.clusters, where)
        return "204"

    def has_words(self, note: str) -> bool:
        """What is not kept has none, once the closing is carried out."""
        return not self.over or (self.keep == "all" and note not in self.wall.hidden)

    def accept(self, audience: str, title: str, *, ticked: bool) -> str:
        """`title` tells which of the texts was read."""
        if not ticked:
            return "422 agreement-missing"
        if self.keep:
            return "409 room-closed"
        if audience not in self.texts:
            return "404 restitution-unknown"
        if self.texts[audience].title != title:
            return "409 restitution-changed"
        self.texts[audience].accepted = True
        return "204"

    def withdraw(self, audience: str) -> str:
        """After the closing too."""
        if audience not in self.texts:
            return "404 restitution-unknown"
        del self.texts[audience]
        return "204"

    def unsay(self, note: str) -> None:
        """What was made of a note goes with it, and with what it said."""
        for text in self.texts.values():
            text.excerpts.pop(note, None)

    def read(self, audience: str) -> Outside | None:
        text = self.texts.get(audience)
        if text is None or self.keep == "nothing" or (self.over and not text.accepted):
            return None
        lanes: Lanes = {"": set(), **{title: set() for title in text.clusters.values()}}
        for note, (cluster, said) in text.excerpts.items():
            if self.keep in ("", "all") and note not in self.wall.hidden:
                lanes[text.clusters.get(cluster, "")].add(said)
        return Outside(text.title, lanes)

    def takes_out(self, audience: str) -> Outside | str:
        """A file, or the refusal."""
        if not self.keep:
            return "409 closing-first"
        if self.keep == "nothing":
            return "409 nothing-kept"
        read = self.read(audience)
        if read is None or not self.texts[audience].accepted:
            return "409 restitution-first"
        return read
