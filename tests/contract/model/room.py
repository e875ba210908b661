"""One room as the contract has it: what is asked, what it answers, what is then on the wall.

Written from the contract, not from the code: it is meant to be read. Each act changes the room and
says what it answers, a status and the key of a refusal. Words are those of the contract; a note
that was kept and does not hang on the wall lies face down.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import combinations

from tests.contract.model.choice import Choosing
from tests.contract.model.restitution import Restituting
from tests.contract.model.script import Script
from tests.contract.model.state import CLUSTERS, THRESHOLD, UNSORTED, WAY_BACK, Late, Note


@dataclass
class Room(Script, Choosing, Restituting):
    def __post_init__(self) -> None:
        self.planned = self.steps
        if list(self.steps) == ["wall"]:
            self.enter("wall")

    # What is seen

    def shown(self) -> dict[str, dict[str, str]]:
        """The texts on the wall by note, by cluster."""
        lanes: dict[str, dict[str, str]] = {UNSORTED: {}}
        if self.keep != "nothing":
            lanes |= {cluster: {} for cluster in self.wall.titles}
        if self.keep in ("", "all"):
            for note, cluster in self.wall.lanes.items():
                if note not in self.wall.hidden:
                    lanes[cluster][note] = self.notes[note].text
        return lanes

    def shown_titles(self) -> dict[str, str]:
        return {} if self.keep == "nothing" else self.wall.titles

    def head(self) -> dict[str, str]:
        """The attributes of `#board`."""
        open_ = "open" if self.step else "lobby"
        return {
            "data-state": "closed" if self.keep else open_,
            "data-step": self.step,
            "data-mode": self.steps[self.step].mode if self.step else "none",
            "data-kind": self.steps[self.step].kind if self.step else "",
            "data-minutes": str(self.steps[self.step].minutes if self.step else 0),
            "data-number": str([*self.steps].index(self.step) + 1 if self.step else 0),
            "data-of": str(len(self.steps) if self.step else 0),
            "data-bends": str(self.bends),
            "data-veil": str(int(self.veiled)),
            "data-locked": str(int(self.locked)),
        }

    def asks(self) -> tuple[str, str]:
        """The title and the prompt of the step that the room is in."""
        return self.steps[self.step][:2] if self.step else ("", "")

    # Phones

    def join(self, phone: str) -> str:
        if self.erased or self.keep:
            return "404 code-unknown"
        if self.locked:
            return "423 room-locked"
        self.look(phone)
        return "200"

    def look(self, phone: str) -> None:
        for phones in self.seen.values():
            phones.add(phone)

    def connect(self, phone: str) -> None:
        self.look(phone)
        self.connected.add(phone)

    def disconnect(self, phone: str) -> None:
        self.look(phone)
        self.connected.discard(phone)

    def put(self, note: str, secret: str, text: str, rev: int, step: str) -> str:
        if note in self.notes:
            return self.put_again(note, secret, text, rev)
        if note in self.away or note in self.off:
            return "409 note-taken-back"
        step = step or self.step
        if not self.takes_notes(step):
            return "409 step-closed"
        self.notes[note] = Note(step, text, secret, rev)
        if self.modes[step] == "direct":
            self.wall.lanes[note] = UNSORTED
        return "201"

    def put_again(self, note: str, secret: str, text: str, rev: int) -> str:
        """A repeat changes nothing, a newer text takes the place of an older one."""
        known, late = self.notes[note], self.late.get(note)
        if secret != known.secret:
            return "409 note-id-taken"
        if late and late.text is None:
            return "409 note-taken-back"
        if rev <= max(known.rev, late.rev if late else 0):
            return "200"
        if note in self.wall.lanes:
            if self.keep:
                return "409 room-closed"
            self.late[note] = Late(text, rev)
        else:
            if not self.takes_notes(known.step):
                return "409 step-closed"
            self.notes[note] = replace(known, text=text, rev=rev)
        return "200"

    def takes_notes(self, step: str) -> bool:
        if self.keep or step not in self.entered:
            return False
        match self.modes[step]:
            case "reveal":
                return step not in self.revealed
            case "waves":
                return True
            case "direct":
                return step == self.step
        return False

    def take_back(self, note: str, secret: str, now: bool) -> str:
        if note in self.off:
            return "204"
        if note not in self.notes:
            self.away |= {note} - ({note} if self.over else set())
            return "204"
        if secret != self.notes[note].secret:
            return "404 secret-wrong"
        if note not in self.wall.lanes:
            del self.notes[note]
            self.away.add(note)
            return "204"
        self.late[note] = Late(None)
        if not now:
            return "202"
        self.settle(note)
        return "204"

    # Late changes

    def settle(self, note: str) -> None:
        change = self.late.pop(note)
        self.unsay(note)
        if change.text is None:
            del self.notes[note], self.wall.lanes[note]
            self.wall.hidden -= {note}
            self.off.add(note)
        else:
            self.notes[note] = replace(self.notes[note], text=change.text, rev=change.rev)

    def settle_all(self) -> None:
        for note in list(self.late):
            self.settle(note)

    # Facilitators: "204" or a refusal

    def go(self, step: str) -> str:
        order = list(self.modes)
        if self.keep:
            return "409 room-closed"
        if step == "next":
            if self.step == order[-1]:
                return "409 step-last"
            step = order[order.index(self.step) + 1 if self.step else 0]
        if step not in order:
            return "422 step-unknown"
        self.enter(step)
        return "204"

    def enter(self, step: str) -> None:
        self.step = step
        self.entered.add(step)
        self.seen.setdefault(step, set())

    def reveal(self, named: frozenset[str], anyway: bool) -> str:
        """Every step that has enough notes and phones; all that wait, once phones were told."""
        if self.keep:
            return "409 room-closed"
        if named - self.modes.keys():
            return "422 step-unknown"
        steps = [
            step
            for step, mode in self.modes.items()
            if mode in ("reveal", "waves")
            and self.takes_notes(step)
            and (not named or step in named)
        ]
        waiting = {step: self.face_down(step) for step in steps}
        told = anyway and self.was_announced(named)
        if not steps or (told and not any(waiting.values())):
            return "409 nothing-to-reveal"
        opened = [step for step in steps if waiting[step] and (told or self.enough(step))]
        if not opened:
            return self.announce(named) if anyway else "409 below-threshold"
        for step in opened:
            self.wall.lanes |= dict.fromkeys(waiting[step], UNSORTED)
            self.revealed.add(step)
        self.announced = None
        return "204"

    def sealed(self) -> list[str]:
        """The steps whose notes wait face down."""
        sealed = [step for step, mode in self.modes.items() if mode in ("reveal", "waves")]
        return [step for step in sealed if self.takes_notes(step)]

    def face_down(self, step: str) -> set[str]:
        return {id for id, note in self.notes.items() if note.step == step} - self.wall.lanes.keys()

    def enough(self, step: str) -> bool:
        return min(len(self.face_down(step)), len(self.phones(step))) >= THRESHOLD

    def announce(self, named: frozenset[str]) -> str:
        if self.announced is None or self.announced[0] != named or self.since_told() > 1:
            self.announced = named, self.minute
        return "409 announced"

    def was_announced(self, named: frozenset[str]) -> bool:
        """To every phone, more than ten seconds and not more than two minutes ago."""
        return self.announced is not None and self.announced[0] == named and self.since_told() == 1

    def since_told(self) -> int:
        return self.minute - self.announced[1] if self.announced else 0

    def form(self, cluster: str, title: str, notes: list[str]) -> str:
        if not title:
            return "422 title-empty"
        if self.keep:
            return "409 room-closed"
        if cluster in self.wall.titles:
            return "204"
        if len(self.wall.titles) == CLUSTERS:
            return "409 too-many-clusters"
        if not self.all_hang(notes):
            return "422 note-unknown"
        self.remember()
        self.wall.titles[cluster] = title
        self.wall.lanes |= dict.fromkeys(notes, cluster)
        return "204"

    def rename(self, cluster: str, title: str) -> str:
        if not title:
            return "422 title-empty"
        if self.keep:
            return "409 room-closed"
        if cluster not in self.wall.titles:
            return "422 cluster-unknown"
        self.remember()
        self.wall.titles[cluster] = title
        return "204"

    def dissolve(self, cluster: str) -> str:
        if self.keep:
            return "409 room-closed"
        if cluster not in self.wall.titles:
            return "422 cluster-unknown"
        self.remember()
        del self.wall.titles[cluster]
        self.wall.lanes = {
            note: UNSORTED if lane == cluster else lane for note, lane in self.wall.lanes.items()
        }
        return "204"

    def move(self, notes: list[str], cluster: str) -> str:
        if self.keep:
            return "409 room-closed"
        if notes and cluster and cluster not in self.wall.titles:
            return "422 cluster-unknown"
        if not notes or not self.all_hang(notes):
            return "422 note-unknown"
        self.remember()
        self.wall.lanes |= dict.fromkeys(notes, cluster)
        return "204"

    def hide(self, note: str) -> str:
        if self.keep:
            return "409 room-closed"
        if not self.all_hang([note]):
            return "422 note-unknown"
        self.remember()
        self.unsay(note)
        self.wall.hidden |= {note}
        return "204"

    def undo(self) -> str:
        """The wall before the last act; notes that came since stay, notes that went stay away."""
        if self.keep:
            return "409 room-closed"
        if not self.past:
            return "409 nothing-to-undo"
        before, hanging = self.past.pop(), self.wall.lanes.keys()
        self.wall = replace(
            before,
            lanes={note: before.lanes.get(note, UNSORTED) for note in hanging},
            hidden=before.hidden & hanging,
        )
        return "204"

    def veil(self, on: bool) -> str:
        if self.keep:
            return "409 room-closed"
        self.veiled = on
        return "204"

    def lock(self, on: bool) -> str:
        if self.keep:
            return "409 room-closed"
        self.locked = on
        return "204"

    def close(self, keep: str) -> str:
        """What phones were promised goes first, whatever becomes of the closing."""
        self.settle_all()
        if self.keep:
            return "409 room-closed"
        self.keep, self.closed_at = keep, self.minute
        return "204"

    def reopen(self) -> str:
        if self.over:
            return "409 closing-done"
        self.keep = ""
        return "204"

    def erase(self) -> str:
        self.erased = True
        return "200"

    # Time

    def wait(self) -> None:
        """A minute passes."""
        self.minute += 1
        self.settle_all()
        if self.keep and not self.over and self.minute - self.closed_at >= WAY_BACK:
            self.carry_out()

    def carry_out(self) -> None:
        """What does not hang on the wall goes, and so does what ties a note to a phone."""
        self.over = True
        self.erased = self.keep == "nothing"
        self.notes = {id: replace(self.notes[id], secret=None) for id in self.wall.lanes}
        self.away.clear()
        if self.choice:
            self.choice.ballots.clear()
        self.connected.clear()
        self.seen = {step: set() for step in self.seen}

    def restart(self) -> None:
        """What is in memory only is gone."""
        self.connected.clear()
        self.seen = {step: set() for step in self.seen}
        self.announced = None

    def half_settled(self) -> Iterator["Room"]:
        """What a power cut may leave of its late changes: any of them, settled."""
        for number in range(len(self.late) + 1):
            for some in combinations(self.late, number):
                room = deepcopy(self)
                for note in some:
                    room.settle(note)
                yield room
