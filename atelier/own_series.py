"""The series that facilitators keep: which sessions are of one group, in which order."""

from .keys import SERIES
from .owned import Owned
from .rooms.series import Series

SERIES_MAX = 200
"""Series of one account."""


class OwnSeries(Owned[Series]):
    table = "series"
    key_name = SERIES
    most = SERIES_MAX
    kind = Series
    not_yours = "series-not-yours"
    changed = "series-changed"
    too_many = "too-many-series"

    @staticmethod
    def title(thing: Series) -> str:
        return thing.name
