"""The machines: all that people do in one room, and each subject alone, where more comes of it."""

from tests.contract.model.bending import Bending
from tests.contract.model.choosing import Choosing
from tests.contract.model.planted import Plant
from tests.contract.model.play import Play, Start
from tests.contract.model.restituting import Restituting
from tests.contract.model.wall import Wall


class Contract(Wall, Bending, Choosing, Restituting):
    """Everything in one room."""


SUBJECTS: tuple[type[Play], ...] = (Bending, Choosing, Restituting)


def machine(start: Start, plant: Plant | None = None, play: type[Play] = Contract) -> type[Play]:
    """With a start, and a fault, of its own."""
    return type("Machine", (play,), {"start": start, "planted": plant and staticmethod(plant)})
