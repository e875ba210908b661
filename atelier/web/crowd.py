"""How many screens may follow at once: what they hold is memory and open files.

Who facilitates is not counted: whoever fills a room must not keep its facilitator out.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

SCREENS_ROOM = 1000
"""Of one room: a full lecture hall, three tabs each."""
SCREENS_ADDRESS = 1000
"""From one address: the same hall, behind one router."""
SCREENS_ALL = 12_000
"""In this process: about 500 rooms of twenty, some 200 MB."""


class Full(Exception):
    """Too many screens follow already: close some, or come back later."""


class Crowd:
    def __init__(self, *, on: bool) -> None:
        self.on = on
        self.counted: Counter[str] = Counter()

    @contextmanager
    def seat(self, room: str, address: str) -> Iterator[None]:
        """A place for one screen; raises `Full`. `address` is a hash that this process made."""
        most = {f"room/{room}": SCREENS_ROOM, f"from/{address}": SCREENS_ADDRESS, "": SCREENS_ALL}
        if self.on and any(self.counted[name] >= limit for name, limit in most.items()):
            raise Full
        self.counted.update(most.keys())
        try:
            yield
        finally:
            self.counted.subtract(most.keys())
            self.counted = +self.counted  # forget who has nobody left
