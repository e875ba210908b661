"""The script is bent: skipped, lengthened, moved, reworded, by whoever facilitates."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.contract.model.asking import Asked, facilitators, hashed, places, some
from tests.contract.model.room import Room
from tests.contract.model.script import LONGEST
from tests.contract.model.session import Session
from tests.contract.model.state import Step
from tests.contract.model.views import listed, listed_in
from tests.contract.tree import parse

KINDS = st.sampled_from(("post", "echange"))
MODES = st.sampled_from(("reveal", "waves", "direct", "none"))
FIELDS = st.sampled_from(("title", "prompt", "kind", "mode", "minutes"))
wrong = st.sampled_from((False, False, False, True))


class Bending(Session):
    def bends(self, asked: Asked) -> None:
        self.happens(asked)
        self.reads_the_script()

    def looks_closer(self) -> None:
        super().looks_closer()
        self.reads_the_script()

    def reads_the_script(self) -> None:
        if self.gone:
            return
        told = listed_in(parse(self.asks_for("script").text))
        self.rooms = [room for room in self.rooms if listed(room) == told]
        assert self.rooms, f"no such script: {told}"

    def said(self, field: str, number: int, *, wrong: bool) -> str:
        """Texts are in no other step; minutes are few, and none is a length too."""
        if field == "minutes":
            return str(LONGEST + 1 if wrong else 5 * number)
        return "" if wrong else f"Étape {field} {next(self.numbers)}."

    @rule(who=facilitators, kind=KINDS, mode=MODES, number=some, at=places, wrong=wrong)
    def puts_a_step_in(
        self, who: str, kind: str, mode: str, number: int, at: int, wrong: bool
    ) -> None:
        step = hashed(f"step {next(self.numbers)}").hex()[:32]
        at_fault = ("title", "prompt", "minutes")[number % 3] if wrong else ""
        form = {
            f: self.said(f, number, wrong=f == at_fault) for f in ("title", "prompt", "minutes")
        }
        self.bends(self.inserting(who, step, {**form, "kind": kind, "mode": mode}, at))

    def inserting(self, who: str, step: str, form: dict[str, str], at: int) -> Asked:
        before = self.step_at(at, none="")
        said = as_step(Step("", "", "", "", 0), form)

        def effect(room: Room) -> str:
            return room.insert(step, said, before)

        return self.acting(who, "script/steps", effect, step=step, before=before, **form)

    @rule(who=facilitators, place=places, at=places)
    def puts_a_step_in_again(self, who: str, place: int, at: int) -> None:
        """One that the room opened with, whether it was dropped or not."""
        planned = [*self.rooms[0].planned, "unknown"]
        again, before = planned[place % len(planned)], self.step_at(at, none="")

        def effect(room: Room) -> str:
            return room.insert_again(again, before)

        self.bends(self.acting(who, "script/steps", effect, again=again, before=before))

    @rule(who=facilitators, place=places, field=FIELDS, kind=KINDS, mode=MODES, number=some,
          wrong=wrong)  # fmt: skip
    def says_a_step_otherwise(
        self, who: str, place: int, field: str, kind: str, mode: str, number: int, wrong: bool
    ) -> None:
        chosen = {"kind": kind, "mode": mode}
        said = chosen.get(field) or self.said(field, number, wrong=wrong)
        self.bends(self.changing(who, self.step_at(place), {field: said}))

    def changing(self, who: str, step: str, form: dict[str, str]) -> Asked:
        def effect(room: Room) -> str:
            known = room.steps.get(step)
            return room.change(step, as_step(known, form)) if known else "422 step-unknown"

        return self.acting(who, f"script/steps/{step}", effect, **form)

    @rule(who=facilitators, place=places, at=places)
    def moves_a_step(self, who: str, place: int, at: int) -> None:
        step, before = self.step_at(place), self.step_at(at, none="")

        def effect(room: Room) -> str:
            return room.move_step(step, before)

        self.bends(self.acting(who, "script/moves", effect, step=step, before=before))

    @rule(who=facilitators, place=places)
    def drops_a_step(self, who: str, place: int) -> None:
        step = self.step_at(place)
        noun = f"script/steps/{step}"
        self.bends(self.acting(who, noun, lambda room: room.drop_step(step), "DELETE"))


def as_step(known: Step, form: dict[str, str]) -> Step:
    """With what a form says."""
    texts = {field: said for field, said in form.items() if field != "minutes"}
    return known._replace(minutes=int(form.get("minutes", known.minutes)), **texts)
