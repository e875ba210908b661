"""Bending the script: what was entered stays where it is, what is to come stands behind the step
that the room is in, and the script stays one."""

from tests.contract.model.state import State, Step

STEPS = 40
LONGEST = 480
"""Minutes."""


class Script(State):
    def insert(self, step: str, said: Step, before: str) -> str:
        refused = unsaid(said)
        if refused or self.keep:
            return refused or "409 room-closed"
        return self.put_in(step, said, before)

    def insert_again(self, step: str, before: str) -> str:
        """One that the room opened with, with all that it had."""
        if step not in self.planned:
            return "422 step-unknown"
        if self.keep:
            return "409 room-closed"
        return self.put_in(step, self.planned[step], before)

    def put_in(self, step: str, said: Step, before: str) -> str:
        if step in self.steps:
            return "204"
        if refused := self.no_place(before):
            return refused
        if len(self.steps) == STEPS:
            return "409 too-many-steps"
        return self.bent(placed(self.steps, step, said, before))

    def change(self, step: str, said: Step) -> str:
        if step not in self.steps:
            return "422 step-unknown"
        known, refused = self.steps[step], unsaid(said)
        if refused or self.keep:
            return refused or "409 room-closed"
        if said == known:
            return "204"
        kept = known._replace(prompt=said.prompt, minutes=said.minutes)
        if step in self.entered and said != kept:
            return "409 step-entered"
        return self.bent({**self.steps, step: said})

    def drop_step(self, step: str) -> str:
        if refused := self.not_to_come(step):
            return refused
        if len(self.steps) == 1:
            return "409 step-only"
        return self.bent({id: each for id, each in self.steps.items() if id != step})

    def move_step(self, step: str, before: str) -> str:
        if refused := self.not_to_come(step) or self.no_place(before):
            return refused
        order = [*self.steps, ""]
        if before in (step, order[order.index(step) + 1]):
            return "204"
        return self.bent(placed(self.steps, step, self.steps[step], before))

    def not_to_come(self, step: str) -> str:
        if self.keep:
            return "409 room-closed"
        if step not in self.steps:
            return "422 step-unknown"
        return "409 step-entered" if step in self.entered else ""

    def no_place(self, before: str) -> str:
        """Why nothing can stand in front of that step; the end is always a place."""
        if before and before not in self.steps:
            return "422 step-unknown"
        order = [*self.steps]
        passed = order[: order.index(self.step) + 1] if self.step else []
        return "409 step-passed" if before in passed else ""

    def bent(self, steps: dict[str, Step]) -> str:
        self.steps = steps
        self.bends += 1
        return "204"


def unsaid(said: Step) -> str:
    """What is missing in a step, or too much."""
    if not said.title:
        return "422 title-empty"
    if not said.prompt:
        return "422 prompt-empty"
    return "422 minutes-out-of-range" if said.minutes > LONGEST else ""


def placed(steps: dict[str, Step], step: str, said: Step, before: str) -> dict[str, Step]:
    order = [id for id in steps if id != step]
    order.insert(order.index(before) if before else len(order), step)
    return {id: said if id == step else steps[id] for id in order}
